"""Whether a regular expression of a rule is harmless: it compiles, needs some text, and ends in bounded time.

A pattern sees at most some three hundred characters around its literal (search.rules.scanning.WINDOW), so
what counts is how its time grows with them: a repetition inside a repetition grows without bound, and so
does a choice inside one; several open repetitions side by side grow with a power.
"""

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from search.query import Message

LONGEST = 2000
#: Open repetitions side by side: with two, the time grows with the third power of the window.
MOST_OPEN = 2
#: A repetition up to this many times is as good as written out.
SHORT = 4
#: Choices and optional parts: each may double the ways to read the same text.
MOST_CHOICES = 10
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}
_REFUSED = {codes.GROUPREF, codes.GROUPREF_EXISTS}


def fault_of(regex: str) -> Message | None:
    """What is wrong with the expression, or None."""
    if len(regex) > LONGEST:
        return Message("the expression is longer than %(most)s characters", {"most": str(LONGEST)})
    try:
        tree = _parser.parse(regex)
        compiled = re.compile(regex)
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        return Message("not a regular expression: %(why)s", {"why": str(error)[:200]})
    if compiled.match("") is not None:
        return Message("would match everything")
    repeats = list(_repeats(tree))
    if any(_grows(low, high, inner) for low, high, inner in repeats):
        return Message("a repetition or choice inside a repetition could take unbounded time")
    if sum(_is_open(low, high) for low, high, _ in repeats) > MOST_OPEN:
        most = {"most": str(MOST_OPEN)}
        return Message("more than %(most)s open repetitions (+, *) take too long", most)
    if sum(code is codes.BRANCH or _is_loose(code, argument) for code, argument in _parts(tree)) > (
        MOST_CHOICES
    ):
        most = {"most": str(MOST_CHOICES)}
        return Message("more than %(most)s choices or optional parts take too long", most)
    if any(code in _REFUSED for code, _ in _parts(tree)):
        return Message("references back to a group (\\1) are not taken")
    return None


def _is_open(low: int, high: int) -> bool:
    return high - low > SHORT or high > LONGEST


def _repeats(tree: Any) -> Iterator[tuple[int, int, Any]]:
    for code, argument in _parts(tree):
        if code in _REPEATS:
            yield int(argument[0]), int(argument[1]), argument[2]


def _grows(low: int, high: int, inner: Any) -> bool:
    """Whether a repetition holds what can take up its text in more than one way.

    In an open one that is any choice or optional part, in a short one another repetition.
    """
    if _is_open(low, high):
        return any(code is codes.BRANCH or _is_loose(code, arg) for code, arg in _parts(inner))
    return high > 1 and any(_is_loose(code, arg) and arg[1] > 1 for code, arg in _parts(inner))


def _is_loose(code: Any, argument: Any) -> bool:
    return code in _REPEATS and argument[0] != argument[1]


def _parts(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every part of a parsed expression, also those inside others."""
    for code, argument in tree:
        yield code, argument
        for inner in _inside(argument):
            yield from _parts(inner)


def _inside(argument: Any) -> Iterator[Any]:
    if isinstance(argument, _parser.SubPattern):
        yield argument
    elif isinstance(argument, list | tuple):
        for one in argument:
            yield from _inside(one)
