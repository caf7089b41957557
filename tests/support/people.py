"""Made-up people for tests: one call makes a user with the roles a test needs."""

import uuid
from datetime import datetime

from sqlalchemy import select

from foundation.clock import Clock
from foundation.database import Database
from foundation.people import Actor, Role, Unit, User

NAMES = {
    Role.INSPECTOR: "Nguyễn Kiểm Tra",
    Role.POLICE: "Trần An Ninh",
    Role.APPROVER: "Lê Phê Duyệt",
    Role.REPORT_WRITER: "Phạm Báo Cáo",
    Role.ADMINISTRATOR: "Vũ Quản Trị",
}


class People:
    """Makes users and commits them, so that any session of the test's database sees them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self._made = 0

    def __call__(
        self,
        *roles: Role | str,
        name: str = "",
        email: str = "",
        signer_title: str = "",
        unit: Unit | None = None,
        active: bool = True,
        password: str | None = None,
        language: str = "vi",
    ) -> User:
        """A new user, loaded and detached. `password` is stored as given (a hash, or None)."""
        self._made += 1
        held = [Role(role) for role in roles]
        user = User(
            email=email or f"person{self._made}@office.example",
            name=name or f"{NAMES[held[0]] if held else 'Không Vai Trò'} {self._made}",
            position="Chuyên viên",
            signer_title=signer_title,
            unit_id=unit.id if unit else None,
            roles=[role.value for role in held],
            active=active,
            language=language,
            created_at=self.clock.now(),
            password=password,
            fs_uniquifier=uuid.uuid4().hex,
        )
        with self.database.writing() as session:
            session.add(user)
        return self.load(user.id)

    def actor(self, *roles: Role | str, signer_title: str = "", unit: Unit | None = None) -> Actor:
        """The actor of a new user with these roles."""
        return self(*roles, signer_title=signer_title, unit=unit).actor()

    def unit(self, name: str = "Phòng Thanh tra thử nghiệm") -> Unit:
        """A new unit, or the one of that name."""
        with self.database.writing() as session:
            unit = session.scalars(select(Unit).where(Unit.name == name)).first()
            if unit is None:
                unit = Unit(name=name, short_name=name[:50], created_at=self.clock.now())
                session.add(unit)
        return unit

    def load(self, user_id: int) -> User:
        """The user as the database has it now, detached."""
        with self.database.reading() as session:
            return session.get_one(User, user_id)


def moment(text: str) -> datetime:
    """An aware moment from ISO text; without an offset it is the office's time (+07:00)."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else datetime.fromisoformat(text + "+07:00")
