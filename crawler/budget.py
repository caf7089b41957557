"""What a source may still cost today, and when it may be asked: daily budget, hours, a site's own "later"."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.models_care import SourceCare, SourceDay
from foundation.clock import OFFICE_ZONE, Clock, office_time
from foundation.database import insert_into

LONGEST_WAIT = timedelta(hours=24)
"""A Retry-After beyond this is taken for this."""
PAUSES = frozenset({"budget", "hours", "retry_after"})
"""Reasons for which a run ends and is gone on with later, in a run of its own."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one source; 0 and None: none."""

    requests: int = 0
    megabytes: int = 0
    hour_from: int | None = None
    hour_to: int | None = None

    def open_at(self, moment: datetime) -> bool:
        """Whether the source may be asked at that moment (khung giờ), office time."""
        if self.hour_from is None or self.hour_to is None or self.hour_from == self.hour_to:
            return True
        hour = office_time(moment).hour
        if self.hour_from < self.hour_to:
            return self.hour_from <= hour < self.hour_to
        return hour >= self.hour_from or hour < self.hour_to

    def opens(self, moment: datetime) -> datetime:
        """The moment itself, or when the hours begin next."""
        if self.open_at(moment) or self.hour_from is None:
            return moment
        here = office_time(moment)
        begin = datetime.combine(here.date(), time(self.hour_from), OFFICE_ZONE)
        return begin if begin > here else begin + timedelta(days=1)


def limits_of(session: Session, source_id: int) -> Limits:
    """What is set for a source."""
    care = session.get(SourceCare, source_id)
    if care is None:
        return Limits()
    return Limits(care.day_requests, care.day_megabytes, care.hour_from, care.hour_to)


def spent(session: Session, source_id: int, day: date) -> tuple[int, int]:
    """Requests and bytes of that office day so far."""
    row = session.get(SourceDay, (source_id, day))
    return (row.requests, row.bytes) if row else (0, 0)


def count(session: Session, source_id: int, day: date, requests: int, size: int) -> None:
    """Add to what the source cost on that day."""
    if not requests and not size:
        return
    row = {"source_id": source_id, "day": day, "requests": requests, "bytes": size}
    statement = insert_into(session, SourceDay).values(**row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["source_id", "day"],
            set_={"requests": SourceDay.requests + requests, "bytes": SourceDay.bytes + size},
        )
    )


class Allowance:
    """Counts what one run costs; says when it has to pause. Counted in memory, written with its pages."""

    def __init__(self, limits: Limits, clock: Clock, *, requests: int = 0, size: int = 0) -> None:
        self.limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._day = office_time(clock.now()).date()
        self._requests, self._size = requests, size
        self._unwritten = [0, 0]
        self._later: datetime | None = None

    def ask(self) -> str:
        """Count one request; when it may not be sent it is not counted, and the reason is returned."""
        now = self._clock.now()
        with self._lock:
            self._turn(now)
            if reason := self._why_not(now):
                return reason
            self._requests += 1
            self._unwritten[0] += 1
        return ""

    def received(self, size: int) -> None:
        """Count bytes that came."""
        with self._lock:
            self._size += size
            self._unwritten[1] += size

    def asked_to_wait(self, seconds: float) -> None:
        """The site asks to come back later."""
        self._later = self._clock.now() + min(timedelta(seconds=seconds), LONGEST_WAIT)

    def resumes(self, reason: str) -> datetime:
        """When a run that paused for that reason may go on."""
        now = self._clock.now()
        if reason == "retry_after" and self._later is not None:
            return self.limits.opens(self._later)
        if reason == "budget":
            here = office_time(now)
            tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), OFFICE_ZONE)
            return self.limits.opens(tomorrow)
        return self.limits.opens(now)

    def write(self, session: Session, source_id: int) -> None:
        """Add what was counted since the last time to the source's day."""
        with self._lock:
            (requests, size), self._unwritten = self._unwritten, [0, 0]
            day = self._day
        count(session, source_id, day, requests, size)

    def figures(self) -> dict[str, int]:
        """What fills the sentence of the reason."""
        limits = self.limits
        return {
            "requests": self._requests,
            "limit": limits.requests,
            "megabytes": self._size // 2**20,
            "limit_mb": limits.megabytes,
        }

    def _turn(self, now: datetime) -> None:
        day = office_time(now).date()
        if day != self._day:
            self._day, self._requests, self._size = day, 0, 0

    def _why_not(self, now: datetime) -> str:
        if self._later is not None and now < self._later:
            return "retry_after"
        if not self.limits.open_at(now):
            return "hours"
        over = self.limits.requests and self._requests >= self.limits.requests
        too_much = self.limits.megabytes and self._size >= self.limits.megabytes * 2**20
        return "budget" if over or too_much else ""


def allowance_of(session: Session, source_id: int, clock: Clock) -> Allowance:
    """The allowance of a run of this source that begins now."""
    requests, size = spent(session, source_id, office_time(clock.now()).date())
    return Allowance(limits_of(session, source_id), clock, requests=requests, size=size)


def last_days(session: Session, source_id: int, days: int = 14) -> list[SourceDay]:
    """What the source cost on its last days, newest first."""
    query = select(SourceDay).where(SourceDay.source_id == source_id)
    return list(session.scalars(query.order_by(SourceDay.day.desc()).limit(days)))
