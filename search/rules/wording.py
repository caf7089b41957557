"""How alike a text is to the labelled posts, by its words and signs: a table of weights that a person can read.

Never enough for a flag: it is one group of evidence beside those that rules prove, and it lowers what is
unlike every lure. The table is made by `tools/wording.py` from the made-up posts; see docs/detection.md.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib import resources
from itertools import count, pairwise, repeat
from typing import Any, NamedTuple

Span = tuple[int, int]
PHONE, SUM, MINOR, AGE, NUMBER = "<phone>", "<sum>", "<minor>", "<age>", "<n>"
_UNITS = frozenset(["k", "trieu", "nghin", "ngan", "cu", "dong", "usd", "te", "do", "ty", "usdt"])
#: What is weighed for: a lure against everything that is written, a cry for help likewise, and what only
#: looks like a lure (a warning, news, an honest job, a question) against a lure.
LABELS = ("lure", "help", "innocent")
#: What a signal can ask for: alike, very much alike, alike cries for help; unlike any lure, very unlike;
#: more like what only looks like a lure, much more.
FACTS = ("wording", "wording_strong", "wording_help")
LOWERING = ("unlike", "unlike_strong", "innocent", "innocent_strong")
ASKED = frozenset((*FACTS, *LOWERING))
QUOTES = '"\u201c\u201d\u00ab'
#: Of fewer known words nothing is said.
FEWEST_WORDS = 5
#: Longer texts are read up to here: what is alike in a short post drowns in a long one anyway.
MOST_WORDS = 400


class Word(NamedTuple):
    """A word, or a kind of figure, at tokens [start, end)."""

    text: str
    start: int
    end: int


def words_of(tokens: Sequence[str]) -> list[Word]:
    """The tokens of a folded text with figures as what they are: a telephone number, a sum, an age."""
    if not any(token[0] in "0123456789" for token in tokens[:MOST_WORDS]):
        return list(map(Word, tokens[:MOST_WORDS], count(), count(1)))
    found: list[Word] = []
    at = 0
    while at < len(tokens) and len(found) < MOST_WORDS:
        token = tokens[at]
        if "0" <= token[0] <= "9":
            text, end = _figure(tokens, at)
        else:
            text, end = token, at + 1
        found.append(Word(text, at, end))
        at = end
    return found


def _figure(tokens: Sequence[str], at: int) -> tuple[str, int]:
    token, end = tokens[at], at + 1
    if token[0] == "0" or len(token) >= 8:
        while end < len(tokens) and tokens[end].isdigit():
            end += 1
        return PHONE, end
    following = tokens[end] if end < len(tokens) else ""
    if token[-1] in "kd" or following in _UNITS:
        while end < len(tokens) and tokens[end] in _UNITS:
            end += 1
        return SUM, end
    if following in {"t", "tuoi"} or token[-1] == "t":
        years = token.rstrip("t")
        minor = years.isdigit() and 10 <= int(years) < 18
        return (MINOR if minor else AGE), end + (following in {"t", "tuoi"})
    return NUMBER, end


def features(words: Sequence[Word]) -> list[str]:
    """What is weighed: each word, and each two that stand side by side."""
    texts = [word.text for word in words]
    return texts + [f"{one} {other}" for one, other in pairwise(texts)]


def marks_of(text: str) -> list[str]:
    """What the normal form does not hold but a reader sees: a question, something quoted."""
    found = ["<question>"] if "?" in text else []
    return [*found, "<quoted>"] if any(mark in text for mark in QUOTES) else found


class Wording:
    """A table of weights for each of `LABELS`.

    `weights`: word or two words -> [rarity, one weight for each of `LABELS`]; `signals`: name of a
    signal -> a weight for each of `LABELS`.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        for part in ("bias", "least", "weights", "signals"):
            if not isinstance(table[part], dict):
                raise TypeError("a table of wording has bias, least, weights and signals")
        self.digest = str(table["digest"])
        self._bias = tuple(float(table["bias"][label]) for label in LABELS)
        self.least: dict[str, float] = {k: float(v) for k, v in table["least"].items()}
        self.signals: dict[str, Sequence[float]] = {
            k: tuple(v) for k, v in table["signals"].items()
        }
        self.weights: dict[str, Sequence[float]] = {
            k: tuple(v) for k, v in table["weights"].items()
        }
        single = {k: v for k, v in self.weights.items() if " " not in k and k[0] != "<"}
        self._squares = {word: row[0] * row[0] for word, row in single.items()}
        self._lures = {word: row[0] * row[1] for word, row in single.items()}
        self._helps = {word: row[0] * row[2] for word, row in single.items()}

    def glance(self, tokens: Sequence[str]) -> tuple[float, float]:
        """A rough score for a lure and a cry for help, from single words: turns most posts away at once."""
        none = repeat(0.0)
        length = math.sqrt(sum(map(self._squares.get, tokens, none))) or 1.0
        lure = sum(map(self._lures.get, tokens, none)) / length
        return lure, sum(map(self._helps.get, tokens, none)) / length

    def scores(
        self, words: Sequence[Word], marks: Sequence[str], signals: Iterable[str] = ()
    ) -> tuple[float, float, float]:
        """How much words and signals speak for each of `LABELS`: log-odds, higher is more alike."""
        lure = helping = innocent = square = 0.0
        for share, for_lure, for_help, against in self._rows([*features(words), *marks]):
            square += share * share
            lure += share * for_lure
            helping += share * for_help
            innocent += share * against
        length = math.sqrt(square) or 1.0
        bias = self._bias
        lure, helping = lure / length + bias[0], helping / length + bias[1]
        innocent = innocent / length + bias[2]
        for name in signals:
            row = self.signals.get(name)
            if row is not None:
                lure, helping, innocent = lure + row[0], helping + row[1], innocent + row[2]
        return lure, helping, innocent

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

    def met(
        self, words: Sequence[Word], marks: Sequence[str], signals: Iterable[str]
    ) -> frozenset[str]:
        """Which of `FACTS` and `LOWERING` are true of a text."""
        if not self.knows(words):
            return frozenset()
        lure, helping, innocent = self.scores(words, marks, signals)
        least = self.least
        reached = {
            "wording": lure >= least["some"],
            "wording_strong": lure >= least["strong"],
            "wording_help": helping >= least["help"],
            "unlike": lure < least["unlike"],
            "unlike_strong": lure < least["unlike_strong"],
            "innocent": innocent >= least["innocent"],
            "innocent_strong": innocent >= least["innocent_strong"],
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
        column, get = 2 if helping else 1, self.weights.get
        ranked: list[tuple[float, Span]] = []
        texts = [word.text for word in words]
        for size, some in ((2, [f"{a} {b}" for a, b in pairwise(texts)]), (1, texts)):
            for at, row in enumerate(map(get, some)):
                if row is not None and row[column] > 0:
                    ranked.append(
                        (row[0] * row[column], (words[at].start, words[at + size - 1].end))
                    )
        chosen: list[Span] = []
        for _, span in sorted(ranked, reverse=True):
            if len(chosen) == most:
                break
            if all(span[1] <= other[0] or other[1] <= span[0] for other in chosen):
                chosen.append(span)
        return sorted(chosen)


class Likeness:
    """The likeness of one folded text; its words are taken apart when they are first asked for."""

    def __init__(self, wording: Wording, folded: str, text: str, *, lowering: bool = True) -> None:
        self._wording, self._folded, self._text = wording, folded, text
        self._lowering = lowering
        self._loudest: dict[bool, list[Span]] = {}

    @cached_property
    def words(self) -> list[Word]:
        return words_of(self._tokens)

    @cached_property
    def _tokens(self) -> list[str]:
        return self._folded.split()

    @cached_property
    def marks(self) -> list[str]:
        return marks_of(self._text)

    @cached_property
    def glimpsed(self) -> bool:
        """Whether single words leave anything but `LOWERING` possible: cheap, for nearly every post."""
        least = self._wording.least
        lure, helping = self._wording.glance(self._tokens)
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
        lure, helping, _ = self._wording.scores(self.words, self.marks)
        if lure >= least["likely"]:
            found.update(FACTS[:2])
        if helping >= least["likely_help"]:
            found.add(FACTS[2])
        return frozenset(found)

    def spans(self, signals: Iterable[str]) -> dict[str, list[Span]]:
        """For each fact that is true the words that spoke loudest; what is unlike has no such words."""
        everything = [(0, self.words[-1].end)] if self.words else []
        return {
            fact: everything if fact in LOWERING else self._strongest(helping=fact == FACTS[2])
            for fact in self._wording.met(self.words, self.marks, signals)
            if self._lowering or fact in FACTS
        }

    def _strongest(self, *, helping: bool) -> list[Span]:
        """Worked out once: it does not change with the signals."""
        if helping not in self._loudest:
            self._loudest[helping] = self._wording.strongest(self.words, helping=helping)
        return self._loudest[helping]


@cache
def shipped_wording() -> Wording:
    """The table that comes with the program; its digest is of all that stands in it."""
    text = (resources.files("search.rules") / "wording.json").read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Wording({**json.loads(text), "digest": digest})
