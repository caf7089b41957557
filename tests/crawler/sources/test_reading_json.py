"""Answers of interfaces are read with care: whatever is wrong costs as little as it can, and is named."""

import json
from typing import Any

import pytest

from crawler.page import Fetch, Page, Problem
from crawler.sources import api
from crawler.sources.times import zone_of
from search.post import Post
from tests.crawler.sources.golden import FETCHED


def page(body: bytes | str, status: int = 200, **headers: str) -> Page:
    content = body.encode() if isinstance(body, str) else body
    address = "https://api.example/list"
    named = {
        "content-type": "application/json",
        **{n.replace("_", "-"): v for n, v in headers.items()},
    }
    return Page(Fetch(address, "list"), address, status, named, content, FETCHED)


def test_a_cut_page_gives_the_entries_before_the_cut() -> None:
    entries = [
        json.dumps({"id": number, "text": 'có "ngoặc], {và}" \\ phẩy,'}) for number in range(40)
    ]
    text = f'{{"posts": [{", ".join(entries)}], "cursor": "x"}}'
    for length in range(text.index(entries[1]) + 3, len(text) - 20, 7):
        data, problems = api.load(page(text[:length]))
        assert [one.reason for one in problems] == ["json_cut"]
        found = data["posts"]
        assert found == [json.loads(one) for one in entries[: len(found)]]
        assert len(found) >= text[:length].count('"id"') - 1


@pytest.mark.parametrize(
    "body", ["", "{", "nothing", "[", '"', "{]", "\x00", "[" * 200_000, "}" * 9]
)
def test_what_is_no_json_is_one_problem(body: str) -> None:
    data, problems = api.load(page(body))
    assert data is None
    assert [one.reason for one in problems] == ["not_json"]


def test_a_number_of_ten_million_digits_spoils_only_itself() -> None:
    text = f'[{{"id": 1, "views": {"9" * 10_000_000}}}, {{"id": 2, "views": 5}}]'
    data, problems = api.load(page(text))
    assert problems == []
    assert [one["views"] for one in data] == [None, 5]


@pytest.mark.parametrize("value", [None, {}, "x", 7, True])
def test_what_should_be_a_list_is_named_when_it_is_none(value: Any) -> None:
    with pytest.raises(api.Shape) as told:
        api.listed({"a": {"b": value}}, "a", "b")
    assert told.value.field == "a.b"


def test_a_broken_entry_costs_only_itself_and_is_named_by_number_and_field() -> None:
    problems: list[Problem] = []

    def made(entry: api.Entry) -> Post:
        return Post(
            entry.needed("url"), entry.needed("body", "text"), counts=entry.counts(likes="n")
        )

    entries = [
        {"url": "https://a.example/1", "body": {"text": "một"}, "n": "12"},
        None,
        {"url": "https://a.example/3", "body": None},
        {"url": "https://a.example/4", "body": {"text": "bốn"}, "n": -1},
    ]
    found = api.posts(page("[]"), entries, made, problems)
    assert [(post.text, dict(post.counts)) for post in found] == [
        ("một", {"likes": 12}),
        ("bốn", {}),
    ]
    assert [(one.reason, one.detail["number"], one.detail["field"]) for one in problems] == [
        ("entry_failed", 2, "[2]"),
        ("entry_failed", 3, "body.text"),
        ("bad_number", 4, "n"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "reason", "words"),
    [
        (401, '{"message": "Requires authentication"}', "api_login", "Requires authentication"),
        (403, '{"error": "Forbidden"}', "api_forbidden", "Forbidden"),
        (404, "{}", "gone", ""),
        (410, "{}", "gone", ""),
        (418, '{"errors": [{"message": "No"}]}', "api_refused", "No"),
        (429, '{"error": {"message": "Slow down"}}', "api_limit", "Slow down"),
        (500, "{", "api_failed", "500"),
        (503, '{"error_description": "Bận"}', "api_failed", "Bận"),
    ],
)
def test_an_error_status_is_told_in_the_words_of_the_interface(
    status: int, body: str, reason: str, words: str
) -> None:
    told = api.explained(page(body, status, retry_after="120"))
    assert told.reason == reason
    assert told.detail.get("message", "") == words
    if status == 429:
        assert told.detail["wait"] == "120"


def test_a_link_header_is_read_by_relation() -> None:
    header = '<https://a.example/?p=2,3>; rel="next", <https://a.example/?p=0>; title="x"; rel="prev first"'
    answer = page("[]", link=header)
    assert api.link_header(answer, "next") == "https://a.example/?p=2,3"
    assert api.link_header(answer, "prev") == "https://a.example/?p=0"
    assert api.link_header(answer, "last") == ""


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("2026-11-20T08:00:00+07:00", "+07:00"),
        ("2026-11-20T08:00:00-0330", "-03:30"),
        ("2026-11-20T08:00:00.123Z", "Z"),
        ("Fri, 20 Nov 2026 08:00:00 GMT", "Z"),
        ("1763600000", "Z"),
        ("2026-11-20T08:00:00", ""),
        ("2026-11-20", ""),
        ("20/11/2026 08:00", ""),
    ],
)
def test_the_zone_of_a_time_is_the_one_it_names(written: str, zone: str) -> None:
    assert zone_of(written) == zone
