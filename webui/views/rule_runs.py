"""Runs of the rule lab as pages show them: back-tests, shadow counts, today's rules over everything stored."""

from collections.abc import Sequence
from contextlib import suppress

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foundation.errors import InvalidInput, Unavailable
from search.lab import runs, service
from search.lab.models import LabKind, LabState
from search.lab.samples import Samples, lines_of, read_samples, read_texts
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import post_words, rule_words
from webui.views.rule_shown import shown_run

bp = Blueprint("rule_runs", __name__, url_prefix="/rules")
MOST_BYTES = 8_000_000
WORK = "rules.lab"


@bp.post("/<pack>/revisions/<int:number>/backtest")
@allowed("rule.write")
def backtest(pack: str, number: int) -> Response:
    """Ask for a back-test on what is stored, on labelled samples and on a file."""
    row = service.numbered(session(), pack, number)
    checked = service.check(row, wiring().rules.office, wiring().catalogue.basis_ids())
    given = [read_samples(_file("samples")), read_texts(_file("texts"))]
    with writing() as opened:
        mine = service.get(opened, row.id)
        stored = bool(request.form.get("stored"))
        runs.ask_backtest(
            opened, actor(), mine, checked, at=now(), stored=stored, given=_some(given)
        )
    _wake_the_worker()
    where = url_for("rule_drafts.show", pack=pack, number=number, _anchor="backtest")
    return redirect(where, code=303)


@bp.get("/runs/<int:run_id>")
@allowed("rule.view")
def show(run_id: int) -> str:
    """One run; asked again every two seconds while it is under way."""
    run = runs.get_run(session(), run_id)
    return render(
        "rules/run.html",
        "run",
        one=shown_run(run),
        rule_words=rule_words,
        post_words=post_words,
    )


@bp.post("/runs/<int:run_id>/cancel")
@allowed("rule.shadow")
def cancel(run_id: int) -> Response:
    """Stop a run; what it did so far stays."""
    with writing() as opened:
        runs.cancel(opened, actor(), runs.get_run(opened, run_id), at=now())
    toast(gettext("Cancelled. What was done so far stays."), kind="info")
    back = request.form.get("back", "")
    return redirect(back if _own(back) else url_for("rule_runs.rejudge"), code=303)


@bp.get("/rejudge")
@allowed("rule.view")
def rejudge() -> str:
    """Today's rules over everything stored: the count, the confirmation, the runs so far."""
    found = [shown_run(run) for run in runs.runs_over_all(session())]
    newest = found[0].run if found else None
    version = wiring().rules.matcher.version
    ready = (
        newest is not None
        and newest.kind == LabKind.COUNT
        and newest.state == LabState.DONE
        and newest.matcher_version == version
        and newest.ended_at is not None
        and now() - newest.ended_at <= runs.COUNT_HOLDS
    )
    return render(
        "rules/rejudge.html",
        found=found,
        newest=newest,
        ready=ready,
        under_way=any(one.run.is_open for one in found),
        rule_words=rule_words,
        post_words=post_words,
    )


@bp.post("/rejudge/count")
@allowed("rule.rejudge")
def count() -> Response:
    """Count first."""
    with writing() as opened:
        runs.ask_count(opened, actor(), at=now())
    _wake_the_worker()
    return redirect(url_for("rule_runs.rejudge"), code=303)


@bp.post("/rejudge/<int:run_id>")
@allowed("rule.rejudge")
def confirm(run_id: int) -> Response:
    """Judge again what was counted."""
    with writing() as opened:
        counted = runs.get_run(opened, run_id)
        version = wiring().rules.matcher.version
        runs.ask_rejudge(opened, actor(), counted, version, at=now())
    _wake_the_worker()
    return redirect(url_for("rule_runs.rejudge"), code=303)


def _wake_the_worker() -> None:
    """So that it need not wait for the scheduler; where the queue is away, the scheduler finds the run."""
    with suppress(Unavailable):
        wiring().queue.put_once(WORK)


def _file(name: str) -> list[str]:
    """The lines of a file that was sent, or of the field of the same name."""
    sent = request.files.get(name)
    content = sent.stream.read(MOST_BYTES + 1) if sent and sent.filename else b""
    if len(content) > MOST_BYTES:
        raise InvalidInput("the file is too large", key="error.too_large")
    typed = request.form.get(f"{name}_text", "")
    return lines_of(content) + lines_of(typed.encode("utf-8", "replace"))


def _some(given: Sequence[Samples]) -> list[Samples]:
    return [one for one in given if one.texts or one.bad]


def _own(address: str) -> bool:
    """An address of this very site, nobody else's."""
    return address.startswith("/rules/") and "//" not in address and "\\" not in address
