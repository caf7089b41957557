"""The legal catalogue: dated law data, shipped as YAML, added to or overridden by entry id.

Every question has its own day: the bracket that of the act, competence and procedure that of the
record or decision, a takedown regime that of the request. What was used can be pinned.
"""

from datetime import date
from functools import cache, cached_property
from pathlib import Path

from casework.law.building import SECTIONS, build_sections
from casework.law.loading import read_folder
from casework.law.lookups import Entries, UnknownLaw
from casework.law.model import (
    Agency,
    Amounts,
    Competence,
    Conduct,
    Deadline,
    Form,
    Holiday,
    Instrument,
    OtherKind,
    Overlap,
    Provision,
    Regime,
    Remedy,
    Rule,
    SubjectKind,
    Target,
    Title,
    Transition,
)
from casework.law.periods import Period, PeriodBook

__all__ = ["SHIPPED", "Catalogue", "UnknownLaw"]

SHIPPED = Path(__file__).parent / "catalogue"


class Catalogue(Entries):
    """Read-only after loading; safe to share between threads."""

    @classmethod
    def load(cls, *folders: Path) -> "Catalogue":
        """The shipped catalogue with the entries of each folder laid over it, in order.

        An entry with a known id replaces the fields it gives; an unknown id adds an entry.
        Raises CatalogueError naming file, line and field of everything that is wrong.
        """
        return cls(build_sections([read_folder(each) for each in (SHIPPED, *folders)]))

    @classmethod
    def shipped(cls) -> "Catalogue":
        """The catalogue as it comes with the program."""
        return _shipped()

    def basis_ids(self) -> frozenset[str]:
        """Every id that may stand as a legal basis: instruments, provisions, regimes."""
        return frozenset(
            entry_id
            for name in ("instruments", "provisions", "regimes")
            for entry_id in self._sections[name]
        )

    def cite(self, basis_id: str) -> str:
        """A basis as it is cited in a document: điểm b khoản 1 Điều 95 Nghị định số …"""
        for provision in self._some(Provision):
            if provision.id == basis_id:
                number = self.instrument(provision.instrument).number
                return f"{provision.place_vi} {number}"
        for regime in self._some(Regime):
            if regime.id == basis_id:
                return regime.source
        return self.instrument(basis_id).cite_vi

    def instrument(self, instrument_id: str) -> Instrument:
        return self._one(Instrument, instrument_id)

    def provision(self, provision_id: str) -> Provision:
        return self._one(Provision, provision_id)

    def remedy(self, remedy_id: str) -> Remedy:
        return self._one(Remedy, remedy_id)

    def title(self, title_id: str) -> Title:
        return self._one(Title, title_id)

    def regime(self, regime_id: str) -> Regime:
        return self._one(Regime, regime_id)

    def agency(self, agency_id: str) -> Agency:
        return self._one(Agency, agency_id)

    def conduct(self, conduct_id: str) -> Conduct:
        return self._one(Conduct, conduct_id)

    def instruments(self) -> tuple[Instrument, ...]:
        return self._some(Instrument)

    def conducts(self) -> tuple[Conduct, ...]:
        return self._some(Conduct)

    def titles(self, on: date) -> tuple[Title, ...]:
        """The titles that exist on a day."""
        return tuple(each for each in self._some(Title) if each.in_force_on(on))

    def agencies(self, on: date) -> tuple[Agency, ...]:
        """The bodies that exist on a day, by the names they bear on it."""
        return tuple(each for each in self._some(Agency) if each.in_force_on(on))

    def provisions(self) -> tuple[Provision, ...]:
        return self._some(Provision)

    def provision_in_force(self, provision: Provision, on: date) -> bool:
        """A provision is in force while both it and its instrument are."""
        return provision.in_force_on(on) and self.instrument(provision.instrument).in_force_on(on)

    def provisions_for(self, conduct: str, on: date) -> tuple[Provision, ...]:
        """The provisions in force on a day that describe a conduct, in the order of the files."""
        self.conduct(conduct)
        return tuple(
            each
            for each in self._some(Provision)
            if conduct in each.conducts and self.provision_in_force(each, on)
        )

    def bracket(self, provision_id: str, subject_kind: SubjectKind) -> Amounts:
        """The bracket for this kind of subject, in đồng: as printed, half, or double."""
        provision = self.provision(provision_id)
        printed = provision.bracket
        if printed is None:
            raise UnknownLaw(f"{provision_id} sets no fine", about=provision_id)
        if self.subject_as(provision_id, subject_kind) is printed.base:
            return Amounts(printed.min, printed.max)
        if printed.other is OtherKind.HALF:
            return Amounts(printed.min // 2, printed.max // 2)
        return Amounts(printed.min * 2, printed.max * 2)

    def subject_as(self, provision_id: str, subject_kind: SubjectKind) -> SubjectKind:
        """Individual or organisation; a household as the instrument says (hộ kinh doanh)."""
        if subject_kind is not SubjectKind.HOUSEHOLD:
            return subject_kind
        return self.instrument(self.provision(provision_id).instrument).household_as

    def competence(
        self, title_id: str, instrument_id: str, on: date, *, field: str = ""
    ) -> Competence | None:
        """How far a title goes on a day for acts under an instrument; None if it cannot fine.

        Competence is that of the day of the record or decision: an act under an ended decree is
        decided by who is competent now. With `field`, the entry of that field is preferred.
        """
        sources = self.instrument(instrument_id).competence_from or (instrument_id,)
        found = [
            each
            for each in self._some(Competence)
            if each.title == title_id and each.instrument in sources and each.in_force_on(on)
        ]
        fitting = [each for each in found if not each.fields or field in each.fields]
        return next(iter(fitting or found), None)

    def competences(self, on: date) -> tuple[Competence, ...]:
        return tuple(each for each in self._some(Competence) if each.in_force_on(on))

    def regimes_for(
        self, target: Target, on: date, *, sender: str | None = None
    ) -> tuple[Regime, ...]:
        """The ways to ask such an addressee on a day, for this sender if one is given."""
        return tuple(
            each
            for each in self._some(Regime)
            if target in each.targets
            and each.in_force_on(on)
            and (sender is None or sender in each.senders)
        )

    @cached_property
    def holidays(self) -> tuple[Holiday, ...]:
        """Days off and days worked in exchange, in the order of time."""
        return tuple(sorted(self._some(Holiday), key=lambda each: each.first))

    def deadline(self, key: str, on: date) -> Deadline:
        """The period called `key` in force on a day."""
        found: Deadline = self._dated(Deadline, key, on)
        return found

    def rule(self, key: str, on: date) -> Rule:
        """The rule called `key` in force on a day."""
        found: Rule = self._dated(Rule, key, on)
        return found

    def form(self, key: str, on: date) -> Form:
        """The official form for a purpose on a day."""
        found: Form = self._dated(Form, key, on)
        return found

    def form_basis(self, key: str, on: date) -> tuple[str, ...]:
        """The căn cứ lines that every document of a form carries, as they are cited."""
        return tuple(self.instrument(each).cite_vi for each in self.form(key, on).basis)

    def transitions(self) -> tuple[Transition, ...]:
        return self._some(Transition)

    def overlaps(self, on: date) -> tuple[Overlap, ...]:
        return tuple(each for each in self._some(Overlap) if each.in_force_on(on))

    def period(self, kind: str, ref: str) -> Period:
        """A reporting period: kind `half_year` and ref `2026-1` is the first half of 2026."""
        return self.periods.period(kind, ref)

    @cached_property
    def periods(self) -> PeriodBook:
        """The reporting periods, also by the day that falls in them."""
        return PeriodBook({each.id: each for each in self._some(SECTIONS["periods"])})


@cache
def _shipped() -> Catalogue:
    return Catalogue.load()
