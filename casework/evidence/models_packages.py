"""Rows of what leaves the house and what proves it: packages, time stamps, checks of everything that is stored."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id, Json


class PackageState(StrEnum):
    """Where a package stands (trạng thái gói chứng cứ)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"  # đã bàn giao và hết thời hạn lưu: tệp không còn, lập lại được


class EvidencePackage(Base):
    """One package of a case's evidence for police, court or another authority (gói chứng cứ)."""

    __tablename__ = "evidence_package"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_evidence_package_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    number: Mapped[int] = mapped_column(Integer)
    """1 for the first package of the case."""
    state: Mapped[str] = mapped_column(String(20), default=PackageState.WAITING)
    recipient: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(Text, default="")
    unmasked: Mapped[bool] = mapped_column(Boolean, default=False)
    """The recipient may see victims; the reason is a note that the audit log names."""
    items: Mapped[int] = mapped_column(Integer, default=0)
    files: Mapped[int] = mapped_column(Integer, default=0)
    withheld: Mapped[int] = mapped_column(Integer, default=0)
    """Items whose files were left out because they show a victim."""
    done: Mapped[int] = mapped_column(Integer, default=0)
    """Items packed so far."""
    last_item_id: Mapped[int] = mapped_column(Id, default=0)
    """The newest item that belongs into it: what is captured later does not."""
    exported_item_id: Mapped[int] = mapped_column(Id, default=0)
    """Up to which item custody tells of the package."""
    handed_item_id: Mapped[int] = mapped_column(Id, default=0)
    """Up to which item custody tells of the handing over."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of the package."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the package as a file; its address in the file store. Empty: there is no file (any more)."""
    root: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the package's list of digests: what the record of handover names (mã băm của gói)."""
    error: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    handed_over_to: Mapped[str] = mapped_column(String(300), default="")
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    handover_note: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @property
    def filename(self) -> str:
        """What the package is called when it is downloaded."""
        return f"goi-chung-cu-{self.case_id}-{self.number}.zip"


class TimeStamp(Base):
    """What a time stamp authority says about an item (dấu thời gian, RFC 3161)."""

    __tablename__ = "time_stamp"
    __table_args__ = (
        UniqueConstraint("item_id"),
        Index("ix_time_stamp_waiting", "token", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"))
    imprint: Mapped[str] = mapped_column(String(64))
    """The digest that was stamped: that of the item."""
    authority: Mapped[str] = mapped_column(Text, default="")
    token: Mapped[str] = mapped_column(String(64), default="")
    """Digest of the answer (DER) in the file store; empty while there is none."""
    stamped_at: Mapped[datetime | None]
    """The time that the authority names."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class EvidenceCheck(Base):
    """One reading of every file of every item, compared with what it must be (kiểm tra toàn bộ chứng cứ)."""

    __tablename__ = "evidence_check"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    total: Mapped[int] = mapped_column(Integer, default=0)
    checked: Mapped[int] = mapped_column(Integer, default=0)
    """Items read so far."""
    files: Mapped[int] = mapped_column(Integer, default=0)
    after_id: Mapped[int] = mapped_column(Id, default=0)
    """The item that was read last; an interrupted check goes on behind it."""
    problems: Mapped[list[Any]] = mapped_column(Json, default=list)
    """[{item, what}], at most 200."""
    broken: Mapped[int] = mapped_column(Integer, default=0)
    """Items with a problem, all of them."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
