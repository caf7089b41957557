"""Rules made ready to run: one automaton over all literals, and what each of them is part of."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import ahocorasick

from search.rules.model import Pack, Signal, State
from search.rules.phrases import MAX_GAP, Part, Phrase, is_certain, read_phrase
from search.text import NORMALISER_VERSION, fold

#: A pattern sees this many characters on either side of its literal, so its time is bounded.
WINDOW = 160
#: Share of words with diacritics from which a text counts as written with them.
ACCENTED = 0.25
#: Words on either side that tell how a place is written.
NEIGHBOURS = 10
GATE_MEMO = 1 << 16

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


@dataclass(frozen=True, slots=True)
class Reading:
    """One post's tokens, with diacritics and folded.

    `breaks`: after which tokens a sentence ends. `marked`: which were written with diacritics (a short
    form written out has some that the author did not write).
    """

    kept: tuple[str, ...]
    folded: str
    breaks: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()


class Gate:
    """Bits of which one must be set, or groups of bits of which all must; remembers what it saw."""

    def __init__(self, single: int, groups: tuple[int, ...]) -> None:
        self._single, self._groups = single, groups
        self._all = single
        for group in groups:
            self._all |= group
        self._known: dict[int, bool] = {}

    def opens(self, bits: int) -> bool:
        """Whether `bits` might prove one of the signals."""
        if bits & self._single:
            return True
        relevant = bits & self._all
        known = self._known.get(relevant)
        if known is None:
            if len(self._known) > GATE_MEMO:
                self._known.clear()
            known = any(relevant & group == group for group in self._groups)
            self._known[relevant] = known
        return known


@dataclass(slots=True)
class Scan:
    """Where the literals were met in one reading."""

    reading: Reading
    padded: str
    positions: dict[int, int]
    accents: "Accents"
    met: dict[tuple[int, int], list[Span]] = field(default_factory=dict)
    certain: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signal number -> token spans that prove it; `certain` are those no other reading explains."""

    spans: Mapping[int, list[Span]]
    certain: frozenset[int] = frozenset()


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
        self._broken: dict[int, list[int]] = {}
        self._next_bit = 0
        words = {pack.id: pack.vocabulary for pack in packs}
        for pack in packs:
            lent = {k: v for used in pack.uses for k, v in words.get(used, {}).items()}
            for signal in pack.signals:
                if signal.state in {State.LIVE, State.SHADOW}:
                    self._add(pack, signal, {**lent, **pack.vocabulary})
        self._decisive = {
            number
            for number, use in enumerate(self._uses)
            if self.signals[use.signal].signal.decisive
        }
        self._automaton = self._build()
        self._whole = [
            (self._uses[number].signal, sum(1 << bit for bit in bits))
            for number, bits in self._broken.items()
        ]
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

    def _build(self) -> "ahocorasick.Automaton":
        parts: dict[str, list[tuple[int, int, Part]]] = {}
        for number, use in enumerate(self._uses):
            for place, choices in enumerate(use.phrase.places):
                for part in choices:
                    parts.setdefault(part.key, []).append((number, place, part))
        automaton = ahocorasick.Automaton()
        for key, found in parts.items():
            mask = 0
            for number, place, _ in found:
                mask |= self._bit(number, place)
            automaton.add_word(key, Entry(tuple(found), mask, len(key)))
        if parts:
            automaton.make_automaton()
        return automaton

    def _bit(self, number: int, place: int) -> int:
        """The bit of a signal for a phrase that stands alone; else one bit for each place of it."""
        use = self._uses[number]
        if use.shield:
            return 0
        if len(use.phrase.places) == 1:
            return 1 << use.signal
        bits = self._broken.setdefault(number, [])
        while len(bits) <= place:
            bits.append(len(self.signals) + self._next_bit)
            self._next_bit += 1
        return 1 << bits[place]

    def bits(self, padded: str) -> int:
        """What of the rules a folded text, padded with spaces, holds; `proven` reads it."""
        mask = 0
        if len(self._automaton):
            for _, entry in self._automaton.iter(padded):
                mask |= entry.mask
        return mask

    def proven(self, bits: int) -> set[int]:
        """The signals that those bits might prove, wherever their words stand."""
        found = {number for number in range(len(self.signals)) if bits >> number & 1}
        found.update(signal for signal, mask in self._whole if bits & mask == mask)
        return found

    def gate(self, signals: Container[int]) -> "Gate":
        """A quick test for whether any of `signals` might be proven."""
        single = sum(1 << number for number in range(len(self.signals)) if number in signals)
        return Gate(single, tuple({mask for signal, mask in self._whole if signal in signals}))

    def evidence(self, reading: Reading) -> Evidence:
        """What the words of a post prove, with the folding rule and whole sentences kept."""
        scan = Scan(reading, f" {reading.folded} ", _positions(reading.folded), Accents(reading))
        for end, entry in self._automaton.iter(scan.padded) if len(self._automaton) else ():
            at = scan.positions[end - entry.length + 1]
            around = scan.accents.around(at)
            for number, place, part in entry.parts:
                if part.stands_at(reading.kept, at, accented=around):
                    scan.met.setdefault((number, place), []).append((at, at + len(part.kept)))
                    if number in self._decisive and is_certain(part, reading.kept, at):
                        scan.certain.add(self._uses[number].signal)
        return Evidence(self._gather(scan), frozenset(scan.certain))

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


class Accents:
    """How much of a text is written with diacritics, anywhere in it."""

    def __init__(self, reading: Reading) -> None:
        self._sums = [(0, 0)]
        for at, token in enumerate(reading.kept):
            words, marked = self._sums[-1]
            self._sums.append((words + token.isalpha(), marked + (at in reading.marked)))

    def around(self, at: int) -> bool:
        """Whether the words around token `at` carry diacritics, as Vietnamese mostly does."""
        low, high = max(0, at - NEIGHBOURS), min(len(self._sums) - 1, at + NEIGHBOURS)
        words = self._sums[high][0] - self._sums[low][0]
        marked = self._sums[high][1] - self._sums[low][1]
        return marked > 0 and marked >= ACCENTED * words


def _positions(folded: str) -> dict[int, int]:
    """Index of the space before each token in the padded text -> number of that token."""
    positions: dict[int, int] = {}
    at = 0
    for number, token in enumerate(folded.split(" ")):
        positions[at] = number
        at += len(token) + 1
    return positions


def _chains(phrase: Phrase, number: int, scan: Scan) -> Iterator[Span]:
    """Where all places of a phrase are filled in order, near each other and in one sentence."""
    for start, first_end in scan.met.get((number, 0), ()):
        end = first_end
        for place in range(1, len(phrase.places)):
            after = [
                span
                for span in scan.met.get((number, place), ())
                if end <= span[0] <= end + MAX_GAP
                and scan.reading.breaks.isdisjoint(range(end - 1, span[0]))
            ]
            if not after:
                break
            end = min(after)[1]
        else:
            yield start, end


def _around(regex: re.Pattern[str], hit: Span, scan: Scan) -> Iterator[Span]:
    """Matches of `regex` in the neighbourhood of `hit`, widened to whole tokens."""
    spaces = sorted(scan.positions)
    middle = spaces[hit[0]]
    low = max(0, middle - WINDOW)
    for match in regex.finditer(scan.padded, low, min(len(scan.padded), middle + WINDOW)):
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
