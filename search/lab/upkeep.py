"""What is asked of runs every few seconds, whether one waits and which are over, without what runs need."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from search.lab.models import LabRun, LabState

OPEN = (LabState.WAITING, LabState.RUNNING)


def waits(session: Session) -> bool:
    """Whether any run is there to be done."""
    return bool(session.scalar(select(LabRun.id).where(LabRun.state.in_(OPEN)).limit(1)))


def clean(session: Session, *, at: datetime) -> int:
    """Take the examples out of runs whose time is over; their figures stay. Returns how many."""
    rows = session.scalars(select(LabRun).where(LabRun.retain_until <= at)).all()
    for run in rows:
        run.result = {**run.result, "examples": []}
        run.given, run.retain_until = "", None
    session.flush()
    return len(rows)
