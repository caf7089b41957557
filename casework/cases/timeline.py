"""What happened in a case, in order (diễn biến): collected from every room that has something to tell.

Takedowns, sanctions and evidence register a provider; cases does not know of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, Task
from casework.domain.case_lifecycle import TaskState
from foundation.audit import AuditEvent
from foundation.lifecycle import TransitionRow
from foundation.people import User


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: `action` is `subject:act`, translated by the page; `endpoint` leads to it."""

    at: datetime
    actor: str
    action: str
    text: str = ""
    endpoint: str = ""
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a case (takedown, sanction ...) as the case page lists it, with its clock."""

    kind: str
    number: str
    state: str
    title: str
    endpoint: str
    args: dict[str, Any]
    deadline: datetime | None = None
    open: bool = True


Provider = Callable[[Session, Case], Sequence[TimelineEntry]]
Measures = Callable[[Session, Case], Sequence[Measure]]
_PROVIDERS: dict[str, Provider] = {}
_MEASURES: dict[str, Measures] = {}


def register_timeline(name: str, provider: Provider) -> None:
    _PROVIDERS[name] = provider


def register_measures(name: str, provider: Measures) -> None:
    _MEASURES[name] = provider


def timeline(session: Session, case: Case) -> list[TimelineEntry]:
    """Everything that happened, newest first."""
    entries = [entry for provider in _PROVIDERS.values() for entry in provider(session, case)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def measures(session: Session, case: Case) -> list[Measure]:
    """Every measure taken in the case: open ones first, the most pressing on top."""
    found = [one for provider in _MEASURES.values() for one in provider(session, case)]
    return sorted(
        found,
        key=lambda one: (not one.open, one.deadline is None, one.deadline or case.opened_at),
    )


def next_deadline(session: Session, case: Case) -> datetime | None:
    """The next day something of the case is due: a task or a measure."""
    due: list[datetime | None] = [
        one.deadline for one in measures(session, case) if one.open and one.deadline
    ]
    due += session.scalars(
        select(Task.due_at).where(Task.case_id == case.id, Task.state == TaskState.TODO)
    )
    return min((moment for moment in due if moment), default=None)


def _transitions(session: Session, case: Case) -> list[TimelineEntry]:
    tasks = select(Task.id).where(Task.case_id == case.id)
    rows = session.scalars(
        select(TransitionRow).where(
            ((TransitionRow.subject_kind == "case") & (TransitionRow.subject_id == case.id))
            | ((TransitionRow.subject_kind == "task") & TransitionRow.subject_id.in_(tasks))
        )
    )
    return [
        TimelineEntry(
            row.at,
            row.actor_name,
            f"{row.subject_kind}:{row.act}",
            row.reason,
            "cases.show",
            {"case_id": case.id},
        )
        for row in rows
    ]


def _audited(session: Session, case: Case) -> list[TimelineEntry]:
    """What has no lifecycle of its own: posts, documents, owner, subjects. Read from the audit log."""
    subjects = select(Subject.id).where(Subject.case_id == case.id)
    ids = [str(one) for one in session.scalars(subjects)]
    shown = ("case:add_posts", "case:remove_post", "case:document", "case:assign", "case:edit")
    rows = session.execute(
        select(AuditEvent, User.name)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .where(
            (AuditEvent.action.in_(shown) & (AuditEvent.subject_id == str(case.id)))
            | ((AuditEvent.subject_kind == "subject") & AuditEvent.subject_id.in_(ids))
        )
    )
    return [
        TimelineEntry(event.at, name or "", event.action, "", "cases.show", {"case_id": case.id})
        for event, name in rows
    ]


register_timeline("case", _transitions)
register_timeline("audit", _audited)
