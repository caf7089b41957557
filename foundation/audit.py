"""The audit log (nhật ký hệ thống): append-only events, chained by hashes after commit by one sealer.

An event is written unchained in the transaction it is about; chaining inside would put every act of every
person in one queue. Events hold ids and digests, no personal data, or retention would break the chain. The
head is anchored outside the database as well, or a rewriting from the start would pass.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Database, Id, Json
from foundation.errors import IntegrityError
from foundation.people import Actor

GENESIS = "0" * 64
_BATCH = 500
_SEALER_LOCK = 7_260_531  # any number, as long as nothing else of ours locks by it


class AuditEvent(Base):
    """One act. `sequence`, `previous` and `digest` are empty until the sealer has chained it."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "subject_kind", "subject_id"),
        Index("ix_audit_event_action", "action", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(Id)
    unit_id: Mapped[int | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(80))
    """`subject:action`, e.g. `takedown:approve`."""
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    sequence: Mapped[int | None] = mapped_column(Id, unique=True)
    previous: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many events, and the last one's digest."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the chain found: `problem` is empty when it is whole.

    `kind` says the same for translation: missing, changed, not_anchored, cut_tail or anchors; `broken_at` is
    the sequence it is about.
    """

    checked: int
    unsealed: int
    head: Head
    problem: str = ""
    kind: str = ""
    broken_at: int = 0

    @property
    def ok(self) -> bool:
        return not self.problem


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_id: int | str,
    *,
    at: datetime,
    **detail: Any,
) -> AuditEvent:
    """Write one event into the transaction it is about. `detail` holds ids, digests, states; no personal data."""
    event = AuditEvent(
        at=at.astimezone(UTC),
        actor_id=actor.user_id,
        unit_id=actor.unit_id,
        action=action,
        subject_kind=action.partition(":")[0],
        subject_id=str(subject_id),
        detail=detail,
    )
    session.add(event)
    return event


def seal(session: Session) -> int:
    """Chain events that are not chained yet, at most 500 at a time; returns how many.

    One sealer at a time: SQLite has one writer anyway, under PostgreSQL the others wait here. What is sealed
    is what the database holds, read back, since it may not keep every value as it was given.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SEALER_LOCK})
    session.flush()
    head = read_head(session)
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.sequence.is_(None))
        .order_by(AuditEvent.id)
        .limit(_BATCH)
        .execution_options(populate_existing=True)
    ).all()
    for event in events:
        event.sequence = head.sequence + 1
        event.previous = head.digest
        event.digest = _digest(event)
        head = Head(event.sequence, event.digest)
    session.flush()
    return len(events)


def read_head(session: Session) -> Head:
    """The end of the chain as the database tells it."""
    last = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.sequence.is_not(None))
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).first()
    if last is None or last.sequence is None:
        return Head(0, GENESIS)
    return Head(last.sequence, last.digest or "")


def anchor(session: Session, path: Path, *, at: datetime) -> Head:
    """Append the head to a file outside the database, unless it stands there already."""
    head = read_head(session)
    anchors = list(read_anchors(path))
    if not anchors or anchors[-1] != head:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{head.sequence}\t{head.digest}\t{at.astimezone(UTC).isoformat()}\n")
    return head


def read_anchors(path: Path) -> Iterator[Head]:
    """The heads that were anchored, oldest first; an unreadable line is an error, not skipped."""
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            sequence, digest, _ = line.split("\t")
            yield Head(int(sequence), digest)
        except ValueError:
            raise IntegrityError(
                f"line {number} of the anchors cannot be read", about=f"{path}:{number}"
            ) from None


def verify(database: Database, anchors: Path | None = None) -> Verification:
    """Walk the whole chain; finds a changed byte, a missing event, a cut tail (by the anchors)."""
    head, broken = Head(0, GENESIS), None
    with database.reading() as session:
        unsealed = session.scalar(select(func.count()).where(AuditEvent.sequence.is_(None))) or 0
        try:
            known = _anchored(anchors)
        except IntegrityError as error:
            return Verification(0, unsealed, head, str(error), "anchors")
        query = (
            select(AuditEvent).where(AuditEvent.sequence.is_not(None)).order_by(AuditEvent.sequence)
        )
        with session.scalars(query.execution_options(yield_per=_BATCH)) as events:
            for event in events:
                broken = _broken(event, head, known)
                if broken:
                    break
                head = Head(event.sequence or 0, event.digest or "")
    beyond = max(known, default=0)
    if not broken and beyond > head.sequence:
        broken = (
            "cut_tail",
            beyond,
            f"the log ends at {head.sequence}, but {beyond} was anchored: its tail was cut",
        )
    kind, at, problem = broken or ("", 0, "")
    return Verification(head.sequence, unsealed, head, problem, kind, at)


def _anchored(path: Path | None) -> dict[int, set[str]]:
    """Every digest that was ever anchored for a sequence; more than one betrays a rewriting."""
    known: dict[int, set[str]] = {}
    for head in read_anchors(path) if path else ():
        known.setdefault(head.sequence, set()).add(head.digest)
    return known


def _broken(
    event: AuditEvent, head: Head, known: dict[int, set[str]]
) -> tuple[str, int, str] | None:
    expected = head.sequence + 1
    if event.sequence != expected:
        return "missing", expected, f"event {expected} is missing"
    if event.previous != head.digest or event.digest != _digest(event):
        return "changed", expected, f"event {expected} was changed"
    if known.get(expected, {event.digest}) != {event.digest}:
        return "not_anchored", expected, f"event {expected} is not the one that was anchored"
    return None


def _digest(event: AuditEvent) -> str:
    content = {
        "sequence": event.sequence,
        "previous": event.previous,
        "id": event.id,
        "at": event.at.astimezone(UTC).isoformat(),
        "actor": event.actor_id,
        "unit": event.unit_id,
        "action": event.action,
        "kind": event.subject_kind,
        "subject": event.subject_id,
        "detail": event.detail,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
