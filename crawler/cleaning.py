"""Forgets what runs leave behind: frontiers of failed runs, pages saved for the developer, old errors.

Addresses and pages of posts that were not kept are in them, so they go after a week.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from crawler.models import FrontierRow, Run, RunError, RunState
from foundation.clock import Clock
from foundation.database import Database
from foundation.files import FileStore

KEEP_PAGES = timedelta(days=7)
KEEP_ERRORS = timedelta(days=180)
_ENDED = (RunState.DONE, RunState.FAILED, RunState.STOPPED)


def clean(database: Database, files: FileStore, clock: Clock) -> int:
    """Delete what is older than its time; returns how many saved pages went. Can run twice."""
    now = clock.now()
    with database.writing() as session:
        ended = select(Run.id).where(Run.state.in_(_ENDED), Run.ended_at < now - KEEP_PAGES)
        session.execute(delete(FrontierRow).where(FrontierRow.run_id.in_(ended)))
        old = session.scalars(
            select(RunError).where(RunError.saved_page != "", RunError.at < now - KEEP_PAGES)
        ).all()
        digests = {error.saved_page for error in old}
        for error in old:
            error.saved_page = ""
        session.flush()
        kept = set(
            session.scalars(select(RunError.saved_page).where(RunError.saved_page.in_(digests)))
        )
        session.execute(delete(RunError).where(RunError.at < now - KEEP_ERRORS))
    for digest in digests - kept:
        files.delete(digest)
    return len(digests - kept)
