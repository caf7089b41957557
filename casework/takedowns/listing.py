"""Lists of requests: the board, what waits for whom, what came back elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session

from casework.domain.takedown_lifecycle import DRAFTERS, OPEN, ItemState, RequestState
from casework.takedowns.figures import units
from casework.takedowns.models import Notice, NoticeState, TakedownItem, TakedownRequest
from foundation.lifecycle import TransitionRow
from foundation.people import Actor, Role

BROKEN = (NoticeState.FAILED, NoticeState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; an empty value narrows nothing. `state`: a state, `open`, `overdue` or `held`."""

    state: str = ""
    platform: str = ""
    case_id: int | None = None
    mine: bool = False
    words: str = ""
    ids: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    """Addresses whose requests are wanted: what a figure of a report leads to."""
    sort: str = "deadline"


def list_requests(
    session: Session, actor: Actor, filters: Filters, *, page: int = 1, size: int = 25
) -> tuple[Sequence[TakedownRequest], int]:
    """One page of requests, and how many there are: what is due first stands first."""
    wanted = and_(units(actor), *_conditions(actor, filters))
    total = session.scalar(select(func.count()).select_from(TakedownRequest).where(wanted)) or 0
    rows = session.scalars(
        select(TakedownRequest)
        .where(wanted)
        .order_by(*_order(filters.sort))
        .limit(size)
        .offset((page - 1) * size)
    )
    return rows.unique().all(), total


def by_state(
    session: Session, actor: Actor, filters: Filters, states: Sequence[str], *, limit: int = 30
) -> dict[str, tuple[Sequence[TakedownRequest], int]]:
    """The columns of the board: for each state its first requests, and how many there are."""
    return {
        state: list_requests(
            session, actor, replace(filters, state=state, sort="deadline"), size=limit
        )
        for state in states
    }


def overdue() -> ColumnElement[bool]:
    """Followed, and an address was seen online at or after the deadline and still is."""
    return and_(
        TakedownRequest.state == RequestState.SENT,
        TakedownRequest.overdue_at.is_not(None),
        exists().where(
            TakedownItem.request_id == TakedownRequest.id,
            TakedownItem.state.not_in([ItemState.REMOVED, ItemState.GONE, ItemState.GONE_ONCE]),
        ),
    )


def waiting_for(
    session: Session, actor: Actor, *, at: datetime, limit: int = 50
) -> Sequence[TakedownRequest]:
    """What this person has to do: approve, send, write again, mend a mail."""
    return (
        session.scalars(
            select(TakedownRequest)
            .where(units(actor), _waits_for(actor, at))
            .order_by(TakedownRequest.deadline_at.is_(None), TakedownRequest.deadline_at)
            .limit(limit)
        )
        .unique()
        .all()
    )


def count_waiting(session: Session, actor: Actor, *, at: datetime) -> int:
    """How many requests wait for this person; asked on every page."""
    query = select(func.count()).select_from(TakedownRequest)
    return session.scalar(query.where(units(actor), _waits_for(actor, at))) or 0


def _conditions(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state == "open":
        found.append(TakedownRequest.state.in_(OPEN))
    elif filters.state == "overdue":
        found.append(overdue())
    elif filters.state == "held":
        found += [TakedownRequest.held_at.is_not(None), TakedownRequest.state.in_(OPEN)]
    elif filters.state:
        found.append(TakedownRequest.state == filters.state)
    if filters.platform:
        found.append(TakedownRequest.platform == filters.platform)
    if filters.case_id is not None:
        found.append(TakedownRequest.case_id == filters.case_id)
    if filters.mine:
        found.append(TakedownRequest.created_by_id == actor.user_id)
    if filters.items:
        holds = exists().where(
            TakedownItem.request_id == TakedownRequest.id, TakedownItem.id.in_(filters.items)
        )
        found.append(holds)
    if filters.ids:
        found.append(TakedownRequest.id.in_(filters.ids))
    return found + [_holds(word) for word in filters.words.split()[:8]]


def _holds(word: str) -> ColumnElement[bool]:
    plain = word.replace("\\", "").replace("%", "").replace("_", r"\_")
    like = f"%{plain}%"
    return or_(
        TakedownRequest.number.ilike(like, escape="\\"),
        TakedownRequest.recipient.ilike(like, escape="\\"),
        exists().where(
            TakedownItem.request_id == TakedownRequest.id,
            TakedownItem.url.ilike(like, escape="\\"),
        ),
    )


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    newest = TakedownRequest.id.desc()
    if sort == "-created":
        return (newest,)
    if sort == "created":
        return (TakedownRequest.id.asc(),)
    undated: ColumnElement[Any] = TakedownRequest.deadline_at.is_(None)
    if sort == "-deadline":
        return (undated, TakedownRequest.deadline_at.desc(), newest)
    return (undated, TakedownRequest.deadline_at.asc(), newest)


def _waits_for(actor: Actor, at: datetime) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    if Role.APPROVER in actor.roles:
        took_part = exists().where(
            TransitionRow.subject_kind == "takedown",
            TransitionRow.subject_id == TakedownRequest.id,
            TransitionRow.actor_id == actor.user_id,
            TransitionRow.act.in_(["draft", "edit", "submit"]),
        )
        ways.append(and_(TakedownRequest.state == RequestState.SUBMITTED, ~took_part))
        ways.append(and_(overdue(), TakedownRequest.escalate_at <= at))
    if actor.roles & DRAFTERS:
        broken = exists().where(
            Notice.request_id == TakedownRequest.id,
            Notice.state.in_(BROKEN),
            TakedownRequest.state.in_([RequestState.APPROVED, RequestState.SENT]),
        )
        ways += [
            overdue(),
            broken,
            and_(TakedownRequest.state == RequestState.APPROVED, TakedownRequest.held_at.is_(None)),
        ]
    return or_(*ways) if ways else ~true()


def escalated(request: TakedownRequest, at: datetime) -> bool:
    """Whether a superior should be told: overdue for longer than the office allows."""
    return (
        request.state == RequestState.SENT
        and request.overdue_at is not None
        and request.escalate_at is not None
        and request.escalate_at <= at
    )
