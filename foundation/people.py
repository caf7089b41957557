"""Who does things: users, their units and roles, and the Actor that every act names."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from foundation.database import Base, Id, Json
from foundation.errors import Forbidden


class Role(StrEnum):
    """What a person is here for (vai trò)."""

    INSPECTOR = "inspector"  # công chức kiểm tra
    POLICE = "police"  # an ninh mạng
    APPROVER = "approver"  # lãnh đạo duyệt
    REPORT_WRITER = "report_writer"  # người lập báo cáo
    ADMINISTRATOR = "administrator"  # quản trị


class Unit(Base):
    """An office or division (đơn vị); rows belong to one, so that more offices can share a deployment."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    short_name: Mapped[str] = mapped_column(String(50), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]


class User(Base):
    """A person with an account. The columns named `fs_`, `tf_`, `mf_` and `us_` belong to the login library."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200), default="")
    """Post in the office (chức vụ), as printed under a signature."""
    signer_title: Mapped[str] = mapped_column(String(80), default="")
    """Id of the title in the law catalogue that gives this person competence to sign; empty: none."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    roles: Mapped[list[str]] = mapped_column(Json, default=list)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    preferences: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    password: Mapped[str | None] = mapped_column(String(255))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    current_login_at: Mapped[datetime | None]
    last_login_ip: Mapped[str | None] = mapped_column(String(64))
    current_login_ip: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int | None]
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(Json)

    unit: Mapped[Unit | None] = relationship(lazy="joined")

    def actor(self) -> "Actor":
        """Who this person is to the services."""
        return Actor(
            user_id=self.id,
            name=self.name,
            unit_id=self.unit_id,
            roles=frozenset(Role(role) for role in self.roles),
            signer_title=self.signer_title,
        )


class Setting(Base):
    """One value that an administrator sets in the page (cấu hình): a key, JSON, who and when."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(Json)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Note(Base):
    """A remark that somebody left on anything (ghi chú)."""

    __tablename__ = "note"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "at", "author_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(Id)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with roles, or the system itself (`user_id` None)."""

    user_id: int | None
    name: str
    unit_id: int | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    signer_title: str = ""

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    def sees_unit(self, unit_id: int | None) -> bool:
        """Rows of no unit are everybody's; else one's own; an actor without a unit sees all."""
        return unit_id is None or self.unit_id is None or unit_id == self.unit_id


SYSTEM = Actor(user_id=None, name="system")


def add_note(
    session: Session, actor: Actor, kind: str, subject_id: int, text: str, *, at: datetime
) -> Note:
    """Keep what a person wrote about something: a reason, say, that the audit log names by its id only.

    Said again by the same person at the same moment it is one note. Forbidden for the system, which has
    no words of its own.
    """
    author = actor.user_id
    if author is None:
        raise Forbidden("the system gives no reasons", about=f"{kind}:{subject_id}")
    same = select(Note).where(
        Note.subject_kind == kind,
        Note.subject_id == subject_id,
        Note.at == at,
        Note.author_id == author,
    )
    note = session.scalars(same).first()
    if note is None:
        note = Note(subject_kind=kind, subject_id=subject_id, text=text, at=at, author_id=author)
        session.add(note)
    elif text not in note.text:
        note.text = f"{note.text}\n{text}"
    session.flush()
    return note
