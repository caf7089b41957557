"""A post of Bluesky has one address, whether it is read, answered or quoted."""

from typing import Any

import pytest

from search.post import Post
from tests.crawler.sources.test_lately import read

AUTHOR = "https://bsky.app/profile/hai.example"
PARENT = "at://did:plc:na/app.bsky.feed.post/k1"
QUOTED = "at://did:plc:ba/app.bsky.feed.post/k2"
NA, BA, HAI = (
    {"did": f"did:plc:{name}", "handle": f"{handle}.example"}
    for name, handle in (("na", "chi-na"), ("ba", "ba-tu"), ("hai", "hai"))
)


def view(author: dict[str, str], key: str, parent: str = "", **more: Any) -> dict[str, Any]:
    record: dict[str, Any] = {"text": f"Bài {key}", "createdAt": "2026-11-22T01:00:00Z"}
    if parent:
        record["reply"] = {"root": {"uri": parent}, "parent": {"uri": parent}}
    uri = f"at://{author['did']}/app.bsky.feed.post/{key}"
    return {
        "uri": uri,
        "author": author,
        "record": record,
        "indexedAt": record["createdAt"],
        **more,
    }


def only(item: dict[str, Any], step: str = "author") -> Post:
    found = read("bluesky", AUTHOR, step, {"feed": [item]}, {}, config={"read": "address"})
    assert not found.problems
    (post,) = found.posts
    return post


@pytest.mark.parametrize("place", ["parent", "root"])
def test_a_reply_in_a_feed_names_whom_it_answers_as_that_post_is_stored(place: str) -> None:
    item = {"post": view(HAI, "tra-loi", PARENT), "reply": {place: view(NA, "k1")}}
    parent = only({"post": view(NA, "k1")})
    assert only(item).reply_to == parent.url == "https://bsky.app/profile/chi-na.example/post/k1"


def test_a_reply_to_a_reply_whose_parent_is_blocked_is_named_by_the_grandparent() -> None:
    blocked = {
        "$type": "app.bsky.feed.defs#blockedPost",
        "uri": PARENT,
        "author": {"did": NA["did"]},
    }
    reply = {"root": blocked, "parent": blocked, "grandparentAuthor": NA}
    post = only({"post": view(HAI, "tra-loi", PARENT), "reply": reply})
    assert post.reply_to == "https://bsky.app/profile/chi-na.example/post/k1"


@pytest.mark.parametrize(
    "reply", [None, [], {}, {"parent": {"author": {**NA, "handle": "handle.invalid"}}}]
)
def test_where_nobody_tells_the_handle_the_lasting_name_stands(reply: Any) -> None:
    post = only({"post": view(HAI, "tra-loi", PARENT), "reply": reply})
    assert post.reply_to == "https://bsky.app/profile/did:plc:na/post/k1"


@pytest.mark.parametrize("within", [False, True])
def test_a_quoted_post_is_named_by_its_author_in_the_answer(within: bool) -> None:
    quoted: dict[str, Any] = {"uri": QUOTED, "author": BA}
    record = {"record": quoted} if within else quoted
    post = only({"post": view(HAI, "k3", embed={"record": record})})
    assert post.forwarded_from == "https://bsky.app/profile/ba-tu.example/post/k2"
