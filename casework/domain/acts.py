"""What was done and when, and which decree measures it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.law.catalogue import Catalogue
from casework.law.model import Amounts, Confidence, Overlap, Provision, SubjectKind, Transition


@dataclass(frozen=True, kw_only=True)
class Act:
    """An act on the network (hành vi). Days are Vietnamese days.

    An act that ended carries `ended_on`; one that was still going on when it was found carries
    `still_going` and `detected_on`. Whether a post that stays online is still going is the
    officer's judgement. Raises ValueError when neither or a contradiction is given.
    """

    provision: str = ""
    ended_on: date | None = None
    still_going: bool = False
    detected_on: date | None = None

    def __post_init__(self) -> None:
        if self.still_going and (self.detected_on is None or self.ended_on is not None):
            raise ValueError("an act still going needs detected_on and no ended_on")
        if not self.still_going and self.ended_on is None:
            raise ValueError("an act that ended needs ended_on")
        if self.ended_on and self.detected_on and self.detected_on < self.ended_on:
            raise ValueError("found before it ended: the act was still going when it was detected")

    @property
    def governing_day(self) -> date:
        """The day whose law gives the bracket, and from which the limitation runs (Điều 6)."""
        day = self.detected_on if self.still_going else self.ended_on
        if day is None:  # excluded by __post_init__; kept for the type checker
            raise ValueError("an act without a day")
        return day


@dataclass(frozen=True)
class Candidate:
    """A provision that may be applied, why, and whether another decree claims the same act."""

    provision: Provision
    amounts: Amounts
    reason_vi: str
    reason_en: str
    source: str
    overlaps: bool
    overlap: Overlap | None
    lighter: bool
    confidence: Confidence

    @property
    def instrument(self) -> str:
        return self.provision.instrument


def applicable_instruments(
    act: Act,
    conduct: str,
    catalogue: Catalogue,
    *,
    subject_kind: SubjectKind = SubjectKind.INDIVIDUAL,
    on: date | None = None,
) -> tuple[Candidate, ...]:
    """Every provision with a fine for this conduct, by the day of the act.

    Where several decrees describe the act, all are returned with `overlaps` set: the officer
    chooses and records why. `on`, the day of the decision, brings in a later and lighter decree
    where that decree says so (khoản 1 Điều 81 Nghị định 330/2026).
    """
    day = act.governing_day
    found = [
        _fined(each, act, catalogue, subject_kind) for each in _with_fine(catalogue, conduct, day)
    ]
    lighter = list(_lighter(act, conduct, catalogue, subject_kind, on, found)) if on else []
    claimed = {each.instrument for each in found}
    overlap = _overlap_of(catalogue, claimed, day)
    return tuple(_marked(each, overlap) for each in (*found, *lighter))


def _with_fine(catalogue: Catalogue, conduct: str, day: date) -> Iterator[Provision]:
    return (each for each in catalogue.provisions_for(conduct, day) if each.bracket)


def _fined(
    provision: Provision, act: Act, catalogue: Catalogue, subject_kind: SubjectKind
) -> Candidate:
    vi, en, source = _reason(provision, act, catalogue)
    amounts = catalogue.bracket(provision.id, subject_kind)
    return Candidate(
        provision, amounts, vi, en, source, overlaps=False, overlap=None, lighter=False,
        confidence=provision.confidence,
    )  # fmt: skip


def _reason(provision: Provision, act: Act, catalogue: Catalogue) -> tuple[str, str, str]:
    day = act.governing_day
    for each in catalogue.transitions():
        if _governs(each, provision.instrument, day):
            if act.still_going:
                return each.going_vi, each.going_en, each.source
            if provision.instrument in each.older:
                return each.ended_vi, each.ended_en, each.source
    number = catalogue.instrument(provision.instrument).number
    when_vi = "phát hiện hành vi đang thực hiện" if act.still_going else "hành vi kết thúc"
    when_en = "the act, still going, was detected" if act.still_going else "the act ended"
    return (
        f"{number} có hiệu lực vào ngày {when_vi} ({day:%d/%m/%Y}).",
        f"{number} was in force on the day {when_en} ({day:%d/%m/%Y}).",
        provision.source,
    )


def _governs(transition: Transition, instrument: str, day: date) -> bool:
    """An older decree applied before the change, or the newer one after it."""
    change = transition.in_force
    if change is None:
        return False
    if instrument in transition.older:
        return day < change
    return instrument == transition.newer and day >= change


def _lighter(
    act: Act,
    conduct: str,
    catalogue: Catalogue,
    subject_kind: SubjectKind,
    on: date,
    found: list[Candidate],
) -> Iterator[Candidate]:
    heaviest = max((each.amounts.max for each in found), default=0)
    for each in catalogue.transitions():
        change = each.in_force
        if not each.lighter_later or change is None or not act.governing_day < change <= on:
            continue
        for provision in _with_fine(catalogue, conduct, on):
            amounts = catalogue.bracket(provision.id, subject_kind)
            if provision.instrument == each.newer and amounts.max < heaviest:
                yield Candidate(
                    provision, amounts, each.ended_vi, each.ended_en, each.source,
                    overlaps=False, overlap=None, lighter=True, confidence=provision.confidence,
                )  # fmt: skip


def _overlap_of(catalogue: Catalogue, claimed: set[str], day: date) -> Overlap | None:
    for each in catalogue.overlaps(day):
        if len(claimed & set(each.instruments)) > 1:
            return each
    return None


def _marked(candidate: Candidate, overlap: Overlap | None) -> Candidate:
    if overlap is None or candidate.instrument not in overlap.instruments:
        return candidate
    return Candidate(
        candidate.provision, candidate.amounts, candidate.reason_vi, candidate.reason_en,
        candidate.source, overlaps=True, overlap=overlap, lighter=candidate.lighter,
        confidence=candidate.confidence,
    )  # fmt: skip
