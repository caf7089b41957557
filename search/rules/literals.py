"""The words that rules look for, found in the tokens of a folded text.

A literal is one word or several side by side. Each is filed under a run of up to three of its words, the
one that the fewest others share, so that a text is looked through with one question to a dictionary for
each of its words, pairs and threes. A dictionary is smaller than an automaton over the letters, and says
at once which token stands where.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

#: Words in a run.
LONGEST = 3

Words = tuple[str, ...]
#: One word as it is, several as a tuple.
Run = str | Words
#: A part's number, whether it asks for words without diacritics around, and whether it is certain.
Said = tuple[int, bool, bool]


@dataclass(slots=True)
class Literal:
    """Words that stand side by side, and the parts of phrases that they may be.

    `before` is how many of its words stand before the run that it is filed under; `bits` are those of
    its parts; `places` name the phrases with gaps that it belongs to: row and place.
    """

    words: Words
    before: int
    parts: tuple[int, ...]
    bits: int
    places: tuple[tuple[int, int], ...]
    known: dict[Words, tuple[Said, ...]] | None = None


#: The token that a literal begins at, and the literal.
Found = Sequence[tuple[int, Literal]]


class Literals:
    """Literals by their runs; immutable once built but for `watch`."""

    def __init__(self, literals: Iterable[Literal]) -> None:
        self._short: dict[Run, Literal] = {}
        long: dict[Run, list[Literal]] = {}
        for literal in literals:
            if len(literal.words) < LONGEST:
                self._short[_run(literal.words)] = literal
            else:
                start = literal.before
                long.setdefault(literal.words[start : start + LONGEST], []).append(literal)
        self._long: dict[Run, tuple[Literal, ...]] = {
            run: tuple(some) for run, some in long.items()
        }
        self._masks: dict[Run, int] = {}

    def watch(self, wanted: int) -> None:
        """From now on `bits_in` tells of those bits only: fewer questions have an answer."""
        masks: dict[Run, int] = {}
        same: dict[int, int] = {}
        for run, some in chain(self._long.items(), ((r, (one,)) for r, one in self._short.items())):
            mask = 0
            for literal in some:
                mask |= literal.bits
            if mask & wanted:
                masks[run] = same.setdefault(mask & wanted, mask & wanted)
        self._masks = masks

    def bits_in(self, words: Words) -> int:
        """The watched bits of all literals that could be there: their runs are."""
        found = 0
        for mask in filter(None, map(self._masks.get, chain.from_iterable(_runs(words)))):
            found |= mask
        return found

    def find(self, words: Words) -> Found:
        """Every literal in a folded text."""
        singles, pairs, threes = _runs(words)
        short = self._short.get
        found = [(at, one) for at, one in enumerate(map(short, singles)) if one]
        found += [(at, one) for at, one in enumerate(map(short, pairs)) if one]
        for at, some in enumerate(map(self._long.get, threes)):
            for literal in some or ():
                start, long = at - literal.before, literal.words
                if start >= 0 and words[start : start + len(long)] == long:
                    found.append((start, literal))
        return found


def _runs(words: Words) -> tuple[Iterable[Run], Iterable[Run], Iterable[Run]]:
    second = words[1:]
    return words, zip(words, second, strict=False), zip(words, second, words[2:], strict=False)


def _run(words: Words) -> Run:
    return words if len(words) > 1 else words[0]


def rarest_runs(literals: Mapping[Words, object]) -> Iterator[int]:
    """For each literal how many of its words stand before the run that the fewest literals hold."""
    shared = Counter(
        words[at : at + LONGEST] for words in literals for at in range(len(words) - LONGEST + 1)
    )
    for words in literals:
        starts = range(max(1, len(words) - LONGEST + 1))
        yield min(starts, key=lambda at: shared[words[at : at + LONGEST]])
