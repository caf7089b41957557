"""What differs between two texts of a pack, line by line, with the lines around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3
#: Above so many pairs of lines, lines that stand often are not used to find the same places.
EXACT_BELOW = 4_000_000
Sign = Literal["same", "added", "removed", "skip"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference; numbers count from 1, 0 where the line is not in that text."""

    sign: Sign
    old: int
    new: int
    text: str


def difference(old: str, new: str) -> list[Line]:
    """The lines that were removed and added, each group with a few around it; empty where nothing differs."""
    before, after = old.splitlines(), new.splitlines()
    junk = len(before) * len(after) > EXACT_BELOW
    matcher = SequenceMatcher(None, before, after, autojunk=junk)
    found: list[Line] = []
    for group in matcher.get_grouped_opcodes(AROUND):
        first = group[0]
        if found or first[1] > 0:
            found.append(Line("skip", first[1] + 1, first[3] + 1, ""))
        for opcode in group:
            found += _lines(opcode, before, after)
    return found


def figures(lines: list[Line]) -> tuple[int, int]:
    """How many lines were added, and how many removed."""
    signs = [line.sign for line in lines]
    return signs.count("added"), signs.count("removed")


def unified(old: str, new: str, names: tuple[str, str]) -> Iterator[str]:
    """The same for a terminal: lines that begin with -, + or a space."""
    lines = difference(old, new)
    if lines:
        yield f"--- {names[0]}"
        yield f"+++ {names[1]}"
    marks = {"same": " ", "added": "+", "removed": "-"}
    for line in lines:
        yield (
            f"@@ {line.old} {line.new} @@" if line.sign == "skip" else marks[line.sign] + line.text
        )


def _lines(
    opcode: tuple[str, int, int, int, int], before: list[str], after: list[str]
) -> Iterator[Line]:
    tag, low, high, start, end = opcode
    if tag == "equal":
        for at in range(high - low):
            yield Line("same", low + at + 1, start + at + 1, before[low + at])
        return
    for at in range(low, high):
        yield Line("removed", at + 1, 0, before[at])
    for at in range(start, end):
        yield Line("added", 0, at + 1, after[at])
