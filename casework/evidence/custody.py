"""The chain of custody of one item (nhật ký bảo quản): every row names the digest of the row before.

The digest of every row stands in the audit log too: a chain can be rewritten as a whole or lose its tail without
a trace of its own, but not without breaking with the log, whose head is anchored outside the database.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.evidence.models import Custody, EvidenceItem
from foundation import audit
from foundation.audit import AuditEvent
from foundation.people import Actor

NOTED = "evidence:custody"
ACTS = (
    "captured",
    "brought",
    "put_to_case",
    "viewed",
    "exported",
    "handed_over",
    "hash_checked",
    "stamped",
)


def add(
    session: Session, item: EvidenceItem, act: str, actor: Actor, *, at: datetime, detail: str = ""
) -> Custody:
    """Append a row. Two at once: the unique sequence makes the second fail, and its transaction roll back."""
    if act not in ACTS:
        raise ValueError(f"no act of custody: {act}")
    rows = chain(session, item)
    last = rows[-1] if rows else None
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


def problem(session: Session, item: EvidenceItem) -> str:
    """What is wrong with the chain, in words; empty when it is whole."""
    before = item.manifest_digest
    for number, row in enumerate(chain(session, item), start=1):
        if row.sequence != number:
            return f"row {number} is missing"
        if row.previous != before or row.digest != _digest(row):
            return f"row {number} was changed"
        before = row.digest
    return _unlike_the_log(session, item)


def _unlike_the_log(session: Session, item: EvidenceItem) -> str:
    """Which row the audit log knows otherwise, or knows and is no longer there."""
    digests = {row.sequence: row.digest for row in chain(session, item)}
    noted = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind == "evidence",
            AuditEvent.subject_id == str(item.id),
            AuditEvent.action == NOTED,
        )
        .order_by(AuditEvent.id)
    )
    for event in noted:
        number = event.detail["row"]
        if number not in digests:
            return f"row {number} is missing"
        if digests[number] != event.detail["digest"]:
            return f"row {number} was changed"
    return ""


def content_of(row: Custody) -> str:
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


def _digest(row: Custody) -> str:
    return hashlib.sha256(content_of(row).encode()).hexdigest()
