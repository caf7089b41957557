"""Retention (thời hạn lưu giữ): what nobody needs any more is deleted, and that it was is written down.

Deleted are posts whose day has come and that belong to no case, with everything that hangs on them, and the
digests of posts that were not kept once they are a year old. The index follows by its outbox.
A post that nobody decided on goes as a dismissed one does, but never a cry for help nor what a person brought:
those wait for a person.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit, outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.people import SYSTEM, Note
from search.models import NotKept, PostRow, WorkState
from search.models_index import INDEX_CONSUMER
from search.post import BROUGHT

BATCH = 100
NOT_KEPT_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many posts and digests went; `held` posts are due, but something still refers to them."""

    posts: int = 0
    digests: int = 0
    held: int = 0


def purge(database: Database, clock: Clock) -> Purged:
    """Delete what is due, in small transactions; an entry point that can be done twice."""
    posts, held = _purge_posts(database, clock)
    digests = _purge_digests(database, clock)
    found = Purged(posts, digests, held)
    if posts or digests:
        with database.writing() as session:
            detail = {"posts": posts, "digests": digests, "held": held}
            audit.record(session, SYSTEM, "retention:purge", "posts", at=clock.now(), **detail)
    return found


def due(session: Session, clock: Clock) -> int:
    """How many posts' day has come."""
    return session.scalar(select(func.count()).select_from(PostRow).where(*_due(clock))) or 0


def waits_for_a_person() -> ColumnElement[bool]:
    """Undecided posts that never go by themselves: cries for help, and what people sent, entered or imported."""
    brought = PostRow.origin.in_([origin.value for origin in BROUGHT])
    return and_(PostRow.state == WorkState.NEW, or_(PostRow.verdict_kind == "help", brought))


def _due(clock: Clock) -> tuple[ColumnElement[bool], ...]:
    come = PostRow.retain_until <= clock.now()
    return (come, PostRow.case_id.is_(None), not_(waits_for_a_person()))


def _purge_posts(database: Database, clock: Clock) -> tuple[int, int]:
    gone = held = after = 0
    while True:
        with database.writing() as session:
            ids = session.scalars(
                select(PostRow.id)
                .where(*_due(clock), PostRow.id > after)
                .order_by(PostRow.id)
                .limit(BATCH)
            ).all()
            deleted = [id_ for id_ in ids if _delete(session, id_)]
            outbox.put(session, INDEX_CONSUMER, deleted, at=clock.now())
        gone += len(deleted)
        held += len(ids) - len(deleted)
        if len(ids) < BATCH:
            return gone, held
        after = ids[-1]


def _delete(session: Session, post_id: int) -> bool:
    """Whether it went: a post that a request or a record refers to stays, whatever its day says."""
    notes = delete(Note).where(Note.subject_kind == "post", Note.subject_id == post_id)
    try:
        with session.begin_nested():
            for statement in (notes, delete(PostRow).where(PostRow.id == post_id)):
                session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError:
        return False
    return True


def _purge_digests(database: Database, clock: Clock) -> int:
    with database.writing() as session:
        old = delete(NotKept).where(NotKept.seen_at < clock.now() - NOT_KEPT_FOR)
        done = session.execute(old.execution_options(synchronize_session=False))
        return int(done.rowcount)  # type: ignore[attr-defined]
