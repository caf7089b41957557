"""How often syllables are written, with their diacritics and without: what is likelier of two readings.

Counted in made-up posts by `tools/syllable_counts.py`; what does not stand there is rare, not impossible.
"""

import math
from collections import defaultdict
from importlib import resources

from search.text_tables import fold_kept


def _read() -> dict[str, float]:
    content = resources.files("search").joinpath("syllable_counts.txt").read_text("utf-8")
    counts: dict[str, float] = {}
    for line in content.splitlines():
        size, *syllables = line.split(" ")
        counts.update(dict.fromkeys(syllables, 2.0 ** int(size)))
    return counts


def _folded() -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for syllable, count in KEPT.items():
        counts[fold_kept(syllable)] += count
    return dict(counts)


#: Kept and folded syllables -> how often they stand in about `TOTAL` words.
KEPT = _read()
FOLDED = _folded()
TOTAL = sum(KEPT.values())
#: What stands for the count of a syllable that could be written but was not met.
UNSEEN = 0.25

#: Syllables without diacritics that somebody who writes diacritics writes with some: "viec", "co", "lam".
_SELDOM, _ENOUGH = 0.04, 8.0
DROPPED = frozenset(
    plain
    for plain, count in FOLDED.items()
    if count >= _ENOUGH and KEPT.get(plain, 0.0) <= _SELDOM * count
)


def bits(count: float) -> float:
    """The information in meeting what was counted so often, in bits: the rarer, the more."""
    return math.log2(TOTAL / count)


def bits_of(word: str) -> float:
    """The information in a word as it is written: one without diacritics may be any with them."""
    counts = FOLDED if word.isascii() else KEPT
    return bits(counts.get(word, UNSEEN))
