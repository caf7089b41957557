"""Whether phrases are to be looked for, asked every few minutes, without what looking for them needs."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from search.learning.counting import read_note
from search.learning.models import LearnedPost

#: The note of when phrases were looked for, and how often that is done.
LOOKED = "suggested"
EVERY = timedelta(days=7)


def phrases_are_due(session: Session, *, at: datetime) -> bool:
    """Whether it is a week since phrases were looked for, and anything has been counted at all."""
    note = read_note(session, LOOKED)
    if note is not None:
        return at - note.at >= EVERY
    return session.scalar(select(LearnedPost.post_id).limit(1)) is not None
