"""What is forbidden, at what price, and who may say so: instruments, provisions, competence."""

from dataclasses import dataclass
from datetime import date

from casework.law.entry import Entry, OtherKind, SubjectKind


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
