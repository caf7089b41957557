"""Rows of pictures: their hashes, and what was read from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id, Json


class Picture(Base):
    """A picture of a post, captured or brought: known again by its hash (ảnh đã thấy)."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("post_id", "digest"),
        Index("ix_picture_band_0", "band_0"),
        Index("ix_picture_band_1", "band_1"),
        Index("ix_picture_band_2", "band_2"),
        Index("ix_picture_band_3", "band_3"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the picture's file."""
    phash: Mapped[str] = mapped_column(String(16))
    """64 bits as hex."""
    band_0: Mapped[int] = mapped_column(Integer)
    band_1: Mapped[int] = mapped_column(Integer)
    band_2: Mapped[int] = mapped_column(Integer)
    band_3: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text, default="")
    """The address that the picture was loaded from; empty where somebody brought it."""
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    observation_id: Mapped[int | None] = mapped_column(
        ForeignKey("observation.id", ondelete="SET NULL")
    )
    seen_at: Mapped[datetime]


class PictureText(Base):
    """What was read from pictures of a post (chữ đọc từ ảnh), and what the rules say of it.

    Beside the post's own text and judgement, which stay as they are.
    """

    __tablename__ = "picture_text"
    __table_args__ = (UniqueConstraint("post_id", "text_key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    observation_id: Mapped[int | None] = mapped_column(
        ForeignKey("observation.id", ondelete="SET NULL")
    )
    text_key: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the text."""
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(20))
    """capture, or brought"""
    judgement: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """search.rules.Judgement.to_dict(); empty: not judged yet, or nothing was found."""
    matcher_version: Mapped[str] = mapped_column(String(64), default="")
    """Empty: not judged yet."""
    seen_at: Mapped[datetime]


class LastCapture(Base):
    """By what the last capture of an address is compared with the next one; one row for post and address."""

    __tablename__ = "last_capture"

    address_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of unit, post and address."""
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id", ondelete="CASCADE"))
    compared: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
