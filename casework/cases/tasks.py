"""Tasks of a case: with somebody who does them and a day they are due."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Task
from casework.cases.service import require_open
from casework.domain.case_lifecycle import TASK, TaskState
from foundation import audit
from foundation.errors import InvalidInput, NotFound
from foundation.lifecycle import begin, perform
from foundation.people import Actor, User


def add_task(
    session: Session,
    actor: Actor,
    case: Case,
    title: str,
    *,
    at: datetime,
    assignee_id: int | None = None,
    due_at: datetime | None = None,
    escalate_at: datetime | None = None,
    origin: str = "manual",
) -> Task:
    """A new task (nhiệm vụ); without a person it is the case owner's."""
    require_open(case)
    if not title.strip():
        raise InvalidInput("a task needs a title", key="error.task.title_missing")
    if assignee_id is not None:
        person = session.get(User, assignee_id)
        if person is None or not person.active or not person.actor().sees_unit(case.unit_id):
            raise InvalidInput("this person cannot take the task", key="error.task.assignee")
    task = Task(
        case_id=case.id,
        title=title.strip()[:300],
        state=TASK.initial,
        assignee_id=assignee_id or case.owner_id,
        due_at=due_at,
        escalate_at=escalate_at,
        origin=origin,
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(task)
    begin(session, TASK, task, actor, at=at)
    audit.record(session, actor, "task:add", task.id, at=at, case=case.id)
    return task


def step_task(
    session: Session, actor: Actor, task: Task, act: str, *, at: datetime, reason: str = ""
) -> None:
    """finish, drop (with a reason), or undo."""
    perform(session, TASK, task, act, actor, at=at, reason=reason)
    task.done_at = at if task.state == TaskState.DONE else None
    audit.record(session, actor, f"task:{act}", task.id, at=at, case=task.case_id)


def get_task(session: Session, case: Case, task_id: int) -> Task:
    task = session.get(Task, task_id)
    if task is None or task.case_id != case.id:
        raise NotFound(f"no task {task_id}", about=f"task:{task_id}")
    return task


def tasks(session: Session, case: Case) -> Sequence[Task]:
    """Open ones first, the most pressing on top; then what is done."""
    rows = session.scalars(select(Task).where(Task.case_id == case.id)).unique()
    return sorted(
        rows,
        key=lambda task: (
            (task.state != TaskState.TODO, task.due_at is None, task.due_at, task.id)
            if task.due_at
            else (task.state != TaskState.TODO, True, task.created_at, task.id)
        ),
    )


def waiting_tasks(session: Session, actor: Actor, limit: int = 50) -> Sequence[Task]:
    """What this person has yet to do, by day."""
    return (
        session.scalars(
            select(Task)
            .where(Task.state == TaskState.TODO, mine(actor))
            .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
            .limit(limit)
        )
        .unique()
        .all()
    )


def mine(actor: Actor) -> ColumnElement[bool]:
    """The condition that a task is this actor's."""
    return Task.assignee_id == actor.user_id
