"""Signs of life: each process writes a row every few seconds, so that a look at the database tells who works."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.clock import Clock
from foundation.database import Base, Database

EVERY_SECONDS = 10.0
FORGOTTEN_AFTER = timedelta(days=7)


class Heartbeat(Base):
    """When one process was last at work; one row for each part and machine."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    """web, worker, indexer, scheduler, crawler"""
    host: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]
    pid: Mapped[int] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(String(500), default="")


@dataclass(slots=True)
class Beat:
    """Called as often as one likes, it writes at most every EVERY_SECONDS."""

    name: str
    database: Database
    clock: Clock
    detail: Callable[[], str] = lambda: ""
    _next: float = field(default=0.0)

    def __call__(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        with self.database.writing() as session:
            write(session, self.name, at=self.clock.now(), detail=self.detail())


def write(session: Session, name: str, *, at: datetime, detail: str = "") -> None:
    """Say that this process lives, and forget machines that have been silent for a week."""
    host = socket.gethostname()[:200]
    row = session.get(Heartbeat, (name, host))
    if row is None:
        row = Heartbeat(name=name, host=host)
        session.add(row)
    row.at, row.pid, row.detail = at, os.getpid(), detail[:500]
    session.execute(
        delete(Heartbeat)
        .where(Heartbeat.name == name, Heartbeat.at < at - FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )


def latest(session: Session) -> dict[str, Heartbeat]:
    """The newest sign of life of each part."""
    rows = session.scalars(select(Heartbeat).order_by(Heartbeat.at)).all()
    return {row.name: row for row in rows}
