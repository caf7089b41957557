"""What triage does with new matches: it takes them from its outbox, since search never calls up."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import KIND, POST
from casework.triage.models import Decision, Verdict
from foundation import lifecycle, outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.lifecycle import TransitionRow, perform
from foundation.people import SYSTEM
from search.models import PostRow, WorkState
from search.store import TRIAGE_CONSUMER, set_work_state

BATCH = 100


def take_matches(database: Database, clock: Clock, retention: timedelta) -> int:
    """Start the history of new posts, and bring back dismissed ones that were edited since.

    Returns how many outbox rows were done. Can run twice: what was begun is not begun again.
    """
    total = 0
    while True:
        with database.writing() as session:
            now = clock.now()
            waiting = outbox.take(session, TRIAGE_CONSUMER, at=now, limit=BATCH)
            ids = [one.thing_id for one in waiting]
            posts = session.scalars(select(PostRow).where(PostRow.id.in_(ids))).unique().all()
            begun = _begun(session, ids)
            for post in posts:
                if post.id not in begun:
                    lifecycle.begin(session, POST, post, SYSTEM, at=post.seen_at, act="flag")
                elif _edited_since_dismissed(session, post):
                    perform(session, POST, post, "return", SYSTEM, at=now, reason="edited")
                    until = now + retention
                    set_work_state(session, [post.id], WorkState.NEW, at=now, retain_until=until)
            outbox.done(session, waiting)
        total += len(waiting)
        if len(waiting) < BATCH:
            return total


def _begun(session: Session, post_ids: list[int]) -> set[int]:
    rows = select(TransitionRow.subject_id).where(
        TransitionRow.subject_kind == KIND,
        TransitionRow.subject_id.in_(post_ids),
        TransitionRow.act == "flag",
    )
    return set(session.scalars(rows))


def _edited_since_dismissed(session: Session, post: PostRow) -> bool:
    """Whether a dismissed post says something else now than what was dismissed."""
    if post.state != WorkState.DISMISSED:
        return False
    latest = session.scalars(
        select(Decision)
        .where(
            Decision.post_id == post.id,
            Decision.decision == Verdict.DISMISS,
            Decision.undone_at.is_(None),
        )
        .order_by(Decision.id.desc())
        .limit(1)
    ).first()
    return latest is not None and latest.content_key != post.content_key
