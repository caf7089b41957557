"""Figures of takedowns for reports and the scorecard: lists of ids, so that each figure opens its records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from casework.domain.takedown_lifecycle import ItemState
from casework.takedowns.models import TakedownItem, TakedownRequest, Wanted
from foundation.people import Actor


@dataclass(frozen=True, slots=True)
class TakedownFigures:
    """Requests first sent in the period, and what became of their addresses until its end.

    `urls_removed`: proven gone (two sightings, captures before and after). `urls_on_time`: of those, first
    seen gone by the deadline. `urls_overdue`: seen after the deadline, or first seen gone after it.
    """

    requests_sent: tuple[int, ...] = ()
    urls_requested: tuple[int, ...] = ()
    urls_removed: tuple[int, ...] = ()
    urls_on_time: tuple[int, ...] = ()
    urls_overdue: tuple[int, ...] = ()
    locks_requested: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How one platform answers (bảng chấm điểm): hours from the sending to the first sighting of the removal."""

    platform: str
    requests: tuple[int, ...]
    urls: int
    removed: int
    on_time: int
    overdue: int
    reappeared: int
    median_hours: float | None
    p90_hours: float | None


def figures(session: Session, actor: Actor, since: datetime, until: datetime) -> TakedownFigures:
    """The figures of the actor's unit for since <= sending < until."""
    requests = _sent(session, actor, since, until)
    items = [item for request in requests for item in request.items]
    removed = [item for item in items if removed_by(item, until)]
    return TakedownFigures(
        requests_sent=tuple(request.id for request in requests),
        urls_requested=_ids(items),
        urls_removed=_ids(removed),
        urls_on_time=_ids(item for item in removed if on_time(item)),
        urls_overdue=_ids(item for item in items if overdue(item, until)),
        locks_requested=tuple(each.id for each in requests if Wanted.LOCK in each.wanted),
    )


def scorecard(session: Session, actor: Actor, since: datetime, until: datetime) -> list[Score]:
    """One line for each platform that was asked in the period, the one asked most first."""
    by_platform: dict[str, list[TakedownRequest]] = {}
    for request in _sent(session, actor, since, until):
        by_platform.setdefault(request.platform, []).append(request)
    scores = [_score(platform, found, until) for platform, found in by_platform.items()]
    return sorted(scores, key=lambda score: (-score.urls, score.platform))


def removed_by(item: TakedownItem, until: datetime) -> bool:
    """Whether its removal was proven before that moment and stands."""
    proven = item.state == ItemState.REMOVED and item.removed_at is not None
    return proven and item.removed_at is not None and item.removed_at < until


def on_time(item: TakedownItem) -> bool:
    """Whether it was first seen gone by the deadline of the first sending."""
    deadline = item.request.deadline_at
    return (
        item.first_gone_at is not None and deadline is not None and item.first_gone_at <= deadline
    )


def overdue(item: TakedownItem, until: datetime) -> bool:
    """Whether it was seen online at or after the deadline, or first seen gone after it.

    An address that nobody could see after the deadline is not claimed to be overdue.
    """
    deadline = item.request.deadline_at
    if deadline is None or deadline >= until:
        return False
    seen_online = item.online_at is not None and deadline <= item.online_at < until
    gone_late = item.first_gone_at is not None and deadline < item.first_gone_at < until
    return seen_online or gone_late


def units(actor: Actor) -> ColumnElement[bool]:
    """The requests this actor may know of."""
    if actor.unit_id is None:
        return true()
    return or_(TakedownRequest.unit_id.is_(None), TakedownRequest.unit_id == actor.unit_id)


def _sent(
    session: Session, actor: Actor, since: datetime, until: datetime
) -> Sequence[TakedownRequest]:
    return (
        session.scalars(
            select(TakedownRequest)
            .where(TakedownRequest.sent_at >= since, TakedownRequest.sent_at < until, units(actor))
            .order_by(TakedownRequest.id)
        )
        .unique()
        .all()
    )


def _score(platform: str, requests: Sequence[TakedownRequest], until: datetime) -> Score:
    items = [item for request in requests for item in request.items]
    removed = [item for item in items if removed_by(item, until)]
    hours = sorted(_hours(item) for item in removed)
    return Score(
        platform=platform,
        requests=tuple(request.id for request in requests),
        urls=len(items),
        removed=len(removed),
        on_time=sum(on_time(item) for item in removed),
        overdue=sum(overdue(item, until) for item in items),
        reappeared=sum(item.reappeared_at is not None for item in items),
        median_hours=median(hours) if hours else None,
        p90_hours=_p90(hours),
    )


def _hours(item: TakedownItem) -> float:
    """Hours it took; an address that was gone before it was asked for took none."""
    if item.first_gone_at is None or item.request.sent_at is None:
        return 0.0
    return max(timedelta(0), item.first_gone_at - item.request.sent_at) / timedelta(hours=1)


def _p90(hours: Sequence[float]) -> float | None:
    if len(hours) < 2:
        return hours[0] if hours else None
    return quantiles(hours, n=10, method="inclusive")[-1]


def _ids(items: Iterable[TakedownItem]) -> tuple[int, ...]:
    return tuple(item.id for item in items)
