"""The worst errors: lures that were missed though much speaks for them, innocents flagged highest."""

from collections.abc import Iterable
from dataclasses import dataclass

from search.evaluation.measure import Measured, Outcome
from search.evaluation.nearness import Mark, nearest
from search.evaluation.samples import Row
from search.rules.judgement import Kind
from search.rules.matcher import Matcher
from search.rules.model import Words

MOST = 40


@dataclass(frozen=True, slots=True)
class Why:
    """One sentence for or against, with its weight."""

    signal: str
    weight: int
    words: Words


@dataclass(frozen=True, slots=True)
class Fault:
    """One error. `score` is what a missed lure nearly got (of `threshold`), or what an innocent got.

    `kind` is what the rules took it for. `marks` and the text may be shown only where `row.ours`.
    """

    row: Row
    missed: bool
    score: int
    threshold: int
    kind: Kind | None
    pack: str
    marks: tuple[Mark, ...]
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Faults:
    """The worst, and how many there are in all; of held-back rows only their number."""

    missed: tuple[Fault, ...]
    flagged: tuple[Fault, ...]
    all_missed: int
    all_flagged: int
    held_missed: int
    held_flagged: int


def faults_of(done: Measured, matcher: Matcher, *, show_held: bool) -> Faults:
    """Up to `MOST` errors, half of either sort where there are enough of both."""
    missed = [o for o in done.everything if _is_missed(o)]
    flagged = [o for o in done.everything if o.row.label == "innocent" and o.lure]
    shown = [o for o in missed if show_held or not o.row.held]
    wrong = [o for o in flagged if show_held or not o.row.held]
    room = max(MOST // 2, MOST - len(wrong))
    near = _worst((_missed(o, matcher) for o in shown), room)
    return Faults(
        near,
        _worst((_flagged(o, matcher) for o in wrong), MOST - len(near)),
        len(missed),
        len(flagged),
        sum(o.row.held for o in missed),
        sum(o.row.held for o in flagged),
    )


def _is_missed(outcome: Outcome) -> bool:
    if outcome.row.label == "help":
        return not outcome.help
    return outcome.row.label == "lure" and not outcome.lure and not outcome.row.doubtful


def _worst(faults: Iterable[Fault], most: int) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (-fault.score, fault.row.id))[:most])


def _missed(outcome: Outcome, matcher: Matcher) -> Fault:
    near = nearest(matcher, outcome.row.text)
    signals = {f"{p.id}/{s.id}": s for p in matcher.packs for s in p.signals}
    reasons = [Why(name, signals[name].weight, signals[name].why) for name in near.signals]
    return Fault(
        row=outcome.row,
        missed=True,
        score=near.total,
        threshold=near.threshold,
        kind=outcome.kind,
        pack=near.pack,
        marks=near.marks,
        reasons=tuple(sorted(reasons, key=lambda why: -why.weight)),
    )


def _flagged(outcome: Outcome, matcher: Matcher) -> Fault:
    found = matcher.match(outcome.row.text)
    if found is None:
        raise ValueError("the same text was flagged a moment ago")
    return Fault(
        row=outcome.row,
        missed=False,
        score=found.score,
        threshold=0,
        kind=found.kind,
        pack=", ".join(found.packs),
        marks=tuple(Mark(hit.start, hit.end, hit.signal) for hit in found.hits),
        reasons=tuple(Why(r.signal, r.weight, Words(r.vi, r.en)) for r in found.reasons),
    )
