"""What becomes of a tip when its time is over: the receipt stays, what was typed and who sent it go.

A tip whose post waits for review, is kept or belongs to a case keeps its sender as long: he may have to be
asked back. The others are emptied on their day. The code, the moment and the digest say nothing of anybody.
"""

from sqlalchemy import or_, select, update

from casework.tips.models import Tip
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.people import SYSTEM
from search.models import PostRow, WorkState

_EMPTY = {
    "contact": "",
    "text": None,
    "url": "",
    "where_seen": "",
    "when_seen": "",
    "screenshot": "",
}


def forget(database: Database, clock: Clock) -> int:
    """Empty the tips whose day has come; an entry point that can be done twice. Returns how many."""
    dismissed = select(PostRow.id).where(PostRow.state == WorkState.DISMISSED)
    due = update(Tip).where(
        Tip.retain_until <= clock.now(), or_(Tip.post_id.is_(None), Tip.post_id.in_(dismissed))
    )
    with database.writing() as session:
        emptied = due.values(**_EMPTY, retain_until=None)
        done = session.execute(emptied.execution_options(synchronize_session=False))
        gone = int(done.rowcount)  # type: ignore[attr-defined]
        if gone:
            audit.record(session, SYSTEM, "tip:forget", "tips", at=clock.now(), tips=gone)
    return gone
