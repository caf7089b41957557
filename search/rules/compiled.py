"""Rules made ready to run: all literals, and what each of them is part of."""

import hashlib
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from search.rules.literals import Found, Literal, Literals, Said, rarest_runs
from search.rules.model import Pack, Signal, State
from search.rules.phrases import Part, Phrase, is_certain, read_phrase
from search.rules.scanning import (
    Accents,
    Evidence,
    Met,
    Reading,
    Span,
    Use,
    in_order,
    mask_of,
    numbers,
    proofs,
    unshielded,
)
from search.text import NORMALISER_VERSION

Thing = TypeVar("Thing", bound=Hashable)
#: Only the first places of a phrase with gaps have bits; positions tell of the others.
PLACES = 3
#: So many spellings of one literal are remembered.
SPELLINGS = 64


@dataclass(frozen=True, slots=True)
class Placed:
    """A signal with the pack it belongs to; its place in the list is its bit."""

    pack: str
    signal: Signal

    @property
    def name(self) -> str:
        return f"{self.pack}/{self.signal.id}"


class Same:
    """Gives the first of equal things for each of them: tens of thousands of literals share few patterns."""

    def __init__(self) -> None:
        self._first: dict[Hashable, Any] = {}

    def __call__(self, thing: Thing) -> Thing:
        found: Thing = self._first.setdefault(thing, thing)
        return found


