"""Rows of storage: how much there was each day, what nothing refers to, the runs that delete what is due."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id, Json


class StorageSample(Base):
    """How many files and bytes of one kind were stored on one office day (mẫu dung lượng)."""

    __tablename__ = "storage_sample"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    files: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class UnusedFile(Base):
    """A stored file that nothing referred to at the last survey, and since which survey (tệp không còn dùng)."""

    __tablename__ = "unused_file"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(index=True)


class RetentionRun(Base):
    """One run over everything whose time is over (lượt dọn theo thời hạn); goes on where it was interrupted."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    real: Mapped[bool] = mapped_column(Boolean)
    """False: everything is counted and nothing is deleted (chạy thử)."""
    step: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(80), default="")
    """Behind which row the step goes on: an id or a digest."""
    total: Mapped[int] = mapped_column(Integer, default=0)
    """What was due when the run was asked for, as counted then."""
    done: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """{step: {rows, bytes, held}}"""
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Nobody: the daily duty."""
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
