"""Rules made ready to run: one automaton over all literals, and what each of them is part of."""

import hashlib
import re
from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import ahocorasick

from search.rules.model import Pack, Signal, State
from search.rules.phrases import Part, is_certain, read_phrase
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
    spaces_of,
    unshielded,
)
from search.text import NORMALISER_VERSION

Thing = TypeVar("Thing", bound=Hashable)
#: Only the first places of a phrase with gaps have bits; positions tell of the others.
PLACES = 3
#: So many spellings of one literal are remembered.
SPELLINGS = 64

#: A part's number, whether it asks for words without diacritics around, and whether it is certain.
Said = tuple[int, bool, bool]


@dataclass(slots=True)
class Entry:
    """What the automaton holds for one literal: the parts it may be, and the bits they set."""

    parts: tuple[tuple[int, Part], ...]
    bits: int
    length: int
    words: int
    known: dict[tuple[str, ...], tuple[Said, ...]] | None = None

    def said_by(self, written: tuple[str, ...]) -> tuple[Said, ...]:
        """The parts that a post's kept tokens can say here; remembered, since few spellings recur."""
        known = self.known
        if (
            known is None or len(known) > SPELLINGS
        ):  # most literals are never met: no table for them
            known = self.known = {}
        found = known.get(written)
        if found is None:
            found = known[written] = tuple(
                (number, part.is_doubtful(written), is_certain(part, written))
                for number, part in self.parts
                if part.said_by(written)
            )
        return found


#: Index of the last character of a literal in a padded text, and its entry.
Found = Sequence[tuple[int, Entry]]


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
        self._parts: dict[Part, int] = {}
        self._uses = [self._numbered(use) for use in self._uses]
        self._gapped = [n for n, use in enumerate(self._uses) if len(use.places) > 1]
        self._lacking = 0
        self._bits, self._decisive = self._index()
        self._plain, self._other = self._roles()
        self._automaton = self._build()
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

    def _numbered(self, use: Use) -> Use:
        places = tuple(
            tuple(self._parts.setdefault(part, len(self._parts)) for part in choices)
            for choices in use.phrase.places
        )
        return replace(use, places=places)

    def _index(self) -> tuple[list[int], list[frozenset[int]]]:
        """For each part its bits and the decisive signals it belongs to.

        A phrase in one piece sets the bit of its signal. The bits of the first places of all phrases
        with gaps follow, then those of the second places: laid over each other they tell which
        phrases have all their places.
        """
        bits = [0] * len(self._parts)
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

    def _roles(self) -> tuple[list[tuple[tuple[int, bool], ...]], list[tuple[int, ...]]]:
        """For each part the signals it proves or shields by itself, and the patterns it begins."""
        plain: dict[int, list[tuple[int, bool]]] = {}
        other: dict[int, list[int]] = {}
        for number, use in enumerate(self._uses):
            for part in use.places[0] if len(use.places) == 1 else ():
                if use.regex is None:
                    plain.setdefault(part, []).append((use.signal, use.shield))
                else:
                    other.setdefault(part, []).append(number)
        same, parts = Same(), range(len(self._parts))
        return (
            [same(tuple(plain.get(at, ()))) for at in parts],
            [same(tuple(other.get(at, ()))) for at in parts],
        )

    def _build(self) -> "ahocorasick.Automaton":
        keys: dict[str, list[tuple[int, Part]]] = {}
        for part, number in self._parts.items():
            keys.setdefault(part.key, []).append((number, part))
        automaton, same = ahocorasick.Automaton(), Same()
        for key, parts in keys.items():
            bits = 0
            for number, _ in parts:
                bits |= self._bits[number]
            automaton.add_word(key, Entry(tuple(parts), same(bits), len(key), key.count(" ") - 1))
        if keys:
            automaton.make_automaton()
        return automaton

    def find(self, padded: str) -> Found:
        """All literals in a folded text that is padded with spaces."""
        return list(self._automaton.iter(padded)) if len(self._automaton) else ()

    def whole(self, bits: int) -> int:
        """The phrases with gaps all of whose places are met, wherever: a bit for each."""
        rest, width = (bits | self._lacking) >> len(self.signals), len(self._gapped)
        found = (1 << width) - 1
        for place in range(PLACES):
            found &= rest >> (place * width)
        return found

    def phrases_of(self, signals: Container[int]) -> int:
        """The phrases with gaps that speak for one of `signals`: a bit for each, as in `whole`."""
        uses = [self._uses[number] for number in self._gapped]
        return mask_of(
            row for row, use in enumerate(uses) if use.signal in signals and not use.shield
        )

    def proven(self, bits: int, whole: int) -> int:
        """The signals that those might prove, wherever their words stand: a bit for each."""
        found = bits & ((1 << len(self.signals)) - 1)
        for row in numbers(whole):
            use = self._uses[self._gapped[row]]
            if not use.shield:
                found |= 1 << use.signal
        return found

    def in_place(self, padded: str, found: Found, whole: int) -> int:
        """Those of the phrases in `whole` whose places stand in order and near each other."""
        below, width = len(self.signals), len(self._gapped)
        shifts = [below + place * width for place in range(PLACES)]
        wanted = 0
        for shift in shifts:
            wanted |= whole << shift
        places: dict[int, tuple[list[Span], ...]] = {
            row: tuple([] for _ in shifts) for row in numbers(whole)
        }
        token = seen = 0
        for end, entry in found:
            if entry.bits & wanted:
                token += padded.count(" ", seen, end)
                seen = end
                for place, shift in enumerate(shifts):
                    for row in numbers((entry.bits >> shift) & whole):
                        places[row][place].append((token - entry.words, token))
        return mask_of(
            row for row, filled in places.items() if in_order([place for place in filled if place])
        )

    def meet(self, reading: Reading, found: Found) -> Met:
        """Which of the parts found in the folded text stand there by the folding rule, and where."""
        met = Met(f" {reading.folded} ", spaces_of(reading.folded))
        accents, kept, padded = Accents(reading), reading.kept, met.padded
        past = seen = 0  # tokens that end before the space at `seen`
        for end, entry in found:
            past += padded.count(" ", seen + 1, end + 1)
            seen = end
            span = (past - entry.words, past)
            for number, doubtful, certain in entry.said_by(kept[span[0] : past]):
                if doubtful and accents.around(span[0]):
                    continue
                met.parts.setdefault(number, []).append(span)
                if certain and self._decisive[number]:
                    met.certain |= self._decisive[number]
        for number in met.parts:
            met.bits |= self._bits[number]
        return met

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


def _asks_certainty(signal: Signal) -> bool:
    """Whether it matters that its words can mean nothing else: for what decides, and for what lowers."""
    return signal.decisive or signal.weight < 0


def _digest(packs: Sequence[Pack]) -> str:
    """Changes with the packs, their versions and the normaliser."""
    text = "\n".join([str(NORMALISER_VERSION), *(f"{p.id}@{p.version}:{p.digest}" for p in packs)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
