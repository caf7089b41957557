"""What a source remembers between runs: written with the page that says it, or at the end of a whole run.

A cursor ("nothing older than this is asked for again") may move only when everything before it was read.
So it waits with its run, and is kept when the run has ended and no page of it failed. Never commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crawler.models import Run, SourceState
from crawler.page import to_json


def keep(session: Session, source_id: int, state: Mapping[str, Any], *, at: datetime) -> None:
    """Put these names into the source's memory; others stay."""
    row = session.get(SourceState, source_id)
    if row is None:
        row = SourceState(source_id=source_id, state={})
        session.add(row)
    row.state = {**row.state, **to_json(state)}
    row.updated_at = at
    session.flush()


def note(session: Session, run_id: int, at_end: Mapping[str, Any], *, hole: bool) -> None:
    """What the source shall remember if the run ends whole, and whether it cannot."""
    known = session.scalar(select(Run.checkpoint).where(Run.id == run_id)) or {}
    waiting = {**known.get("at_end", {}), **to_json(at_end)}
    holes = int(known.get("holes", 0)) + int(hole)
    session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(checkpoint={**known, "at_end": waiting, "holes": holes})
        .execution_options(synchronize_session=False)
    )


def settle(session: Session, run_id: int, *, at: datetime) -> bool:
    """Keep what waited, when the run had no hole; returns whether anything was kept."""
    source_id, noted = session.execute(
        select(Run.source_id, Run.checkpoint).where(Run.id == run_id)
    ).one()
    if not noted.get("at_end") or noted.get("holes"):
        return False
    keep(session, source_id, noted["at_end"], at=at)
    return True
