"""Lists of sanction files, and which of them wait for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.domain.sanction_lifecycle import OPEN, SIGNERS, WORKERS, SanctionState
from casework.sanctions.models import Sanction
from foundation.people import Actor

SOON = timedelta(days=3)
OPEN_STATES, CLOSED_STATES = "open", "closed"


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to. `state`: one state, `open` or `closed`; `words`: of number or provision."""

    state: str = ""
    words: str = ""
    case_id: int | None = None
    mine: bool = False
    sort: str = "due"


def visible(actor: Actor) -> ColumnElement[bool]:
    """The files this actor may know of."""
    if actor.unit_id is None:
        return true()
    return or_(Sanction.unit_id.is_(None), Sanction.unit_id == actor.unit_id)


def list_files(
    session: Session, actor: Actor, filters: Filters, *, page: int, size: int
) -> tuple[Sequence[Sanction], int]:
    """One page of files, and how many there are in all."""
    query = _filtered(select(Sanction).where(visible(actor)), actor, filters)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(*_order(filters.sort)).limit(size).offset((page - 1) * size)
    )
    return rows.unique().all(), total


def waiting_for(
    session: Session, actor: Actor, *, at: datetime, limit: int = 20
) -> Sequence[Sanction]:
    """Proposals for those who may sign; files whose legal period ends soon for those who lead them."""
    query = select(Sanction).where(visible(actor), _waits(actor, at))
    rows = session.scalars(query.order_by(*_order("due")).limit(limit))
    return rows.unique().all()


def count_waiting(session: Session, actor: Actor, *, at: datetime) -> int:
    query = select(func.count(Sanction.id)).where(visible(actor), _waits(actor, at))
    return session.scalar(query) or 0


def _waits(actor: Actor, at: datetime) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = [false()]
    if actor.roles & SIGNERS and actor.signer_title:
        found.append((Sanction.state == SanctionState.PROPOSED) & Sanction.crime_at.is_(None))
    if actor.roles & WORKERS:
        owned = select(Case.id).where(Case.owner_id == actor.user_id)
        mine = (Sanction.created_by_id == actor.user_id) | Sanction.case_id.in_(owned)
        led = Sanction.state.in_([each for each in OPEN if each != SanctionState.PROPOSED])
        found.append(mine & led & (Sanction.due_at <= at + SOON))
    return or_(*found)


def _filtered(query: Select[Any], actor: Actor, filters: Filters) -> Select[Any]:
    if filters.state == OPEN_STATES:
        query = query.where(Sanction.state.in_(OPEN))
    elif filters.state == CLOSED_STATES:
        query = query.where(Sanction.state.not_in(OPEN))
    elif filters.state:
        query = query.where(Sanction.state == filters.state)
    if filters.case_id:
        query = query.where(Sanction.case_id == filters.case_id)
    if filters.mine:
        query = query.where(Sanction.created_by_id == actor.user_id)
    for word in filters.words.split():
        fields = (Sanction.number, Sanction.cited)
        query = query.where(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    return query


def _order(sort: str) -> tuple[ColumnElement[Any], ...]:
    columns: dict[str, ColumnElement[Any]] = {
        "number": Sanction.id.expression,
        "amount": func.coalesce(Sanction.amount, 0),
        "state": Sanction.state.expression,
    }
    down = sort.startswith("-")
    column = columns.get(sort.removeprefix("-"))
    if column is None:
        nulls_last = Sanction.due_at.is_(None)
        due = Sanction.due_at.desc() if down else Sanction.due_at.asc()
        return (nulls_last, due, Sanction.id.desc())
    return (column.desc() if down else column.asc(), Sanction.id.desc())
