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
from typing import Any

from search.rules.traits import Traits, Word, traits_of

Span = tuple[int, int]
#: What is weighed for: a lure against what is ordinarily written, a cry for help against everything, and
#: what only looks like a lure (a warning, news, an honest job, a question) against a lure.
LABELS = ("lure", "help", "innocent")
#: What a signal can ask for: alike, very much alike, hardly to be told apart, alike cries for help; unlike
#: any lure, very unlike; more like what only looks like a lure, much more, as no lure is.
FACTS = ("wording", "wording_strong", "wording_sure", "wording_help")
LOWERING = ("unlike", "unlike_strong", "innocent", "innocent_strong", "innocent_sure")
ASKED = frozenset((*FACTS, *LOWERING))
_HELP = "wording_help"
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
        self.signals: dict[str, Sequence[float]] = {
            k: tuple(v) for k, v in table["signals"].items()
        }
        self.marks: dict[str, Sequence[float]] = {k: tuple(v) for k, v in table["marks"].items()}
        self.weights: dict[str, Sequence[float]] = {
            k: tuple(v) for k, v in table["weights"].items()
        }
        single = {k: v for k, v in self.weights.items() if " " not in k and k[0] not in "<="}
        self._squares = {word: row[0] * row[0] for word, row in single.items()}
        self._lures = {word: row[0] * row[1] for word, row in single.items()}
        self._helps = {word: row[0] * row[2] for word, row in single.items()}

    def glance(self, tokens: Sequence[str]) -> tuple[float, float]:
        """A rough score for a lure and a cry for help, from single words: turns most posts away at once."""
        none = repeat(0.0)
        length = math.sqrt(sum(map(self._squares.get, tokens, none)) + UNSAID)
        lure = sum(map(self._lures.get, tokens, none)) / length
        return lure, sum(map(self._helps.get, tokens, none)) / length

    def scores(self, traits: Traits, signals: Iterable[str] = ()) -> tuple[float, float, float]:
        """How much words, looks and signals speak for each of `LABELS`: log-odds, higher is more alike."""
        lure = helping = innocent = 0.0
        square = UNSAID + STRANGE * len(self._strange(traits.words))
        for share, for_lure, for_help, against in self._rows(traits.features):
            square += share * share
            lure += share * for_lure
            helping += share * for_help
            innocent += share * against
        length, bias = math.sqrt(square), self._bias
        lure, helping = lure / length + bias[0], helping / length + bias[1]
        innocent = innocent / length + bias[2]
        for row in (
            *map(self.marks.get, traits.marks),
            *map(self.signals.get, signals),
        ):
            if row is not None:
                lure, helping, innocent = lure + row[0], helping + row[1], innocent + row[2]
        return lure, helping, innocent

    def _strange(self, words: Sequence[Word]) -> set[str]:
        return {word.text for word in words}.difference(self.weights)

    def _rows(self, found: Iterable[str]) -> Iterable[Sequence[float]]:
        """The rows of what is known, each once; what stands there again weighs a little more."""
        weights = self.weights
        known = list(filter(weights.__contains__, found))
        counted = Counter(known) if len(set(known)) < len(known) else None
        if counted is None:
            return map(weights.__getitem__, known)
        return (
            (weights[one][0] * (1 + math.log(times)), *weights[one][1:])
            if times > 1
            else weights[one]
            for one, times in counted.items()
        )

    def met(self, traits: Traits, signals: Iterable[str]) -> frozenset[str]:
        """Which of `FACTS` and `LOWERING` are true of a text."""
        if not self.knows(traits.words):
            return frozenset()
        lure, helping, innocent = self.scores(traits, signals)
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

    def knows(self, words: Sequence[Word]) -> bool:
        """Whether enough of the words are known ones: a price alone is like everything."""
        known = {word.text for word in words if word.text in self.weights and word.text[0] != "<"}
        return len(known) >= FEWEST_WORDS

    def strongest(
        self, words: Sequence[Word], *, helping: bool = False, most: int = 4
    ) -> list[Span]:
        """The tokens [start, end) of what spoke loudest, in their order, none inside another."""
        ranked: list[tuple[float, Span]] = []
        texts = [word.text for word in words]
        for size, some in ((2, [f"{a} {b}" for a, b in pairwise(texts)]), (1, texts)):
            for at, row in enumerate(map(self.weights.get, some)):
                if row is not None and (loud := _loudness(row, helping=helping)) > 0:
                    ranked.append((loud, (words[at].start, words[at + size - 1].end)))
        chosen: list[Span] = []
        for _, span in sorted(ranked, reverse=True):
            if len(chosen) == most:
                break
            if all(span[1] <= other[0] or other[1] <= span[0] for other in chosen):
                chosen.append(span)
        return sorted(chosen)


def _loudness(row: Sequence[float], *, helping: bool) -> float:
    """How much one word says: of a lure, that it is not ordinary and not what only looks like one."""
    rarity, lure, help_, innocent = row
    return rarity * (help_ if helping else lure - innocent)


class Likeness:
    """The likeness of one folded text; its words are taken apart when they are first asked for."""

    def __init__(self, wording: Wording, folded: str, text: str, *, lowering: bool = True) -> None:
        self._wording, self._folded, self._text = wording, folded, text
        self._lowering = lowering
        self._loudest: dict[bool, list[Span]] = {}
        self._told: dict[tuple[str, ...], dict[str, list[Span]]] = {}

    @cached_property
    def traits(self) -> Traits:
        return traits_of(self._folded, self._text)

    @cached_property
    def glimpsed(self) -> bool:
        """Whether single words leave anything but `LOWERING` possible: cheap, for nearly every post."""
        least = self._wording.least
        lure, helping = self._wording.glance(self._folded.split())
        return lure >= least["glance"] or helping >= least["glance_help"]

    @cached_property
    def possible(self) -> frozenset[str]:
        """What could come out once the signals are known: judged by the words alone, generously.

        Asked only where a glimpse and the rules leave a flag possible.
        """
        least = self._wording.least
        found = set(LOWERING)
        if not self.glimpsed:
            return frozenset(found)
        lure, helping, _ = self._wording.scores(self.traits)
        if lure >= least["likely"]:
            found.update(set(FACTS) - {_HELP})
        if helping >= least["likely_help"]:
            found.add(_HELP)
        return frozenset(found)

    def spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        """For each fact that is true the words that spoke loudest; what is unlike has no such words."""
        asked = tuple(signals)
        if asked not in self._told:
            self._told[asked] = self._spans(asked)
        return self._told[asked]

    def _spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        words = self.traits.words
        everything = [(0, words[-1].end)] if words else []
        return {
            fact: everything if fact in LOWERING else self._strongest(helping=fact == _HELP)
            for fact in self._wording.met(self.traits, signals)
            if self._lowering or fact in FACTS
        }

    def _strongest(self, *, helping: bool) -> list[Span]:
        """Worked out once: it does not change with the signals."""
        if helping not in self._loudest:
            words = self.traits.words
            self._loudest[helping] = self._wording.strongest(words, helping=helping)
        return self._loudest[helping]


@cache
def shipped_wording() -> Wording:
    """The table that comes with the program; its digest is of all that stands in it."""
    text = (resources.files("search.rules") / "wording.json").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Wording({**json.loads(text), "digest": digest})
