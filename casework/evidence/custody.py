"""The chain of custody of one item (nhật ký bảo quản): every row names the digest of the row before.

The digest of every row stands in the audit log too: a chain can be rewritten as a whole or lose its tail without
a trace of its own, but not without breaking with the log, whose head is anchored outside the database.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from casework.evidence.models import Custody, EvidenceItem
from foundation import audit
from foundation.audit import AuditEvent
from foundation.people import Actor

NOTED = "evidence:custody"
_PIECES = {"yield_per": 200}
ACTS = (
    "captured",
    "brought",
    "seen_unchanged",
    "put_to_case",
    "taken_from_case",
    "viewed",
    "exported",
    "handed_over",
    "hash_checked",
    "stamped",
)


def add(
    session: Session, item: EvidenceItem, act: str, actor: Actor, *, at: datetime, detail: str = ""
) -> Custody:
    """Append a row. Two at once: the second waits until the first is committed, and comes after it."""
    if act not in ACTS:
        raise ValueError(f"no act of custody: {act}")
    # SQLite has one writer in any case. The key stays, so rows that refer to the item do not wait.
    session.execute(
        select(EvidenceItem.id).where(EvidenceItem.id == item.id).with_for_update(key_share=True)
    )
    last = session.scalars(
        select(Custody).where(Custody.item_id == item.id).order_by(Custody.sequence.desc()).limit(1)
    ).first()
    row = Custody(
        item_id=item.id,
        sequence=last.sequence + 1 if last else 1,
        act=act,
        at=at.astimezone(UTC),
        actor_id=actor.user_id,
        actor_name=actor.name,
        detail=detail,
        previous=last.digest if last else item.manifest_digest,
    )
    row.digest = _digest(row)
    session.add(row)
    session.flush()
    audit.record(session, actor, NOTED, item.id, at=at, row=row.sequence, digest=row.digest)
    return row


def chain(session: Session, item: EvidenceItem) -> Sequence[Custody]:
    """All rows of the item, oldest first."""
    return session.scalars(
        select(Custody).where(Custody.item_id == item.id).order_by(Custody.sequence)
    ).all()


def newest(session: Session, item: EvidenceItem, most: int) -> tuple[Sequence[Custody], int]:
    """The newest rows of the item, newest first, and how many there are in all."""
    rows = select(Custody).where(Custody.item_id == item.id)
    found = session.scalars(rows.order_by(Custody.sequence.desc()).limit(most)).all()
    return found, found[0].sequence if found else 0


def last_viewed(session: Session, item: EvidenceItem, actor: Actor) -> datetime | None:
    """When this actor last looked at the item."""
    viewed = select(func.max(Custody.at)).where(
        Custody.item_id == item.id, Custody.act == "viewed", Custody.actor_id == actor.user_id
    )
    return session.scalar(viewed)


def problem(session: Session, item: EvidenceItem) -> str:
    """What is wrong with the chain, in words; empty when it is whole. A long chain is read in pieces."""
    before, digests = item.manifest_digest, []
    rows = select(*Custody.__table__.columns).where(Custody.item_id == item.id)
    with session.execute(rows.order_by(Custody.sequence), execution_options=_PIECES) as found:
        for number, row in enumerate(found, start=1):
            if row.sequence != number:
                return f"row {number} is missing"
            if row.previous != before or row.digest != _digest(row):
                return f"row {number} was changed"
            before = row.digest
            digests.append(before)
    return _unlike_the_log(session, item, digests)


def _unlike_the_log(session: Session, item: EvidenceItem, digests: Sequence[str]) -> str:
    """Which row the audit log knows otherwise, or knows and is no longer there."""
    noted = select(AuditEvent.detail).where(
        AuditEvent.subject_kind == "evidence",
        AuditEvent.subject_id == str(item.id),
        AuditEvent.action == NOTED,
    )
    with session.execute(noted.order_by(AuditEvent.id), execution_options=_PIECES) as found:
        for (detail,) in found:
            number = detail["row"]
            if number > len(digests):
                return f"row {number} is missing"
            if digests[number - 1] != detail["digest"]:
                return f"row {number} was changed"
    return ""


def content_of(row: "Custody | Row[Any]") -> str:
    """What the digest of a row is made of, as one line of JSON; the digest of the row before stands last."""
    content = [
        row.item_id,
        row.sequence,
        row.act,
        row.at.astimezone(UTC).isoformat(),
        row.actor_id,
        row.actor_name,
        row.detail,
        row.previous,
    ]
    return json.dumps(content, ensure_ascii=False)


def _digest(row: "Custody | Row[Any]") -> str:
    return hashlib.sha256(content_of(row).encode()).hexdigest()
