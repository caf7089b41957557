"""Servers that speak Mastodon's interface number and name their posts in several ways; each is understood."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.page import Fetch, Page, Parsed, SourcePlan
from crawler.sources import KINDS
from crawler.sources.mastodon.spider import mark_of_number, number_of, of_address
from search.post import Platform

MASTODON = KINDS["mastodon"]
A = "https://mang.example"
ULID, FLAKE, NUMBER = "01HF3ZQ8T7XW2N5M9K4B6C0D1E", "AbCdEfGhIjKlMnOpQr", "111222333444555666"


def plan(address: str, **state: Any) -> SourcePlan:
    return SourcePlan(1, address, Platform.MASTODON, MASTODON.form.read({}), state)


@pytest.mark.parametrize(
    ("path", "read", "of"),
    [
        (f"/@chi_na/{NUMBER}", "thread", NUMBER),
        (f"/@chi_na@noi.example/{NUMBER}", "thread", NUMBER),
        (f"/@chi_na/statuses/{ULID}", "thread", ULID),
        (f"/users/chi_na/statuses/{NUMBER}", "thread", NUMBER),
        (f"/notice/{FLAKE}", "thread", FLAKE),
        ("/@chi_na", "account", "chi_na"),
        ("/users/chi_na", "account", "chi_na"),
        (f"/api/v1/accounts/{ULID}/statuses", "account", ULID),
        ("/@chi_na/with_replies", "account", "chi_na"),
        ("/tags/vi%E1%BB%87cl%C3%A0m", "tag", "việclàm"),
        ("/public/local", "public", ""),
    ],
)
def test_what_an_address_shows(path: str, read: str, of: str) -> None:
    found = of_address(A + path)
    assert found is not None
    assert (found.read, found.of) == (read, of)


@pytest.mark.parametrize("path", ["/@chi_na/followers", "/@chi_na/collections", "/bai/tin-1.html"])
def test_what_is_no_post_is_not_taken_for_one(path: str) -> None:
    found = of_address(A + path)
    assert found is None or found.read != "thread"


@pytest.mark.parametrize("number", [NUMBER, ULID, FLAKE, "7"])
def test_a_number_is_the_same_after_it_was_remembered(number: str) -> None:
    assert number_of(mark_of_number(number)) == number
    known = {f"mastodon account {ULID}": mark_of_number(number)}
    (fetch,) = MASTODON.start(plan(f"{A}/api/v1/accounts/{ULID}/statuses", **known))
    assert fetch.url.endswith(f"min_id={number}")


@pytest.mark.parametrize("number", [NUMBER, ULID, FLAKE])
def test_a_pasted_post_is_read_with_what_answers_it(number: str) -> None:
    source = plan(f"{A}/@chi_na/{number}")
    (asked,) = MASTODON.start(source)
    assert (asked.url, asked.step) == (f"{A}/api/v1/statuses/{number}", "status")
    read = _answer(source, asked, number, replies=0)
    assert [post.text for post in read.posts] == ["Việc nhẹ"]
    assert [fetch.url for fetch in read.follow] == [f"{A}/api/v1/statuses/{number}/context"]
    look = MASTODON.look(source, f"{A}/@chi_na/{number}")
    assert look is not None
    assert look.url == asked.url


def test_replies_are_asked_for_whatever_numbers_the_server_gives() -> None:
    source = plan(f"{A}/public")
    (asked,) = MASTODON.start(source)
    for number in (NUMBER, ULID, FLAKE):
        read = _answer(source, asked, number, replies=2)
        assert f"{A}/api/v1/statuses/{number}/context" in [fetch.url for fetch in read.follow]
    assert _answer(source, asked, "../../x", replies=2).follow == ()


def _answer(source: SourcePlan, asked: Fetch, number: str, *, replies: int) -> Parsed:
    status = {
        "id": number, "url": f"{A}/@chi_na/{number}", "created_at": "2026-11-20T01:00:00.000Z",
        "account": {"acct": "chi_na"}, "content": "<p>Việc nhẹ</p>", "replies_count": replies,
    }  # fmt: skip
    data: Any = status if asked.step == "status" else [status]
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return MASTODON.read(source, Page(asked, asked.url, 200, {}, json.dumps(data).encode(), now))
