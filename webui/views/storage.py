"""Lưu trữ: what is stored, how it grows, how long what is kept, and the runs that delete what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from foundation.errors import InvalidInput
from foundation.people import Actor, Role
from foundation.permissions import acts
from webui import formats, nav
from webui.accounts.act_words import act_words
from webui.errors import ADVICE, messages
from webui.given import whole
from webui.nav import NavItem, TodayItem
from webui.requests import actor, allowed, is_fragment, now, session, shell, toast, wiring, writing
from webui.storage import retention, standing, terms
from webui.storage.kinds import Kind
from webui.storage.standing import Day
from webui.storage.terms import Due
from webui.templating import render
from webui.views.storage_words import KINDS, STEP_OF, STEPS, TERMS, forecast_words, kept
from webui.words import Text

ACTS = acts(
    {
        "system.storage": [Role.ADMINISTRATOR],
        "system.retention": [Role.ADMINISTRATOR],
    }
)
act_words(
    {
        "system.storage": _l("see what is stored, how it grows and what goes next"),
        "system.retention": _l("say how long files are kept, and begin deleting what is due"),
    }
)
messages(
    {
        "error.storage.full": _l("There is no room for this file: the store of files is full."),
        "error.retention.not_counted": _l("First have it counted what would be deleted."),
        "error.retention.days": _l("Between %(least)s and %(most)s days."),
    }
)
ADVICE[507] = _l(
    "Nothing of it was stored; all else still stands. Tell an administrator: the page Storage says what fills it."
)
CHARTED = (Kind.CAPTURES, Kind.MEDIA, Kind.PACKAGES, Kind.DOCUMENTS)
bp = Blueprint("storage", __name__, url_prefix="/system/storage")
nav.add_place(NavItem("storage.index", _l("Storage"), "database", below=True), after="system.index")


@dataclass(frozen=True, slots=True)
class Line:
    """One kind as the page shows it: how much, how long it is kept and why, what goes next."""

    kind: str
    label: Text
    files: int
    bytes: int
    kept: Text
    ground: Text
    due: Due | None


@bp.get("")
@allowed("system.storage")
def index() -> str:
    days = standing.days(session())
    stands = standing.standing(session(), wiring().files, now())
    due = terms.due(session(), now())
    return render(
        "system/storage.html",
        stands=stands,
        told=forecast_words(stands),
        sample=days[-1] if days else None,
        lines=_lines(days[-1] if days else None, due),
        due=due,
        due_rows=sum(one.rows for one in due.values()),
        chart=_chart(days),
        terms=[
            (step, word, terms.days_of(session(), step), terms.TERMS[step])
            for step, word in TERMS.items()
        ],
        **_runs(),
    )


@bp.get("/progress")
@allowed("system.storage")
def progress() -> str | Response:
    """How far the run is; asked each second while it goes on."""
    if not is_fragment():
        return redirect(url_for("storage.index"))
    return render("system/storage.html", "progress", **_runs())


@bp.post("/count")
@allowed("system.retention")
def count() -> Response:
    """Count what would be deleted, and delete nothing."""
    with writing() as opened:
        retention.ask(opened, actor(), real=False, at=now())
    return redirect(url_for("storage.index") + "#runs", code=303)


@bp.post("/run")
@allowed("system.retention")
def run() -> Response:
    """Delete what is due, now and from now on every day."""
    with writing() as opened:
        retention.ask(opened, actor(), real=True, at=now())
    return redirect(url_for("storage.index") + "#runs", code=303)


@bp.post("/terms")
@allowed("system.retention")
def keep() -> Response:
    """Say how long what is kept, where that is the office's to say."""
    try:
        with writing() as opened:
            for step in terms.TERMS:
                terms.set_days(opened, actor(), step, _days(request.form.get(step, "")), at=now())
    except InvalidInput as error:
        limits = {name: str(error.detail[name]) for name in ("least", "most")}
        toast(gettext("Not saved: between %(least)s and %(most)s days.", **limits), kind="danger")
    else:
        toast(gettext("Saved; it counts from the next run on."))
    return redirect(url_for("storage.index") + "#terms", code=303)


