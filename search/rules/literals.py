"""The words that rules look for, found in the tokens of a folded text.

A literal is one word or several side by side. Each is filed under a run of up to three of its words, the
one that the fewest others share, so that a text is looked through with one question to a dictionary for
each of its words, pairs and threes. A dictionary is smaller than an automaton over the letters, and says
at once which token stands where. Everything is of plain tuples, dictionaries and numbers, which
are written to a file and read back in no time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

#: Words in a run.
LONGEST = 3

Words = tuple[str, ...]
#: One word as it is, several as a tuple.
Run = str | Words
#: The words of a literal; how many of them stand before the run that it is filed under; the first of the
#: parts of phrases that it may be, and how many; the bits of those parts.
Literal = tuple[Words, int, int, int, int]
#: The token that a literal begins at, and the literal.
Found = Sequence[tuple[int, Literal]]
#: What is filed under one run: the bits that are watched, and behind them the literals.
Filed = tuple[Any, ...]
#: For a text of n words what is filed under the n words, the n - 1 pairs, and the threes.
Looked = list[Filed | None]


class Literals:
    """Literals by their runs."""

    def __init__(self, filed: dict[Run, Filed]) -> None:
        self.filed = filed

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
        """From now on `bits_of` tells of those bits only."""
        same: dict[int, int] = {}
        for run, (_, *some) in self.filed.items():
            mask = 0
            for literal in some:
                mask |= literal[4]
            mask &= wanted
            self.filed[run] = (same.setdefault(mask, mask), *some)

    def look_up(self, words: Words) -> Looked:
        """What is filed under each word, each two and each three side by side of a folded text."""
        return list(map(self.filed.get, chain.from_iterable(_runs(words))))

    def find(self, words: Words, looked: Looked) -> Found:
        """Every literal in a folded text that was looked up."""
        long = len(words)
        found = [(at, filed[1]) for at, filed in enumerate(looked[:long]) if filed]
        found += [(at, filed[1]) for at, filed in enumerate(looked[long : 2 * long - 1]) if filed]
        for at, filed in enumerate(looked[2 * long - 1 :]):
            for literal in filed[1:] if filed else ():
                start, other = at - literal[1], literal[0]
                if start >= 0 and words[start : start + len(other)] == other:
                    found.append((start, literal))
        return found


def bits_of(looked: Looked) -> int:
    """The watched bits of all literals that could be there: their runs are."""
    bits = 0
    for filed in looked:
        if filed:
            bits |= filed[0]
    return bits


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
