"""What waits for whom: one row per consumer and thing, with a version.

There is no cursor over a sequence: under PostgreSQL a lower number can commit later and be passed over for
ever. A consumer takes rows, reads the present state of each thing, does work that can be done twice, and
calls `done`, which deletes the row only if its version is still the same.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Id, insert_into

MAX_BACKOFF = timedelta(minutes=10)
_FIRST_VERSION_BITS = 30


class OutboxRow(Base):
    """One thing that one consumer has yet to look at."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "consumer", "due_at"),)

    consumer: Mapped[str] = mapped_column(String(40), primary_key=True)
    thing_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    put_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One taken row: which thing, at which version, how often it was tried."""

    consumer: str
    thing_id: int
    version: int
    attempts: int


def put(session: Session, consumer: str, thing_ids: Iterable[int], *, at: datetime) -> None:
    """Say that these things changed; a row that waits already gets the next version and is due at once.

    A new row's version begins at a random number: were it always the same, a consumer that took an earlier
    row of this thing and was slow would delete the new one.
    """
    rows = [
        {
            "consumer": consumer,
            "thing_id": thing,
            "version": secrets.randbits(_FIRST_VERSION_BITS),
            "put_at": at,
            "due_at": at,
            "attempts": 0,
            "last_error": "",
        }
        for thing in sorted(set(thing_ids))
    ]
    if not rows:
        return
    statement = insert_into(session, OutboxRow)
    again = {"version": OutboxRow.version + 1, "due_at": statement.excluded.due_at, "attempts": 0}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=["consumer", "thing_id"], set_=again), rows
    )


def take(session: Session, consumer: str, *, at: datetime, limit: int = 500) -> list[Waiting]:
    """The rows that are due, oldest first. Taking locks nothing: the work must bear being done twice."""
    rows = session.scalars(
        select(OutboxRow)
        .where(OutboxRow.consumer == consumer, OutboxRow.due_at <= at)
        .order_by(OutboxRow.due_at, OutboxRow.thing_id)
        .limit(limit)
    )
    return [Waiting(row.consumer, row.thing_id, row.version, row.attempts) for row in rows]


def done(session: Session, waiting: Sequence[Waiting]) -> None:
    """Forget the rows whose version is still the one that was taken."""
    rows = [{"c": one.consumer, "t": one.thing_id, "v": one.version} for one in waiting]
    if rows:
        session.connection().execute(_DONE, rows)


def failed(session: Session, waiting: Waiting, error: str, *, at: datetime) -> None:
    """Put the row off: 2, 4, 8 ... seconds, at most ten minutes; it is never dropped."""
    wait = min(timedelta(seconds=2 ** min(waiting.attempts + 1, 12)), MAX_BACKOFF)
    session.execute(
        update(OutboxRow)
        .where(_same(waiting))
        .values(attempts=waiting.attempts + 1, due_at=at + wait, last_error=error[:2000])
        .execution_options(synchronize_session=False)
    )


def pending(session: Session, consumer: str | None = None) -> int:
    """How many rows wait, for one consumer or for all."""
    query = select(func.count()).select_from(OutboxRow)
    return session.scalar(query.where(OutboxRow.consumer == consumer) if consumer else query) or 0


_DONE = delete(cast("Table", OutboxRow.__table__)).where(
    OutboxRow.consumer == bindparam("c"),
    OutboxRow.thing_id == bindparam("t"),
    OutboxRow.version == bindparam("v"),
)


def _same(waiting: Waiting):  # type: ignore[no-untyped-def]
    return and_(
        OutboxRow.consumer == waiting.consumer,
        OutboxRow.thing_id == waiting.thing_id,
        OutboxRow.version == waiting.version,
    )
