"""Rows of sanctions: the file, its explanations, its payments. Money in đồng, days Vietnamese."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from casework.cases.models import Case, Subject
from casework.domain.sanction_lifecycle import Form
from foundation.database import Base, Id, Json
from foundation.people import User


class Sanction(Base):
    """One sanction file (hồ sơ xử phạt): one subject, one act, one decision."""

    __tablename__ = "sanction"
    __table_args__ = (
        Unique("number"),
        Index("ix_sanction_state", "state", "unit_id", "id"),
        Index("ix_sanction_decided_on", "decided_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))

    subject_kind: Mapped[str] = mapped_column(String(20))
    """casework.law.model.SubjectKind: cá nhân, tổ chức, hộ kinh doanh."""
    age_at_act: Mapped[int | None] = mapped_column(Integer)
    conduct: Mapped[str] = mapped_column(String(60))
    """Id of the conduct in the law catalogue."""
    act_text: Mapped[str] = mapped_column(Text)
    """What was done, as the record says it; names no victim."""
    ended_on: Mapped[date | None] = mapped_column(Date)
    still_going: Mapped[bool] = mapped_column(Boolean, default=False)
    detected_on: Mapped[date] = mapped_column(Date)

    candidates: Mapped[list[Any]] = mapped_column(Json, default=list)
    """Every provision that was offered, as it was offered."""
    provision_id: Mapped[str] = mapped_column(String(80))
    cited: Mapped[str] = mapped_column(Text)
    """The provision as documents cite it."""
    choice_reason: Mapped[str] = mapped_column(Text, default="")
    """Why this decree and not the other, where more than one describes the act."""
    pinned: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Catalogue entries that the file rests on, by what they were used for."""
    law_version: Mapped[str] = mapped_column(String(64))

    complex_case: Mapped[bool] = mapped_column(Boolean, default=False)
    transferred: Mapped[bool] = mapped_column(Boolean, default=False)
    recorded_at: Mapped[datetime | None]
    record_number: Mapped[int | None] = mapped_column(Integer)
    record_place: Mapped[str] = mapped_column(Text, default="")
    party_statement: Mapped[str] = mapped_column(Text, default="")
    record_digest: Mapped[str] = mapped_column(String(64), default="")

    form: Mapped[str] = mapped_column(String(20), default=Form.FINE)
    mitigating: Mapped[list[str]] = mapped_column(Json, default=list)
    aggravating: Mapped[list[str]] = mapped_column(Json, default=list)
    amount: Mapped[int | None] = mapped_column(BigInteger)
    amount_reason: Mapped[str] = mapped_column(Text, default="")
    remedies: Mapped[list[str]] = mapped_column(Json, default=list)

    signer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signer_title: Mapped[str] = mapped_column(String(80), default="")
    delegation: Mapped[str] = mapped_column(Text, default="")
    """The decision that delegates the power (giao quyền), where a deputy signs."""
    decision_number: Mapped[int | None] = mapped_column(Integer)
    decided_on: Mapped[date | None] = mapped_column(Date)
    decision_digest: Mapped[str] = mapped_column(String(64), default="")
    findings: Mapped[list[Any]] = mapped_column(Json, default=list)
    """What was known against the decision when it was signed, with the reason given for it."""
    acknowledged: Mapped[str] = mapped_column(Text, default="")
    served_on: Mapped[date | None] = mapped_column(Date)
    served_proof: Mapped[str] = mapped_column(Text, default="")
    pay_by: Mapped[date | None] = mapped_column(Date)
    settled_on: Mapped[date | None] = mapped_column(Date)
    remedied_on: Mapped[date | None] = mapped_column(Date)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    crime_at: Mapped[datetime | None]
    """Crime signs found (dấu hiệu tội phạm): everything else rests while this is set."""
    crime_reason: Mapped[str] = mapped_column(Text, default="")
    crime_reference: Mapped[str] = mapped_column(Text, default="")
    """Number of the decision by which the file went to the prosecution bodies (MQĐ33)."""
    returned_on: Mapped[date | None] = mapped_column(Date)
    """When the prosecution bodies gave the file back."""
    other_body: Mapped[str] = mapped_column(String(300), default="")
    """Who fined instead of this office; such a fine is shown, never counted as the office's own."""
    other_reference: Mapped[str] = mapped_column(String(200), default="")

    due_at: Mapped[datetime | None]
    """End of the legal period that runs now, as the last step left it; None when none runs."""
    due_key: Mapped[str] = mapped_column(String(40), default="")
    """Key of that period in the law catalogue."""

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    case: Mapped[Case] = relationship(lazy="joined")
    subject: Mapped[Subject] = relationship(lazy="joined")
    signer: Mapped[User | None] = relationship(foreign_keys=[signer_id], lazy="joined")
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id], lazy="joined")
    payments: Mapped[list["Payment"]] = relationship(
        order_by="Payment.paid_on, Payment.id", lazy="selectin"
    )
    explanations: Mapped[list["Explanation"]] = relationship(
        order_by="Explanation.id", lazy="selectin"
    )

    @property
    def has_crime_signs(self) -> bool:
        return self.crime_at is not None


class Payment(Base):
    """Money that came in for a decision (nộp phạt), by its receipt."""

    __tablename__ = "sanction_payment"
    __table_args__ = (Index("ix_sanction_payment_paid_on", "paid_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanction.id"), index=True)
    paid_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[int] = mapped_column(BigInteger)
    """Of the fine itself."""
    interest: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the late interest (tiền chậm nộp)."""
    receipt: Mapped[str] = mapped_column(String(100))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Explanation(Base):
    """How the violator used the right to explain (giải trình)."""

    __tablename__ = "sanction_explanation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sanction_id: Mapped[int] = mapped_column(ForeignKey("sanction.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column("on_day", Date)
    text: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
