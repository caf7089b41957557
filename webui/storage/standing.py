"""How full the store of files is, from its count and its samples: cheap enough for every page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.clock import office_time
from foundation.files import FileStore
from foundation.models_storage import StorageSample
from webui.storage.forecast import Forecast, forecast
from webui.storage.kinds import ORDER, Kind

WARNED_AT = 0.8


@dataclass(frozen=True, slots=True)
class Standing:
    """Bytes stored, bytes that fit (None: nobody can tell), and when it will be full."""

    used: int
    capacity: int | None
    forecast: Forecast | None = None

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return self.used / self.capacity if self.capacity else 0.0

    @property
    def is_low(self) -> bool:
        return self.share >= WARNED_AT

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.used >= self.capacity * 0.995


@dataclass(frozen=True, slots=True)
class Day:
    """The sample of one day: bytes and files of each kind."""

    day: date
    at: datetime
    bytes: Mapping[str, int]
    files: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.bytes.values())


def days(session: Session, limit: int = 366) -> Sequence[Day]:
    """The samples of the last days, oldest first."""
    newest = (
        select(StorageSample.day).distinct().order_by(StorageSample.day.desc()).limit(limit)
    ).subquery()
    rows = session.scalars(
        select(StorageSample)
        .where(StorageSample.day.in_(select(newest.c.day)))
        .order_by(StorageSample.day)
    )
    found: dict[date, list[StorageSample]] = defaultdict(list)
    for row in rows:
        found[row.day].append(row)
    return [
        Day(
            day,
            kept[0].at,
            {row.kind: row.bytes for row in kept},
            {row.kind: row.files for row in kept},
        )
        for day, kept in found.items()
    ]


def standing(session: Session, files: FileStore, at: datetime) -> Standing:
    """How full it is now, without a look at any file."""
    room = files.room
    used = room.used() if room else None
    capacity = room.capacity() if room else None
    totals = session.execute(
        select(StorageSample.day, func.sum(StorageSample.bytes))
        .group_by(StorageSample.day)
        .order_by(StorageSample.day)
    ).all()
    samples = [(day, int(size)) for day, size in totals]
    if used is None:
        used = samples[-1][1] if samples else 0
    today = office_time(at).date()
    return Standing(used, capacity, forecast(samples, used, capacity, today))


def kinds_of(sample: Day | None) -> list[tuple[Kind, int, int]]:
    """Kind, files and bytes of a sample, in their order; kinds that have none only where people look for them."""
    if sample is None:
        return []
    rows = [(kind, sample.files.get(kind, 0), sample.bytes.get(kind, 0)) for kind in ORDER]
    return [row for row in rows if row[1] or row[0] is not Kind.OTHER]
