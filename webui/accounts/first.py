"""The first accounts: an administrator on first start, and one person per role for the demo."""

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import SettingsError
from foundation.people import SYSTEM, Role, Unit, User
from webui.accounts import passwords
from webui.accounts.links import Links

if TYPE_CHECKING:
    from webui.wiring import Wiring

EMAIL = "RASOAT_ADMIN_EMAIL"
PASSWORD = "RASOAT_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable
DEMO_UNIT = "Phòng Báo chí, Xuất bản và Thông tin điện tử"
DEMO_PEOPLE: tuple[tuple[Role, str, str, str, str], ...] = (
    (Role.INSPECTOR, "kiemtra", "Nguyễn Minh Kiểm", "Chuyên viên", ""),
    (Role.POLICE, "congan", "Trần Quốc An", "Cán bộ Phòng An ninh mạng (PA05)", ""),
    (Role.APPROVER, "lanhdao", "Lê Thị Duyệt", "Giám đốc Sở", "giam-doc-so-vhttdl"),
    (Role.REPORT_WRITER, "baocao", "Phạm Văn Cáo", "Chuyên viên tổng hợp", ""),
    (Role.ADMINISTRATOR, "quantri", "Vũ Thị Trị", "Quản trị hệ thống", ""),
)


def first_administrator(
    session: Session, wiring: "Wiring", env: Mapping[str, str] = os.environ
) -> str | None:
    """Make the first administrator when there is nobody; what the start has to print, or None.

    With RASOAT_ADMIN_EMAIL and RASOAT_ADMIN_PASSWORD (or RASOAT_ADMIN_PASSWORD_FILE) that account is ready;
    without a password the text holds a link to set one, good once and for 72 hours, made anew at each start
    until it is used. There is no default password. SettingsError when the password breaks the rules.
    """
    nobody = not session.scalar(select(exists().where(User.id.is_not(None))))
    if not nobody:
        waiting = _waiting_for_password(session)
        return _invitation(wiring, waiting) if waiting else None
    email = env.get(EMAIL, "").strip().lower() or "quantri@localhost"
    user = _add(
        session, wiring, email, "Quản trị hệ thống", "Quản trị hệ thống", Role.ADMINISTRATOR
    )
    password = _password(env)
    if not password:
        return _invitation(wiring, user)
    if found := passwords.problems(password, email):
        raise SettingsError(f"{PASSWORD}: {found[0]}", about=PASSWORD)
    user.password = passwords.hashed(password)
    return f"administrator: {email}"


def demo_people(session: Session, wiring: "Wiring") -> dict[Role, tuple[str, str]]:
    """One person per role with a password made up now: role -> (e-mail, password). For the demo alone.

    Called again, it makes new passwords for the same people.
    """
    unit = session.scalars(select(Unit).where(Unit.name == DEMO_UNIT)).first()
    if unit is None:
        unit = Unit(name=DEMO_UNIT, short_name="Phòng BCXB-TTĐT", created_at=wiring.clock.now())
        session.add(unit)
        session.flush()
    logins = {}
    for role, login, name, position, signer_title in DEMO_PEOPLE:
        email = f"{login}@demo.example"
        user = session.scalars(select(User).where(User.email == email)).first()
        user = user or _add(session, wiring, email, name, position, role)
        user.signer_title = signer_title
        if role is not Role.POLICE:  # the police are another agency
            user.unit_id = unit.id
        password = passwords.make_up()
        user.password = passwords.hashed(password)
        logins[role] = (email, password)
    return logins


def _add(
    session: Session, wiring: "Wiring", email: str, name: str, position: str, role: Role
) -> User:
    user = User(
        email=email,
        name=name,
        position=position,
        roles=[role.value],
        created_at=wiring.clock.now(),
        fs_uniquifier=uuid.uuid4().hex,
        language=wiring.settings.default_language,
    )
    session.add(user)
    session.flush()
    audit.record(session, SYSTEM, "user:create", user.id, at=wiring.clock.now(), roles=[role.value])
    return user


def _waiting_for_password(session: Session) -> User | None:
    """The only account there is, when nobody has set its password yet."""
    users = session.scalars(select(User).limit(2)).all()
    return users[0] if len(users) == 1 and users[0].password is None else None


def _invitation(wiring: "Wiring", user: User) -> str:
    link = Links(wiring.secret).url(user, wiring.clock.now(), wiring.settings)
    return f"first administrator: {user.email}\nset the password within 72 hours, once: {link}"


def _password(env: Mapping[str, str]) -> str:
    if env.get(PASSWORD):
        return env[PASSWORD]
    if not (path := env.get(f"{PASSWORD}_FILE")):
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{PASSWORD}_FILE: cannot read {path}", about=PASSWORD) from error
