"""Rows of the index's upkeep: who asked for a rebuild, and how far it is."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id

#: Under this name the outbox keeps what the index has yet to learn.
INDEX_CONSUMER = "index"


class RequestState(StrEnum):
    """How far a rebuild is (dựng lại chỉ mục)."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class IndexRequest(Base):
    """A request to build the search index anew from the database; the indexer does it."""

    __tablename__ = "index_request"
    __table_args__ = (Index("ix_index_request_state", "state", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default=RequestState.WAITING)
    reason: Mapped[str] = mapped_column(String(40), default="asked")
    """`asked` by a person, or `outdated`: missing, or written by another version of the program."""
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    """Posts written so far, and posts there were when it began."""
    error: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
