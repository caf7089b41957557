"""What the scheduler does, and how often: sealing the audit log, clocks that run out, retention, lost work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foundation import audit

if TYPE_CHECKING:
    from webui.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Schedule:
    """One recurring duty: its name, every how many seconds, and what does it (safe to do twice)."""

    name: str
    every_seconds: float
    run: Callable[[], object]


def schedules(wiring: "Wiring") -> tuple[Schedule, ...]:
    """Every duty of this deployment's scheduler."""
    return (Schedule("audit.seal", 2, lambda: seal_audit(wiring)),)


def seal_audit(wiring: "Wiring") -> int:
    """Chain what was committed and anchor the head outside the database."""
    with wiring.database.writing() as session:
        sealed = audit.seal(session)
    if sealed:
        with wiring.database.reading() as session:
            audit.anchor(session, wiring.audit_anchor, at=wiring.clock.now())
    return sealed
