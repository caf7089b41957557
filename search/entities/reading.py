"""A text with the disguises of its characters taken off, every span of which leads back to the original.

Unlike the normal forms of `search.text` it keeps case, punctuation and lines, which addresses need.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from search.entities.model import Entity, EntityKind
from search.text_tables import MARKS, CodePoints, keep_of

_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_FULL_STOPS = frozenset("。｡．")
#: The Latin letters that Vietnamese and its neighbours use stay as they are.
_LATIN = frozenset(map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))))


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain` has styled, full-width and look-alike characters as plain ones, nothing invisible, NFC.

    Character i of `plain` stands at [starts[i], ends[i]) of `original`.
    """

    original: str
    plain: str
    starts: Sequence[int]
    ends: Sequence[int]

    def entity(
        self, kind: EntityKind, value: str, start: int, end: int, *, short: bool = False
    ) -> Entity:
        """What stands at [start, end) of `plain`, placed in the original."""
        first, past = self.starts[start], self.ends[end - 1]
        return Entity(kind, value, self.original[first:past], first, past, short)


def read(text: str) -> Reading:
    """The reading of any string; most posts are as they look, which costs nothing."""
    if text.translate(_PLAIN) == text and unicodedata.is_normalized("NFC", text):
        return Reading(text, text, range(len(text)), range(1, len(text) + 1))
    odd = {char for char in set(text) if _PLAIN[ord(char)] != char or char in MARKS}
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for at in [at for at, char in enumerate(text) if char in odd]:
        chars += text[done:at]
        starts += range(done, at)
        ends += range(done + 1, at + 1)
        done = at + 1
        parts = _PLAIN[ord(text[at])]
        if (not parts or parts in MARKS) and chars:
            chars[-1] = _with_mark(chars[-1], parts)
            ends[-1] = done
            continue
        chars += parts
        starts += [at] * len(parts)
        ends += [done] * len(parts)
    chars += text[done:]
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return Reading(text, "".join(chars), starts, ends)


def _with_mark(char: str, mark: str) -> str:
    composed = unicodedata.normalize("NFC", char + mark)
    return composed if len(composed) == 1 else char


def _plain_of(code: int) -> str:
    """What a reader takes one code point for; "" where nothing is to be seen."""
    char = chr(code)
    if code < 0x80:
        return char
    category = unicodedata.category(char)
    if char in MARKS:
        return char
    if category in _INVISIBLE:
        return ""
    if category in {"Zs", "Cs"}:
        return " "
    if category in {"Zl", "Zp"}:
        return "\n"
    if category == "Pd" or char == "−":
        return "-"
    digit = unicodedata.digit(char, None)
    return _letter(char) if digit is None else str(digit)


def _letter(char: str) -> str:
    """Styled and full-width letters as plain ones, letters of other scripts as the Latin they look like."""
    if char in _FULL_STOPS:
        return "."
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and (plain.isascii() or plain in _LATIN):
        return plain
    known = keep_of(ord(char)).strip()
    if len(known) == 1 and known.isascii() and known.isalnum():
        return known.upper() if char.isupper() else known
    return plain if len(plain) <= 3 and plain.isascii() and plain.isalnum() else char


_PLAIN = CodePoints(_plain_of)
