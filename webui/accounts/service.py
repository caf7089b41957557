"""What an administrator does with people: invite, change, disable, let in again. Services never commit.

An administrator gives roles to others, never to themself; the last one who can let people in stays.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import Conflict, Forbidden, InvalidInput, NeedsMissing, NotFound
from foundation.people import Actor, Note, Role, Unit, User, add_note

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


@dataclass(frozen=True, slots=True)
class Details:
    """What the office knows of a person; `signer_title` is an id of the law catalogue, or empty."""

    name: str
    position: str = ""
    signer_title: str = ""
    unit_id: int | None = None


def find(session: Session, user_id: int) -> User:
    """The account, or NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"no user {user_id}", about=f"user:{user_id}")
    return user


def invite(
    session: Session,
    actor: Actor,
    *,
    email: str,
    details: Details,
    roles: Iterable[Role],
    language: str,
    at: datetime,
) -> User:
    """Make an account without a password; its owner sets one by a link.

    InvalidInput for an address that is none, Conflict for one that has an account already.
    """
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address) or len(address) > 255:
        raise InvalidInput("not an e-mail address", about="email", key="error.email")
    if session.scalars(select(User.id).where(User.email == address)).first() is not None:
        raise Conflict("the address has an account", about="email", key="error.email_taken")
    held = sorted({role.value for role in roles})
    user = User(
        email=address,
        roles=held,
        language=language,
        created_at=at,
        created_by_id=actor.user_id,
        fs_uniquifier=uuid.uuid4().hex,
    )
    _apply(session, user, details)
    session.add(user)
    session.flush()
    audit.record(session, actor, "user:invite", user.id, at=at, roles=held)
    return user


def change_details(
    session: Session, actor: Actor, user: User, details: Details, *, at: datetime
) -> None:
    """Name, position, title to sign by, unit. Nobody gives themself a title to sign by."""
    if user.id == actor.user_id and details.signer_title not in ("", user.signer_title):
        raise Forbidden("one's own title", about=f"user:{user.id}", key="error.own_roles")
    before = (user.name, user.position, user.signer_title, user.unit_id)
    _apply(session, user, details)
    after = (user.name, user.position, user.signer_title, user.unit_id)
    names = ("name", "position", "signer_title", "unit_id")
    changed = [name for name, old, new in zip(names, before, after, strict=True) if old != new]
    if changed:
        audit.record(session, actor, "user:change", user.id, at=at, changed=changed)


def change_roles(
    session: Session,
    actor: Actor,
    user: User,
    roles: Iterable[Role],
    *,
    reason: str,
    at: datetime,
) -> None:
    """Other roles for a person. Forbidden when an administrator gives themself one; Conflict for the last."""
    before, after = set(user.roles), {role.value for role in roles}
    if before == after:
        return
    if user.id == actor.user_id and after - before:
        raise Forbidden("one's own roles", about=f"user:{user.id}", key="error.own_roles")
    if Role.ADMINISTRATOR in before - after:
        _keep_an_administrator(session, user)
    user.roles = sorted(after)
    _record(session, actor, "user:roles", user, reason, at, before=sorted(before), after=user.roles)


def disable(session: Session, actor: Actor, user: User, *, reason: str, at: datetime) -> None:
    """Nobody can log in with the account any more, and its sessions end. What it did stays."""
    if not user.active:
        return
    _keep_an_administrator(session, user)
    user.active = False
    user.fs_uniquifier = uuid.uuid4().hex
    _record(session, actor, "user:disable", user, reason, at)


def enable(session: Session, actor: Actor, user: User, *, at: datetime) -> None:
    """The account may log in again, with the password it had."""
    if not user.active:
        user.active = True
        audit.record(session, actor, "user:enable", user.id, at=at)


def end_sessions(session: Session, actor: Actor, user: User, *, at: datetime) -> None:
    """Log the person out everywhere."""
    user.fs_uniquifier = uuid.uuid4().hex
    audit.record(session, actor, "user:end_sessions", user.id, at=at)


def reset_password(
    session: Session, actor: Actor, user: User, *, reason: str, at: datetime
) -> None:
    """The old password is void at once and all sessions end; a link lets the person set a new one."""
    if not user.active:
        raise Conflict("disabled", about=f"user:{user.id}", key="error.account_disabled")
    user.password = None
    user.fs_uniquifier = uuid.uuid4().hex
    _record(session, actor, "user:reset_password", user, reason, at)


def reset_second_factor(
    session: Session, actor: Actor, user: User, *, reason: str, at: datetime
) -> None:
    """For a lost telephone: the password alone is enough again until the person sets it up anew."""
    user.tf_primary_method = None
    user.tf_totp_secret = None
    user.preferences = {k: v for k, v in user.preferences.items() if k != "totp_counter"}
    _record(session, actor, "user:reset_second_factor", user, reason, at)


def reasons(session: Session, user: User) -> list[Note]:
    """Why things were done to this account, newest first."""
    query = select(Note).where(Note.subject_kind == "user", Note.subject_id == user.id)
    return list(session.scalars(query.order_by(Note.at.desc(), Note.id.desc())))


def _apply(session: Session, user: User, details: Details) -> None:
    if not details.name.strip():
        raise InvalidInput("a name is needed", about="name", key="error.name_missing")
    if details.unit_id is not None and session.get(Unit, details.unit_id) is None:
        raise InvalidInput("no such unit", about="unit_id")
    user.name, user.position = details.name.strip()[:200], details.position.strip()[:200]
    user.signer_title, user.unit_id = details.signer_title, details.unit_id


def _keep_an_administrator(session: Session, leaving: User) -> None:
    """Conflict when nobody else could let people in. Locks, or two could remove each other at once."""
    if Role.ADMINISTRATOR not in leaving.roles or not leaving.active:
        return
    able = session.execute(
        select(User.id, User.roles)
        .where(User.active, User.password.is_not(None))
        .order_by(User.id)
        .with_for_update()
    ).all()
    if not any(Role.ADMINISTRATOR in roles for user_id, roles in able if user_id != leaving.id):
        raise Conflict(
            "the last administrator", about=f"user:{leaving.id}", key="error.last_administrator"
        )


def _record(
    session: Session,
    actor: Actor,
    action: str,
    user: User,
    reason: str,
    at: datetime,
    **detail: object,
) -> None:
    """The event with the id of the note that holds the reason: words of people stay out of the chain."""
    if len(reason.strip()) < 5:
        raise NeedsMissing("a reason is needed", about=f"user:{user.id}", missing=["reason"])
    note = add_note(session, actor, "user", user.id, reason.strip(), at=at)
    audit.record(session, actor, action, user.id, at=at, note=note.id, **detail)
