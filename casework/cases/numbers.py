"""Numbers of files (số hồ sơ): without gaps that races leave, without doubles."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.cases.models import CaseCounter
from foundation.clock import office_time
from foundation.database import insert_into


def next_number(session: Session, kind: str, prefix: str, *, at: datetime) -> str:
    """The next number of this kind in the office's year, e.g. `VV-2026-0007`.

    The counter's row is written first, so that a second taker waits for the first one's commit; a rolled
    back transaction gives its number back.
    """
    year = office_time(at).year
    row = {"kind": kind, "year": year, "last": 0}
    session.execute(insert_into(session, CaseCounter).values(row).on_conflict_do_nothing())
    number = session.scalar(
        update(CaseCounter)
        .where(CaseCounter.kind == kind, CaseCounter.year == year)
        .values(last=CaseCounter.last + 1)
        .returning(CaseCounter.last)
        .execution_options(synchronize_session=False)
    )
    return f"{prefix}-{year}-{number:04d}"
