"""Every file of every item read again and compared with what it must be, in slices (kiểm tra toàn bộ chứng cứ).

An item's own check (`service.check_hashes`) writes a row of custody; a check of everything writes one row of its
own, and custody only where something is wrong: ten thousand rows that say nothing would hide the one that matters.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.evidence import custody
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import EvidenceCheck
from casework.evidence.service import problems_of
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor

SLICE = 50
"""Items of one transaction."""
MOST_TOLD = 200


def ask_check(session: Session, actor: Actor, *, at: datetime) -> EvidenceCheck:
    """A check of everything; the one that is already going on, where there is one."""
    going = running(session)
    if going is not None:
        return going
    total = session.scalar(select(func.count()).select_from(EvidenceItem)) or 0
    row = EvidenceCheck(total=total, created_at=at, created_by_id=actor.user_id)
    session.add(row)
    session.flush()
    audit.record(session, actor, "evidence:check_all", row.id, at=row.created_at, items=total)
    return row


def running(session: Session) -> EvidenceCheck | None:
    """The check that is not at its end yet."""
    return session.scalars(select(EvidenceCheck).where(EvidenceCheck.ended_at.is_(None))).first()


def latest(session: Session) -> EvidenceCheck | None:
    """The newest check, going on or ended."""
    return session.scalars(select(EvidenceCheck).order_by(EvidenceCheck.id.desc()).limit(1)).first()


def work(database: Database, files: FileStore, clock: Clock) -> int:
    """Go on with the check that was asked for, to its end; can be interrupted and done again."""
    done = 0
    while True:
        with database.reading() as session:
            going = running(session)
            if going is None:
                return done
            items = _slice(session, going.after_id)
            found = [(item, problems_of(session, files, item)) for item in items]
        _note(database, clock, going.id, found)
        done += len(found)


def _slice(session: Session, after: int) -> Sequence[EvidenceItem]:
    query = select(EvidenceItem).where(EvidenceItem.id > after).order_by(EvidenceItem.id)
    return session.scalars(query.limit(SLICE)).all()


def _note(
    database: Database,
    clock: Clock,
    check_id: int,
    found: Sequence[tuple[EvidenceItem, list[str]]],
) -> None:
    """Count a slice; the empty one ends the check."""
    at = clock.now()
    with database.writing() as session:
        row = session.get_one(EvidenceCheck, check_id)
        if row.ended_at is not None:
            return
        told = list(row.problems)
        for item, wrong in found:
            row.checked, row.files, row.after_id = (
                row.checked + 1,
                row.files + len(item.files),
                item.id,
            )
            if not wrong:
                continue
            row.broken += 1
            told.append({"item": item.id, "what": "; ".join(wrong)})
            kept = session.get_one(EvidenceItem, item.id)
            custody.add(session, kept, "hash_checked", SYSTEM, at=at, detail="; ".join(wrong))
        row.problems = told[:MOST_TOLD]
        if not found:
            row.ended_at = at
            audit.record(
                session, SYSTEM, "evidence:checked_all", row.id, at=at,
                items=row.checked, broken=row.broken,
            )  # fmt: skip
