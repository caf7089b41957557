"""The rule lab: trying a text, checking examples, scanning a stream."""

import dataclasses
import json
from collections.abc import Iterator

import pytest

from search.rules.lab import ScanError, failing_examples, scan, try_text
from search.rules.matcher import MAX_LENGTH, Matcher
from search.rules.model import Examples
from search.rules.pack import load_pack, shipped_packs
from tests.search.test_pack import SOUND


def test_trying_a_text_shows_signals_even_where_nothing_is_flagged() -> None:
    judgement, met = try_text("sang xứ lạ thôi", [load_pack(SOUND)])
    assert judgement is None
    assert met == {"sample/there": [(0, 10)]}


def test_examples_that_fail_are_named() -> None:
    pack = load_pack(SOUND)
    wrong = dataclasses.replace(pack, examples=Examples(("không có gì",), ("đi xứ lạ ngày 500k",)))
    assert [failure.path[1] for failure in failing_examples(wrong, [])] == ["positive", "negative"]
    assert failing_examples(pack, []) == []


def test_a_scan_says_where_only_the_beginning_was_judged() -> None:
    long = "chào " * (MAX_LENGTH // 5 + 1)
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(["chào", long])]
    short, cut = scan(lines, Matcher([load_pack(SOUND)]))
    assert "cut" not in short
    assert (cut["flagged"], cut["cut"]) == (False, True)


def test_a_scan_streams_one_result_for_each_line() -> None:
    taken: list[int] = []

    def lines() -> Iterator[str]:
        for number, text in enumerate(["đi xứ lạ, ngày 500k", "chào", ""]):
            taken.append(number)
            yield json.dumps({"id": number, "text": text}) if text else "\n"

    results = scan(lines(), Matcher([load_pack(SOUND)]))
    first = next(results)
    assert taken == [0]
    assert first["id"] == 0
    assert first["flagged"] is True
    assert first["kind"] == "lure"
    assert first["groups"] == ["destination", "wage"]
    assert first["spans"] == [(0, 8), (15, 19)]
    assert next(results) == {
        "id": 1, "flagged": False, "score": 0, "level": None, "groups": [], "spans": [],
        "urgent": [], "kind": "other",
    }  # fmt: skip
    assert list(results) == []


@pytest.mark.parametrize("line", ["{", '{"id": 1}', "[]", '{"id": 1, "text": 5}', '"x"'])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    good = '{"id": 1, "text": "chào"}'
    with pytest.raises(ScanError, match="line 2"):
        list(scan([good, line], Matcher(shipped_packs())))
