"""Which parts of a text a disguise touches: words of letters; never addresses, handles and links."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

WORD = re.compile(r"[^\W\d_]+")
_CHUNK = re.compile(r"\S+")
_ADDRESS = re.compile(r"@|://|www\.|\.(?:me|com|vn|net|xyz|org|gg|ly)\b", re.IGNORECASE)

#: The share of words that a disguise of some words touches.
SOME = 0.3


def each_word(text: str, change: Callable[[str], str]) -> str:
    """`text` with every word of letters changed, but those in addresses."""

    def chunk(match: re.Match[str]) -> str:
        if _ADDRESS.search(match[0]):
            return match[0]
        return WORD.sub(lambda word: change(word[0]), match[0])

    return _CHUNK.sub(chunk, text)


def some_words(
    text: str, random: Random, change: Callable[[str], str], *, least: int, share: float = SOME
) -> str:
    """As `each_word`, for a share of the words of at least `least` letters, and for one in any case."""
    fit = [0]

    def count(word: str) -> str:
        fit[0] += len(word) >= least
        return word

    each_word(text, count)
    if not fit[0]:
        return text
    sure, at = random.randrange(fit[0]), [-1]

    def maybe(word: str) -> str:
        if len(word) < least:
            return word
        at[0] += 1
        return change(word) if random.random() < share or at[0] == sure else word

    return each_word(text, maybe)


def parts(letter: str) -> tuple[str, str]:
    """The plain letter and its marks: "ệ" is "e" with circumflex and dot below; đ is whole."""
    decomposed = unicodedata.normalize("NFD", letter)
    return decomposed[0], decomposed[1:]
