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

from search.rules.packed import pack, unpack
from search.rules.traits import Traits, Word

Span = tuple[int, int]
Pair = tuple[str, str]
#: For each of `LABELS`.
Scores = tuple[float, float, float]
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
PARTS = ("bias", "least", "weights", "signals", "marks", "beside", "glance")
#: Of fewer known words nothing is said.
FEWEST_WORDS = 3
#: Weight of what is not known: of each strange word, and of what any text could still have said. It keeps
#: a text of which little is known from being judged by that little.
STRANGE, UNSAID = 60.0, 100.0


class Wording:
    """A table of weights for each of `LABELS`.

    `weights`: word or two words, plain or spelled -> [rarity, one weight for each of `LABELS`, one for a look];
    `signals` and `marks`: name of a signal, look of a text -> a weight for each of `LABELS`; `beside`: a signal
    and a word of the same text -> [rarity, weights]; `glance`: word -> a weight. Those for a glance and a look
    are for a lure or a cry for help against ordinary text, learned for single words, and for these and pairs.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        for part in PARTS:
            if not isinstance(table[part], dict):
                raise TypeError(f"a table of wording has {', '.join(PARTS)}")
        self.digest = str(table["digest"])
        self._bias = tuple(float(table["bias"][label]) for label in LABELS)
        self.least: dict[str, float] = {k: float(v) for k, v in table["least"].items()}
        self.signals: dict[str, Row] = {k: tuple(v) for k, v in table["signals"].items()}
        self.marks: dict[str, Row] = {k: tuple(v) for k, v in table["marks"].items()}
        self._beside: dict[str, dict[str, int]] = {}
        self._singles: dict[str, Row] = {}
        self._pairs: dict[Pair, Row] = {}
        self._spelled: dict[str, Row] = {}
        self._spelled_pairs: dict[Pair, Row] = {}
        self._file(table["weights"])
        self._file_beside(table["beside"])
        self._glanced = float(table["bias"].get("glance", 0.0))
        self._looked = float(table["bias"].get("look", 0.0))
        glances = {word: (self._singles[word][0], float(n)) for word, n in table["glance"].items()}
        self._squares = {word: rare * rare for word, (rare, _) in glances.items()}
        self._glances = {word: rare * weight for word, (rare, weight) in glances.items()}

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

    def _file_beside(self, beside: Mapping[str, Sequence[float]]) -> None:
        """By signal and word the square of the rarity, and each weight times the rarity, packed."""
        for name, (rare, *weights) in beside.items():
            signal, _, word = name.partition(" ")
            row = pack((rare * rare, *(rare * weight for weight in weights)))
            self._beside.setdefault(intern(signal), {})[intern(word)] = row

    @cached_property
    def weights(self) -> dict[str, Row]:
        """Everything that is weighed by its share, as the table names it."""
        pairs = {f"{one} {other}": row for (one, other), row in self._pairs.items()}
        marked = {f"={one} {other}": row for (one, other), row in self._spelled_pairs.items()}
        spelled = {f"={word}": row for word, row in self._spelled.items()}
        return {**self._singles, **pairs, **spelled, **marked}

    def glance(self, tokens: Sequence[str]) -> float:
        """How much single words alone speak for a lure or a cry for help: turns most posts away at once."""
        none = repeat(0.0)
        length = math.sqrt(sum(map(self._squares.get, tokens, none)) + UNSAID)
        return sum(map(self._glances.get, tokens, none)) / length + self._glanced

    def look(self, tokens: Sequence[str]) -> float:
        """As `glance`, from single words and two side by side: for what a glance leaves."""
        rows = [
            *filter(None, map(self._singles.get, tokens)),
            *filter(None, map(self._pairs.get, pairwise(tokens))),
        ]
        length = math.sqrt(sum([row[0] * row[0] for row in rows]) + UNSAID)
        return sum([row[0] * row[4] for row in rows]) / length + self._looked

    def scores(self, traits: Traits, signals: Iterable[str] = ()) -> Scores:
        """How much words, looks and signals speak for each of `LABELS`: log-odds, higher is more alike."""
        return self.added(self._alone(traits), traits.texts, tuple(signals))

    def added(self, scores: Scores, texts: Sequence[str], signals: Sequence[str]) -> Scores:
        """The scores of words and looks with what signals add to them, alone and beside these words."""
        lure, helping, innocent = _sum(scores, map(self.signals.get, signals))
        words = set(texts)
        beside = filter(None, map(self._beside.get, signals))
        found = sum([sum(filter(None, map(rows.get, words))) for rows in beside])
        if not found:
            return lure, helping, innocent
        square, lures, helps, innocents = unpack(found, 4)
        length = math.sqrt(square)
        return lure + lures / length, helping + helps / length, innocent + innocents / length

    def _alone(self, traits: Traits) -> Scores:
        lure = helping = innocent = 0.0
        square = UNSAID + STRANGE * len(set(traits.texts).difference(self._singles))
        for share, for_lure, for_help, against, _ in self._rows(traits.texts, traits.kept):
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

    def reached(self, scores: Scores) -> frozenset[str]:
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
        texts = [word.text for word in words]
        loud = _loud_for_help if helping else _loud
        ranked = [
            (loud(row), at, at + size)
            for size, rows in (
                (1, map(self._pairs.get, pairwise(texts))),
                (0, map(self._singles.get, texts)),
            )
            for at, row in enumerate(rows)
            if row
        ]
        chosen: list[Span] = []
        for loudness, first, last in sorted(ranked, reverse=True):
            if len(chosen) == most or loudness <= 0:
                break
            start, end = words[first].start, words[last].end
            if all(end <= other[0] or other[1] <= start for other in chosen):
                chosen.append((start, end))
        return sorted(chosen)


def _sum(scores: Scores, rows: Iterable[Row | None]) -> Scores:
    lure, helping, innocent = scores
    for row in filter(None, rows):
        lure, helping, innocent = lure + row[0], helping + row[1], innocent + row[2]
    return lure, helping, innocent


def _loud(row: Row) -> float:
    """How much one word says of a lure: that it is not ordinary and not what only looks like one."""
    return row[0] * (row[1] - row[3])


def _loud_for_help(row: Row) -> float:
    return row[0] * row[2]


@cache
def shipped_wording() -> Wording:
    """The table that comes with the program; its digest is of all that stands in it."""
    text = (resources.files("search.rules") / "wording.json").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Wording({**json.loads(text), "digest": digest})
