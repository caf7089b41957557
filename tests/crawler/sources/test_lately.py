"""Comments that come later: posts of the last days are looked at again, once they are on no list any more."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.page import Fetch, Page, Parsed, SourcePlan
from crawler.sources import KINDS
from search.post import Platform

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
YOUTUBE = "https://www.youtube.com/@kenh"
FACEBOOK = "https://www.facebook.com/trang000"
LIST = {"youtube": "youtube channel @kenh", "facebook": "facebook trang000"}


def read(
    kind: str, address: str, step: str, data: Any, state: dict[str, Any], **given: Any
) -> Parsed:
    config = KINDS[kind].form.read(given.pop("config", {}))
    plan = SourcePlan(1, address, Platform(KINDS[kind].platform), config, state)
    fetch = Fetch("https://api.example/x", step, meta={"chain": "list", "n": 1, **given})
    body = json.dumps(data).encode()
    return KINDS[kind].read(plan, Page(fetch, fetch.url, 200, {}, body, NOW))


def video(number: str, at: str) -> dict[str, Any]:
    return {"snippet": {"publishedAt": at, "resourceId": {"videoId": number}}}


def test_videos_of_the_last_week_are_asked_for_again_and_older_ones_are_not() -> None:
    uploads = {"items": [video("moi", "2026-11-22T01:00:00Z"), video("cu", "2026-10-01T01:00:00Z")]}
    first = read("youtube", YOUTUBE, "playlist", uploads, {})
    noted = {f"{LIST['youtube']} lately": {"moi": "2026-11-22T01:00:00Z"}}
    assert first.state == noted
    assert [fetch.meta for fetch in first.follow] == [{}]
    state = {**noted, LIST["youtube"]: "2026-11-22T01:00:00Z"}
    second = read("youtube", YOUTUBE, "playlist", uploads, state)
    (again,) = second.follow
    assert ("id=moi" in again.url, again.meta, second.state) == (True, {"again": True}, {})
    off = read("youtube", YOUTUBE, "playlist", uploads, state, config={"comments": "off"})
    never = read("youtube", YOUTUBE, "playlist", uploads, state, config={"again_days": "0"})
    assert off.follow == never.follow == ()


def test_of_comments_that_are_looked_for_again_only_the_newest_page_is_read() -> None:
    videos = {
        "items": [{"id": "moi", "snippet": {"title": "x"}, "statistics": {"commentCount": "9"}}]
    }
    (asked,) = read("youtube", YOUTUBE, "videos", videos, {}, again=True).follow
    assert (asked.meta["again"], "order=time" in asked.url) == (True, True)
    thread = {
        "id": "c1",
        "snippet": {
            "totalReplyCount": 9,
            "topLevelComment": {"id": "c1", "snippet": {"textDisplay": "Chào", "videoId": "moi"}},
        },
    }
    answer = {"nextPageToken": "t", "items": [thread]}
    again = read("youtube", YOUTUBE, "comments", answer, {}, video="moi", again=True)
    usual = read("youtube", YOUTUBE, "comments", answer, {}, video="moi")
    assert (len(again.posts), again.follow, again.goes_on) == (1, (), 0)
    assert len(usual.follow) == 2


def test_comments_of_a_page_s_last_posts_are_looked_for_again_and_belong_to_them() -> None:
    address = f"{FACEBOOK}/posts/7"
    post = {
        "id": "1_7",
        "message": "Bài",
        "created_time": "2026-11-22T01:00:00+0000",
        "permalink_url": address,
    }
    first = read("facebook", FACEBOOK, "posts", {"data": [post]}, {})
    (noted,) = first.state.values()
    assert noted == {"1_7": f"2026-11-22T01:00:00+0000 {address}"}
    nothing_new = read("facebook", FACEBOOK, "posts", {"data": []}, dict(first.state))
    (again,) = nothing_new.follow
    assert again.meta["thread"] == address
    assert "order=reverse_chronological" in again.url
    still_there = read("facebook", FACEBOOK, "posts", {"data": [post]}, dict(first.state))
    assert (still_there.follow, still_there.state) == ((), {})


@pytest.mark.parametrize(
    "noted", [["x"], {"a": "hôm qua"}, {"a": "2026-11-22"}, "x", None, {"a": None}]
)
def test_a_memory_that_is_none_is_no_crash(noted: Any) -> None:
    state = {f"{LIST['facebook']} lately": noted}
    assert read("facebook", FACEBOOK, "posts", {"data": []}, state).follow == ()


def test_only_the_ten_newest_are_remembered() -> None:
    many = [video(f"v{day}", f"2026-11-2{day % 3}T0{day % 10}:00:00Z") for day in range(30)]
    found = read("youtube", YOUTUBE, "playlist", {"items": many}, {})
    (noted,) = found.state.values()
    assert len(noted) == 10
    assert min(noted.values()) >= "2026-11-22"
