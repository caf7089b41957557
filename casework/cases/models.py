"""Rows of casework: a case, its posts, the people and organisations in it, its tasks and documents."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from foundation.people import Unit, User
from search.models import PostRow


class Severity(StrEnum):
    """How grave a case is (mức độ nghiêm trọng)."""

    NORMAL = "normal"
    SERIOUS = "serious"
    CRITICAL = "critical"


class SubjectRole(StrEnum):
    """What a person or organisation is in the case (tư cách đối tượng)."""

    SUSPECT = "suspect"  # người bị nghi vấn
    VICTIM = "victim"  # nạn nhân
    INFORMANT = "informant"  # người cung cấp tin


class SubjectKind(StrEnum):
    """Whom the law distinguishes (loại đối tượng)."""

    INDIVIDUAL = "individual"  # cá nhân
    ORGANISATION = "organisation"  # tổ chức
    HOUSEHOLD = "household"  # hộ kinh doanh


class Case(Base):
    """One matter that is followed to its end (vụ việc)."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_case_file_state", "state", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    severity: Mapped[str] = mapped_column(String(20), default=Severity.NORMAL)
    state: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    retain_until: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(String(20), default="manual")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id], lazy="joined")
    unit: Mapped[Unit | None] = relationship(lazy="joined")


class CaseCounter(Base):
    """The last number given out in a year; one row a year, locked while a number is taken."""

    __tablename__ = "case_counter"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer, default=0)


class CasePost(Base):
    """A post that belongs to a case; taken out it stays, with when, who and why."""

    __tablename__ = "case_post"
    __table_args__ = (Index("ix_case_post_post", "post_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    before_state: Mapped[str] = mapped_column(String(20))
    """Work state of the post before; what taking it out goes back to."""
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_reason: Mapped[str] = mapped_column(Text, default="")

    post: Mapped[PostRow] = relationship(lazy="joined")


class Subject(Base):
    """A person or organisation in a case (đối tượng). A victim's row is read through casework.privacy only."""

    __tablename__ = "subject"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default=SubjectKind.INDIVIDUAL)
    name: Mapped[str] = mapped_column(String(300), default="")
    account: Mapped[str] = mapped_column(String(300), default="")
    """Handle or address of an account (tài khoản)."""
    phone: Mapped[str] = mapped_column(String(60), default="")
    id_number: Mapped[str] = mapped_column(String(40), default="")
    """Identity card, or number of the business licence (số định danh)."""
    address: Mapped[str] = mapped_column(Text, default="")
    born_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    retain_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]


class Task(Base):
    """Something somebody has to do in a case by a day (nhiệm vụ)."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_open", "state", "assignee_id", "due_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]
    """When a superior has to be told."""
    origin: Mapped[str] = mapped_column(String(40), default="manual")
    """manual, or what made it: e.g. `takedown:12`."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime | None]

    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id], lazy="joined")


class Document(Base):
    """A file of the case, by digest (tài liệu): a rendered letter, a scan that was brought."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(120))
    filename: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
