"""Whether neighbours in a text may be one syllable that was torn: told for nearly all texts at a glance.

In the fast path a mark stands behind what may be half of a syllable. All pairs of neighbours that are
likelier one word than two are known beforehand, so a text in which none of them stands is settled.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from search.teencode import TEENCODE
from search.text_pieces import KEYS, Piece
from search.text_tables import fold_kept
from search.text_torn import (
    HALVES,
    LETTERS,
    TORN,
    TORN_FOLDED,
    Suspicion,
    half_of,
    is_torn,
    likely_pairs,
)

#: Behind what may be half of a syllable, with what it was if it is a short form written out; and behind what
#: asks for a closer look in any case. Never in a result.
HALF, SURE = "\x01", "\x01\x02"
_SHORT = {"ng": "\x01\x03", "tr": "\x01\x04"}
_MARKS = str.maketrans("", "", "\x01\x02\x03\x04")
_RUN = re.compile("\x01 .\x01 .\x01")
#: So many single letters in a row spell a word.
_ROW = 3

#: The folded and the kept form of a token, whether its letters are the author's own, and its mark.
Row = tuple[str, str, bool, str]


def marked(piece: Piece) -> str:
    """The folded form of a token with the mark of what it may be."""
    folded = piece.folded
    if piece.mark:
        return folded + (SURE if piece.mark == KEYS else _SHORT[piece.mark])
    if folded in TORN_FOLDED and (piece.kept in TORN or folded in TORN):
        return folded + SURE
    return folded + HALF if folded in HALVES else folded


def unmarked(folded: str) -> str:
    """A folded text without marks."""
    return folded.translate(_MARKS)


def is_doubtful(folded: str) -> bool:
    """Whether a marked text without `SURE` may hold a torn syllable, or a word spelled letter by letter."""
    if _RUN.search(folded):
        return True
    words = folded.split(" ")
    return not _pairs().isdisjoint(pairwise(words)) and _suspicious(folded)


@cache
def _pairs() -> frozenset[tuple[str, str]]:
    """The neighbours that may be one word, as they are marked."""
    return frozenset(
        (one, other)
        for before, after in likely_pairs()
        for one in _forms(before)
        for other in _forms(after)
    )


def _forms(half: str) -> list[str]:
    if half in _SHORT:
        return [half + HALF, fold_kept(TEENCODE[half]) + _SHORT[half]]
    return [half + HALF if half in HALVES else half]


def _suspicious(folded: str) -> bool:
    """Whether the neighbours of halves are enough together to tell of one who tears."""
    for short, mark in _SHORT.items():
        folded = folded.replace(f"{fold_kept(TEENCODE[short])}{mark}", f"{short}{HALF}")
    tell = Suspicion()
    for left, right in pairwise(folded.split(HALF)):
        before, half = left.rsplit(" ", 2)[-2:]
        after = right[1:].split(" ", 1)[0]
        # A neighbour that is a half as well has been looked at as the one after.
        if (before and tell.by(before, half)) or (after and tell.by(half, after)):
            return True
    return False


def unsettled(rows: Sequence[Row]) -> bool:
    """Whether tokens may have to be joined or read in another way, as their neighbours tell. Rarely so."""
    letters = 0
    halves = False
    for folded, kept, _, mark in rows:
        letters = letters + 1 if folded in LETTERS else 0
        if letters == _ROW or mark == KEYS:
            return True
        halves = halves or mark != "" or folded in HALVES or kept in TORN or folded in TORN
    return halves and is_torn([half_of(folded, kept, mark) for folded, kept, _, mark in rows])
