"""Báo cáo: period reports as they will print, each figure a link to the records behind it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.documents import narrative as sentences
from casework.documents.office import Office
from casework.domain.deadlines import end_of_day, office_day
from casework.domain.report_lifecycle import REPORT, ReportState
from casework.law.periods import Period
from casework.reports import listing, service, wording
from casework.reports.definitions import DEFINITIONS
from casework.reports.figures import Figure, changed
from casework.reports.models import Report
from casework.reports.previewing import Preview, live_figures, preview
from casework.reports.service import Timing
from casework.reports.wording import Narrative
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.lifecycle import history
from foundation.people import Actor
from webui.formats import is_vietnamese
from webui.nav import TodayItem, today, waiting
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import report_words
from webui.views.sanction_form import Shown, day_or_none, lines
from webui.views.sanctions import docx

bp = Blueprint("reports", __name__, url_prefix="/reports")
SIZES = (25, 50, 100)
SECTIONS = ("direction", "notable", "difficulties", "tasks", "recipients", "heading")
WORDS = ("subject", "addressee", "symbol", "archive", "signer")


def office() -> Office:
    return Office.of(wiring().settings)


@waiting("reports.index")
def _count(opened: Session, who: Actor) -> int:
    on = office_day(now())
    return len(listing.to_issue(opened, who)) + len(
        listing.owed(opened, who, wiring().catalogue, on=on)
    )


@today("reports", _l("Reports"), order=40)
def _today(opened: Session, who: Actor) -> list[TodayItem]:
    items = [
        TodayItem(
            gettext("Issue %(number)s", number=row.number),
            url_for("reports.show", report_id=row.id), None, "warning",
        )
        for row in listing.to_issue(opened, who)
    ]  # fmt: skip
    for each in listing.owed(opened, who, wiring().catalogue, on=office_day(now())):
        url = (
            url_for("reports.show", report_id=each.report.id)
            if each.report
            else url_for("reports.new", period=f"{each.period.kind}:{each.period.ref}")
        )
        due = end_of_day(each.due)
        urgent = due - now() < timedelta(days=3)
        said = each.period.vi if is_vietnamese() else each.period.en
        items.append(TodayItem(said, url, due, "urgent" if urgent else "info"))
    return items


@bp.get("")
@allowed("report.view")
def index() -> str:
    """The reports, the latest period first; what the law wants soon stands above."""
    asked = request.args
    page, size = max(asked.get("page", 1, type=int), 1), asked.get("size", 25, type=int)
    size = size if size in SIZES else 25
    rows, total = listing.list_reports(
        session(), actor(), asked.get("state", ""), page=page, size=size
    )
    owed = listing.owed(session(), actor(), wiring().catalogue, on=office_day(now()))
    return render(
        "reports/index.html",
        "content",
        rows=rows,
        total=total,
        page=page,
        size=size,
        states=list(ReportState),
        owed=[(each, end_of_day(each.due)) for each in owed],
        period_of=_period_words,
        vietnamese=is_vietnamese(),
    )


def _period_words(row: Report) -> str:
    if not row.period_kind:
        return ""
    try:
        period = wiring().catalogue.period(row.period_kind, row.period_ref)
    except NotFound:
        return row.period_ref
    return period.vi if is_vietnamese() else period.en


@bp.get("/new")
@allowed("report.write")
def new() -> str:
    return _new_page(Shown(request.args))


@bp.post("/new")
@allowed("report.write")
def create() -> Response | tuple[str, int]:
    """A draft over a period of the catalogue, or over free dates."""
    typed = request.form
    try:
        kind, _, ref = typed.get("period", "").partition(":")
        timing = Timing(
            kind=kind,
            ref=ref,
            first=day_or_none(typed, "first"),
            last=day_or_none(typed, "last"),
            request=typed.get("request", ""),
        )
        with writing() as opened:
            made = service.create(
                opened, actor(), timing, at=now(), catalogue=wiring().catalogue, office=office()
            )
    except InvalidInput as error:
        return _new_page(Shown.failed(typed, error)), error.status
    return redirect(url_for("reports.show", report_id=made.id), code=303)


def _new_page(form: Shown) -> str:
    return render(
        "reports/new.html",
        form=form,
        groups=[(kind, word, _offered(kind)) for kind, word in report_words.KINDS.items()],
        vietnamese=is_vietnamese(),
    )


def _offered(kind: str) -> list[Period]:
    """The periods that have ended or run now, the latest first."""
    on = office_day(now())
    found = [
        period
        for year in (on.year + 1, on.year, on.year - 1)
        for period in wiring().catalogue.periods.of_year(kind, year)
        if period.first <= on
    ]
    return sorted(found, key=lambda each: each.first, reverse=True)[:6]


@bp.get("/<int:report_id>")
@allowed("report.view")
def show(report_id: int) -> str:
    return _page(service.get_report(session(), actor(), report_id))


def _page(row: Report, form: Shown | None = None) -> str:
    seen = preview(session(), row, wiring().catalogue, office())
    issued = row.state == ReportState.ISSUED
    said = seen.context
    return render(
        "reports/show.html",
        row=row,
        form=form or Shown(),
        said=said,
        direction=sentences.direction(said.directives, said.letterhead.issuer),
        parts=sentences.results(said.figures),
        comparison=sentences.comparison(said.figures, said.previous),
        narrative=Narrative.read(row.narrative),
        figures=[(DEFINITIONS[name], each) for name, each in seen.figures.items()],
        before=seen.before or {},
        digest=seen.digest,
        differences=changed(seen.figures, live_figures(session(), row)) if issued else [],
        restates=session().get(Report, row.restates_id) if row.restates_id else None,
        restated_by=service.restated_by(session(), row),
        allowed_acts={step.act for step in REPORT.allowed(row.state, actor())},
        history=list(reversed(history(session(), "report", row.id))),
        period=_period_words(row),
        running=not issued and row.last >= office_day(now()),
        due=end_of_day(row.due_on) if row.due_on else None,
        vietnamese=is_vietnamese(),
        report_words=report_words,
        figure_url=lambda key: _figure_url(row, key),
    )


def _figure_url(row: Report, key: str) -> str:
    """Where the records behind a figure of the text are; `urls_removed:facebook` is a part of one."""
    name, _, part = key.partition(":")
    first = {"sanctioned": "sanctioned_organisations"}.get(name, name)
    if first not in DEFINITIONS:
        return ""
    more: dict[str, Any] = (
        {"part": part} if part else {"with": "sanctioned_individuals"} if first != name else {}
    )
    return url_for("reports.figure", report_id=row.id, name=first, **more)


@bp.get("/<int:report_id>/figures/<name>")
@allowed("report.view")
def figure(report_id: int, name: str) -> str:
    """The records behind a figure: the frozen ones of an issued report."""
    row = service.get_report(session(), actor(), report_id)
    seen = preview(session(), row, wiring().catalogue, office())
    if name not in seen.figures:
        raise NotFound(f"no figure {name}", about=name)
    part, other = request.args.get("part", ""), request.args.get("with", "")
    found = [_part(seen, name, part)]
    if other in seen.figures and other != name:
        found.append(seen.figures[other])
    return render(
        "reports/figure.html",
        "content",
        row=row,
        groups=[
            (DEFINITIONS[each.id], each, report_words.lines_of(session(), each.refs))
            for each in found
        ],
        part=wording.PLATFORMS.get(part, part),
        vietnamese=is_vietnamese(),
        notes=report_words.NOTES,
    )


def _part(seen: Preview, name: str, part: str) -> Figure:
    whole = seen.figures[name]
    if not part:
        return whole
    refs = whole.parts.get(part, ())
    return replace(whole, value=len(refs), refs=refs, parts={})


@bp.get("/<int:report_id>/document")
@allowed("report.view")
def document(report_id: int) -> Response:
    """The .docx: as issued, its digest checked while it is read; a draft as it stands."""
    row = service.get_report(session(), actor(), report_id)
    if row.state == ReportState.ISSUED:
        data = service.document(row, wiring().files)
    else:
        data = service.draft_document(session(), row, wiring().catalogue, office())
    return docx(data, f"{row.number}.docx")


def _narrative(row: Report) -> Narrative:
    typed = request.form
    given: dict[str, Any] = {name: typed.get(name, "").strip() for name in WORDS}
    given |= {name: lines(typed, name) for name in SECTIONS}
    return replace(Narrative.read(row.narrative), **given)


def _do(report_id: int, done: Any, said: str) -> Response | tuple[str, int]:
    try:
        with writing() as opened:
            done(opened, service.get_report(opened, actor(), report_id))
    except (InvalidInput, Conflict) as error:
        row = service.get_report(session(), actor(), report_id)
        return _page(row, Shown.failed(request.form, error)), error.status
    toast(said)
    return redirect(url_for("reports.show", report_id=report_id), code=303)


@bp.post("/<int:report_id>/edit")
@allowed("report.write")
def edit(report_id: int) -> Response | tuple[str, int]:
    return _do(
        report_id,
        lambda opened, row: service.edit(
            opened, actor(), row, _narrative(row), request.form.get("request", ""), at=now()
        ),
        gettext("Saved."),
    )


@bp.post("/<int:report_id>/submit")
@allowed("report.write")
def submit(report_id: int) -> Response | tuple[str, int]:
    return _do(
        report_id,
        lambda opened, row: service.submit(
            opened, actor(), row, at=now(), catalogue=wiring().catalogue, office=office()
        ),
        gettext("Submitted; a second person issues it."),
    )


@bp.post("/<int:report_id>/step/<act>")
@allowed("report.write")
def step(report_id: int, act: str) -> Response | tuple[str, int]:
    """What needs no form: take the submission back, restore what was discarded."""
    if act not in {"recall", "restore"}:
        raise NotFound(f"no step {act}", about=act)
    return _do(
        report_id,
        lambda opened, row: service.take_step(opened, actor(), row, act, at=now()),
        str(report_words.ACTS[act]),
    )


@bp.post("/<int:report_id>/return")
@allowed("report.return")
def return_(report_id: int) -> Response | tuple[str, int]:
    return _reasoned(report_id, "return")


@bp.post("/<int:report_id>/discard")
@allowed("report.discard")
def discard(report_id: int) -> Response | tuple[str, int]:
    return _reasoned(report_id, "discard")


def _reasoned(report_id: int, act: str) -> Response | tuple[str, int]:
    reason = request.form.get("reason", "")
    return _do(
        report_id,
        lambda opened, row: service.take_step(opened, actor(), row, act, at=now(), reason=reason),
        str(report_words.ACTS[act]),
    )


@bp.post("/<int:report_id>/issue")
@allowed("report.issue")
def issue(report_id: int) -> Response | tuple[str, int]:
    """Issue and freeze what the approver saw: the form carries the digest of the figures shown."""
    return _do(
        report_id,
        lambda opened, row: service.issue(
            opened,
            actor(),
            row,
            request.form.get("shown", ""),
            at=now(),
            catalogue=wiring().catalogue,
            office=office(),
            files=wiring().files,
        ),
        gettext("Issued. It never changes from now on."),
    )


@bp.post("/<int:report_id>/restate")
@allowed("report.write")
def restate(report_id: int) -> Response | tuple[str, int]:
    """A new draft that corrects this one and names it."""
    row = service.get_report(session(), actor(), report_id)
    try:
        with writing() as opened:
            found = service.get_report(opened, actor(), report_id)
            made = service.restate(opened, actor(), found, request.form.get("reason", ""), at=now())
    except (InvalidInput, Conflict) as error:
        return _page(row, Shown.failed(request.form, error)), error.status
    return redirect(url_for("reports.show", report_id=made.id), code=303)
