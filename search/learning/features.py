"""What the second opinion sees of a post: its normal words, alone and in pairs, its evidence groups, its level.

Standard library only, so that scoring a post costs no process the memory of a learning library. Figures of
five digits and more are left out: telephone numbers and accounts are not to be learned by heart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import sqrt
from zlib import crc32

from search.text import normalise

SIZE = 1 << 17
"""Buckets that words are hashed into; so many that two words seldom share one."""
VERSION = 1
"""Changes with anything here: a model is only used with the features it was trained on."""
LONGEST = 20_000
"""Characters of a text that are read."""
_LONG_FIGURE = re.compile(r"\d.*\d.*\d.*\d.*\d")
GROUP, LEVEL = "\0group:", "\0level:"
Features = dict[int, float]


def words_of(text: str) -> list[str]:
    """The normal words of a text and its pairs of neighbours, each once, in order."""
    tokens = ["" if _LONG_FIGURE.search(one) else one for one in _tokens(text)]
    pairs = (f"{one} {other}" for one, other in pairwise(tokens) if one and other)
    return list(dict.fromkeys([*(one for one in tokens if one), *pairs]))


def features(text: str, groups: Iterable[str], level: str) -> Features:
    """Bucket -> value. The words of a text weigh together as much as one group, however long it is."""
    found: Features = {}
    for bucket, value in valued(words_of(text), groups, level).values():
        found[bucket] = found.get(bucket, 0.0) + value
    return found


def valued(
    words: Sequence[str], groups: Iterable[str], level: str
) -> Mapping[str, tuple[int, float]]:
    """Each word, group and level with its bucket and value, so that a score can be told in words."""
    share = 1 / sqrt(len(words)) if words else 0.0
    found = {word: (bucket_of(word), share) for word in words}
    for name in _named(groups, level):
        found[name] = (bucket_of(name), 0.3)
    return found


def bucket_of(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass")) % SIZE


def _named(groups: Iterable[str], level: str) -> Iterator[str]:
    for group in groups:
        yield GROUP + group
    yield LEVEL + level


def _tokens(text: str) -> list[str]:
    return normalise(text[:LONGEST]).kept.split()
