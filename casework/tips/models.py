"""What citizens send by the public form (tin báo của người dân): the receipt, and who sent it, kept apart."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from search.models import PostRow


class Tip(Base):
    """One tip. Its text is a post in the queue; its sender's contact is read through `service.contact_of` only."""

    __tablename__ = "tip"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_tip_received", "received_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    """What the sender was given (mã tiếp nhận)."""
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str | None] = mapped_column(Text)
    """Exactly as typed; None: it was not kept, or its time is over."""
    url: Mapped[str] = mapped_column(Text, default="", server_default="")
    when_seen: Mapped[str] = mapped_column(Text, default="", server_default="")
    """When the sender saw it, in his own words."""
    where_seen: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    """How the sender may be asked back; an informant's data (người cung cấp tin)."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over everything that was received, as the receipt prints it."""
    screenshot: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the picture that came along, empty without one."""
    received_at: Mapped[datetime]
    retain_until: Mapped[datetime | None]
    """From then on it may be emptied (see `retention`); None: it was."""

    post: Mapped[PostRow | None] = relationship(lazy="joined")
