"""Digits and signs that pose as letters: v1ệc, 7uyển, n9ười, l4m, vi3c.

A digit is read as a letter where a syllable comes out that is written often, and where the digit could
hardly be a number: "5 sao", "10 nam", "quan 9" and "9 am" stay.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from search.syllable_counts import FOLDED, KEPT
from search.syllables import KNOWN, well_formed
from search.teencode import TEENCODE
from search.text_glue import cut
from search.text_pieces import Piece, Run, written_out
from search.typing_leftovers import respelled

#: What a digit may stand for, the likeliest first.
_POSING = {
    "0": "o",
    "1": "il",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "bg",
    "7": "t",
    "8": "b",
    "9": "g",
}
_MOST_DIGITS = 4
_LONGEST = 40
#: A syllable that a digit before or behind it makes must have been counted so often, and be not be
#: much rarer than what stands there without the digit.
_OFTEN, _BEFORE, _BEHIND = 8.0, 2.0, 1.0
#: A row of words with a digit at its edge has so many letters.
_ROW = 6
#: Signs between letters, or at one side of some, and what they may stand for.
_SIGNS_FOR = {"!": "i", "$": "s", "|": "li"}
#: Marks that pile up on letters, and characters that nobody sees.
_UNREAD = (
    "\u0300-\u036f\u0483-\u0489\u00ad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20d0-\u20f0"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
)
_LETTERS_THERE = rf"(?:[^\W\d_]|[{_UNREAD}]){{0,24}}"
_POSER = re.compile(
    rf"(?<![\w$|!{_UNREAD}])(?P<before>{_LETTERS_THERE})(?P<sign>[!$|])"
    rf"(?P<after>{_LETTERS_THERE})(?![\w$|!{_UNREAD}])"
)
#: What is left of marks after composition belongs to no Vietnamese letter.
_PILED = re.compile(f"[{_UNREAD}]")
#: A sign at the edge of a word is a letter if the word is so many times as frequent with it.
_SURER = 16.0
#: After a digit these are what they are.
_COUNTED = frozenset(["pm", "anh", "em", "ong", "th", "nd", "rd", "st"])
#: Signs of chemistry, hours.
_SIGNS = frozenset(["nh3", "ch3", "4am", "5am", "6am", "7am", "8am", "9am"])


def unmasked(run: Run) -> list[Piece]:
    """The word or words that a run with digits in it stands for; [] where it is a figure or a code."""
    if len(run.folded) > _LONGEST or not run.folded.isascii():
        return []
    read = reading(run.folded, run.kept)
    if not read:
        return []
    if read in TEENCODE:
        return written_out(TEENCODE[read], run.start, run.end)
    meant = run.read(read)
    if read in KNOWN:
        return [meant.piece()]
    return meant.pieces(cut(meant.kept))


@lru_cache(maxsize=1 << 14)
def reading(word: str, kept: str) -> str:
    """The same word with letters for its digits; "" where none is likely."""
    digits = [at for at, char in enumerate(word) if char.isdigit()]
    if not digits:
        return word if word in KNOWN or cut(kept) else ""
    if len(digits) > _MOST_DIGITS or len(digits) * 2 > len(word):
        return ""
    best, most = "", 0.0
    for letters in product(*(_POSING[word[at]] for at in digits)):
        read = _with(word, digits, letters)
        weight = _weight(read, _with(kept, digits, letters))
        if weight > most:
            best, most = read, weight
    inside = all(0 < at < len(word) - 1 for at in digits)
    if inside or not best:
        return best
    return best if _is_no_number(word, digits, most) else ""


def _with(word: str, places: list[int], letters: tuple[str, ...]) -> str:
    chars = list(word)
    for at, letter in zip(places, letters, strict=True):
        chars[at] = letter
    return "".join(chars)


def _weight(read: str, kept: str) -> float:
    if len(read) < 2:
        return 0.0
    if read in TEENCODE:
        return 1.0
    if read in KNOWN:
        if kept.isascii():
            return max(FOLDED.get(read, 0.0), 0.5)
        spelled = respelled(kept)
        return max(KEPT.get(spelled, 0.0), 0.5) if well_formed(spelled) else 0.0
    return 0.4 if cut(kept) else 0.0


def _is_no_number(word: str, digits: list[int], weight: float) -> bool:
    """Whether a word that begins or ends with a digit is likelier a word than a number beside one."""
    bare = word.strip("0123456789")
    if len(word) < 3 or bare in _COUNTED or word in _SIGNS:
        return False
    if word[-1].isdigit() and word[-1] != "0" and len(digits) > 1 and word[-2].isdigit():
        return False
    if bare in KNOWN and len(word) - len(bare) > 1:
        return False
    if weight < 1.0:  # a row of words
        return bare not in KNOWN and len(word) >= _ROW
    ratio = _BEFORE if word[0].isdigit() else _BEHIND
    return weight >= _OFTEN and weight * ratio >= FOLDED.get(bare, 0.0)


def unsigned(chunk: str) -> str:
    """A chunk of raw text with letters for the signs that pose as some: t!ền, $inh, v|ệc.

    >>> unsigned("t!ền"), unsigned("$inh"), unsigned("rồ!"), unsigned("nhé!"), unsigned("500$/ngày")
    ('tiền', 'sinh', 'rồi', 'nhé!', '500$/ngày')
    """
    return _POSER.sub(_letter_for, chunk)


def _letter_for(match: re.Match[str]) -> str:
    before, sign, after = match["before"], match["sign"], match["after"]
    for letter in _SIGNS_FOR[sign]:
        read = _composed(f"{before}{letter}{after}")
        inside = before and after
        if _count(read) < (1.0 if inside else _OFTEN) and not (inside and _half_marked(read)):
            continue
        if before and after:
            return f"{before}{letter}{after}"
        # At the edge of a word a sign is a sign if the word is one without it.
        rest = _composed(before or after)
        if _count(rest) * _SURER <= _count(read) and (
            sign != "!" or not read.isascii() or rest not in FOLDED
        ):
            return f"{before}{letter}{after}"
    return match[0]


def _composed(text: str) -> str:
    return _PILED.sub("", unicodedata.normalize("NFC", text)).lower()


def _half_marked(word: str) -> bool:
    """Whether it is a word but for its diacritics: not all of them, or some that no Vietnamese letter has."""
    bare = _PILED.sub("", unicodedata.normalize("NFD", word)).replace("đ", "d")
    return bare != word and bare.isascii() and FOLDED.get(bare, 0.0) >= _OFTEN


def _count(word: str) -> float:
    if word.isascii():
        return FOLDED.get(word, 0.0)
    return KEPT.get(respelled(word), 0.0)
