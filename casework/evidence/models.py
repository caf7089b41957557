"""Rows of evidence: what was captured or brought, and everything that was done with it since."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id, Json


class EvidenceItem(Base):
    """One capture of one address, or files that somebody brought (chứng cứ, bản chụp).

    An ordinary document, fixed by a record and confirmed by the poster: never labelled as a result of
    professional technical means (ND 61/2026/NĐ-CP does not list them for social network content).
    """

    __tablename__ = "evidence_item"
    __table_args__ = (
        UniqueConstraint("observation_id"),
        Index("ix_evidence_item_url", "post_id", "id"),
        Index("ix_evidence_item_captured", "captured_at", "id"),
        Index("ix_evidence_item_retain_until", "retain_until"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"))
    url: Mapped[str] = mapped_column(Text)
    final_url: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[int | None] = mapped_column(Integer)
    availability: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    captured_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(String(20))
    """crawler, officer, citizen or agency"""
    tool: Mapped[str] = mapped_column(String(120), default="")
    robots: Mapped[str] = mapped_column(String(120), default="")
    files: Mapped[list[Any]] = mapped_column(Json)
    """[{role, digest, media_type, size}]: the bytes are in the file store."""
    manifest_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over all that the item claims (evidence.service.claim_of): addresses, moments, origin, what was
    answered, how it was captured, every file. Items of earlier versions: without how they were captured."""
    note: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """How it was publicly visible, what stood over it, what was left out; who brought it."""
    shows_victim: Mapped[bool] = mapped_column(Boolean, default=False)
    """Somebody said that it shows a victim: it leaves only in packages whose recipient may see victims."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    retain_until: Mapped[datetime | None]
    """Of an item of no case: that of its post, kept when the post is gone (see `retention`)."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Sighting(Base):
    """A later capture that showed the same as an item (lần thấy không đổi): no files of its own."""

    __tablename__ = "evidence_sighting"

    observation_id: Mapped[int] = mapped_column(
        ForeignKey("observation.id"), primary_key=True, autoincrement=False
    )
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    at: Mapped[datetime]


class Custody(Base):
    """One thing that was done with an item (nhật ký bảo quản); chained by hashes, one chain for each item."""

    __tablename__ = "custody"
    __table_args__ = (UniqueConstraint("item_id", "sequence"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(20))
    """captured, brought, seen_unchanged, viewed, exported, handed_over, hash_checked, put_to_case,
    taken_from_case, stamped"""
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
