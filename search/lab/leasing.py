"""A run of the rule lab in one worker's hands: taken with a lease, told how far it is, given back."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation.clock import Clock
from foundation.database import Database
from search.lab.models import LabRun, LabState
from search.lab.upkeep import OPEN

TELL_SECONDS = 1.0
LEASE = timedelta(seconds=60)


class Stop(Exception):
    """A run that cannot go on; the message is a key of the interface."""


@dataclass
class Leased:
    """A run in this worker's hands; `save` tells how far it is, and whether to go on."""

    database: Database
    clock: Clock
    token: str
    run: LabRun
    seconds: float
    monotonic: Callable[[], float]
    until: float = 0.0
    told: float = 0.0

    def start(self) -> None:
        """The slice begins: rules have been made ready, which on a busy machine takes seconds of its own."""
        self.until = self.monotonic() + self.seconds

    @property
    def time_is_over(self) -> bool:
        return self.monotonic() >= self.until

    def due(self) -> bool:
        """Whether it is time to tell how far it is."""
        return self.monotonic() - self.told >= TELL_SECONDS

    def save(self, session: Session, **values: Any) -> bool:
        """Write into the run's row unless somebody cancelled it or took it over; whether it was written."""
        done = session.execute(
            update(LabRun)
            .where(
                LabRun.id == self.run.id,
                LabRun.lease == self.token,
                LabRun.state == LabState.RUNNING,
            )
            .values(**{"lease_until": self.clock.now() + LEASE, **values})
            .execution_options(synchronize_session=False)
        )
        self.told = self.monotonic()
        if done.rowcount != 1:  # type: ignore[attr-defined]
            return False
        for name, value in values.items():
            setattr(self.run, name, value)
        return True

    def write(self, **values: Any) -> bool:
        with self.database.writing() as session:
            return self.save(session, **values)

    def end(self, state: LabState, **values: Any) -> None:
        now = self.clock.now()
        self.write(state=state, ended_at=now, given="", **values)


def lease(
    database: Database, clock: Clock, monotonic: Callable[[], float], seconds: float
) -> Leased | None:
    """The oldest run that nobody has in hand, or None."""
    now, token = clock.now(), secrets.token_hex(8)
    free = or_(LabRun.lease_until.is_(None), LabRun.lease_until < now)
    with database.writing() as session:
        run = session.scalars(
            select(LabRun).where(LabRun.state.in_(OPEN), free).order_by(LabRun.id).limit(1)
        ).first()
        if run is None:
            return None
        taken = session.execute(
            update(LabRun)
            .where(LabRun.id == run.id, LabRun.state == run.state, free)
            .values(
                state=LabState.RUNNING,
                lease=token,
                lease_until=now + LEASE,
                started_at=run.started_at or now,
            )
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        session.refresh(run)
        session.expunge(run)
    return Leased(database, clock, token, run, seconds, monotonic)
