"""What the words of one post prove: places of literals, phrases with gaps, patterns around them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import accumulate

from search.rules.phrases import MAX_GAP
from search.syllable_counts import DROPPED
from search.text import written_in

#: A pattern sees this many characters on either side of its literal, so its time is bounded.
WINDOW = 160
#: Share of words with diacritics from which a text counts as written with them.
ACCENTED = 0.25
#: So many words that lack their diacritics, and so many for each word that has some, make a writer who
#: leaves them out now and then: with him a word without them may be the one with them.
CARELESS_WORDS, CARELESS = 2, 0.25
#: Words in a block; a block and its neighbours tell how a place in it is written.
NEIGHBOURS = 8

Span = tuple[int, int]
#: A part's number, whether it asks for words without diacritics around, and the signals it proves for certain.
Saying = tuple[int, bool, tuple[int, ...]]


@dataclass(frozen=True)
class Reading:
    """One post's tokens, with diacritics and folded; `text` is what they were read from."""

    kept: tuple[str, ...]
    folded: str
    text: str

    @cached_property
    def written(self) -> Sequence[bool]:
        """Whether a token's letters are the author's own: a short form written out has diacritics that
        nobody wrote."""
        return written_in(self.text)


@dataclass(frozen=True, slots=True)
class Use:
    """One phrase in one role: evidence for a signal, shield against it, or trigger of a pattern.

    `places` are the numbers of the parts that may stand at each place of the phrase.
    """

    signal: int
    places: tuple[tuple[int, ...], ...] = ()
    shield: bool = False
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Signal number -> token spans that prove it; `certain` are those no other reading explains."""

    spans: Mapping[int, list[Span]]
    certain: frozenset[int] = frozenset()


#: What a token is, in one number that can be summed: a word, one with diacritics, one that lacks them.
_BITS = 10
_WORD, _MARKED, _CARELESS, _MASK = 1, 1 << _BITS, 1 << 2 * _BITS, (1 << _BITS) - 1
_MOST_LOOKS = 1 << 16


class _Looks(dict[str, int]):
    """Token -> what it is."""

    def __missing__(self, token: str) -> int:
        look = 0
        if token.isalpha():
            look = _WORD + _MARKED * (not token.isascii()) + _CARELESS * (token in DROPPED)
        if len(self) < _MOST_LOOKS:
            self[token] = look
        return look


_LOOKS = _Looks()


class Accents:
    """How much of a text is written with diacritics, anywhere in it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._known: dict[int, bool] = {}

    @cached_property
    def _blocks(self) -> list[int]:
        """The looks of each block of tokens summed."""
        looks = list(map(_LOOKS.__getitem__, self._reading.kept))
        written = self._reading.written
        if not all(written):
            looks = [
                look if own else look & _WORD for look, own in zip(looks, written, strict=True)
            ]
        return [sum(looks[at : at + NEIGHBOURS]) for at in range(0, len(looks), NEIGHBOURS)]

    def around(self, at: int) -> bool:
        """Whether the words around token `at` carry diacritics, as Vietnamese mostly does."""
        block = at // NEIGHBOURS
        known = self._known.get(block)
        if known is None:
            known = self._known[block] = self._carries(block)
        return known

    def _carries(self, block: int) -> bool:
        """Looks at a block of tokens and its neighbours on either side."""
        seen = sum(self._blocks[max(0, block - 1) : block + 2])
        words, marked, careless = seen & _MASK, seen >> _BITS & _MASK, seen >> 2 * _BITS
        if careless >= CARELESS_WORDS and careless >= CARELESS * marked:
            return False
        return marked > 0 and marked >= ACCENTED * words


@dataclass
class Met:
    """Which parts stand where in one reading, the bits they set, the signals they prove for certain.

    `said` is what was found, until `accents` have told which of it counts and it stands in `parts`; `bits` are
    without those that are `doubted`, by the token they stand at, `possible` with them.
    """

    folded: str
    accents: Accents
    said: list[tuple[int, int, tuple[Saying, ...]]] = field(default_factory=list)
    doubted: list[tuple[int, int]] = field(default_factory=list)
    bits: int = 0
    possible: int = 0
    parts: dict[int, list[Span]] = field(default_factory=dict)
    certain: set[int] = field(default_factory=set)

    @cached_property
    def padded(self) -> str:
        return f" {self.folded} "

    @cached_property
    def spaces(self) -> Sequence[int]:
        """The indexes of the spaces before the tokens in the padded text."""
        return spaces_of(self.folded)


