"""How it goes on: takedown regimes, time limits, rules, periods, days off, agencies, forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from casework.law.entry import Channel, Entry, Target, Unit


@dataclass(frozen=True, kw_only=True)
class LockThreshold:
    """So many violations in so many days allow a lock of `from_days` to `up_to_days`."""

    count: int
    days: int
    up_to_days: int
    from_days: int = 1


@dataclass(frozen=True, kw_only=True)
class Lock:
    """When an account may be locked (khóa tài khoản)."""

    thresholds: tuple[LockThreshold, ...]
    permanent_after_locks: int
    hours: int
    source: str


@dataclass(frozen=True, kw_only=True)
class Regime(Entry):
    """One way to have content removed: who may ask whom, how, and how long they have (giờ)."""

    instrument: str
    vi: str
    en: str
    targets: tuple[Target, ...]
    senders: tuple[str, ...]
    channels: tuple[Channel, ...]
    hours: int
    urgent_hours: int | None = None
    complaint_hours: int | None = None
    user_data_hours: int | None = None
    lock: Lock | None = None


@dataclass(frozen=True, kw_only=True)
class Deadline(Entry):
    """A period that the law sets. `rolls`: an end on a day off moves to the next working day."""

    key: str
    amount: int
    unit: Unit
    vi: str
    en: str
    starts_vi: str
    starts_en: str
    rolls: bool = True


@dataclass(frozen=True, kw_only=True)
class Rule(Entry):
    """Figures of a rule, by name: thresholds, shares, rates."""

    key: str
    vi: str
    en: str
    values: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PeriodPart:
    """One reporting period of a year: month and day as `MM-DD`, years relative to the report's."""

    part: int
    first: str
    last: str
    first_year: int = 0
    due: str = ""


@dataclass(frozen=True, kw_only=True)
class PeriodRule(Entry):
    """Kỳ báo cáo: the parts of a year with their cut-off days."""

    kind: str
    vi: str
    en: str
    parts: tuple[PeriodPart, ...]


@dataclass(frozen=True, kw_only=True)
class Holiday(Entry):
    """Days off (or, with `works`, a day worked in exchange). Unannounced ones are unconfirmed."""

    first: date
    last: date
    vi: str
    en: str
    works: bool = False
    confirmed: bool = True

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("last is before first")


@dataclass(frozen=True, kw_only=True)
class Agency(Entry):
    """A body by the name it bore between two days; `successor` took over its work."""

    vi: str
    en: str
    successor: str = ""


@dataclass(frozen=True, kw_only=True)
class Form(Entry):
    """The code of an official form, and the instruments that its căn cứ always cites."""

    key: str
    code: str
    vi: str
    en: str
    basis: tuple[str, ...] = ()
