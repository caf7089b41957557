"""Bands are pruned to their window: what is older is not looked for any more, and only makes the table large."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from foundation.clock import Clock
from foundation.database import Database
from search.campaigns.relatives import WINDOW
from search.models import CampaignMerge, PostBand, PostRow

SLICES = 64
"""So many short transactions: each looks at an equal part of all keys, and others write in between."""
_LOWEST, _KEYS = -(2**63), 2**64


def prune_bands(database: Database, clock: Clock, window: timedelta = WINDOW) -> int:
    """Delete the bands of posts first seen before the window; how many rows. Can be done twice."""
    before = clock.now() - window
    with database.reading() as session:
        last = session.scalar(
            select(PostRow.id)
            .where(PostRow.seen_at < before)
            .order_by(PostRow.seen_at.desc(), PostRow.id.desc())
            .limit(1)
        )
    if last is None:
        return 0
    return sum(_prune_slice(database, number, last) for number in range(SLICES))


def forget_contacts(database: Database) -> int:
    """A merge whose post was deleted keeps its day and reason, not the contact; how many."""
    with database.writing() as session:
        return _clear(session)


def _prune_slice(database: Database, number: int, last: int) -> int:
    low, high = (_LOWEST + _KEYS * edge // SLICES for edge in (number, number + 1))
    with database.writing() as session:
        gone = delete(PostBand).where(
            PostBand.band >= low, PostBand.band <= high - 1, PostBand.post_id <= last
        )
        done = session.execute(gone.execution_options(synchronize_session=False))
        return int(done.rowcount)  # type: ignore[attr-defined]


def _clear(session: Session) -> int:
    cleared = (
        update(CampaignMerge)
        .where(CampaignMerge.post_id.is_(None), CampaignMerge.contact_value != "")
        .values(contact_value="")
    )
    done = session.execute(cleared.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