def spaces_of(folded: str) -> list[int]:
    """The index of the space before each token in the padded text."""
    lengths = [len(token) + 1 for token in folded.split(" ")]
    return list(accumulate(lengths[:-1], initial=0))


def numbers(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def mask_of(bits: Iterable[int]) -> int:
    """The other way round: one number with those bits set."""
    mask = 0
    for bit in bits:
        mask |= 1 << bit
    return mask


def proofs(use: Use, met: Met, breaks: frozenset[int]) -> Iterable[Span]:
    """Where `use` is fulfilled."""
    found = _chains(use, met, breaks)
    if use.pattern is None:
        return found
    regex = _expression(use.pattern)
    return [span for hit in found for span in _around(regex, hit, met)]


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Compiled when it is first needed, which for most is never."""
    return re.compile(pattern)


def _chains(use: Use, met: Met, breaks: frozenset[int]) -> list[Span]:
    """Where all places of a phrase are filled in order, near each other and in one sentence."""
    chains = _spans(use.places[0], met)
    for place in use.places[1:]:
        if not chains:
            return []
        spans = sorted(_spans(place, met))
        longer = []
        for start, end in chains:
            after = _first_after(spans, end, breaks)
            if after is not None:
                longer.append((start, after))
        chains = longer
    return chains


def _first_after(spans: Sequence[Span], end: int, breaks: frozenset[int]) -> int | None:
    """The end of the first of `spans`, in order, that stands near behind token `end` in its sentence."""
    at = bisect_left(spans, (end, 0))
    if at == len(spans) or spans[at][0] > end + MAX_GAP:
        return None
    if breaks and not breaks.isdisjoint(range(end - 1, spans[at][0])):
        return None  # what stands further is behind the same break
    return spans[at][1]


def _spans(parts: Sequence[int], met: Met) -> list[Span]:
    return [span for part in parts if part in met.parts for span in met.parts[part]]


def _around(regex: re.Pattern[str], hit: Span, met: Met) -> Iterator[Span]:
    """Matches of `regex` in the neighbourhood of `hit`, widened to whole tokens."""
    spaces = met.spaces
    middle = spaces[hit[0]]
    low = max(0, middle - WINDOW)
    for match in regex.finditer(met.padded, low, min(len(met.padded), middle + WINDOW)):
        first = bisect_left(spaces, match.start() - 1)
        past = bisect_left(spaces, match.end() - 1)
        if first <= hit[0] < past:
            yield first, past


def unshielded(found: Sequence[Span], shields: Sequence[Span]) -> list[Span]:
    """The spans that lie in no shield, in order, each once."""
    if not shields:
        return sorted(set(found)) if len(found) > 1 else list(found)
    lows, highs = _reach(shields)
    return sorted({span for span in found if not _within(span, lows, highs)})


def _reach(spans: Iterable[Span]) -> tuple[list[int], list[int]]:
    """The starts in order, and how far any span that begins there or before reaches."""
    ordered = sorted(spans)
    return [low for low, _ in ordered], list(accumulate((high for _, high in ordered), max))


def _within(span: Span, lows: Sequence[int], highs: Sequence[int]) -> bool:
    """Whether a span lies in one of those that `_reach` was told of."""
    at = bisect_right(lows, span[0])
    return at > 0 and highs[at - 1] >= span[1]


def all_near(anchors: Iterable[Span], others: Sequence[Sequence[Span]], within: int) -> bool:
    """Whether some anchor has one of each of `others` at most `within` tokens away."""
    reaches = [_reach(spans) for spans in others]
    return any(
        all(
            _within((end + within, start - within), lows, highs)  # begins by then, ends since then
            for lows, highs in reaches
        )
        for start, end in anchors
    )
