"""Rows of triage: who is looking at a post, and what was decided about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from foundation.people import User


class Verdict(StrEnum):
    """What a person decided about a post."""

    KEEP = "keep"  # gắn cờ
    DISMISS = "dismiss"  # bỏ qua
    HELP = "help"  # chuyển luồng cần người giúp


class Claim(Base):
    """Somebody looks at this post (nhận xử lý) until `expires_at`; nobody else is offered it meanwhile."""

    __tablename__ = "claim"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Who handed it over (chuyển người khác); None when the person took it."""

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
    handed_over_by: Mapped[User | None] = relationship(foreign_keys=[handed_over_by_id])


class Decision(Base):
    """One decision about one post; taken back it stays, with `undone_at`."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_post", "post_id", "id"),
        Index("ix_decision_standing", "decision", "undone_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    decision: Mapped[str] = mapped_column(String(20))
    """A Verdict."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Code of casework.triage.reasons for a dismissal."""
    note: Mapped[str] = mapped_column(Text, default="")
    from_state: Mapped[str] = mapped_column(String(20))
    """Work state before; what undoing goes back to."""
    content_key: Mapped[str] = mapped_column(String(64), default="")
    """Digest of what the post said when it was decided about; another one later means it was edited."""
    batch_id: Mapped[int | None] = mapped_column(Id, index=True)
    """Decisions made as one (for a campaign) share the id of the first of them."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))

    by: Mapped[User | None] = relationship(foreign_keys=[by_id], lazy="joined")
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])
