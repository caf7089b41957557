"""Units of the office (đơn vị): made, named, closed. Services never commit."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.people import Actor, Unit, User


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and how many active people belong to it."""

    unit: Unit
    people: int


def every(session: Session) -> list[UnitLine]:
    """All units, open ones first, by name."""
    query = select(User.unit_id, func.count()).where(User.active).group_by(User.unit_id)
    counts = {row[0]: row[1] for row in session.execute(query)}
    units = session.scalars(select(Unit).order_by(Unit.active.desc(), Unit.name))
    return [UnitLine(unit, counts.get(unit.id, 0)) for unit in units]


def find(session: Session, unit_id: int) -> Unit:
    """The unit, or NotFound."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(f"no unit {unit_id}", about=f"unit:{unit_id}")
    return unit


def add(session: Session, actor: Actor, name: str, short_name: str, *, at: datetime) -> Unit:
    """A new unit; Conflict when there is one of that name."""
    unit = Unit(name=_free(session, name, None), short_name=short_name.strip()[:50], created_at=at)
    session.add(unit)
    session.flush()
    audit.record(session, actor, "unit:create", unit.id, at=at)
    return unit


def rename(
    session: Session, actor: Actor, unit: Unit, name: str, short_name: str, *, at: datetime
) -> None:
    """Another name for the same unit; what it did stays its own."""
    unit.name, unit.short_name = _free(session, name, unit.id), short_name.strip()[:50]
    audit.record(session, actor, "unit:rename", unit.id, at=at)


def set_open(session: Session, actor: Actor, unit: Unit, *, is_open: bool, at: datetime) -> None:
    """Close a unit (its records stay), or open it again. Conflict while active people belong to it."""
    if unit.active == is_open:
        return
    members = select(func.count()).where(User.unit_id == unit.id, User.active)
    if not is_open and session.scalar(members):
        raise Conflict("people belong to it", about=f"unit:{unit.id}", key="error.unit_has_people")
    unit.active = is_open
    action = "unit:open" if is_open else "unit:close"
    audit.record(session, actor, action, unit.id, at=at)


def _free(session: Session, name: str, own_id: int | None) -> str:
    wanted = " ".join(name.split())[:200]
    if not wanted:
        raise InvalidInput("a name is needed", about="name", key="error.name_missing")
    taken = session.scalars(select(Unit.id).where(func.lower(Unit.name) == wanted.lower())).first()
    if taken is not None and taken != own_id:
        raise Conflict("the name is taken", about="name", key="error.unit_name_taken")
    return wanted
