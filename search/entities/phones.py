"""Telephone numbers, however they are disguised; `phonenumbers` decides what is one.

The only module on that library.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from search.entities.model import Entity, EntityKind

#: Mobile prefixes of eleven digits until 2018, and what they became (Decision 798/QĐ-BTTTT of 2018).
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_SPOKEN = {
    "không": "0", "khong": "0", "hong": "0", "một": "1", "mot": "1", "mốt": "1", "hai": "2",
    "ba": "3", "bốn": "4", "bon": "4", "tư": "4", "năm": "5", "nam": "5", "lăm": "5", "sáu": "6",
    "sau": "6", "bảy": "7", "bẩy": "7", "bay": "7", "tám": "8", "tam": "8", "chín": "9", "chin": "9",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN_WORDS = re.compile(r"[\s.,\-]{1,3}$")
_DATE = re.compile(r"^[0-3]?\d[ .\-/][01]?\d[ .\-/](?:19|20)\d\d")
_SEPARATORS = frozenset(" .-_*()·•|\u00a0\t,")
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
_RUN_GAP = 3
_ZEROES = frozenset("oOоОοΟ")


@dataclass(frozen=True, slots=True)
class _Digit:
    """One digit, where it stands, and whether something visible stands before it."""

    value: str
    start: int
    end: int
    apart: bool


def phones_in(text: str) -> Iterator[Entity]:
    """Numbers in figures or words, in E.164 form ("+84900000123"), in order of place."""
    for run, plus in _runs(text):
        yield from _numbers(text, run, plus=plus)
    yield from _spoken(text)


def e164(digits: str, *, plus: bool = False) -> str | None:
    """The international form of `digits`, or None where they are no possible number."""
    if plus or digits.startswith("00"):
        return _valid("+" + digits.removeprefix("00"), None)
    if digits.startswith("84") and len(digits) in {11, 12}:
        return _valid("+" + digits, None)
    if not digits.startswith("0"):
        return None
    new = _OLD_PREFIXES.get(digits[:4])
    if new and len(digits) == 11:
        digits = new + digits[4:]
    return _valid(digits, "VN")


def _valid(number: str, region: str | None) -> str | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _digit(char: str) -> str | None:
    if char in _ZEROES:
        return "0"
    digit = unicodedata.digit(char, None)
    if digit is None and "\U0001d7ce" <= char <= "\U0001d7ff":
        digit = int(unicodedata.normalize("NFKC", char))
    return None if digit is None else str(digit)


def _runs(text: str) -> Iterator[tuple[list[_Digit], bool]]:
    """Rows of digits with at most a few separators between them, and whether a plus stands before."""
    run: list[_Digit] = []
    plus = pending_plus = False
    gap = 0
    for at, char in enumerate(text):
        value = _digit(char)
        if value is not None and not _is_letter_o(text, at, char, inside=bool(run)):
            if not run:
                plus = pending_plus
            run.append(_Digit(value, at, at + 1, gap > 0))
            gap, pending_plus = 0, False
        elif run and (char in _SEPARATORS) and gap < _RUN_GAP:
            gap += 1
        elif run and unicodedata.category(char) in _INVISIBLE:
            run[-1] = _Digit(run[-1].value, run[-1].start, at + 1, run[-1].apart)
        else:
            if run:
                yield run, plus
            run, gap = [], 0
            pending_plus = char == "+" or (pending_plus and char in " (")
    if run:
        yield run, plus


def _is_letter_o(text: str, at: int, char: str, *, inside: bool) -> bool:
    """Whether an o is a letter after all: it is a zero only beside a digit, and not in a word."""
    if char not in _ZEROES:
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1 : at + 2] or " "
    lettered = any(c.isalpha() and c not in _ZEROES for c in (before, after))
    near = any(c.isdigit() or c in _ZEROES for c in (before, after))
    return lettered or not (near or (inside and not before.isalpha()))


def _numbers(text: str, run: list[_Digit], *, plus: bool) -> Iterator[Entity]:
    """Every number in a run, longest first from each place where a group of digits begins."""
    at = 0
    while at < len(run):
        length, value = _longest(text, run, at, plus=plus and at == 0)
        if value is None:
            at += 1
            while at < len(run) and not run[at].apart:
                at += 1
            continue
        start, end = run[at].start, run[at + length - 1].end
        yield Entity(EntityKind.PHONE, value, text[start:end], start, end)
        at += length


def _longest(text: str, run: list[_Digit], at: int, *, plus: bool) -> tuple[int, str | None]:
    if _DATE.match(text[run[at].start : run[at].start + 12]):
        return 0, None
    for length in range(min(14, len(run) - at), 8, -1):
        ends_group = at + length == len(run) or run[at + length].apart
        if ends_group:
            digits = "".join(digit.value for digit in run[at : at + length])
            value = e164(digits, plus=plus)
            if value:
                return length, value
    return 0, None


def _spoken(text: str) -> Iterator[Entity]:
    """Numbers spelled out: không chín không ..."""
    row: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text), None]:
        follows = word is not None and word[0].lower() in _SPOKEN
        near = (
            follows
            and row
            and word
            and _BETWEEN_WORDS.fullmatch(text[row[-1].end() : word.start()])
        )
        if follows and word and (near or not row):
            row.append(word)
            continue
        value = e164("".join(_SPOKEN[one[0].lower()] for one in row)) if len(row) >= 9 else None
        if value:
            start, end = row[0].start(), row[-1].end()
            yield Entity(EntityKind.PHONE, value, text[start:end], start, end)
        row = [word] if follows and word else []
