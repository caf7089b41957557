"""How a source is doing: its alerts, its runs as a chart, what it cost; for the pages that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from crawler import alerts
from crawler.budget import last_days
from crawler.models import Run, SourceAlert, SourceCare, SourceDay
from crawler.service_care import care_of
from foundation.clock import office_time
from foundation.people import Actor
from search.models import Source
from webui.formats import moment
from webui.views import source_words
from webui.words import Text

KINDS: dict[str, Text] = {
    "zero": _l("Nothing found"),
    "format": _l("Format changed"),
    "blocked": _l("Keeps us out"),
    "slow": _l("Slow"),
    "unreachable": _l("Unreachable"),
    "canary": _l("Canary not found"),
}
ADVICE: dict[str, Text] = {
    "zero": _l(
        "Open the address. If people see no new posts there either, end the alert and say so. If they do, the "
        "page is built another way now: correct how it is read and try it, or send the saved page to the "
        "developers."
    ),
    "format": _l(
        "The site has changed its pages. Correct the selectors under Change and try them; where there are "
        "none, send the saved page to the developers. What was read before stays."
    ),
    "blocked": _l(
        "Do not look for a way around. Ask less often, at night or with a smaller budget, or ask the site for "
        "leave; where it stays closed, posts are entered by hand."
    ),
    "slow": _l(
        "Nothing is lost. If it stays so, ask less often or at night; the site may be under load."
    ),
    "unreachable": _l(
        "Open the address from another network. If the site has moved, change the address; if it is gone, "
        "pause the source."
    ),
    "canary": _l(
        "Open the canary. If it was deleted, name another post; if it is there, posts are being missed: look at "
        "the last run and its saved page."
    ),
}
"""What a person does about each kind of alert."""
FIELDS: dict[str, Text] = {"text": _l("text"), "time": _l("time"), "author": _l("author")}
CHART_RUNS = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as a page shows it; `page` is the digest of the saved page, while it is kept."""

    alert: SourceAlert
    kind: Text
    sentence: str
    page: str
    advice: Text = ""
    walled: bool = False
    """A wall stands there: entry by hand is offered."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything about how a source is doing."""

    open: Sequence[Told]
    past: Sequence[Told]
    care: SourceCare
    usual: float | None
    today: SourceDay | None
    chart: dict[str, Any]
    rows: list[list[Any]]
    heads: list[str]


def watch(
    session: Session, actor: Actor, source: Source, runs: Sequence[Run], at: datetime
) -> Watch:
    """How a source is doing."""
    drawn = [run for run in reversed(runs[:CHART_RUNS]) if run.ended_at]
    days = last_days(session, source.id, 1)
    today = days[0] if days and days[0].day == office_time(at).date() else None
    return Watch(
        open=[told(session, one) for one in alerts.open_alerts(session, actor, source.id)],
        past=[told(session, one) for one in alerts.past_alerts(session, source.id)],
        care=care_of(session, source.id),
        usual=alerts.usual_yield(session, source.id, at),
        today=today,
        chart=_chart(drawn),
        rows=[[moment(run.started_at), *_figures(run)] for run in drawn],
        heads=[gettext("Started"), *(name for name, _, _ in _series([]))],
    )


def told(session: Session, alert: SourceAlert) -> Told:
    """One alert in words."""
    detail = dict(alert.detail)
    if alert.reason == "alert_field":
        detail["field"] = str(FIELDS.get(detail.get("field", ""), detail.get("field", "")))
    detail["step"] = source_words.step_word(str(detail.get("step") or alert.step))
    sentence = source_words.reason(alert.reason, detail)
    kind = KINDS.get(alert.kind, alert.kind)
    return Told(
        alert,
        kind,
        sentence,
        alerts.saved_page(session, alert),
        ADVICE.get(alert.kind, ""),
        alert.kind == "blocked" or source_words.walled([str(detail.get("why", ""))]),
    )


def _figures(run: Run) -> list[float]:
    began, ended = run.started_at or run.created_at, run.ended_at or run.created_at
    return [run.posts, run.kept, run.errors, round((ended - began).total_seconds(), 1)]


def _series(runs: Sequence[Run]) -> list[tuple[str, str, list[float]]]:
    """(name, shape, values) of each line of the chart."""
    names = (gettext("Found"), gettext("Kept"), gettext("Errors"), gettext("Seconds"))
    shapes = ("bar", "bar", "bar", "line")
    values = [_figures(run) for run in runs]
    return [
        (name, shape, [one[index] for one in values])
        for index, (name, shape) in enumerate(zip(names, shapes, strict=True))
    ]


def _short_moment(run: Run) -> str:
    """Day and hour without the year, so that a narrow axis holds it."""
    return f"{office_time(run.started_at or run.created_at):%d/%m %H:%M}"


def _chart(runs: Sequence[Run]) -> dict[str, Any]:
    series = [
        {
            "name": gettext("Seconds (right scale)") if shape == "line" else name,
            "type": shape,
            "data": values,
            "yAxisIndex": int(shape == "line"),
        }
        for name, shape, values in _series(runs)
    ]
    return {
        "legend": {"type": "scroll", "top": 0, "left": 0, "right": 0},
        "grid": {"left": 8, "right": 8, "top": 44, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [_short_moment(run) for run in runs]},
        "yAxis": [
            {"type": "value", "minInterval": 1},
            {"type": "value", "splitLine": {"show": False}},
        ],
        "series": series,
    }
