"""The chain of custody of one item (nhật ký bảo quản): every row names the digest of the row before."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.evidence.models import Custody, EvidenceItem
from foundation.people import Actor

ACTS = ("captured", "brought", "put_to_case", "viewed", "exported", "handed_over", "hash_checked")


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
    return ""


def _digest(row: Custody) -> str:
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
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