@nav.today("storage", _l("Storage"), order=8)
def _today(opened: Session, who: Actor) -> list[TodayItem]:
    """An administrator is told when files come to their limit, and that the first deletion waits."""
    if not shell().wiring.permissions.allows(who, "system.storage"):
        return []
    stands = standing.standing(opened, shell().wiring.files, now())
    url = url_for("storage.index")
    found = []
    if stands.is_low:
        share = formats.percent(stands.used, stands.capacity or 0)
        said = gettext("The store of files is %(share)s full: %(when)s", share=share,
                       when=str(forecast_words(stands)))  # fmt: skip
        severity = "urgent" if stands.share >= 0.95 else "warning"
        found.append(TodayItem(said, url, severity=severity, key="storage"))  # type: ignore[arg-type]
    if not retention.is_on(opened) and (rows := _counted(opened)):
        said = gettext("%(count)s things are due to be deleted; the first deletion waits for an administrator",
                       count=formats.number(rows))  # fmt: skip
        found.append(TodayItem(said, url + "#runs", key="retention"))
    return found


def _counted(opened: Session) -> int:
    last = retention.latest(opened, real=False)
    return last.done if last is not None and last.ended_at is not None else 0


def _days(written: str) -> int:
    try:
        return whole(written.strip())
    except ValueError:
        raise InvalidInput("no number", key="error.retention.days", least=1, most=3650) from None


def _runs() -> dict[str, Any]:
    running = retention.running(session())
    last = retention.latest(session())
    return {
        "running": running,
        "last": last if running is None else None,
        "is_on": retention.is_on(session()),
        "was_counted": retention.was_counted(session()),
        "steps": STEPS,
    }


def _lines(sample: Day | None, due: dict[str, Due]) -> list[Line]:
    return [
        Line(
            kind,
            KINDS[kind],
            files,
            size,
            *kept(kind, _days_of(kind)),
            due.get(STEP_OF.get(kind, "")),
        )
        for kind, files, size in standing.kinds_of(sample)
    ]


def _days_of(kind: Kind) -> int:
    if kind in {Kind.PACKAGES, Kind.SAVED_PAGES, Kind.UNUSED}:
        return terms.days_of(session(), STEP_OF[kind])
    return wiring().settings.retention_days


def _chart(days: Sequence[Day]) -> dict[str, Any] | None:
    """Bytes by day, stacked by kind, in the unit that fits the largest."""
    if len(days) < 2:
        return None
    most = max(day.total for day in days)
    power, unit = next(
        ((power, unit) for power, unit in ((3, "GB"), (2, "MB"), (1, "KB")) if most >= 1024**power),
        (0, "B"),
    )

    def scaled(size: int) -> float:
        return round(size / float(1024**power), 2)

    def rest(day: Day) -> int:
        return day.total - sum(day.bytes.get(kind, 0) for kind in CHARTED)

    series = [(str(KINDS[kind]), [day.bytes.get(kind, 0) for day in days]) for kind in CHARTED]
    series.append((gettext("everything else"), [rest(day) for day in days]))
    names = [formats.date(day.day)[:5] for day in days]
    return {
        "options": {
            "xAxis": {"type": "category", "boundaryGap": False, "data": names},
            "yAxis": {"type": "value", "name": unit},
            "grid": {"top": 72},
            "series": [
                {
                    "type": "line", "stack": "all", "name": name, "areaStyle": {"opacity": 0.5},
                    "showSymbol": False, "data": [scaled(size) for size in sizes],
                }
                for name, sizes in series
            ],
        },
        "rows": [[formats.date(day.day), formats.size(day.total)] for day in reversed(days)],
    }  # fmt: skip
