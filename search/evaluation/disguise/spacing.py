"""What is put between letters and words, or taken from between them."""

import re
from collections.abc import Callable
from random import Random

from search.evaluation.disguise.words import SOME, each_word, some_words

EMOJI = "🔥💰✨💎🎉👉❤⭐🌸💵✅🍀"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
DIRECTIONS = "\u200e\u200f\u202a\u202c\u2066\u2069\u061c"
_MARKS = "*_-/|~+•·'"
_STOPS = (". ", ", ", " ! ", "... ", " - ", " / ", "; ")
_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_RUN = re.compile(r"([^\W\d_])\1+")
_EMOJI_GAP = re.compile(f" [{EMOJI}]+ ")


def without(chars: str) -> Callable[[str], str]:
    """Takes these characters out."""
    table = dict.fromkeys(map(ord, chars))
    return lambda text: text.translate(table)


def dots(text: str, random: Random) -> str:
    """v.i.ệ.c"""
    return some_words(text, random, ".".join, least=3)


def spelled(text: str, random: Random) -> str:
    """v i ệ c"""
    return some_words(text, random, " ".join, least=3)


def split(text: str, random: Random) -> str:
    """v iệc, vi ệc or việ c"""

    def change(word: str) -> str:
        at = random.randrange(1, len(word))
        return f"{word[:at]} {word[at:]}"

    return some_words(text, random, change, least=3)


def glued(text: str, random: Random) -> str:
    """việcnhẹ lươngcao: a quarter of the blanks between words is gone, one at least."""
    gaps = len(_GAP.findall(text))
    if not gaps:
        return text
    sure, at = random.randrange(gaps), [-1]

    def join(_: re.Match[str]) -> str:
        at[0] += 1
        return "" if random.random() < 0.25 or at[0] == sure else " "

    return _GAP.sub(join, text)


def stretched(text: str, random: Random) -> str:
    """lươngggg caooo: the last letter three to five times in some words."""

    def change(word: str) -> str:
        return word + word[-1] * random.randint(2, 4)

    return some_words(text, random, change, least=2)


def unstretched(text: str) -> str:
    """Every run of a letter as one."""
    return _RUN.sub(r"\1", text)


def punctuated(text: str, random: Random) -> str:
    """v*i*ệ*c, l_ương: one sign between all or two letters of some words."""
    sign = random.choice(_MARKS)

    def change(word: str) -> str:
        if random.random() < 0.5:
            return sign.join(word)
        at = random.randrange(1, len(word))
        return f"{word[:at]}{sign}{word[at:]}"

    return some_words(text, random, change, least=3)


def stopped(text: str, random: Random) -> str:
    """việc. nhẹ, lương - cao: a third of the blanks between words become punctuation, one at least."""
    return _gaps(text, random, lambda: random.choice(_STOPS), 0.33)


def broken(text: str, random: Random) -> str:
    """A quarter of the blanks between words become line breaks, one at least."""
    return _gaps(text, random, lambda: "\n", 0.25)


def emoji_between_words(text: str, random: Random) -> str:
    """việc 🔥 nhẹ: emoji in a third of the gaps between words, one at least."""
    return _gaps(text, random, lambda: f" {random.choice(EMOJI) * random.randint(1, 2)} ", 0.33)


def without_emoji_words(text: str) -> str:
    """A blank for emoji between blanks."""
    return _EMOJI_GAP.sub(" ", text)


def _gaps(text: str, random: Random, filling: Callable[[], str], share: float) -> str:
    gaps = len(_GAP.findall(text))
    if not gaps:
        return text
    sure, at = random.randrange(gaps), [-1]

    def fill(_: re.Match[str]) -> str:
        at[0] += 1
        return filling() if random.random() < share or at[0] == sure else " "

    return _GAP.sub(fill, text)


def emoji_between_letters(text: str, random: Random) -> str:
    """v🔥i🔥ệ🔥c"""
    emoji = random.choice(EMOJI)
    return some_words(text, random, emoji.join, least=3)


def _sprinkled(text: str, random: Random, chars: str, share: float) -> str:
    def change(word: str) -> str:
        sure = random.randrange(1, len(word)) if len(word) > 1 else 0
        return "".join(
            random.choice(chars) + c if at and (at == sure or random.random() < share) else c
            for at, c in enumerate(word)
        )

    return each_word(text, change)


def zero_width(text: str, random: Random) -> str:
    """Characters nobody sees, in every word."""
    return _sprinkled(text, random, INVISIBLE, SOME)


def directed(text: str, random: Random) -> str:
    """Marks of writing direction, in every word."""
    return _sprinkled(text, random, DIRECTIONS, 0.2)
