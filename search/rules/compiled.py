"""Rules made ready to run: what stands in a text, and what it proves."""

import hashlib
from collections.abc import Mapping, Sequence

from search.rules import kept
from search.rules.compiling import PLACES, running
from search.rules.literals import Found, Literal, Looked, Words
from search.rules.model import Pack
from search.rules.phrases import Part, is_certain
from search.rules.scanning import (
    Accents,
    Evidence,
    Met,
    Reading,
    Saying,
    Span,
    Use,
    mask_of,
    numbers,
    proofs,
    unshielded,
)
from search.text import NORMALISER_VERSION

#: So many spellings of literals are remembered.
SPELLINGS = 1 << 15
#: What kept tokens say: the bits of the parts that they are; of those that ask for words without diacritics
#: around; and all those parts.
Said = tuple[int, int, tuple[Saying, ...]]


class Compiled:
    """All running signals of some packs. Immutable but for what it remembers; safe to share between threads."""

    def __init__(self, packs: Sequence[Pack], *, keep: bool = False) -> None:
        self.signals = running(packs)
        self.names = [placed.name for placed in self.signals]
        self.version = _digest(packs)
        self.file = kept.file_of(packs) if keep else None
        self._tables = kept.tables_of(packs, self.file)
        self._literals = self._tables.literals
        self._gapped = self._tables.gapped
        self._uses = [Use(*role) for role in self._tables.roles]
        self._speaking = mask_of(
            row for row, number in enumerate(self._gapped) if not self._uses[number].shield
        )
        self._known: dict[tuple[int, str | Words], Said] = {}

    def watch(self, signals: int) -> None:
        """From now on `bits_of` tells of those signals only: a bit for each."""
        if self._tables.watched:
            return  # read from a file, where they were kept for the same packs
        rows = mask_of(
            row for row, number in enumerate(self._gapped) if self._speaks(number, signals)
        )
        for place in range(PLACES):
            signals |= rows << (len(self.signals) + place * len(self._gapped))
        self._literals.watch(signals)
        self._tables.watched = True
        kept.keep(self._tables, self.file)

    def _speaks(self, number: int, signals: int) -> bool:
        use = self._uses[number]
        return not use.shield and bool(signals >> use.signal & 1)

    def look_up(self, words: Words) -> Looked:
        """What is filed under the words of a folded text and their neighbours."""
        return self._literals.look_up(words)

    def find(self, words: Words, looked: Looked) -> Found:
        """All literals in a folded text that was looked up."""
        return self._literals.find(words, looked)

    def whole(self, bits: int) -> int:
        """The phrases with gaps all of whose places are met, wherever: a bit for each."""
        rest, width = bits >> len(self.signals), len(self._gapped)
        if not rest:
            return 0
        rest |= self._tables.lacking >> len(self.signals)
        found = (1 << width) - 1
        for place in range(PLACES):
            found &= rest >> (place * width)
        return found

    def proven(self, bits: int, whole: int) -> int:
        """The signals that those might prove, wherever their words stand: a bit for each."""
        found = bits & ((1 << len(self.signals)) - 1)
        for row in numbers(whole & self._speaking):
            found |= 1 << self._uses[self._gapped[row]].signal
        return found

    def touch(self, reading: Reading, found: Found) -> Met:
        """Which of the parts found in the folded text could stand there, and their bits."""
        tokens, known = reading.kept, self._known
        met = Met(reading.folded, Accents(reading))
        said, doubted, sure, possible = met.said, met.doubted, 0, 0
        for start, literal in found:
            long = len(literal[0])
            written = tokens[start] if long == 1 else tokens[start : start + long]
            plain, doubtful, parts = known.get((literal[2], written)) or self._said(
                literal, written
            )
            if parts:
                said.append((start, start + long, parts))
                sure |= plain
                if doubtful:
                    doubted.append((start, doubtful))
                    possible |= doubtful
        met.bits, met.possible = sure, sure | possible
        return met

    def settle(self, met: Met) -> int:
        """The bits of what the folding rule lets stand there; worked out once."""
        if met.doubted:
            for start, doubtful in met.doubted:
                if doubtful & ~met.bits and not met.accents.around(start):
                    met.bits |= doubtful
            met.doubted, met.possible = [], met.bits
        return met.bits

    def meet(self, met: Met) -> Met:
        """The same with their places, and what they prove for certain."""
        self.settle(met)
        said, met.said = met.said, []
        for start, end, parts in said:
            for number, doubtful, certain in parts:
                if doubtful and met.accents.around(start):
                    continue
                met.parts.setdefault(number, []).append((start, end))
                met.certain.update(certain)
        return met

    def _said(self, literal: Literal, written: str | Words) -> Said:
        """The parts that a post's kept tokens can say here; remembered, since few spellings recur."""
        tokens = (written,) if isinstance(written, str) else written
        words, kept_words = literal[0], self._tables.kept
        found: list[Saying] = []
        plain = doubted = 0
        for number in range(literal[2], literal[2] + literal[3]):
            part = Part(kept_words[number], words)
            if not part.said_by(tokens):
                continue
            doubtful = part.is_doubtful(tokens)
            certain = self._tables.certain[number] if is_certain(part, tokens) else ()
            found.append((number, doubtful, certain))
            if doubtful:
                doubted |= self._tables.bits[number]
            else:
                plain |= self._tables.bits[number]
        if len(self._known) > SPELLINGS:
            self._known.clear()
        said = self._known[literal[2], written] = plain, doubted, tuple(found)
        return said

    def evidence(self, met: Met, breaks: frozenset[int]) -> Evidence:
        """What those parts prove together; `breaks` are the tokens after which a sentence ends."""
        spans, shields = self._evidence_of_parts(met)
        rows = [self._gapped[row] for row in numbers(self.whole(met.bits))]
        for use in map(self._uses.__getitem__, rows):
            into = shields if use.shield else spans
            into.setdefault(use.signal, []).extend(proofs(use, met, breaks))
        return self._unshielded(met, spans, shields)

    def _evidence_of_parts(self, met: Met) -> tuple[dict[int, list[Span]], dict[int, list[Span]]]:
        """What parts prove and shield by themselves, wherever sentences end."""
        spans: dict[int, list[Span]] = {}
        shields: dict[int, list[Span]] = {}
        patterns: set[int] = set()
        for part, found in met.parts.items():
            for signal, shield in self._tables.plain[part]:
                (shields if shield else spans).setdefault(signal, []).extend(found)
            patterns.update(self._tables.other[part])
        for use in map(self._uses.__getitem__, patterns):
            spans.setdefault(use.signal, []).extend(proofs(use, met, frozenset()))
        return spans, shields

    def _unshielded(
        self, met: Met, spans: Mapping[int, list[Span]], shields: Mapping[int, list[Span]]
    ) -> Evidence:
        opened = {
            signal: unshielded(found, shields.get(signal, ())) for signal, found in spans.items()
        }
        return Evidence({n: found for n, found in opened.items() if found}, frozenset(met.certain))


def _digest(packs: Sequence[Pack]) -> str:
    """Changes with the packs, their versions and the normaliser."""
    text = "\n".join([str(NORMALISER_VERSION), *(f"{p.id}@{p.version}:{p.digest}" for p in packs)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
