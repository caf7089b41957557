"""The list of cases: filters, order, and what each is waiting for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from casework.cases.models import Case, CasePost, Task
from casework.domain.case_lifecycle import CaseState, TaskState
from foundation.people import Actor
from search.models import PostContact, PostRow

NOT_CLOSED = "not_closed"
SORTS = {
    "opened": (Case.opened_at, Case.id),
    "number": (Case.number, Case.id),
    "severity": (Case.severity, Case.id),
    "state": (Case.state, Case.id),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; `state` "not_closed" means every state but closed."""

    state: str = ""
    owner: int | None = None
    severity: str = ""
    words: str = ""
    sort: str = "-opened"


@dataclass(frozen=True, slots=True)
class Line:
    """One case as the list shows it."""

    case: Case
    posts: int
    next_due: datetime | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition that a case is this actor's to see."""
    if actor.unit_id is None:
        return Case.id.is_not(None)
    return or_(Case.unit_id.is_(None), Case.unit_id == actor.unit_id)


def list_cases(
    session: Session, actor: Actor, filters: Filters, *, page: int, size: int
) -> tuple[list[Line], int]:
    """One page of cases and how many there are in all."""
    wanted = and_(visible(actor), *_conditions(filters))
    total = session.scalar(select(func.count()).select_from(Case).where(wanted)) or 0
    columns = SORTS.get(filters.sort.lstrip("-"), SORTS["opened"])
    order = [column.desc() if filters.sort.startswith("-") else column for column in columns]
    query = select(Case).where(wanted).order_by(*order).offset((page - 1) * size).limit(size)
    found = session.scalars(query).unique().all()
    ids = [case.id for case in found]
    posts, due = _posts(session, ids), _due(session, ids)
    return [Line(case, posts.get(case.id, 0), due.get(case.id)) for case in found], total


def count_mine(session: Session, actor: Actor) -> int:
    """Open cases that this person owns."""
    query = select(func.count()).where(
        Case.owner_id == actor.user_id, Case.state != CaseState.CLOSED
    )
    return session.scalar(query) or 0


def related_cases(session: Session, actor: Actor, post_ids: Sequence[int]) -> list[Case]:
    """Open cases that hold a post with one of these posts' contacts, or of their campaigns."""
    contacts = (
        select(PostContact.kind, PostContact.value)
        .where(PostContact.post_id.in_(post_ids), PostContact.kind != "link")
        .subquery()
    )
    sharing = select(PostContact.post_id).join(
        contacts,
        and_(PostContact.kind == contacts.c.kind, PostContact.value == contacts.c.value),
    )
    campaigns = select(PostRow.campaign_id).where(
        PostRow.id.in_(post_ids), PostRow.campaign_id.is_not(None)
    )
    cases = select(PostRow.case_id).where(
        PostRow.case_id.is_not(None),
        or_(PostRow.id.in_(sharing), PostRow.campaign_id.in_(campaigns)),
    )
    query = select(Case).where(Case.id.in_(cases), Case.state != CaseState.CLOSED, visible(actor))
    return list(session.scalars(query.order_by(Case.id)).unique())


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.state == NOT_CLOSED:
        found.append(Case.state != CaseState.CLOSED)
    elif filters.state in set(CaseState):
        found.append(Case.state == filters.state)
    if filters.owner is not None:
        found.append(Case.owner_id == filters.owner)
    if filters.severity:
        found.append(Case.severity == filters.severity)
    fields = (Case.title, Case.number)
    found += [
        or_(*(field.icontains(word, autoescape=True) for field in fields))
        for word in filters.words.split()
    ]
    return found


def _posts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(CasePost.case_id, func.count())
        .where(CasePost.case_id.in_(ids), CasePost.removed_at.is_(None))
        .group_by(CasePost.case_id)
    )
    return {row[0]: row[1] for row in rows}


def _due(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    rows = session.execute(
        select(Task.case_id, func.min(Task.due_at))
        .where(Task.case_id.in_(ids), Task.state == TaskState.TODO, Task.due_at.is_not(None))
        .group_by(Task.case_id)
    )
    return {case_id: due for case_id, due in rows if due is not None}
