"""Rows of manners and watchfulness: what a source may cost, when it is asked, what must be found, alerts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crawler.reasons import sentence
from foundation.database import Base, Id, Json
from search.models import Source


class SourceCare(Base):
    """How a source is treated: budget of a day, hours, what must be found in it, what its site says."""

    __tablename__ = "source_care"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day_requests: Mapped[int] = mapped_column(Integer, default=0)
    """Requests in a day at most (hạn mức ngày); 0: no limit of its own."""
    day_megabytes: Mapped[int] = mapped_column(Integer, default=0)
    hour_from: Mapped[int | None]
    """Only from this hour, office time, to `hour_to` (khung giờ); both empty: at any time."""
    hour_to: Mapped[int | None]
    canary: Mapped[str] = mapped_column(Text, default="")
    """Address of a post, or words of one, that every whole run must find (bài đối chứng)."""
    newest: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the newest post of the last good run must be found again."""
    robots: Mapped[str] = mapped_column(String(20), default="")
    """What robots.txt was when the source was added: read, none, failed."""
    terms: Mapped[str] = mapped_column(Text, default="")
    """Address of the site's terms of use."""


class SourceDay(Base):
    """What a source cost on one office day; `bytes` as they came over the wire."""

    __tablename__ = "source_day"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    requests: Mapped[int] = mapped_column(Integer, default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)


class PageValidator(Base):
    """What a page said of its version, so that it is sent again only when it changed.

    Under other rules it is asked for whole again: what was not kept may be kept now.
    """

    __tablename__ = "page_validator"

    source_id: Mapped[int] = mapped_column(
        ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    rules: Mapped[str] = mapped_column(String(64), default="")


class SourceAlert(Base):
    """Something is wrong with a source (cảnh báo nguồn): which step of which parser, since when, seen where.

    `over_at` is when a run no longer showed it; one that a person ended stays quiet until then.
    """

    __tablename__ = "source_alert"
    __table_args__ = (
        Index("ix_source_alert_open", "ended_at", "source_id"),
        Index("ix_source_alert_source", "source_id", "kind", "over_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    """zero, format, blocked, slow, unreachable, canary"""
    reason: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    step: Mapped[str] = mapped_column(String(80), default="")
    parser: Mapped[str] = mapped_column(String(40), default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("crawl_run.id", ondelete="SET NULL"))
    error_id: Mapped[int | None] = mapped_column(ForeignKey("crawl_error.id", ondelete="SET NULL"))
    """The error of that run that holds the saved page."""
    runs: Mapped[int] = mapped_column(Integer, default=1)
    """How many runs in a row showed it."""
    began_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    source: Mapped[Source] = relationship(lazy="joined")

    @property
    def message(self) -> str:
        """What is wrong, in English words."""
        return sentence(self.reason, self.detail)
