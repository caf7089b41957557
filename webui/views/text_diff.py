"""What was taken away from a text and what was added, word by word, for a page to show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_PIECE = re.compile(r"\s+|[^\s]+")
LONGEST = 20_000
"""Characters of each side that are compared."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same`, `gone` (only before) or `new` (only now)."""

    kind: str
    text: str


def word_diff(before: str, now: str) -> list[Piece]:
    """The two texts as one, in pieces; words are compared without regard to case."""
    old, new = _PIECE.findall(before[:LONGEST]), _PIECE.findall(now[:LONGEST])
    matcher = SequenceMatcher(None, _plain(old), _plain(new), autojunk=False)
    found: list[Piece] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(new[start:end])))
            continue
        if gone := "".join(old[first:last]):
            found.append(Piece("gone", gone))
        if added := "".join(new[start:end]):
            found.append(Piece("new", added))
    return found


def _plain(pieces: Sequence[str]) -> list[str]:
    return [" " if piece.isspace() else piece.casefold() for piece in pieces]
