"""Taking decisions back (hoàn tác): one's own for ten minutes, later by an approver."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import POST, REOPENERS, undo_act
from casework.triage.access import post_for
from casework.triage.models import Decision
from foundation import audit
from foundation.errors import Conflict, Forbidden, NotFound
from foundation.lifecycle import perform
from foundation.people import Actor
from search.models import PostRow, WorkState
from search.store import set_work_state

UNDO_WINDOW = timedelta(minutes=10)
"""How long one may take one's own decision back from the toast; later it is for an approver."""


def undo(
    session: Session, actor: Actor, decision_id: int, retention: timedelta, *, at: datetime
) -> list[Decision]:
    """Take a decision back, with all that were made as one with it.

    One's own for ten minutes; later, or another person's, only an approver. Conflict where a later
    decision or a case already rests on it.
    """
    first = session.get(Decision, decision_id)
    if first is None:
        raise NotFound(f"no decision {decision_id}", about=f"decision:{decision_id}")
    together = _together(session, first)
    for decision in together:
        post = post_for(session, actor, decision.post_id)
        _require_undoable(session, actor, decision, at=at)
        _undo(session, actor, post, decision, retention, at=at)
    return together


def may_undo(actor: Actor, decision: Decision, *, at: datetime) -> bool:
    """Whether this actor may take the decision back as far as roles and time go."""
    if decision.undone_at is not None:
        return False
    if actor.is_system or actor.roles & REOPENERS:
        return True
    return decision.by_id == actor.user_id and at - decision.at <= UNDO_WINDOW


def _undo(
    session: Session,
    actor: Actor,
    post: PostRow,
    decision: Decision,
    retention: timedelta,
    *,
    at: datetime,
) -> None:
    act = undo_act(post.state, decision.from_state)
    perform(session, POST, post, act, actor, at=at, data={"decision": decision.id})
    back = WorkState(decision.from_state)
    until = None if back is WorkState.KEPT else at + retention
    set_work_state(session, [post.id], back, at=at, retain_until=until)
    decision.undone_at, decision.undone_by_id = at, actor.user_id
    session.flush()
    audit.record(session, actor, "post:undo", post.id, at=at, decision=decision.id)


def _together(session: Session, first: Decision) -> list[Decision]:
    if first.batch_id is None:
        return [first]
    standing = session.scalars(
        select(Decision)
        .where(Decision.batch_id == first.batch_id, Decision.undone_at.is_(None))
        .order_by(Decision.id)
    )
    return list(standing) or [first]


def _require_undoable(session: Session, actor: Actor, decision: Decision, *, at: datetime) -> None:
    if decision.undone_at is not None:
        raise Conflict(
            "this decision was taken back before",
            about=f"decision:{decision.id}",
            key="error.triage.undone_before",
        )
    if not may_undo(actor, decision, at=at):
        raise Forbidden(
            "the ten minutes are over; an approver may reopen the post",
            about=f"decision:{decision.id}",
            key="error.triage.undo_too_late",
        )
    later = session.scalar(
        select(func.max(Decision.id)).where(
            Decision.post_id == decision.post_id, Decision.undone_at.is_(None)
        )
    )
    if later != decision.id:
        raise Conflict(
            "a later decision stands",
            about=f"decision:{decision.id}",
            key="error.triage.later_decision",
        )
