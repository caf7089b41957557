"""Answers spoiled in every place: null, another type, a negative or endless number; never a crash of a parser."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.pipeline import Pipeline
from crawler.sources import KINDS
from tests.crawler.sources import golden

CASES = [
    (kind, case)
    for kind, case in golden.cases()
    if golden.body(kind, case)[1] == "application/json"
    and golden.expected(kind, case)["given"].get("status", 200) == 200
]
SPOILS: tuple[Any, ...] = (None, [], {}, "x", -1, 10**40, [None], True)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value."""
    yield path
    if isinstance(data, dict):
        for name, value in data.items():
            yield from places(value, (*path, name))
    elif isinstance(data, list):
        for number, value in enumerate(data[:2]):
            yield from places(value, (*path, number))


def spoiled(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same with one value in place of another; what lies beside the path is shared."""
    if not path:
        return value
    whole = copy.copy(data)
    whole[path[0]] = spoiled(data[path[0]], path[1:], value)
    return whole


@pytest.mark.parametrize(("kind", "case"), CASES, ids=lambda value: value)
def test_no_value_anywhere_breaks_a_parser(kind: str, case: str) -> None:
    given = golden.expected(kind, case)["given"]
    data = json.loads(golden.body(kind, case)[0])
    plan = golden.plan_of(kind, given)
    for number, path in enumerate(places(data)):
        for value in (SPOILS[number % len(SPOILS)], SPOILS[(number * 3 + 1) % len(SPOILS)], None):
            text = json.dumps(spoiled(data, path, value)).encode()
            page = golden.page_of(given, text, "application/json")
            read = Pipeline(KINDS[kind], plan, []).read(page)
            broken = [one for one in read.problems if one.reason == "parser_failed"]
            assert not broken, (path, value, broken)
            assert all(post.url.startswith("http") for post in read.posts)
