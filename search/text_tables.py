"""Character tables of the normaliser: what each code point is to a reader of Vietnamese.

Two tables are built once: `FOLD` (no diacritics, what the automaton and the folded index field see)
and `KEEP` (Vietnamese diacritics stay). Both map code points to strings, and for every code point
`KEEP` without its diacritics is `FOLD`, which is why both forms always have the same tokens.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from search.syllables import TONES, words

#: Marks that make another letter: circumflex (â), breve (ă), horn (ơ).
SHAPES = "\u0302\u0306\u031b"
MARKS = frozenset(TONES + SHAPES)

#: A character with the marks that belong on it.
COMBINED = re.compile("([^ ])([\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]+)")

#: Between letters: may be padding inside a word ("l.ư.ơ.n.g"), else it separates.
DOT, DASH = ".", "-"
_DOTS = ".,"
_DASHES = "-_*·•|+~‐‑‒–—―−∙⋅・＿"

#: Flags arrive as two regional letters; each stands as one private character until they meet.
REGIONAL_BASE = 0xE000
_REGIONAL_FIRST, _REGIONAL_LAST = 0x1F1E6, 0x1F1FF

_LOOK_ALIKES = dict(
    pair.split("=", 1)
    for pair in words(
        "а=a в=b е=e к=k м=m н=h о=o р=p с=c т=t у=y х=x і=i ј=j ѕ=s һ=h ԁ=d ԛ=q ԝ=w п=n г=r и=u "
        "ь=b ъ=b ы=bi ɡ=g ӏ=l ц=u ч=ch ш=w щ=w я=r ю=io э=e ж=x з=3 й=u л=n д=d б=b ф=f є=e ґ=r "
        "ғ=f қ=k ң=h ү=y ұ=y ҳ=x ҷ=ch ѵ=v ԍ=g ո=n ս=u օ=o ց=g հ=h ι=i "
        "α=a β=b γ=y δ=d ε=e ζ=z η=n θ=o κ=k λ=l μ=u ν=v ξ=e ο=o π=n ρ=p σ=o τ=t υ=u φ=o χ=x ψ=y "
        "ω=w ς=s ϲ=c ϳ=j ᴀ=a ʙ=b ᴄ=c ᴅ=d ᴇ=e ꜰ=f ɢ=g ʜ=h ɪ=i ᴊ=j ᴋ=k ʟ=l ᴍ=m ɴ=n ᴏ=o ᴘ=p ʀ=r ꜱ=s "
        "ᴛ=t ᴜ=u ᴠ=v ᴡ=w ʏ=y ᴢ=z ɑ=a ı=i ȷ=j ɩ=i ʋ=v ⱱ=v ƅ=b ɗ=d ɛ=e ƒ=f ɨ=i ł=l ø=o ħ=h ŧ=t ᗪ=d "
        "ᖇ=r ᗩ=a ᗰ=m ᑎ=n ᑌ=u ᐯ=v ᐱ=a ᑕ=c ᗷ=b ᖴ=f ᕼ=h ᒍ=j ᒪ=l ᑭ=p ᔕ=s ᗯ=w ə=e ɐ=a ɔ=c ɟ=f ɯ=m ɹ=r"
    )
)

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
    for table in (_WORDS, _LOOK_ALIKES):
        if char in table:
            return table[char]
    if char in _DOTS:
        return DOT
    if char in _DASHES:
        return DASH
    return None


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
