"""Rules made ready to run: one automaton over all literals, and what each of them is part of."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

from search.rules.model import Pack, Signal, State
from search.rules.phrases import MAX_GAP, Part, Phrase, read_phrases
from search.text import NORMALISER_VERSION, fold

#: A pattern sees this many characters on either side of its literal, so its time is bounded.
WINDOW = 160

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Use:
    """One phrase in one role: evidence for a signal, shield against it, or trigger of a pattern."""

    signal: int
    phrase: Phrase
    shield: bool = False
    regex: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the automaton holds for one literal: parts of uses, and the signals they may prove."""

    parts: tuple[tuple[int, int, Part], ...]
    mask: int
    length: int


@dataclass(slots=True)
class Scan:
    """The tokens of one post and where its literals were met."""

    kept: list[str]
    folded: str
    positions: dict[int, int]
    met: dict[tuple[int, int], list[int]] = field(default_factory=dict)


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
        self._automaton = self._build()
        self.version = _digest(packs)

    def _add(self, pack: Pack, signal: Signal, vocabulary: Mapping[str, tuple[str, ...]]) -> None:
        at = len(self.signals)
        self.signals.append(Placed(pack.id, signal))
        for text in signal.phrases:
            self._uses += [Use(at, phrase) for phrase in read_phrases(text, vocabulary)]
        for text in signal.excluding:
            self._uses += [Use(at, p, shield=True) for p in read_phrases(text, vocabulary)]
        for pattern in signal.patterns:
            regex = re.compile(pattern.regex)
            self._uses += [
                Use(at, phrase, regex=regex)
                for phrase in read_phrases(pattern.requires, vocabulary)
            ]

    def _build(self) -> "ahocorasick.Automaton":
        parts: dict[str, list[tuple[int, int, Part]]] = {}
        for number, use in enumerate(self._uses):
            for place, part in enumerate(use.phrase.parts):
                parts.setdefault(part.key, []).append((number, place, part))
        automaton = ahocorasick.Automaton()
        for key, found in parts.items():
            mask = 0
            for number, place, _ in found:
                if place == 0 and not self._uses[number].shield:
                    mask |= 1 << self._uses[number].signal
            automaton.add_word(key, Entry(tuple(found), mask, len(key)))
        if parts:
            automaton.make_automaton()
        return automaton

    def bits(self, padded: str) -> int:
        """Which signals a folded text, padded with a space on both sides, might prove; a quick no."""
        mask = 0
        if len(self._automaton):
            for _, entry in self._automaton.iter(padded):
                mask |= entry.mask
        return mask

    def evidence(self, kept: list[str], folded: str) -> dict[int, list[Span]]:
        """Signal number -> token spans that prove it by words; `folded` is unpadded normal text."""
        scan = Scan(kept, f" {folded} ", _positions(folded))
        for end, entry in self._automaton.iter(scan.folded) if len(self._automaton) else ():
            at = scan.positions[end - entry.length + 1]
            for number, place, part in entry.parts:
                if part.stands_at(kept, at):
                    scan.met.setdefault((number, place), []).append(at)
        return self._gather(scan)

    def _gather(self, scan: Scan) -> dict[int, list[Span]]:
        spans: dict[int, list[Span]] = {}
        shields: dict[int, list[Span]] = {}
        for number in {number for number, place in scan.met if place == 0}:
            use = self._uses[number]
            found = list(_chains(use.phrase, number, scan))
            if use.regex is not None:
                found = [span for hit in found for span in _around(use.regex, hit, scan)]
            (shields if use.shield else spans).setdefault(use.signal, []).extend(found)
        return {
            signal: open_spans
            for signal, found in spans.items()
            if (open_spans := _unshielded(found, shields.get(signal, ())))
        }


def _positions(folded: str) -> dict[int, int]:
    """Index of the space before each token in the padded text -> number of that token."""
    positions: dict[int, int] = {}
    at = 0
    for number, token in enumerate(folded.split(" ")):
        positions[at] = number
        at += len(token) + 1
    return positions


def _chains(phrase: Phrase, number: int, scan: Scan) -> Iterator[Span]:
    """Where all parts of a phrase stand in order with small gaps, each part once from its first."""
    for start in scan.met.get((number, 0), ()):
        end = start + len(phrase.parts[0].kept)
        for place, part in enumerate(phrase.parts[1:], 1):
            after = [at for at in scan.met.get((number, place), ()) if end <= at <= end + MAX_GAP]
            if not after:
                break
            end = min(after) + len(part.kept)
        else:
            yield start, end


def _around(regex: re.Pattern[str], hit: Span, scan: Scan) -> Iterator[Span]:
    """Matches of `regex` in the neighbourhood of `hit`, widened to whole tokens."""
    spaces = sorted(scan.positions)
    middle = spaces[hit[0]]
    low = max(0, middle - WINDOW)
    for match in regex.finditer(scan.folded, low, min(len(scan.folded), middle + WINDOW)):
        inside = [scan.positions[at] for at in spaces if match.start() - 1 <= at < match.end() - 1]
        if inside and inside[0] <= hit[0] <= inside[-1]:
            yield inside[0], inside[-1] + 1


def _unshielded(found: Iterable[Span], shields: Iterable[Span]) -> list[Span]:
    shields = list(shields)
    return sorted(
        {
            (start, end)
            for start, end in found
            if not any(low <= start and end <= high for low, high in shields)
        }
    )


def _digest(packs: Sequence[Pack]) -> str:
    """Changes with the packs, their versions and the normaliser."""
    text = "\n".join([str(NORMALISER_VERSION), *(f"{p.id}@{p.version}:{p.digest}" for p in packs)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def padded(text: str) -> str:
    """The folded form with a space on both sides, as `Compiled.bits` takes it."""
    return f" {fold(text)} "
