"""What was decided about a campaign before a post joined it: told and offered, never done by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.triage import service
from casework.triage.access import post_for
from casework.triage.models import Decision, Verdict
from casework.triage.queue import visible
from foundation.errors import Conflict
from foundation.people import Actor
from search.models import PostRow, WorkState

_TOLD = (Verdict.KEEP, Verdict.DISMISS)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The latest decision that stands in the campaign, and how many of its posts were decided alike."""

    campaign_id: int
    decision: Decision
    posts: int


def earlier(session: Session, actor: Actor, post: PostRow) -> Earlier | None:
    """What was decided about the others, where this post is new and joined them; None else, and for a
    call for help, which is not decided about like anything."""
    if post.state != WorkState.NEW or post.campaign_id is None or post.verdict_kind == "help":
        return None
    others = [
        PostRow.campaign_id == post.campaign_id,
        PostRow.id != post.id,
        visible(actor),
        Decision.undone_at.is_(None),
    ]
    latest = session.scalars(
        select(Decision)
        .join(PostRow, PostRow.id == Decision.post_id)
        .where(*others, Decision.decision.in_(_TOLD))
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    if latest is None:
        return None
    alike = select(func.count(Decision.post_id.distinct())).join(
        PostRow, PostRow.id == Decision.post_id
    )
    count = session.scalar(
        alike.where(*others, Decision.decision == latest.decision, Decision.reason == latest.reason)
    )
    return Earlier(post.campaign_id, latest, count or 0)


def joined_decided(session: Session, actor: Actor, posts: Iterable[PostRow]) -> dict[int, str]:
    """New posts of a list that joined a campaign about which it was decided: post -> latest verdict."""
    new = {
        post.id: post.campaign_id
        for post in posts
        if post.state == WorkState.NEW
        and post.campaign_id is not None
        and post.verdict_kind != "help"
    }
    if not new:
        return {}
    latest = (
        select(func.max(Decision.id))
        .join(PostRow, PostRow.id == Decision.post_id)
        .where(
            PostRow.campaign_id.in_(set(new.values())),
            visible(actor),
            Decision.undone_at.is_(None),
            Decision.decision.in_(_TOLD),
        )
        .group_by(PostRow.campaign_id)
    )
    rows = session.execute(
        select(PostRow.campaign_id, Decision.decision)
        .join(Decision, Decision.post_id == PostRow.id)
        .where(Decision.id.in_(latest))
    )
    verdicts = {campaign: verdict for campaign, verdict in rows}  # noqa: C416 - typed rows
    return {id_: verdicts[campaign] for id_, campaign in new.items() if campaign in verdicts}


def decide_alike(
    session: Session,
    actor: Actor,
    post_id: int,
    decision_id: int,
    retention: timedelta,
    *,
    at: datetime,
) -> Decision:
    """Decide about a post as about its campaign before, with the same reason and note.

    Conflict where `decision_id` is no longer what stands there: the page showed something else.
    """
    post = post_for(session, actor, post_id)
    told = earlier(session, actor, post)
    if told is None or told.decision.id != decision_id:
        raise Conflict(
            "another decision stands in the campaign now",
            about=f"post:{post_id}",
            key="error.triage.earlier_changed",
        )
    before = told.decision
    if before.decision == Verdict.KEEP:
        return service.keep(session, actor, post_id, at=at, note=before.note)
    return service.dismiss(
        session, actor, post_id, before.reason, retention, at=at, note=before.note
    )
