"""Rows of reports: one report of one period; what it said when it was issued is frozen in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Json
from foundation.people import Unit, User


class Report(Base):
    """One period report (báo cáo định kỳ). Both days belong to the period."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_report_period", "period_kind", "period_ref", "unit_id"),
        Index("ix_report_state", "state", "unit_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(String(40))
    period_kind: Mapped[str] = mapped_column(String(40), default="")
    """Kind of the catalogue's period; empty for free dates (theo yêu cầu)."""
    period_ref: Mapped[str] = mapped_column(String(20), default="")
    first: Mapped[date] = mapped_column("first_day", Date)
    last: Mapped[date] = mapped_column("last_day", Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    request: Mapped[str] = mapped_column(Text, default="")
    """What asked for it: number, day and sender of the letter."""
    narrative: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The sections that people write, as casework.reports.wording.Narrative."""
    official_number: Mapped[int | None] = mapped_column(Integer)
    snapshot: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """When issued: every figure with its records, the context, law version, head of the audit log."""
    document_digest: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    restates_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    """The issued report that this one corrects (đính chính)."""
    restated_why: Mapped[str] = mapped_column(Text, default="")

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    issued_by: Mapped[User | None] = relationship(foreign_keys=[issued_by_id], lazy="joined")
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id], lazy="joined")
