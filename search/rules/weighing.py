"""From evidence to a verdict of one pack: groups, combinations, sums. Pure arithmetic, no text."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from search.rules.compiled import Compiled
from search.rules.judgement import Kind
from search.rules.model import Combination, Pack, Signal, State
from search.rules.scanning import Evidence, Span, all_near, mask_of, numbers
from search.rules.wording import ASKED

Places = Mapping[int, Sequence[Span]]
#: A second signal of the same group adds this share of its weight.
ECHO = 4
MONEY = frozenset({"sum", "wage"})
MEMO = 1 << 14
#: Evidence for one flag stands within this many tokens; stretches begin every `STEP` tokens.
STRETCH, STEP = 80, 16


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one pack makes of some evidence. `total` counts evidence for, before anything lowers it."""

    pack: Pack
    total: int
    flagged: bool
    decisive: bool
    groups: tuple[str, ...]
    signals: tuple[int, ...]
    combinations: tuple[Combination, ...]


class Weigher:
    """One pack against a compiled set of signals."""

    def __init__(self, pack: Pack, compiled: Compiled) -> None:
        self.pack = pack
        visible = {pack.id, *pack.uses}
        self._visible = {
            number: placed.signal
            for number, placed in enumerate(compiled.signals)
            if placed.signal.state is State.LIVE
            and (placed.pack in visible or (pack.alongside and _is_a_sign(placed.signal)))
        }
        self._own = {
            number
            for number, signal in self._visible.items()
            if compiled.signals[number].pack == pack.id and signal.weight > 0
        }
        # Where any theme's sign may stand beside, money alone is none: everything has a price.
        self._money = MONEY if pack.alongside else frozenset()
        self._named: dict[str, set[int]] = {}
        for number, signal in self._visible.items():
            self._named.setdefault(signal.id, set()).add(number)
            if signal.weight > 0:
                self._named.setdefault(signal.group, set()).add(number)
        self.needed = (
            self._own & {number for name in self.pack.needs for number in self._named.get(name, ())}
            if self.pack.needs
            else self._own
        )
        self._live = tuple(c for c in pack.combinations if c.state is State.LIVE)
        self._needs = mask_of(self.needed)
        self._counts = mask_of(self._counting())
        self._known: dict[int, bool] = {}

    @property
    def counts(self) -> int:
        """The signals that can change what `could_flag` says: a bit for each."""
        return self._counts | self._needs

    def _counting(self) -> set[int]:
        """What can bring the pack nearer to a flag: evidence for, and whatever combinations ask for."""
        named = {name for c in self._live for name in (*c.all, *c.any, *c.of, *c.near)}
        asked = {number for name in named for number in self._named.get(name, ())}
        return asked | {number for number, signal in self._visible.items() if signal.weight > 0}

    def weigh(self, evidence: Evidence) -> Verdict:
        """The verdict on where each signal was met."""
        spans = evidence.spans
        present = {number: self._visible[number] for number in spans if number in self._visible}
        combinations = tuple(c for c in self._live if self._holds(c, spans))
        return self._verdict(present, combinations, evidence.certain)

    def weigh_closely(self, evidence: Evidence, length: int) -> Verdict:
        """As `weigh`, but a flag needs its evidence in one stretch of a post of `length` tokens.

        A long story holds a word of nearly everything; a lure says it all in a few lines.
        """
        verdict = self.weigh(evidence)
        if not verdict.flagged:
            return verdict
        if not verdict.decisive and not self._independent(evidence, verdict):
            return replace(verdict, flagged=False)
        if length <= STRETCH:
            return verdict
        if any(self.weigh(stretch).flagged for stretch in stretches(evidence)):
            return verdict
        return replace(verdict, flagged=False)

    def _independent(self, evidence: Evidence, verdict: Verdict) -> bool:
        """Whether two groups stand on different words: the same words, read twice, are one sign."""
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for number in verdict.signals:
            signal = self._visible[number]
            if signal.weight > 0 and signal.group not in self._money:
                for start, end in evidence.spans[number]:
                    first[signal.group] = min(end, first.get(signal.group, end))
                    last[signal.group] = max(start, last.get(signal.group, start))
        return any(first[one] <= last[other] for one in first for other in last if one != other)

    def could_flag(self, present: int) -> bool:
        """Whether these signals, a bit for each, could flag wherever they stand; turns posts away."""
        if not present & self._needs:
            return False
        counting = present & self._counts
        known = self._known.get(counting)
        if known is None:
            if len(self._known) > MEMO:
                self._known.clear()
            known = self._known[counting] = self._could_flag(counting)
        return known

    def _could_flag(self, counting: int) -> bool:
        seen = {number: self._visible[number] for number in numbers(counting)}
        combinations = tuple(c for c in self._live if c.weight > 0 and self._could_hold(c, seen))
        return self._verdict(seen, combinations, seen).flagged

    def _verdict(
        self,
        present: Mapping[int, Signal],
        combinations: tuple[Combination, ...],
        certain: Container[int],
    ) -> Verdict:
        weights: dict[str, list[int]] = {}
        for number, signal in present.items():
            if signal.weight > 0:
                doubtful = signal.decisive and number not in certain
                weight = signal.weight // 2 if doubtful else signal.weight
                weights.setdefault(signal.group, []).append(weight)
        total = 0
        for found in weights.values():
            most = max(found)
            total += most + (sum(found) - most) // ECHO
        total += sum([combination.weight for combination in combinations])
        decisive = any(
            present[n].decisive for n in present if n in self._own and n in certain
        ) or any(combination.decisive for combination in combinations)
        own = not self.needed.isdisjoint(present)
        flagged = own and total >= self.pack.threshold and (len(weights) >= 2 or decisive)
        return Verdict(
            self.pack,
            total,
            flagged and not self.pack.shared,
            decisive,
            tuple(sorted(weights)),
            tuple(sorted(present)),
            combinations,
        )

    def _holds(self, combination: Combination, evidence: Places) -> bool:
        if any(self._met(name, evidence) for name in combination.never):
            return False
        return self._could_hold(combination, evidence) and self._near(combination, evidence)

    def _could_hold(self, combination: Combination, present: Mapping[int, object]) -> bool:
        if not all(self._met(name, present) for name in combination.all):
            return False
        if combination.any and not any(self._met(name, present) for name in combination.any):
            return False
        met = sum(1 for name in combination.of if self._met(name, present))
        return met >= combination.least and all(self._met(n, present) for n in combination.near)

    def _met(self, name: str, present: Mapping[int, object]) -> bool:
        return not self._named.get(name, set()).isdisjoint(present)

    def _near(self, combination: Combination, evidence: Places) -> bool:
        """Whether every named thing stands within reach of some place of the first."""
        if not combination.near:
            return True
        places = [self._places(name, evidence) for name in combination.near]
        return all_near(places[0], places[1:], combination.within)

    def _places(self, name: str, evidence: Places) -> list[Span]:
        return [
            span
            for number in self._named.get(name, ())
            if number in evidence
            for span in evidence[number]
        ]


