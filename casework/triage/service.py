"""Deciding about flagged posts: keep, dismiss, take back. Never commits; the entry point does."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import DECIDERS, POST, REOPENERS, undo_act
from casework.triage import claims
from casework.triage.models import Claim, Decision, Verdict
from casework.triage.queue import campaign_new_posts, visible
from casework.triage.reasons import reason_of
from foundation import audit
from foundation.errors import Conflict, Forbidden, InvalidInput, NotFound
from foundation.lifecycle import perform
from foundation.people import Actor, Role
from foundation.permissions import acts
from search.models import PostRow, WorkState
from search.store import set_work_state

UNDO_WINDOW = timedelta(minutes=10)
"""How long one may take one's own decision back from the toast; later it is for an approver."""

_READERS = DECIDERS | REOPENERS
ACTS = acts(
    {
        "queue.view": _READERS,
        "post.view": _READERS | {Role.REPORT_WRITER, Role.ADMINISTRATOR},
        "post.search": _READERS | {Role.REPORT_WRITER, Role.ADMINISTRATOR},
        "post.keep": DECIDERS,
        "post.dismiss": DECIDERS,
        "post.claim": DECIDERS,
        "post.undo": _READERS,
        "post.reopen": REOPENERS,
        "index.rebuild": {Role.ADMINISTRATOR},
    }
)


class AlreadyDecided(Conflict):
    """Somebody decided about the post before; `detail` holds `state` and the `name` of who did."""

    key = "error.triage.already_decided"


class CountChanged(Conflict):
    """The campaign no longer has as many new posts as the page said; `detail`: `shown`, `now`."""

    key = "error.triage.count_changed"


def post_for(session: Session, actor: Actor, post_id: int) -> PostRow:
    """The post, if this actor may know of it; else NotFound."""
    post = session.scalars(
        select(PostRow).where(PostRow.id == post_id, visible(actor))
    ).one_or_none()
    if post is None:
        raise NotFound(f"no post {post_id}", about=f"post:{post_id}")
    return post


def claim(session: Session, actor: Actor, post_id: int, *, at: datetime) -> Claim:
    """Say that one looks at the post (nhận xử lý)."""
    post = post_for(session, actor, post_id)
    _require_state(session, post, WorkState.NEW)
    return claims.take(session, actor, post, at=at)


def release(session: Session, actor: Actor, post_id: int, *, at: datetime) -> bool:
    """Let a claimed post go; whether it was claimed by this actor."""
    return claims.release(session, actor, post_for(session, actor, post_id), at=at)


def hand_over(
    session: Session, actor: Actor, post_id: int, to_user_id: int, *, at: datetime
) -> Claim:
    """Give the post to another person (chuyển người khác)."""
    post = post_for(session, actor, post_id)
    _require_state(session, post, WorkState.NEW)
    return claims.hand_over(session, actor, post, to_user_id, at=at)


def keep(session: Session, actor: Actor, post_id: int, *, at: datetime, note: str = "") -> Decision:
    """Flag the post (gắn cờ); it is no longer deleted by retention."""
    post = _decidable(session, actor, post_id, "keep", at=at)
    return _keep(session, actor, post, at=at, note=note)


def dismiss(
    session: Session,
    actor: Actor,
    post_id: int,
    reason: str,
    retention: timedelta,
    *,
    at: datetime,
    note: str = "",
) -> Decision:
    """Dismiss the post (bỏ qua) for a reason of the table; a victim's call moves to the help lane instead."""
    act = "route_to_help" if reason_of(reason, note).help else "dismiss"
    post = _decidable(session, actor, post_id, act, at=at)
    return _dismiss(session, actor, post, reason, retention, at=at, note=note)


def keep_campaign(
    session: Session, actor: Actor, campaign_id: int, shown: int, *, at: datetime, note: str = ""
) -> list[Decision]:
    """Flag every new post of a campaign (chùm bài) at once; `shown` is how many the page said."""
    posts = _campaign(session, actor, campaign_id, shown, at=at)
    return _as_one([_keep(session, actor, post, at=at, note=note) for post in posts])


def dismiss_campaign(
    session: Session,
    actor: Actor,
    campaign_id: int,
    shown: int,
    reason: str,
    retention: timedelta,
    *,
    at: datetime,
    note: str = "",
) -> list[Decision]:
    """Dismiss every new post of a campaign at once; `shown` is how many the page said."""
    reason_of(reason, note)
    posts = _campaign(session, actor, campaign_id, shown, at=at)
    return _as_one(
        [_dismiss(session, actor, post, reason, retention, at=at, note=note) for post in posts]
    )


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


