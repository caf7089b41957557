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
FIELDS: dict[str, Text] = {"text": _l("text"), "time": _l("time"), "author": _l("author")}
CHART_RUNS = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as a page shows it; `page` is the digest of the saved page, while it is kept."""

    alert: SourceAlert
    kind: Text
    sentence: str
    page: str


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
    return Told(alert, kind, sentence, alerts.saved_page(session, alert))


def _figures(run: Run) -> list[float]:
    began, ended = run.started_at or run.created_at, run.ended_at or run.created_at
    return [run.posts, run.kept, run.errors, round((ended - began).total_seconds(), 1)]


def _series(runs: Sequence[Run]) -> list[tuple[str, str, list[float]]]:
    """(name, shape, values) of each line of the chart."""
    names = (gettext("Seen"), gettext("Kept"), gettext("Errors"), gettext("Seconds"))
    shapes = ("bar", "bar", "bar", "line")
    values = [_figures(run) for run in runs]
    return [
        (name, shape, [one[index] for one in values])
        for index, (name, shape) in enumerate(zip(names, shapes, strict=True))
    ]


def _chart(runs: Sequence[Run]) -> dict[str, Any]:
    series = [
        {"name": name, "type": shape, "data": values, "yAxisIndex": int(shape == "line")}
        for name, shape, values in _series(runs)
    ]
    return {
        "xAxis": {"type": "category", "data": [moment(run.started_at) for run in runs]},
        "yAxis": [
            {"type": "value", "name": gettext("posts")},
            {"type": "value", "name": gettext("seconds"), "splitLine": {"show": False}},
        ],
        "series": series,
    }
