"""What the legal catalogue holds: dated entries, each with its source and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Confidence(StrEnum):
    """H: the text itself or two agreeing sources; M: one credible source; L: to be verified."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"


class SubjectKind(StrEnum):
    """Whom an act is held against: cá nhân, tổ chức, hộ kinh doanh."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    HOUSEHOLD = "household"


class Unit(StrEnum):
    """How a period is counted: giờ, ngày làm việc, ngày, tháng, năm."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class OtherKind(StrEnum):
    """The amount for the kind of subject that the decree does not print."""

    HALF = "half"
    DOUBLE = "double"


class Target(StrEnum):
    """Who is asked to remove."""

    CROSS_BORDER = "cross_border"
    DOMESTIC_NETWORK = "domestic_network"
    WEBSITE = "website"
    ACCOUNT_OWNER = "account_owner"
    POSTER = "poster"
    TELECOM = "telecom"


class Channel(StrEnum):
    """How a request may leave: điện thoại, văn bản, phương tiện điện tử."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Anything in the catalogue. `in_force` is the first day, `ended` the last (both inclusive)."""

    id: str
    source: str
    confidence: Confidence = Confidence.HIGH
    in_force: date | None = None
    ended: date | None = None
    note_vi: str = ""
    note_en: str = ""

    def in_force_on(self, day: date) -> bool:
        started = self.in_force is None or self.in_force <= day
        return started and (self.ended is None or day <= self.ended)


@dataclass(frozen=True, kw_only=True)
class Instrument(Entry):
    """A law, decree or circular (văn bản quy phạm pháp luật). `cite_vi` stands in căn cứ lines."""

    number: str
    vi: str
    en: str
    cite_vi: str
    signed: date | None = None
    household_as: SubjectKind = SubjectKind.INDIVIDUAL
    competence_from: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Conduct(Entry):
    """What was done, in words that do not depend on the decree of the day (hành vi)."""

    vi: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """The printed amounts in đồng, and for whom they are printed (khung tiền phạt)."""

    base: SubjectKind
    min: int
    max: int
    other: OtherKind

    def __post_init__(self) -> None:
        if not 0 < self.min <= self.max:
            raise ValueError("min must be above 0 and not above max")
        if (self.base is SubjectKind.ORGANISATION) != (self.other is OtherKind.HALF):
            raise ValueError("a base of organisation goes with half, of individual with double")


@dataclass(frozen=True)
class Amounts:
    """The bracket for one kind of subject, in đồng."""

    min: int
    max: int

    @property
    def average(self) -> int:
        """Mức trung bình của khung tiền phạt."""
        return (self.min + self.max) // 2


@dataclass(frozen=True, kw_only=True)
class Provision(Entry):
    """One act as a clause or point describes it. Without a bracket it can only be cited."""

    instrument: str
    article: str
    clause: str = ""
    point: str = ""
    vi: str
    en: str
    field: str
    conducts: tuple[str, ...] = ()
    bracket: Bracket | None = None
    remedies: tuple[str, ...] = ()
    crime: bool = False

    @property
    def place_vi(self) -> str:
        """Where it stands: điểm b khoản 1 Điều 95."""
        parts = [("điểm", self.point), ("khoản", self.clause), ("Điều", self.article)]
        return " ".join(f"{word} {value}" for word, value in parts if value)


@dataclass(frozen=True, kw_only=True)
class Remedy(Entry):
    """Biện pháp khắc phục hậu quả."""

    vi: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Title(Entry):
    """An office that can sign (chức danh có thẩm quyền)."""

    vi: str
    en: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class Competence(Entry):
    """How far a title goes under an instrument, in đồng (thẩm quyền xử phạt).

    An empty `fields` means every field. `remedies_arguable` are those that the text covers only
    by a wide reading: they are not blocked, but the legal officer is asked to confirm.
    """

    instrument: str
    title: str
    max_organisation: int
    max_individual: int
    remedies: tuple[str, ...] = ()
    remedies_arguable: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def limit(self, kind: SubjectKind) -> int:
        """The highest fine for this kind of subject; a household counts as an individual."""
        return self.max_organisation if kind is SubjectKind.ORGANISATION else self.max_individual


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
class Transition(Entry):
    """How acts before and across the change from one decree to the next are judged."""

    newer: str
    older: tuple[str, ...]
    lighter_later: bool = False
    ended_vi: str
    ended_en: str
    going_vi: str
    going_en: str


@dataclass(frozen=True, kw_only=True)
class Overlap(Entry):
    """Instruments that describe the same act; a person chooses and says why."""

    instruments: tuple[str, ...]
    vi: str
    en: str


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
    """The code of an official form (mẫu biên bản, mẫu quyết định)."""

    key: str
    code: str
    vi: str
    en: str