class Compiled:
    """All running signals of some packs. Immutable once built; safe to share between threads."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.signals: list[Placed] = []
        self._uses: list[Use] = []
        words = {pack.id: pack.vocabulary for pack in packs}
        for pack in packs:
            lent = {k: v for used in pack.uses for k, v in words.get(used, {}).items()}
            for signal in pack.signals:
                if signal.state in {State.LIVE, State.SHADOW}:
                    self._add(pack, signal, {**lent, **pack.vocabulary})
        parts: dict[Part, int] = {}
        self._uses = [_numbered(use, parts) for use in self._uses]
        self._gapped = [n for n, use in enumerate(self._uses) if len(use.places) > 1]
        self._lacking = 0
        self._bits, self._decisive = self._index(len(parts))
        self._plain, self._other = self._roles(len(parts))
        self._kept = [part.kept for part in parts]
        self._literals = Literals(self._filed(parts))
        self.version = _digest(packs)

    def _add(self, pack: Pack, signal: Signal, vocabulary: Mapping[str, tuple[str, ...]]) -> None:
        at = len(self.signals)
        self.signals.append(Placed(pack.id, signal))
        for text in signal.phrases:
            self._uses.append(Use(at, read_phrase(text, vocabulary)))
        for text in signal.excluding:
            self._uses.append(Use(at, read_phrase(text, vocabulary), shield=True))
        for pattern in signal.patterns:
            phrase = read_phrase(pattern.requires, vocabulary)
            self._uses.append(Use(at, phrase, regex=re.compile(pattern.regex)))

    def _index(self, count: int) -> tuple[list[int], list[frozenset[int]]]:
        """For each part its bits and the decisive signals it belongs to.

        A phrase in one piece sets the bit of its signal. The bits of the first places of all phrases
        with gaps follow, then those of the second places: laid over each other they tell which
        phrases have all their places.
        """
        bits = [0] * count
        decisive: dict[int, set[int]] = {}
        row = {use: at for at, use in enumerate(self._gapped)}
        for number, use in enumerate(self._uses):
            for place, parts in enumerate(use.places):
                bit = self._bit(use, place, row.get(number))
                for part in parts:
                    bits[part] |= bit
                    if _asks_certainty(self.signals[use.signal].signal):
                        decisive.setdefault(part, set()).add(use.signal)
            for place in range(len(use.places), PLACES):
                self._lacking |= self._bit(use, place, row.get(number)) if number in row else 0
        same = Same()
        none: frozenset[int] = frozenset()
        asked = [
            same(frozenset(decisive[at])) if at in decisive else none for at in range(len(bits))
        ]
        return [same(each) for each in bits], asked

    def _bit(self, use: Use, place: int, row: int | None) -> int:
        if row is None:
            return 0 if use.shield else 1 << use.signal
        if place >= PLACES:
            return 0
        return 1 << (len(self.signals) + place * len(self._gapped) + row)

    def _roles(
        self, count: int
    ) -> tuple[list[tuple[tuple[int, bool], ...]], list[tuple[int, ...]]]:
        """For each part the signals it proves or shields by itself, and the patterns it begins."""
        plain: dict[int, list[tuple[int, bool]]] = {}
        other: dict[int, list[int]] = {}
        for number, use in enumerate(self._uses):
            for part in use.places[0] if len(use.places) == 1 else ():
                if use.regex is None:
                    plain.setdefault(part, []).append((use.signal, use.shield))
                else:
                    other.setdefault(part, []).append(number)
        same, parts = Same(), range(count)
        return (
            [same(tuple(plain.get(at, ()))) for at in parts],
            [same(tuple(other.get(at, ()))) for at in parts],
        )

    def _filed(self, parts: Mapping[Part, int]) -> Iterator[Literal]:
        keys: dict[tuple[str, ...], list[int]] = {}
        for part, number in parts.items():
            keys.setdefault(part.folded, []).append(number)
        placed: dict[int, list[tuple[int, int]]] = {}
        for row, number in enumerate(self._gapped):
            for place, some in enumerate(self._uses[number].places[:PLACES]):
                for part_number in some:
                    placed.setdefault(part_number, []).append((row, place))
        same = Same()
        for (words, numbered), before in zip(keys.items(), rarest_runs(keys), strict=True):
            bits = 0
            for number in numbered:
                bits |= self._bits[number]
            places = {each for number in numbered for each in placed.get(number, ())}
            yield Literal(words, before, tuple(numbered), same(bits), same(tuple(sorted(places))))

    def watch(self, signals: int) -> None:
        """From now on `bits_in` tells of those signals only: a bit for each."""
        rows = mask_of(
            row for row, number in enumerate(self._gapped) if self._speaks(number, signals)
        )
        for place in range(PLACES):
            signals |= rows << (len(self.signals) + place * len(self._gapped))
        self._literals.watch(signals)

    def _speaks(self, number: int, signals: int) -> bool:
        use = self._uses[number]
        return not use.shield and bool(signals >> use.signal & 1)

    def bits_in(self, words: tuple[str, ...]) -> int:
        """The bits of what could stand in a folded text; of the watched signals and their phrases."""
        return self._literals.bits_in(words)

    def find(self, words: tuple[str, ...]) -> Found:
        """All literals in a folded text."""
        return self._literals.find(words)

    def whole(self, bits: int) -> int:
        """The phrases with gaps all of whose places are met, wherever: a bit for each."""
        rest, width = bits >> len(self.signals), len(self._gapped)
        if not rest:
            return 0
        rest |= self._lacking >> len(self.signals)
        found = (1 << width) - 1
        for place in range(PLACES):
            found &= rest >> (place * width)
        return found

    def proven(self, bits: int, whole: int) -> int:
        """The signals that those might prove, wherever their words stand: a bit for each."""
        found = bits & ((1 << len(self.signals)) - 1)
        for row in numbers(whole):
            use = self._uses[self._gapped[row]]
            if not use.shield:
                found |= 1 << use.signal
        return found

    def in_place(self, found: Found, whole: int) -> int:
        """Those of the phrases in `whole` whose places stand in order and near each other."""
        places: dict[int, tuple[list[Span], ...]] = {
            row: tuple([] for _ in range(PLACES)) for row in numbers(whole)
        }
        wanted = 0
        for place in range(PLACES):
            wanted |= whole << (len(self.signals) + place * len(self._gapped))
        for start, literal in found:
            if literal.bits & wanted:
                for row, place in literal.places:
                    if row in places:
                        places[row][place].append((start, start + len(literal.words)))
        return mask_of(
            row for row, filled in places.items() if in_order([place for place in filled if place])
        )

    def meet(self, reading: Reading, found: Found) -> Met:
        """Which of the parts found in the folded text stand there by the folding rule, and where."""
        met = Met(reading.folded)
        accents, kept = Accents(reading), reading.kept
        for start, literal in found:
            span = (start, start + len(literal.words))
            for number, doubtful, certain in self._said(literal, kept[start : span[1]]):
                if doubtful and accents.around(start):
                    continue
                met.parts.setdefault(number, []).append(span)
                if certain and self._decisive[number]:
                    met.certain |= self._decisive[number]
        for number in met.parts:
            met.bits |= self._bits[number]
        return met

    def _said(self, literal: Literal, written: tuple[str, ...]) -> tuple[Said, ...]:
        """The parts that a post's kept tokens can say here; remembered, since few spellings recur."""
        known = literal.known
        if known is None or len(known) > SPELLINGS:  # most are never met: no table for them
            known = literal.known = {}
        found = known.get(written)
        if found is None:
            parts = ((number, Part(self._kept[number], literal.words)) for number in literal.parts)
            found = known[written] = tuple(
                (number, part.is_doubtful(written), is_certain(part, written))
                for number, part in parts
                if part.said_by(written)
            )
        return found

    def evidence(self, met: Met, breaks: frozenset[int]) -> Evidence:
        """What those parts prove together; `breaks` are the tokens after which a sentence ends."""
        spans: dict[int, list[Span]] = {}
        shields: dict[int, list[Span]] = {}
        placed = {self._gapped[row] for row in numbers(self.whole(met.bits))}
        for part, found in met.parts.items():
            for signal, shield in self._plain[part]:
                (shields if shield else spans).setdefault(signal, []).extend(found)
            placed.update(self._other[part])
        for use in map(self._uses.__getitem__, placed):
            into = shields if use.shield else spans
            into.setdefault(use.signal, []).extend(proofs(use, met, breaks))
        opened = {
            signal: unshielded(found, shields.get(signal, ())) for signal, found in spans.items()
        }
        return Evidence({n: found for n, found in opened.items() if found}, frozenset(met.certain))


def _numbered(use: Use, parts: dict[Part, int]) -> Use:
    places = tuple(
        tuple(parts.setdefault(part, len(parts)) for part in choices)
        for choices in use.phrase.places
    )
    return replace(use, phrase=Phrase((), use.phrase.text), places=places)


def _asks_certainty(signal: Signal) -> bool:
    """Whether it matters that its words can mean nothing else: for what decides, and for what lowers."""
    return signal.decisive or signal.weight < 0


def _digest(packs: Sequence[Pack]) -> str:
    """Changes with the packs, their versions and the normaliser."""
    text = "\n".join([str(NORMALISER_VERSION), *(f"{p.id}@{p.version}:{p.digest}" for p in packs)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
