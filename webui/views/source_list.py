"""Sources as lists show them: their last run, what state that means, and those that need a look."""

from collections import Counter
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler import alerts, service_sources
from crawler.models import Run
from foundation.people import Actor
from search.models import Source
from webui.nav import TodayItem, today
from webui.views import source_watch

SILENT_RUNS = 3
"""A source whose last runs saw nothing at all, so many in a row, fell silent."""


@dataclass(frozen=True, slots=True)
class Line:
    """One source as the list shows it."""

    source: Source
    run: Run | None
    state: str
    alerts: int = 0


@today("silent", _l("Sources that need a look"), order=60)
def _silent(opened: Session, who: Actor) -> list[TodayItem]:
    warned = [source_watch.told(opened, one) for one in alerts.open_alerts(opened, who)]
    named = {one.alert.source_id for one in warned}
    found = [
        TodayItem(
            f"{one.alert.source.name}: {one.kind}. {one.sentence}",
            url_for("sources.show", source_id=one.alert.source_id) + "#alerts",
            severity="warning",
        )
        for one in warned
    ]
    return found + [
        TodayItem(line.source.name, url_for("sources.show", source_id=line.source.id))
        for line in lines(opened, who)
        if line.state == "silent" and line.source.id not in named
    ]


def lines(opened: Session, who: Actor) -> list[Line]:
    """Every source with its last run and what that says of it."""
    sources = service_sources.list_sources(opened, who)
    newest = select(func.max(Run.id)).group_by(Run.source_id)
    last = {run.source_id: run for run in opened.scalars(select(Run).where(Run.id.in_(newest)))}
    warned = Counter(one.source_id for one in alerts.open_alerts(opened, who))
    return [Line(one, last.get(one.id), state_of(opened, one), warned[one.id]) for one in sources]


def state_of(opened: Session, source: Source) -> str:
    if not source.active:
        return "paused"
    seen = opened.scalars(
        select(Run.posts)
        .where(Run.source_id == source.id, Run.state.in_(("done", "failed")))
        .order_by(Run.id.desc())
        .limit(SILENT_RUNS)
    ).all()
    return "silent" if len(seen) == SILENT_RUNS and not any(seen) else "active"
