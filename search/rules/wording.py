"""How alike a text is to the labelled posts, by its words and signs: a table of weights that a person can read.

Never enough for a flag: it is one group of evidence beside those that rules prove, and it lowers what is
unlike every lure. Two comparisons have to agree: with what people ordinarily write, and with what only
looks like a lure. The table is made by `tools/wording.py` from the made-up posts; see docs/detection.md.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from itertools import pairwise, repeat
from sys import intern
from typing import Any

from search.rules.traits import Traits, Word

Span = tuple[int, int]
Pair = tuple[str, str]
#: Rarity and weights, or weights alone.
Row = tuple[float, ...]
#: What is weighed for: a lure against what is ordinarily written, a cry for help against everything, and
#: what only looks like a lure (a warning, news, an honest job, a question) against a lure.
LABELS = ("lure", "help", "innocent")
#: What a signal can ask for: alike, very much alike, hardly to be told apart, alike cries for help; unlike
#: any lure, very unlike; more like what only looks like a lure, much more, as no lure is.
FACTS = ("wording", "wording_strong", "wording_sure", "wording_help")
LOWERING = ("unlike", "unlike_strong", "innocent", "innocent_strong", "innocent_sure")
ASKED = frozenset((*FACTS, *LOWERING))
HELP = "wording_help"
#: Of fewer known words nothing is said.
FEWEST_WORDS = 3
#: Weight of what is not known: of each strange word, and of what any text could still have said. It keeps
#: a text of which little is known from being judged by that little.
STRANGE, UNSAID = 60.0, 100.0


class Wording:
    """A table of weights for each of `LABELS`.

    `weights`: word or two words, plain or spelled -> [rarity, one weight for each of `LABELS`]; `signals`
    and `marks`: name of a signal, look of a text -> a weight for each of `LABELS`.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        for part in ("bias", "least", "weights", "signals", "marks"):
            if not isinstance(table[part], dict):
                raise TypeError("a table of wording has bias, least, weights, signals and marks")
        self.digest = str(table["digest"])
        self._bias = tuple(float(table["bias"][label]) for label in LABELS)
        self.least: dict[str, float] = {k: float(v) for k, v in table["least"].items()}
        self.signals: dict[str, Row] = {k: tuple(v) for k, v in table["signals"].items()}
        self.marks: dict[str, Row] = {k: tuple(v) for k, v in table["marks"].items()}
        self._singles: dict[str, Row] = {}
        self._pairs: dict[Pair, Row] = {}
        self._spelled: dict[str, Row] = {}
        self._spelled_pairs: dict[Pair, Row] = {}
        self._file(table["weights"])
        single = {word: row for word, row in self._singles.items() if word[0] != "<"}
        self._squares = {word: row[0] * row[0] for word, row in single.items()}
        self._lures = {word: row[0] * row[1] for word, row in single.items()}
        self._helps = {word: row[0] * row[2] for word, row in single.items()}

    def _file(self, weights: Mapping[str, Sequence[float]]) -> None:
        """Words apart from pairs; numbers that are equal are one, which saves half of the memory."""
        same: dict[float, float] = {}
        for name, row in weights.items():
            numbers = tuple([same.setdefault(number, number) for number in row])
            first, blank, second = name.removeprefix("=").partition(" ")
            if blank:
                pairs = self._spelled_pairs if name[0] == "=" else self._pairs
                pairs[intern(first), intern(second)] = numbers
            else:
                (self._spelled if name[0] == "=" else self._singles)[intern(first)] = numbers

    @cached_property
    def weights(self) -> dict[str, Row]:
        """Everything that is weighed by its share, as the table names it."""
        pairs = {f"{one} {other}": row for (one, other), row in self._pairs.items()}
        marked = {f"={one} {other}": row for (one, other), row in self._spelled_pairs.items()}
        spelled = {f"={word}": row for word, row in self._spelled.items()}
        return {**self._singles, **pairs, **spelled, **marked}

    def glance(self, tokens: Sequence[str]) -> tuple[float, float]:
        """A rough score for a lure and a cry for help, from single words: turns most posts away at once."""
        none = repeat(0.0)
        length = math.sqrt(sum(map(self._squares.get, tokens, none)) + UNSAID)
        lure = sum(map(self._lures.get, tokens, none)) / length
        return lure, sum(map(self._helps.get, tokens, none)) / length

    def scores(self, traits: Traits, signals: Iterable[str] = ()) -> tuple[float, float, float]:
        """How much words, looks and signals speak for each of `LABELS`: log-odds, higher is more alike."""
        return self.added(self._alone(traits), signals)

    def added(
        self, scores: tuple[float, float, float], signals: Iterable[str]
    ) -> tuple[float, float, float]:
        """The scores of words and looks with what signals add to them."""
        return _sum(scores, map(self.signals.get, signals))

    def _alone(self, traits: Traits) -> tuple[float, float, float]:
        lure = helping = innocent = 0.0
        square = UNSAID + STRANGE * len(set(traits.texts).difference(self._singles))
        for share, for_lure, for_help, against in self._rows(traits.texts, traits.kept):
            square += share * share
            lure += share * for_lure
            helping += share * for_help
            innocent += share * against
        length, bias = math.sqrt(square), self._bias
        scores = (lure / length + bias[0], helping / length + bias[1], innocent / length + bias[2])
        return _sum(scores, map(self.marks.get, traits.marks))

    def _rows(self, texts: Sequence[str], kept: Sequence[str]) -> list[Row]:
        """The rows of what is known, each once; what stands there again weighs a little more."""
        found = [
            *filter(None, map(self._singles.get, texts)),
            *filter(None, map(self._pairs.get, pairwise(texts))),
            *filter(None, map(self._spelled.get, kept)),
            *filter(None, map(self._spelled_pairs.get, pairwise(kept))),
        ]
        if len(set(map(id, found))) == len(found):
            return found
        counted, rows = Counter(map(id, found)), {id(row): row for row in found}
        return [
            (row[0] * (1 + math.log(times)), *row[1:]) if times > 1 else row
            for row, times in ((rows[one], times) for one, times in counted.items())
        ]

    def met(self, traits: Traits, signals: Iterable[str]) -> frozenset[str]:
        """Which of `FACTS` and `LOWERING` are true of a text."""
        if not self.knows(traits.texts):
            return frozenset()
        return self.reached(self.scores(traits, signals))

    def reached(self, scores: tuple[float, float, float]) -> frozenset[str]:
        """Which of `FACTS` and `LOWERING` such scores come to."""
        lure, helping, innocent = scores
        least = self.least

        def alike(level: str) -> bool:
            return lure >= least[level] and innocent < least[f"{level}_innocent"]

        # Beside a great likeness to lures only a great likeness to cries for help counts.
        cries = least["help_sure" if alike("strong") else "help"]
        reached = {
            "wording": alike("some"),
            "wording_strong": alike("strong"),
            "wording_sure": alike("sure"),
            "wording_help": helping >= cries,
            "unlike": lure < least["unlike"],
            "unlike_strong": lure < least["unlike_strong"],
            "innocent": innocent >= least["innocent"],
            "innocent_strong": innocent >= least["innocent_strong"],
            "innocent_sure": innocent >= least["innocent_sure"],
        }
        return frozenset(fact for fact, is_met in reached.items() if is_met)

    def knows(self, texts: Sequence[str]) -> bool:
        """Whether enough of the words are known ones: a price alone is like everything."""
        known = self._singles.keys() & texts
        return sum(text[0] != "<" for text in known) >= FEWEST_WORDS

    def strongest(
        self, words: Sequence[Word], *, helping: bool = False, most: int = 4
    ) -> list[Span]:
        """The tokens [start, end) of what spoke loudest, in their order, none inside another."""
        ranked: list[tuple[float, Span]] = []
        texts = [word.text for word in words]
        pairs = map(self._pairs.get, pairwise(texts))
        for size, rows in ((2, pairs), (1, map(self._singles.get, texts))):
            for at, row in enumerate(rows):
                if row is not None and (loud := _loudness(row, helping=helping)) > 0:
                    ranked.append((loud, (words[at].start, words[at + size - 1].end)))
        chosen: list[Span] = []
        for _, span in sorted(ranked, reverse=True):
            if len(chosen) == most:
                break
            if all(span[1] <= other[0] or other[1] <= span[0] for other in chosen):
                chosen.append(span)
        return sorted(chosen)


def _sum(
    scores: tuple[float, float, float], rows: Iterable[Row | None]
) -> tuple[float, float, float]:
    lure, helping, innocent = scores
    for row in filter(None, rows):
        lure, helping, innocent = lure + row[0], helping + row[1], innocent + row[2]
    return lure, helping, innocent


def _loudness(row: Sequence[float], *, helping: bool) -> float:
    """How much one word says: of a lure, that it is not ordinary and not what only looks like one."""
    rarity, lure, help_, innocent = row
    return rarity * (help_ if helping else lure - innocent)


@cache
def shipped_wording() -> Wording:
    """The table that comes with the program; its digest is of all that stands in it."""
    text = (resources.files("search.rules") / "wording.json").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Wording({**json.loads(text), "digest": digest})
