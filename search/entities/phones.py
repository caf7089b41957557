"""Telephone numbers in figures, however they are grouped and disguised.

Rows of digit groups are cut out first; `search.entities.numbers` says which of them are numbers,
`search.entities.surroundings` which are something else after all: a price, a date, an identity card.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.entities import surroundings
from search.entities.model import Entity, EntityKind
from search.entities.numbers import e164, hotline, labelled, partial
from search.entities.reading import Reading

#: Digits and the letters that stand in for them, at the start of a word or where a digit stands.
_GROUP = re.compile(r"(?:(?<![^\W_])[oOlIsSzZBgq|](?=[0-9oOlIsSzZBgq|])|[0-9])[0-9oOlIsSzZBgq|]*")
_STAND_INS = str.maketrans("oOlI|sSzZBgq", "001115522899")
_RARE = frozenset("sSzZBgq")
_BETWEEN = re.compile(r"[^\w\n+:%=<>$€₫]{1,4}|_{1,2}|[^\w\n+:%=<>$€₫]{0,2}\n[^\w\n+:%=<>$€₫]{0,2}")
_LONGEST = 15
_PARTIAL = re.compile(r"(?<![\w.,])(0[35789](?:[ .\-]?\d){1,6})((?:[ .\-]?[xX*•]){2,7})(?![\w*•])")
_DOTTED = frozenset(".-,")


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together, and what separates them from those before ("" where nothing does)."""

    digits: str
    start: int
    end: int
    between: str


def phones_in(reading: Reading) -> Iterator[Entity]:
    """Numbers in E.164 form ("+84900000123"), hotlines, and numbers whose end is held back."""
    text = reading.plain
    for match in _PARTIAL.finditer(text):
        value = partial(re.sub(r"\D", "", match[1]), len(re.findall(r"[xX*•]", match[2])))
        if value:
            yield reading.entity(EntityKind.PHONE_PARTIAL, value, *match.span())
    for run in _runs(text):
        yield from _numbers(reading, run)


def _runs(text: str) -> Iterator[list[_Group]]:
    """Rows of groups with only a little between them."""
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        digits = _digits(text, match)
        if digits is None:
            continue
        between = text[run[-1].end : match.start()] if run else ""
        if run and not _BETWEEN.fullmatch(between):
            yield run
            run, between = [], ""
        run.append(_Group(digits, match.start(), match.end(), between))
    if run:
        yield run


def _digits(text: str, match: re.Match[str]) -> str | None:
    """A group as digits; None where its letters are a word."""
    group = match[0]
    if group.isdigit():
        return group
    figures = sum(char.isdigit() for char in group)
    if not figures and group.strip("oO"):
        return None
    ends_in_word = text[match.end() : match.end() + 1].isalpha()
    if ends_in_word or (_RARE.intersection(group) and figures < 4):
        return group.rstrip("oOlIsSzZBgq|") if group[0].isdigit() and ends_in_word else None
    return group.translate(_STAND_INS)


def _numbers(reading: Reading, run: Sequence[_Group]) -> Iterator[Entity]:
    """Every number of a row, longest first from each group."""
    at = 0
    while at < len(run):
        found = _longest(reading.plain, run, at)
        if found is None:
            at += 1
            continue
        kind, value, past = found
        start = surroundings.opening(reading.plain, run[at].start, _end(run[past - 1]))
        yield reading.entity(kind, value, start, _end(run[past - 1]))
        at = past


def _end(group: _Group) -> int:
    return group.start + len(group.digits)


def _longest(text: str, run: Sequence[_Group], at: int) -> tuple[EntityKind, str, int] | None:
    found: tuple[EntityKind, str, int] | None = None
    for past in _ends(run, at):
        kind_value = _value(text, run, at, past)
        if kind_value is None:
            continue
        broken = any("\n" in group.between for group in run[at + 1 : past])
        found = (*kind_value, past)
        if not broken:
            return found
    return found


def _ends(run: Sequence[_Group], at: int) -> list[int]:
    """Where a number that begins at `at` may end, longest first."""
    ends, length = [], 0
    for past in range(at, len(run)):
        length += len(run[past].digits)
        if length > _LONGEST:
            break
        if length >= 7:
            ends.append(past + 1)
    return ends[::-1]


def _value(text: str, run: Sequence[_Group], at: int, past: int) -> tuple[EntityKind, str] | None:
    groups = run[at:past]
    digits = "".join(group.digits for group in groups)
    start, end = groups[0].start, _end(groups[-1])
    plus = surroundings.plus_before(text, start) is not None
    value, kind = e164(digits, plus=plus), EntityKind.PHONE
    if value is None and digits.startswith(("18", "19")) and not plus:
        value, kind = hotline(digits), EntityKind.HOTLINE
        if value and not _is_hotline(text, groups):
            return None
    needs_word = value is None or _is_list(groups)
    value = value or labelled(digits)
    if value is None or (needs_word and not surroundings.is_called_number(text, start)):
        return None
    if _goes_on(run, past) or surroundings.is_something_else(text, start, end):
        return None
    return kind, value


def _is_hotline(text: str, groups: Sequence[_Group]) -> bool:
    """Not two years or two wages: 1800 1234 stands in one piece, or is called a number."""
    first = groups[0].digits
    if any("-" in group.between or "," in group.between for group in groups):
        return False
    if len(groups) > 1 and first in {"1800", "1900"}:
        return not surroundings.is_year(text, groups[0].start)
    return len(groups) == 1 and surroundings.is_called_number(text, groups[0].start)


def _is_list(groups: Sequence[_Group]) -> bool:
    """Five numbers of two digits, one after the other: days or draws rather than a number."""
    values = [int(group.digits) for group in groups]
    if len(groups) != 5 or any(len(group.digits) != 2 for group in groups):
        return False
    counted = all(second - first == 1 for first, second in pairwise(values))
    return counted or any("," in group.between or " " in group.between for group in groups[1:])


def _goes_on(run: Sequence[_Group], past: int) -> bool:
    """Whether the same dots or dashes lead to more digits: then it is a longer figure."""
    if past >= len(run) or past < 2:
        return False
    between = run[past].between
    return between in _DOTTED and between == run[past - 1].between and run[past].digits[0] != "0"
