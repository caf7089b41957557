"""Hôm nay: what is mine and when it is due. Page areas fill it through `webui.nav.today`."""

from datetime import UTC, datetime

from flask import Blueprint

from webui.nav import TodayItem, TodaySection, today_sections
from webui.requests import actor, session, signed_in
from webui.templating import render

bp = Blueprint("today", __name__)
LATEST = datetime.max.replace(tzinfo=UTC)
_RANK = {"urgent": 0, "warning": 1, "info": 2}


def by_need(item: TodayItem) -> tuple[int, datetime]:
    """Urgent first, then what is due first; what has no deadline last."""
    return _RANK[item.severity], item.due or LATEST


def collect() -> list[tuple[TodaySection, list[TodayItem]]]:
    """The sections that have something for whoever asks."""
    filled = [(section, section.provider(session(), actor())) for section in today_sections()]
    return [(section, sorted(items, key=by_need)) for section, items in filled if items]


def urgent_things(items: list[TodayItem]) -> int:
    """How many things are urgent; what stands in two sections once."""
    urgent = [item for item in items if item.severity == "urgent"]
    named = {item.key: item.stands_for for item in urgent if item.key}
    return sum(named.values()) + sum(item.stands_for for item in urgent if not item.key)


@bp.get("/")
@signed_in
def index() -> str:
    sections = collect()
    urgent = urgent_things([item for _, items in sections for item in items])
    return render("today.html", "content", sections=sections, urgent=urgent)


@bp.get("/alerts")
@signed_in
def alerts() -> str:
    """The bell: how many things are urgent, asked for by htmx after the page is there."""
    items = [item for _, items in collect() for item in items]
    first = next((item for item in items if item.severity == "urgent"), None)
    return render("fragments/bell.html", first=first, urgent=urgent_things(items))
