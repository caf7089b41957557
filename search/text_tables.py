"""Character tables of the normaliser: what each code point is to a reader of Vietnamese.

Two tables are built once: `FOLD` (no diacritics, what the automaton and the folded index field see)
and `KEEP` (Vietnamese diacritics stay). Both map code points to strings, and for every code point
`KEEP` without its diacritics is `FOLD`, which is why both forms always have the same tokens.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from search.syllables import TONES
from search.text_lookalikes import CAPITALS, TURNED, letter_of

#: Marks that make another letter: circumflex (â), breve (ă), horn (ơ).
SHAPES = "\u0302\u0306\u031b"
MARKS = frozenset(TONES + SHAPES)

#: A character with the marks that belong on it.
COMBINED = re.compile("([^ ])([\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]+)")

#: Between letters: may be padding inside a word ("l.ư.ơ.n.g", "v🔥iệc"), else it separates.
DOT, DASH = ".", "-"
#: May be an a ("z@lo"), else it separates.
AT = "@"
_DOTS = ".,"
_DASHES = "-_*·•|+~'`’‘´‐‑‒–—―−∙⋅・＿/¦🏻🏼🏽🏾🏿"
#: Letters in Unicode's eyes, blanks in a reader's.
_BLANKS = "\u115f\u1160\u3164\uffa0"

#: Flags arrive as two regional letters; each stands as one private character until they meet.
REGIONAL_BASE = 0xE000
_REGIONAL_FIRST, _REGIONAL_LAST = 0x1F1E6, 0x1F1FF
#: Letters that stand on their head are private too, until the word says which way it is read.
TURNED_BASE = 0xE020

_WORDS = {
    "$": " usd ",
    "€": " eur ",
    "¥": " te ",
    "₫": " dong ",
    "🔟": "10",
    "🅰": "a",
    "🅱": "b",
    "🅾": "o",
    "🅿": "p",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "đ": "đ",
    "ð": "đ",
    "ɖ": "đ",
    "đ".upper(): "đ",
}


def _special(char: str) -> str | None:
    """What `char` stands for where neither case nor decomposition says it."""
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return " "
    if _REGIONAL_FIRST <= code <= _REGIONAL_LAST:
        return chr(REGIONAL_BASE + code - _REGIONAL_FIRST)
    if 0x1F110 <= code <= 0x1F189:
        return _enclosed(char)
    if 0x249C <= code <= 0x24B5:
        return chr(code - 0x249C + ord("a"))
    if char in CAPITALS:
        return CAPITALS[char]
    if char in _WORDS:
        return _WORDS[char]
    if char in TURNED:
        return chr(TURNED_BASE + ord(TURNED[char]) - ord("a"))
    if char in _BLANKS:
        return " "
    if char == AT:
        return AT
    if char in _DOTS:
        return DOT
    if char in _DASHES:
        return DASH
    return letter_of(char)


def _enclosed(char: str) -> str:
    """Squared and circled capitals, whose letter only their name tells."""
    name = unicodedata.name(char, "")
    last = name.rsplit(" ", 1)[-1]
    return last.lower() if len(last) == 1 else " "


def _keep_plain(char: str) -> str:
    """One lower-case code point after compatibility decomposition, as the kept form has it."""
    special = _special(char)
    if special is not None:
        return special
    category = unicodedata.category(char)
    if char in MARKS:
        return char
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category == "No":
        digit = unicodedata.digit(char, None)
        return " " if digit is None else str(digit)
    if category == "So":
        return DASH
    if category[0] in "LN":
        return str(unicodedata.digit(char)) if category == "Nd" else char
    return " " if category != "Mc" else char


_SHAPES_OF = {"a": "\u0302\u0306", "e": "\u0302", "o": "\u0302\u031b", "u": "\u031b"}


@lru_cache(maxsize=4096)
def compose(base: str, marks: str) -> str:
    """One letter with at most one shape and one tone; marks that do not fit it are dropped."""
    decomposed = unicodedata.normalize("NFD", base)
    letter = decomposed[0]
    if letter not in "aeiouy":
        return base
    marks = decomposed[1:] + marks
    fitting = [mark for mark in marks if mark in SHAPES and mark in _SHAPES_OF.get(letter, "")][:1]
    fitting += [mark for mark in marks if mark in TONES][:1]
    return unicodedata.normalize("NFC", letter + "".join(fitting))


def keep_of(code: int) -> str:
    """The kept form of one code point: lower case, its Vietnamese marks on it; a mark alone stays."""
    char = chr(code)
    special = _special(char)
    if special is not None:
        return special
    lowered = unicodedata.normalize("NFKC", char.lower()).lower()
    latin = "".join(
        part if part >= "\u2e80" else unicodedata.normalize("NFD", part) for part in lowered
    )
    plain = "".join(_keep_plain(part) for part in latin)
    return COMBINED.sub(lambda match: compose(match[1], match[2]), plain)


def fold_of(code: int) -> str:
    """The folded form of one code point: `keep_of` without marks, đ as d."""
    return fold_kept(keep_of(code))


def _plain_letters() -> dict[int, str]:
    """Every composed Vietnamese letter and its plain one; marks that stand alone vanish."""
    table = {ord("đ"): "d"} | dict.fromkeys(map(ord, MARKS), "")
    shapes = {
        "a": "\u0302\u0306",
        "e": "\u0302",
        "o": "\u0302\u031b",
        "u": "\u031b",
        "i": "",
        "y": "",
    }
    for vowel, fitting in shapes.items():
        for shape in ("", *fitting):
            for tone in ("", *TONES):
                table[ord(unicodedata.normalize("NFC", vowel + shape + tone))] = vowel
    return table


_PLAIN = _plain_letters()


def fold_kept(kept: str) -> str:
    """Takes the Vietnamese diacritics from a kept string, one letter for each composed letter."""
    return kept.translate(_PLAIN)


class CodePoints(dict[int, str]):
    """A table for `str.translate` that works out what it has not met, and stays bounded.

    >>> CodePoints(fold_of)[ord("ộ")]
    'o'
    """

    def __init__(self, work_out: Callable[[int], str], *, prefill: int = 0x3000) -> None:
        super().__init__()
        self._work_out = work_out
        for code in range(prefill):
            self[code] = work_out(code)

    def __missing__(self, code: int) -> str:
        value = self._work_out(code)
        self[code] = value
        return value
