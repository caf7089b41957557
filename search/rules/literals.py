"""The words that rules look for, found in the tokens of a folded text.

A literal is one word or several side by side. Each is filed under a run of up to three of its words, the
one that the fewest others share, so that a text is looked through with one question to a dictionary for
each of its words, pairs and threes. A dictionary is smaller than an automaton over the letters, and says
at once which token stands where. Everything is of plain tuples, dictionaries and numbers, which
are written to a file and read back in no time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

#: Words in a run.
LONGEST = 3

Words = tuple[str, ...]
#: One word as it is, several as a tuple.
Run = str | Words
#: A phrase with gaps that a literal belongs to, and its place there.
Place = tuple[int, int]
#: The words of a literal; how many of them stand before the run that it is filed under; the first of the
#: parts of phrases that it may be, and how many; the bits of those parts; its places in phrases with gaps.
Literal = tuple[Words, int, int, int, int, tuple[Place, ...]]
#: The token that a literal begins at, and the literal.
Found = Sequence[tuple[int, Literal]]
#: What is filed under one run: the bits that are watched, and behind them the literals.
Filed = tuple[Any, ...]


class Literals:
    """Literals by their runs."""

    def __init__(self, filed: dict[Run, Filed]) -> None:
        self.filed = filed
        self._masks = {run: some[0] for run, some in filed.items() if some[0]}

    @classmethod
    def of(cls, literals: Iterable[Literal]) -> "Literals":
        """Every bit is watched."""
        filed: dict[Run, list[Literal]] = {}
        for literal in literals:
            words, start = literal[0], literal[1]
            run = words[start : start + LONGEST]
            filed.setdefault(run if len(run) > 1 else run[0], []).append(literal)
        found = cls({run: (0, *some) for run, some in filed.items()})
        found.watch(-1)
        return found

    def watch(self, wanted: int) -> None:
        """From now on `bits_in` tells of those bits only."""
        same: dict[int, int] = {}
        for run, (_, *some) in self.filed.items():
            mask = 0
            for literal in some:
                mask |= literal[4]
            mask &= wanted
            self.filed[run] = (same.setdefault(mask, mask), *some)
        self._masks = {run: some[0] for run, some in self.filed.items() if some[0]}

    def bits_in(self, words: Words) -> int:
        """The watched bits of all literals that could be there: their runs are."""
        return reduce(or_, filter(None, map(self._masks.get, chain.from_iterable(_runs(words)))), 0)

    def find(self, words: Words) -> Found:
        """Every literal in a folded text."""
        singles, pairs, threes = _runs(words)
        get = self.filed.get
        found = [(at, filed[1]) for at, filed in enumerate(map(get, singles)) if filed]
        found += [(at, filed[1]) for at, filed in enumerate(map(get, pairs)) if filed]
        for at, filed in enumerate(map(get, threes)):
            for literal in filed[1:] if filed else ():
                start, long = at - literal[1], literal[0]
                if start >= 0 and words[start : start + len(long)] == long:
                    found.append((start, literal))
        return found


def _runs(words: Words) -> tuple[Iterable[Run], Iterable[Run], Iterable[Run]]:
    second = words[1:]
    return words, zip(words, second, strict=False), zip(words, second, words[2:], strict=False)


def rarest_runs(literals: Mapping[Words, object]) -> Iterator[int]:
    """For each literal how many of its words stand before the run that the fewest literals hold."""
    shared = Counter(
        words[at : at + LONGEST] for words in literals for at in range(len(words) - LONGEST + 1)
    )
    for words in literals:
        starts = range(max(1, len(words) - LONGEST + 1))
        yield min(starts, key=lambda at: shared[words[at : at + LONGEST]])
