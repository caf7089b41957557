"""Rows of takedowns: a request, its addresses, every sending of it, every answer to it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.cases.models import Case
from foundation.database import Base, Id, Json
from foundation.people import User
from search.models import Observation, PostRow


class Pace(StrEnum):
    """Which of the regime's periods applies (thời hạn áp dụng)."""

    NORMAL = "normal"  # thông thường
    URGENT = "urgent"  # khẩn cấp
    COMPLAINT = "complaint"  # theo khiếu nại của người sử dụng


class Wanted(StrEnum):
    """What is asked for (nội dung yêu cầu)."""

    REMOVE = "remove"  # gỡ bỏ
    LOCK = "lock"  # khóa tài khoản


class NoticeKind(StrEnum):
    """Which sending this is."""

    FIRST = "first"  # yêu cầu
    RENOTICE = "renotice"  # đôn đốc


class NoticeState(StrEnum):
    """How far a sending is; everything but mail is SENT when it is written down."""

    QUEUED = "queued"  # chờ gửi
    SENDING = "sending"  # đang gửi
    SENT = "sent"  # đã gửi
    FAILED = "failed"  # không gửi được, chắc chắn chưa đến
    UNCERTAIN = "uncertain"  # mất liên lạc giữa chừng, có thể đã đến


class AnswerKind(StrEnum):
    """What the addressee answered (trả lời)."""

    COMPLIED = "complied"  # đã thực hiện
    LOCKED = "locked"  # đã khóa tài khoản
    REFUSED = "refused"  # không đồng ý
    ASKS = "asks"  # đề nghị bổ sung
    OTHER = "other"


class TakedownRequest(Base):
    """One request to remove posts of a case (yêu cầu gỡ bỏ), with the regime that it rests on, pinned."""

    __tablename__ = "takedown_request"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_takedown_request_state", "state", "unit_id", "deadline_at"),
        Index("ix_takedown_request_sent_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(30))
    """casework.law.model.Target: whom the law distinguishes."""
    recipient: Mapped[str] = mapped_column(String(300))
    recipient_contact: Mapped[str] = mapped_column(String(500), default="")
    """Mail address, telephone number or portal of the addressee."""
    platform: Mapped[str] = mapped_column(String(20))
    sender: Mapped[str] = mapped_column(String(40))
    """Id of the sending agency in the catalogue."""
    regime_id: Mapped[str] = mapped_column(String(80))
    pinned: Mapped[dict[str, Any]] = mapped_column(Json)
    """Catalogue.pin(regime): what the regime said when the request was drafted, with the version.

    `locks`: keys of the accounts that had reached its threshold, where a lock is asked for.
    """
    law_day: Mapped[date] = mapped_column(Date)
    legal_basis: Mapped[list[str]] = mapped_column(Json)
    wanted: Mapped[list[str]] = mapped_column(Json)
    pace: Mapped[str] = mapped_column(String(20), default=Pace.NORMAL)
    hours: Mapped[int] = mapped_column(Integer)
    deadline_source: Mapped[str] = mapped_column(Text)
    findings: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    """Of the first sending; whether a removal was on time is held against it for ever."""
    escalate_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    """When an address was first seen online at or after the deadline."""
    done_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    held_reason: Mapped[str] = mapped_column(Text, default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship(lazy="joined")
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id], lazy="joined")
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id], lazy="joined")
    held_by: Mapped[User | None] = relationship(foreign_keys=[held_by_id], lazy="joined")
    items: Mapped[list["TakedownItem"]] = relationship(
        back_populates="request", order_by="TakedownItem.id", lazy="selectin"
    )
    notices: Mapped[list["Notice"]] = relationship(
        back_populates="request", order_by="Notice.id", lazy="selectin"
    )
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="request", order_by="Answer.id", lazy="selectin"
    )

    @property
    def is_held(self) -> bool:
        """Tạm giữ bài: the police have asked that nothing be sent yet."""
        return self.held_at is not None


class TakedownItem(Base):
    """One address of a request, and what was seen of it."""

    __tablename__ = "takedown_item"
    __table_args__ = (
        UniqueConstraint("request_id", "post_id"),
        Index("ix_takedown_item_normalised", "normalised_key"),
        Index("ix_takedown_item_account", "account_key"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("takedown_request.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    normalised: Mapped[str] = mapped_column(Text)
    normalised_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of `normalised`: an index over long addresses."""
    account: Mapped[str] = mapped_column(String(300), default="")
    account_key: Mapped[str] = mapped_column(String(64), default="")
    quote: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    before_observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"))
    before_evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_item.id"))
    """A capture of the post that existed before the request was drafted, or was brought."""
    after_observation_id: Mapped[int | None] = mapped_column(ForeignKey("observation.id"))
    first_gone_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    reappeared_at: Mapped[datetime | None]
    online_at: Mapped[datetime | None]
    last_availability: Mapped[str] = mapped_column(String(20), default="")
    last_looked_at: Mapped[datetime | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]

    request: Mapped[TakedownRequest] = relationship(back_populates="items")
    post: Mapped[PostRow] = relationship(lazy="joined")
    before_observation: Mapped[Observation | None] = relationship(
        foreign_keys=[before_observation_id], lazy="joined"
    )
    after_observation: Mapped[Observation | None] = relationship(
        foreign_keys=[after_observation_id], lazy="joined"
    )


class Notice(Base):
    """One sending of a request: the first, or a re-notice (đôn đốc), with its proof."""

    __tablename__ = "takedown_notice"
    __table_args__ = (Index("ix_takedown_notice_state", "state", "channel"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("takedown_request.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(500))
    reference: Mapped[str] = mapped_column(String(300), default="")
    """Number of the letter, of the portal's receipt, or the Message-ID of the mail."""
    proof: Mapped[str] = mapped_column(Text, default="")
    """Call note, or what the mail server answered."""
    text: Mapped[str] = mapped_column(Text, default="")
    file_digest: Mapped[str] = mapped_column(String(64), default="")
    """The letter as it was sent."""
    proof_digest: Mapped[str] = mapped_column(String(64), default="")
    """A file that proves the sending: scan with a stamp, picture of a receipt."""
    at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime | None]
    task_made: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether a task was made because its deadline passed."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]

    request: Mapped[TakedownRequest] = relationship(back_populates="notices")
    by: Mapped[User | None] = relationship(lazy="joined")


class Answer(Base):
    """What the addressee answered, as an officer wrote it down."""

    __tablename__ = "takedown_answer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("takedown_request.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(String(300), default="")
    received_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]

    request: Mapped[TakedownRequest] = relationship(back_populates="answers")
    by: Mapped[User | None] = relationship(lazy="joined")


class ReuploadState(StrEnum):
    """What an officer says of a post that looks like a removed one."""

    OPEN = "open"  # chờ xem
    CONFIRMED = "confirmed"  # đúng là đăng lại
    DISMISSED = "dismissed"  # không phải


class Reupload(Base):
    """A post first seen after a removal that looks like what was removed (nghi đăng lại)."""

    __tablename__ = "reupload"
    __table_args__ = (
        UniqueConstraint("item_id", "post_id"),
        Index("ix_reupload_request", "request_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("takedown_request.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("takedown_item.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    same: Mapped[list[str]] = mapped_column(Json, default=list)
    """What is the same: text, contact, picture."""
    state: Mapped[str] = mapped_column(String(20), default=ReuploadState.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    post: Mapped[PostRow] = relationship(lazy="joined")
