"""Posts whose retention ends before anybody decided on them: which never go so, and which go soon.

What an officer put into the help lane stays as what the rules put there does (see `search.retention`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, not_, or_, select, update
from sqlalchemy.orm import Session

from casework.triage.queue import routed_to_help, visible
from foundation.people import Actor
from search.models import PostRow, WorkState
from search.retention import waits_for_a_person

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Leaving:
    """How many undecided posts go within the days of `SOON`, and when the first of them does."""

    posts: int
    first: datetime | None


def spare(session: Session) -> None:
    """Take their day from undecided posts that wait for a person; to be done before posts go."""
    statement = (
        update(PostRow)
        .where(
            PostRow.state == WorkState.NEW,
            PostRow.retain_until.is_not(None),
            or_(waits_for_a_person(), routed_to_help()),
        )
        .values(retain_until=None)
    )
    session.execute(statement.execution_options(synchronize_session=False))


def leaving(session: Session, actor: Actor, *, at: datetime) -> Leaving:
    """The actor's undecided posts that will be deleted soon."""
    found = session.execute(
        select(func.count(PostRow.id), func.min(PostRow.retain_until)).where(
            PostRow.state == WorkState.NEW,
            PostRow.case_id.is_(None),
            PostRow.retain_until <= at + SOON,
            not_(or_(waits_for_a_person(), routed_to_help())),
            visible(actor),
        )
    ).one()
    return Leaving(*found)
