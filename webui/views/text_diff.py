"""What was taken away from a text and what was added, word by word, for a page to show."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s*\S+\s*|\s+")
_CLAUSE = re.compile(r"[^\n.!?;]*[\n.!?;]+|[^\n.!?;]+")
MANY = 1_500
LONGEST = 20_000
"""Characters of each side that are compared."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same`, `gone` (only before) or `new` (only now)."""

    kind: str
    text: str


def word_diff(before: str, now: str) -> list[Piece]:
    """The two texts as one, in pieces; words are compared without regard to case and white space.

    Clauses are compared first and words only where clauses differ, so that long texts cost little.
    """
    found: list[Piece] = []
    for same, gone, new in _blocks(_CLAUSE, before[:LONGEST], now[:LONGEST]):
        if same:
            _add(found, "same", new)
            continue
        for alike, old_words, new_words in _blocks(_WORD, gone, new):
            if alike:
                _add(found, "same", new_words)
            else:
                tail = _tail(old_words, new_words)
                _add(found, "gone", old_words.removesuffix(tail))
                _add(found, "new", new_words.removesuffix(tail))
                _add(found, "same", tail)
    return found


def _blocks(pattern: re.Pattern[str], before: str, now: str) -> Iterator[tuple[bool, str, str]]:
    """Stretches of both texts in order: whether they say the same, and what stands there in each."""
    old, new = pattern.findall(before), pattern.findall(now)
    # Words that stand everywhere are no places to join long texts at: looking at all of them takes minutes.
    long = len(old) + len(new) > MANY
    matcher = SequenceMatcher(None, _plain(old), _plain(new), autojunk=long)
    for tag, first, last, start, end in matcher.get_opcodes():
        yield tag == "equal", "".join(old[first:last]), "".join(new[start:end])


def _tail(before: str, now: str) -> str:
    """The white space at the end of what changed, when both sides have it."""
    tail = now[len(now.rstrip()) :]
    return tail if before and before.endswith(tail) else ""


def _add(found: list[Piece], kind: str, text: str) -> None:
    if not text:
        return
    if found and found[-1].kind == kind:
        found[-1] = Piece(kind, found[-1].text + text)
    else:
        found.append(Piece(kind, text))


def _plain(pieces: Sequence[str]) -> list[str]:
    return [piece.strip().casefold() for piece in pieces]