def _is_a_sign(signal: Signal) -> bool:
    """Whether it is words or facts found in the text, rather than said of its wording as a whole.

    A sum of money alone is no sign of any theme: to each theme it is another price.
    """
    return ASKED.isdisjoint(signal.facts) and bool(
        signal.phrases or signal.patterns or signal.facts
    )


def stretches(evidence: Evidence) -> Iterator[Evidence]:
    """What stands together in `STRETCH` tokens: overlapping stretches, each begun a step later."""
    blocks: dict[int, list[tuple[int, Span]]] = {}
    for number, spans in evidence.spans.items():
        for span in spans:
            blocks.setdefault(span[0] // STEP, []).append((number, span))
    for first in sorted(blocks):
        found: dict[int, list[Span]] = {}
        for block in range(first, first + STRETCH // STEP):
            for number, span in blocks.get(block, ()):
                if span[1] <= first * STEP + STRETCH:
                    found.setdefault(number, []).append(span)
        yield Evidence(found, evidence.certain)


def kinds_of(signals: Sequence[Signal]) -> dict[Kind, int]:
    """How strongly the innocent signals speak for each kind of text."""
    strengths: dict[Kind, int] = {}
    for signal in signals:
        if signal.kind is not None:
            strengths[signal.kind] = strengths.get(signal.kind, 0) + abs(signal.weight)
    return strengths
