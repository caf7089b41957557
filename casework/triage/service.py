"""Deciding about flagged posts: keep, dismiss, take back. Never commits; the entry point does."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import DECIDERS, POST, REOPENERS
from casework.triage import claims
from casework.triage.access import AlreadyDecided, decided_already, decisions_of, post_for
from casework.triage.models import Claim, Decision, Verdict
from casework.triage.queue import campaign_new_posts
from casework.triage.reasons import reason_of
from casework.triage.undoing import UNDO_WINDOW, may_undo, undo
from foundation import audit, outbox
from foundation.errors import Conflict, InvalidInput
from foundation.lifecycle import perform
from foundation.people import Actor, Role
from foundation.permissions import acts
from search.models import PostRow, WorkState
from search.store import set_work_state

__all__ = [
    "ACTS",
    "UNDO_WINDOW",
    "AlreadyDecided",
    "CountChanged",
    "claim",
    "decisions_of",
    "dismiss",
    "dismiss_campaign",
    "hand_over",
    "keep",
    "keep_campaign",
    "may_undo",
    "post_for",
    "release",
    "undo",
]
FLAGGED_CONSUMER = "evidence.flagged"
"""Posts that were kept wait here for their page to be captured."""
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
        "campaign.view": _READERS | {Role.REPORT_WRITER, Role.ADMINISTRATOR},
        "campaign.split": DECIDERS,
        "campaign.join": _READERS,
        "index.rebuild": {Role.ADMINISTRATOR},
    }
)


class CountChanged(Conflict):
    """The campaign no longer has as many new posts as the page said; `detail`: `shown`, `now`."""

    key = "error.triage.count_changed"


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


def _keep(session: Session, actor: Actor, post: PostRow, *, at: datetime, note: str) -> Decision:
    before = post.state
    perform(session, POST, post, "keep", actor, at=at, data={"note": note} if note else {})
    set_work_state(session, [post.id], WorkState.KEPT, at=at)
    outbox.put(session, FLAGGED_CONSUMER, [post.id], at=at)
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


def _decidable(session: Session, actor: Actor, post_id: int, act: str, *, at: datetime) -> PostRow:
    post = post_for(session, actor, post_id)
    claims.require_unclaimed(session, actor, [post.id], at=at)
    if not any(step.source == post.state and step.act == act for step in POST.steps):
        raise decided_already(session, post)
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
        raise decided_already(session, post)
