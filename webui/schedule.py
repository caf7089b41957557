"""What the scheduler does, and how often: sealing the audit log, clocks that run out, retention, lost work."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from foundation import audit

if TYPE_CHECKING:
    from webui.wiring import Wiring

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Schedule:
    """One recurring duty: its name, every how many seconds, and what does it (safe to do twice)."""

    name: str
    every_seconds: float
    run: Callable[[], object]


class Scheduler:
    """Knows when each duty was last done, and does those that are due."""

    def __init__(self, duties: Sequence[Schedule]) -> None:
        self._duties = duties
        self._next = dict.fromkeys((duty.name for duty in duties), 0.0)

    def run_due(self) -> int:
        """Do what is due; a duty that fails is told and does not keep the others from being done. Returns 0:
        the caller may rest, for no duty asks to be done again at once."""
        for duty in self._duties:
            if time.monotonic() >= self._next[duty.name]:
                self._next[duty.name] = time.monotonic() + duty.every_seconds
                try:
                    duty.run()
                except Exception:
                    log.exception("duty failed", duty=duty.name)
        return 0


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
