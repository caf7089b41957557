"""Rules made ready to run: one automaton over all literals, and what each of them is part of."""

import hashlib
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from search.rules.model import Pack, Signal, State
from search.rules.phrases import Part, is_certain, read_phrase
from search.rules.scanning import (
    Accents,
    Evidence,
    Gate,
    Met,
    Reading,
    Span,
    Use,
    positions_of,
    proofs,
    unshielded,
)
from search.text import NORMALISER_VERSION


@dataclass(frozen=True, slots=True)
class Entry:
    """What the automaton holds for one literal: the parts it may be, and the bits they set."""

    parts: tuple[tuple[int, Part], ...]
    bits: int
    length: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A signal with the pack it belongs to; its place in the list is its bit."""

    pack: str
    signal: Signal

    @property
    def name(self) -> str:
        return f"{self.pack}/{self.signal.id}"


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
        self._whole: list[tuple[int, int]] = []
        self._bits, self._firsts, self._decisive = self._index()
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

    def _index(self) -> tuple[list[int], list[list[int]], list[set[int]]]:
        """For each part its bits, the uses it begins, and the decisive signals it belongs to.

        A phrase in one piece sets the bit of its signal; one with gaps has a bit for each place.
        """
        bits = [0] * len(self._parts)
        firsts: list[list[int]] = [[] for _ in self._parts]
        decisive: list[set[int]] = [set() for _ in self._parts]
        free = len(self.signals)
        for number, use in enumerate(self._uses):
            single = len(use.places) == 1
            for place, parts in enumerate(use.places):
                bit = 0 if use.shield else 1 << (use.signal if single else free + place)
                for part in parts:
                    bits[part] |= bit
                    if place == 0:
                        firsts[part].append(number)
                    if self.signals[use.signal].signal.decisive:
                        decisive[part].add(use.signal)
            if not single and not use.shield:
                group = sum(1 << (free + place) for place in range(len(use.places)))
                self._whole.append((use.signal, group))
                free += len(use.places)
        return bits, firsts, decisive

    def _build(self) -> "ahocorasick.Automaton":
        keys: dict[str, list[tuple[int, Part]]] = {}
        for part, number in self._parts.items():
            keys.setdefault(part.key, []).append((number, part))
        automaton = ahocorasick.Automaton()
        for key, parts in keys.items():
            bits = 0
            for number, _ in parts:
                bits |= self._bits[number]
            automaton.add_word(key, Entry(tuple(parts), bits, len(key)))
        if keys:
            automaton.make_automaton()
        return automaton

    def bits(self, padded: str) -> int:
        """What of the rules a folded text, padded with spaces, holds; `proven` reads it."""
        bits = 0
        if len(self._automaton):
            for _, entry in self._automaton.iter(padded):
                bits |= entry.bits
        return bits

    def proven(self, bits: int) -> set[int]:
        """The signals that those bits might prove, wherever their words stand."""
        found = {number for number in range(len(self.signals)) if bits >> number & 1}
        found.update(signal for signal, group in self._whole if bits & group == group)
        return found

    def gate(self, signals: Container[int]) -> Gate:
        """A quick test for whether any of `signals` might be proven."""
        single = sum(1 << number for number in range(len(self.signals)) if number in signals)
        return Gate(single, tuple({group for signal, group in self._whole if signal in signals}))

    def meet(self, reading: Reading) -> Met:
        """Which parts stand in a post by the folding rule, and where."""
        met = Met(f" {reading.folded} ", positions_of(reading.folded))
        accents, kept = Accents(reading), reading.kept
        for end, entry in self._automaton.iter(met.padded) if len(self._automaton) else ():
            at = met.positions[end - entry.length + 1]
            for number, part in entry.parts:
                if part.stands_at(kept, at, accented=accents.around(at)):
                    met.parts.setdefault(number, []).append((at, at + len(part.kept)))
                    met.bits |= self._bits[number]
                    if self._decisive[number] and is_certain(part, kept, at):
                        met.certain |= self._decisive[number]
        return met

    def evidence(self, met: Met, breaks: frozenset[int]) -> Evidence:
        """What those parts prove together; `breaks` are the tokens after which a sentence ends."""
        spans: dict[int, list[Span]] = {}
        shields: dict[int, list[Span]] = {}
        for number in {number for part in met.parts for number in self._firsts[part]}:
            use = self._uses[number]
            found = proofs(use, met, breaks)
            (shields if use.shield else spans).setdefault(use.signal, []).extend(found)
        opened = {
            signal: unshielded(found, shields.get(signal, ())) for signal, found in spans.items()
        }
        return Evidence({n: found for n, found in opened.items() if found}, frozenset(met.certain))


def _digest(packs: Sequence[Pack]) -> str:
    """Changes with the packs, their versions and the normaliser."""
    text = "\n".join([str(NORMALISER_VERSION), *(f"{p.id}@{p.version}:{p.digest}" for p in packs)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
