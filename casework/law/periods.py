"""Reporting periods: which days a month, quarter, half or year covers by its cut-off rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.law.model import PeriodPart, PeriodRule
from foundation.errors import InvalidInput, NotFound

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True)
class Period:
    """Both days belong to the period. `due` is the last day to send, where the law sets one."""

    kind: str
    ref: str
    first: date
    last: date
    due: date | None
    vi: str
    en: str
    source: str
    rule_id: str

    @property
    def previous_year_ref(self) -> str:
        """The same period a year before, for comparison."""
        year, part = self.ref.split("-")
        return f"{int(year) - 1}-{part}"


class PeriodBook:
    """Answers for all period rules of a catalogue."""

    def __init__(self, rules: Mapping[str, PeriodRule]) -> None:
        self._rules = rules

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.kind for rule in self._rules.values()))

    def period(self, kind: str, ref: str) -> Period:
        """`ref` is year and part, `2026-1`; for a year `2026` is enough."""
        year, part = _read_ref(ref)
        for rule in self._rules.values():
            found = [each for each in rule.parts if rule.kind == kind and each.part == part]
            for each in found:
                period = _make(rule, each, year)
                if rule.in_force_on(period.last):
                    return period
        raise NotFound(f"no period {kind} {ref}", about=f"{kind} {ref}")

    def containing(self, kind: str, day: date) -> Period:
        """The period of that kind in which a day falls."""
        for year in (day.year, day.year + 1, day.year - 1):
            for period in self.of_year(kind, year):
                if period.first <= day <= period.last:
                    return period
        raise NotFound(f"no period {kind} holds {day:%Y-%m-%d}", about=kind)

    def of_year(self, kind: str, year: int) -> tuple[Period, ...]:
        """All periods of that kind in a report year."""
        made = [
            (rule, _make(rule, part, year))
            for rule in self._rules.values()
            if rule.kind == kind
            for part in rule.parts
        ]
        return tuple(period for rule, period in made if rule.in_force_on(period.last))

    def previous(self, period: Period) -> Period:
        """The period of the same kind just before."""
        return self.containing(period.kind, date.fromordinal(period.first.toordinal() - 1))


def _read_ref(ref: str) -> tuple[int, int]:
    year, _, part = ref.partition("-")
    if not (year.isdecimal() and len(year) == 4 and (part or "1").isdecimal()):
        raise InvalidInput(f"a period is written 2026-1, not {ref!r}", about=ref)
    return int(year), int(part or "1")


def _make(rule: PeriodRule, part: PeriodPart, year: int) -> Period:
    words = {"part": part.part, "roman": ROMAN.get(part.part, ""), "year": year}
    return Period(
        kind=rule.kind,
        ref=f"{year}-{part.part}",
        first=_day(part.first, year + part.first_year),
        last=_day(part.last, year),
        due=_day(part.due, year) if part.due else None,
        vi=rule.vi.format(**words),
        en=rule.en.format(**words),
        source=rule.source,
        rule_id=rule.id,
    )


def _day(month_day: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
