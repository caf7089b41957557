"""Rows of the collected posts: where they came from, what they are, why they were flagged."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Json
from search.models_campaigns import Campaign as Campaign
from search.models_campaigns import CampaignMember as CampaignMember
from search.models_campaigns import CampaignMerge as CampaignMerge
from search.models_campaigns import CampaignSplit as CampaignSplit
from search.models_campaigns import PostBand as PostBand


class WorkState(StrEnum):
    """What people have made of a post so far (tình trạng xử lý)."""

    NEW = "new"  # chờ rà soát
    KEPT = "kept"  # đã gắn cờ
    DISMISSED = "dismissed"  # đã bỏ qua
    IN_CASE = "in_case"  # trong vụ việc
    CLOSED = "closed"  # đã xử lý xong


class Source(Base):
    """Where posts come from (nguồn), with the purpose and legal basis that collecting rests on."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    """Name of the folder under crawler/sources: rss, html_list, file, manual ..."""
    address: Mapped[str] = mapped_column(Text, default="")
    platform: Mapped[str] = mapped_column(String(20), default="website")
    config: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Options of the kind (selectors, mapping); the kind's form knows them."""
    every_minutes: Mapped[int] = mapped_column(Integer, default=0)
    """Minutes between runs; 0: only when asked."""
    next_run_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    legal_basis: Mapped[list[str]] = mapped_column(Json, default=list)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PostRow(Base):
    """One kept post (bài đăng). What did not match is never here."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("source_id", "url_key"),
        # Covers everything the queue orders and filters by, so that it never reads the posts themselves.
        Index(
            "ix_post_queue",
            "state",
            "urgent",
            "verdict_kind",
            "level",
            "score",
            "seen_at",
            "unit_id",
            "id",
        ),
        Index("ix_post_url_key", "url_key"),
        Index("ix_post_seen_at", "seen_at"),
        Index("ix_post_retain_until", "retain_until"),
        # By hash, since an address may be longer than a sorted index takes; most posts answer nothing.
        Index(
            "ix_post_reply_to",
            "reply_to",
            postgresql_using="hash",
            postgresql_where=text("reply_to <> ''"),
            sqlite_where=text("reply_to <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    run_id: Mapped[int | None] = mapped_column(Id)
    url: Mapped[str] = mapped_column(Text)
    url_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the canonical address: what makes it the same post."""
    platform: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(Text, default="")
    author_handle: Mapped[str] = mapped_column(String(300), default="", index=True)
    author_url: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10), default="vi")
    posted_at: Mapped[datetime | None]
    zone: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """The zone that posted_at came in: +07:00, Z, or empty where the page did not say."""
    seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    media: Mapped[list[Any]] = mapped_column(Json, default=list)
    links: Mapped[list[str]] = mapped_column(Json, default=list)
    reply_to: Mapped[str] = mapped_column(Text, default="")
    forwarded_from: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Address, or else name, of what this post passes on."""
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    content_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of title and text as published: tells an edit."""
    text_hash: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the folded text: exact copies share it."""
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)

    state: Mapped[str] = mapped_column(String(20), default=WorkState.NEW)
    case_id: Mapped[int | None] = mapped_column(Id, index=True)
    score: Mapped[int] = mapped_column(Integer, default=0)
    level: Mapped[str] = mapped_column(String(20), default="low")
    verdict_kind: Mapped[str] = mapped_column(String(20), default="other")
    """What the rules take it for: lure, warning, news, help ..."""
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    judgement: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """search.rules.Judgement.to_dict(): hits with spans into title + newline + text, reasons."""
    matcher_version: Mapped[str] = mapped_column(String(64), default="")

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20))
    retain_until: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    source: Mapped[Source] = relationship(lazy="joined")
    contacts: Mapped[list["PostContact"]] = relationship(
        back_populates="post", cascade="all, delete-orphan"
    )

    @property
    def body(self) -> str:
        """Title and text as one string: what every span of the judgement points into."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class PostContact(Base):
    """A telephone number, handle or link found in a post (đầu mối liên hệ)."""

    __tablename__ = "post_contact"
    # Covers the question which posts share a contact, so that a shop's number costs no look at its posts.
    __table_args__ = (Index("ix_post_contact_value", "kind", "value", "post_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(500))
    raw: Mapped[str] = mapped_column(Text)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)

    post: Mapped[PostRow] = relationship(back_populates="contacts")


class PostVersion(Base):
    """What a post said before it was edited (phiên bản trước khi sửa)."""

    __tablename__ = "post_version"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    content_key: Mapped[str] = mapped_column(String(64))
    seen_until: Mapped[datetime]


class NotKept(Base):
    """The keyed digest of a post that was not kept: it says nothing, but knows the post again."""

    __tablename__ = "not_kept"

    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Intake(Base):
    """How many posts a source brought on one office day: seen, kept, not kept. Figures, no content."""

    __tablename__ = "intake"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    seen: Mapped[int] = mapped_column(Integer, default=0)
    kept: Mapped[int] = mapped_column(Integer, default=0)
    not_kept: Mapped[int] = mapped_column(Integer, default=0)


class WishKind(StrEnum):
    """What casework wants of the crawler."""

    LOOK = "look"  # is it still online?
    CAPTURE = "capture"  # bản chụp


class Wish(Base):
    """A wish that an address be looked at or captured; a crawler leases it and writes an observation."""

    __tablename__ = "wish"
    __table_args__ = (Index("ix_wish_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    expected_key: Mapped[str] = mapped_column(String(64), default="")
    """content_key of the post when the wish was made; another one found means it was edited."""
    asked_kind: Mapped[str] = mapped_column(String(40), default="")
    asked_id: Mapped[int | None] = mapped_column(Id)
    """For whom: e.g. `takedown_item` 17. The observation's taker reads it."""
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    """waiting, leased, done, failed"""
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Observation(Base):
    """What was seen at an address at one moment, by the crawler or attested by an officer (xác nhận).

    Or what a citizen or another agency brought of it, which nobody of the office saw.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_asked", "asked_kind", "asked_id", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id"))
    url: Mapped[str] = mapped_column(Text)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    asked_kind: Mapped[str] = mapped_column(String(40), default="")
    asked_id: Mapped[int | None] = mapped_column(Id)
    availability: Mapped[str] = mapped_column(String(20))
    """Empty where nobody of the office saw it."""
    at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(20))
    """crawler, officer, citizen or agency"""
    final_url: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[int | None] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(Text, default="")
    """How it was told, in words for a person."""
    seen_text: Mapped[str] = mapped_column(Text, default="")
    """Where a text was changed: what stands in its place (phần đã sửa)."""
    capture: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """search.watch.CaptureFiles.to_dict() when something was captured."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