def decisions_of(session: Session, post_id: int) -> list[Decision]:
    """Everything decided about a post, the latest first."""
    return list(
        session.scalars(
            select(Decision).where(Decision.post_id == post_id).order_by(Decision.id.desc())
        )
    )


def may_undo(actor: Actor, decision: Decision, *, at: datetime) -> bool:
    """Whether this actor may take the decision back as far as roles and time go."""
    if decision.undone_at is not None:
        return False
    if actor.is_system or actor.roles & REOPENERS:
        return True
    return decision.by_id == actor.user_id and at - decision.at <= UNDO_WINDOW


def _keep(session: Session, actor: Actor, post: PostRow, *, at: datetime, note: str) -> Decision:
    before = post.state
    perform(session, POST, post, "keep", actor, at=at, data={"note": note} if note else {})
    set_work_state(session, [post.id], WorkState.KEPT, at=at)
    return _record(session, actor, post, Verdict.KEEP, before, at=at, note=note)


def _dismiss(
    session: Session,
    actor: Actor,
    post: PostRow,
    reason: str,
    retention: timedelta,
    *,
    at: datetime,
    note: str,
) -> Decision:
    before = post.state
    details = {"note": note} if note else {}
    if reason_of(reason, note).help:
        perform(session, POST, post, "route_to_help", actor, at=at, reason=reason, data=details)
        return _record(session, actor, post, Verdict.HELP, before, at=at, reason=reason, note=note)
    perform(session, POST, post, "dismiss", actor, at=at, reason=reason, data=details)
    set_work_state(session, [post.id], WorkState.DISMISSED, at=at, retain_until=at + retention)
    return _record(session, actor, post, Verdict.DISMISS, before, at=at, reason=reason, note=note)


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


def _record(
    session: Session,
    actor: Actor,
    post: PostRow,
    verdict: Verdict,
    before: str,
    *,
    at: datetime,
    reason: str = "",
    note: str = "",
) -> Decision:
    decision = Decision(
        post_id=post.id,
        decision=verdict,
        reason=reason,
        note=note,
        from_state=before,
        content_key=post.content_key,
        at=at,
        by_id=actor.user_id,
        unit_id=actor.unit_id,
    )
    session.add(decision)
    session.flush()
    claims.forget(session, [post.id])
    audit.record(
        session, actor, f"post:{verdict}", post.id, at=at, decision=decision.id, reason=reason
    )
    return decision


def _as_one(decisions: list[Decision]) -> list[Decision]:
    for decision in decisions:
        decision.batch_id = decisions[0].id
    return decisions


def _together(session: Session, first: Decision) -> list[Decision]:
    if first.batch_id is None:
        return [first]
    standing = session.scalars(
        select(Decision)
        .where(Decision.batch_id == first.batch_id, Decision.undone_at.is_(None))
        .order_by(Decision.id)
    )
    return list(standing) or [first]


def _decidable(session: Session, actor: Actor, post_id: int, act: str, *, at: datetime) -> PostRow:
    post = post_for(session, actor, post_id)
    claims.require_unclaimed(session, actor, [post.id], at=at)
    if not any(step.source == post.state and step.act == act for step in POST.steps):
        raise _decided(session, post)
    return post


def _campaign(
    session: Session, actor: Actor, campaign_id: int, shown: int, *, at: datetime
) -> list[PostRow]:
    posts = campaign_new_posts(session, actor, campaign_id, at=at)
    if len(posts) != shown:
        raise CountChanged(
            f"campaign {campaign_id} has {len(posts)} new posts, not {shown}",
            about=f"campaign:{campaign_id}",
            shown=shown,
            now=len(posts),
        )
    if not posts:
        raise InvalidInput("no new post to decide about", about=f"campaign:{campaign_id}")
    return posts


def _require_state(session: Session, post: PostRow, state: WorkState) -> None:
    if post.state != state:
        raise _decided(session, post)


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


def _decided(session: Session, post: PostRow) -> AlreadyDecided:
    latest = next(iter(d for d in decisions_of(session, post.id) if d.undone_at is None), None)
    return AlreadyDecided(
        f"post {post.id} is {post.state} already",
        about=f"post:{post.id}",
        state=post.state,
        name=latest.by.name if latest is not None and latest.by is not None else "",
    )
