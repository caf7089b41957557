"""Rows of crawling: runs, their errors, the pages still to get, and what a source remembers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crawler.models_care import PageValidator as PageValidator
from crawler.models_care import SourceAlert as SourceAlert
from crawler.models_care import SourceCare as SourceCare
from crawler.models_care import SourceDay as SourceDay
from crawler.reasons import sentence
from foundation.database import Base, Id, Json
from search.models import Source


class RunState(StrEnum):
    """Where a run stands (trạng thái lượt thu thập)."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN_STATES = (RunState.WAITING, RunState.RUNNING)


class Run(Base):
    """One crawl or import of one source (lượt thu thập); a process leases it, it is no job of the queue.

    `lease_token` is new with each lease and stands in the condition of every write of the process, so that
    one that lost its lease can write nothing more.
    """

    __tablename__ = "crawl_run"
    __table_args__ = (
        Index("ix_crawl_run_state", "state", "lease_until"),
        Index("ix_crawl_run_source", "source_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    state: Mapped[str] = mapped_column(String(20), default=RunState.WAITING)
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What this run was asked for beyond the source: the digest and name of a file ..."""
    leased_by: Mapped[str] = mapped_column(String(200), default="")
    """host:process"""
    lease_token: Mapped[str] = mapped_column(String(32), default="")
    lease_until: Mapped[datetime | None]
    restarts: Mapped[int] = mapped_column(Integer, default=0)
    """Leases since something was last committed; too many, and the run has failed."""
    stop_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    pages: Mapped[int] = mapped_column(Integer, default=0)
    posts: Mapped[int] = mapped_column(Integer, default=0)
    kept: Mapped[int] = mapped_column(Integer, default=0)
    updated: Mapped[int] = mapped_column(Integer, default=0)
    not_kept: Mapped[int] = mapped_column(Integer, default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    errors: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Why it ended, where that needs saying: a key of crawler.reasons."""
    reason_detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    checkpoint: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    """crawler.figures: what the run's pages were like, for watchfulness."""
    not_before: Mapped[datetime | None]
    """A waiting run is not started earlier: the budget or the hours of its source."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="crawl")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    source: Mapped[Source] = relationship(lazy="joined")

    @property
    def known(self) -> int:
        """Posts that were seen again and had not changed."""
        return max(0, self.posts - self.kept - self.updated - self.not_kept)

    @property
    def reason_sentence(self) -> str:
        """The reason in English words, or an empty string."""
        return sentence(self.reason, self.reason_detail) if self.reason else ""


class RunError(Base):
    """One thing that went wrong in a run: where, at which step, why; the rest of the run went on."""

    __tablename__ = "crawl_error"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("crawl_run.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    url: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    saved_page: Mapped[str] = mapped_column(String(64), default="")

    @property
    def message(self) -> str:
        """What happened, in English words; views translate the template of the reason."""
        return sentence(self.reason, self.detail)


class FrontierRow(Base):
    """One page of a run: `waiting` until it was read, then `done`, in the commit that counts it.

    There is no state between: one process at a time holds the run, and what it had in hand when it was
    killed still waits.
    """

    __tablename__ = "crawl_request"
    __table_args__ = (
        Index("uq_crawl_request_run_fingerprint", "run_id", "fingerprint", unique=True),
        Index("ix_crawl_request_open", "run_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("crawl_run.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(String(40))
    depth: Mapped[int] = mapped_column(Integer, default=0)
    priority: Mapped[int] = mapped_column(Integer, default=0)
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")


class SourceState(Base):
    """What a source remembers between runs: validators of conditional requests, cursors."""

    __tablename__ = "source_state"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    updated_at: Mapped[datetime]


class ApiQuota(Base):
    """Units of an API's daily quota that this deployment has spent; `day` is the API's own day."""

    __tablename__ = "api_quota"

    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    used: Mapped[int] = mapped_column(Integer, default=0)
