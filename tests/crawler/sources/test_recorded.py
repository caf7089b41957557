"""Real answers, recorded by others, that lie beside the project: counts and fields."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Fetch, Page, PageResult, SourcePlan
from crawler.pipeline import Pipeline
from crawler.sources import KINDS
from search.post import Platform, Post
from tests.crawler.sources.golden import FETCHED

pytestmark = pytest.mark.shared


def read(
    kind: str,
    path: Path,
    address: str,
    step: str,
    status: int = 200,
    host: str = "api.example",
    **meta: Any,
) -> PageResult:
    if not path.exists():
        pytest.skip(f"no {path}")
    config = KINDS[kind].form.read({})
    plan = SourcePlan(1, address, Platform(KINDS[kind].platform), config)
    url = f"https://{host}/{step}?fields=id"
    fetch = Fetch(url, step, meta={"chain": "list", "n": 1, **meta})
    content_type = "application/json" if path.suffix == ".json" else "text/html"
    page = Page(fetch, url, status, {"content-type": content_type}, path.read_bytes(), FETCHED)
    return Pipeline(KINDS[kind], plan, [fetch.fingerprint]).read(page)


def whole(posts: tuple[Post, ...]) -> bool:
    """Whether every post has an address, something to read or see, a time and its zone."""
    return all(
        post.url.startswith("https://")
        and (post.body or post.media)
        and post.posted_at
        and post.zone
        for post in posts
    )


@pytest.fixture
def recorded(shared: Path) -> Path:
    return shared / "data" / "recorded"


def test_a_telegram_preview(recorded: Path) -> None:
    name = "scraper_src_test_resources_nexta.html"
    found = read("telegram", recorded / "telegram" / name, "https://t.me/nexta_live", "list")
    assert len(found.posts) == 18
    assert whole(found.posts)
    assert not found.problems
    assert all(post.counts["views"] > 100_000 for post in found.posts)
    assert sum(bool(post.forwarded_from) for post in found.posts) == 1
    assert sum(len(post.media) for post in found.posts) == 15
    assert [one.url for one in found.follow] == ["https://api.example/list?fields=id&before=13358"]
    assert "\n\n" in found.posts[0].text


def test_a_newer_telegram_preview(recorded: Path) -> None:
    found = read(
        "telegram",
        recorded / "telegram" / "telegram-test-channel.html",
        "https://t.me/test_channel",
        "list",
    )
    assert [post.url for post in found.posts] == [
        "https://t.me/test_channel/1001",
        "https://t.me/test_channel/1010",
    ]
    assert whole(found.posts)
    assert [len(post.media) for post in found.posts] == [2, 3]
    assert found.posts[1].forwarded_from == "https://t.me/another_channel/500"


@pytest.mark.parametrize("name", ["channel", "invalid_channel"])
def test_a_channel_without_a_preview(recorded: Path, name: str) -> None:
    path = recorded / "telegram" / f"scraper_src_test_resources_{name}.html"
    found = read("telegram", path, "https://t.me/nexta_live", "list")
    assert [one.reason for one in found.problems] == ["no_preview"]
    assert not found.posts


def test_youtube_comments(recorded: Path) -> None:
    for number, further in ((1, True), (2, False)):
        path = recorded / "youtube" / f"comment_threads_by_video_paged_{number}.json"
        found = read(
            "youtube",
            path,
            "https://www.youtube.com/watch?v=F1UP7wRCPH8",
            "comments",
            video="F1UP7wRCPH8",
        )
        items = json.loads(path.read_text("utf-8"))["items"]
        assert len(found.posts) == len({one["id"] for one in items})
        assert whole(found.posts)
        assert {post.reply_to for post in found.posts} == {
            "https://www.youtube.com/watch?v=F1UP7wRCPH8"
        }
        assert any("pageToken=" in one.url for one in found.follow) is further


def test_youtube_lists(recorded: Path) -> None:
    for name, step, count in (
        ("playlist_items_paged_1", "playlist", 10),
        ("playlist_items_paged_2", "playlist", 3),
        ("search_by_keywords_p1", "search", 25),
        ("search_by_keywords_p2", "search", 25),
    ):
        found = read(
            "youtube",
            recorded / "youtube" / f"{name}.json",
            "https://www.youtube.com/@google",
            step,
        )
        asked = next(one for one in found.follow if one.step == "videos")
        assert asked.url.count("%2C") >= count  # of ids, and one of the parts
        assert not found.problems


def test_a_youtube_error(recorded: Path) -> None:
    path = recorded / "youtube" / "error_permission_resp.json"
    found = read("youtube", path, "https://www.youtube.com/@google", "comments", status=403)
    assert [(one.reason, one.detail["message"]) for one in found.problems] == [
        ("api_forbidden", "The caller does not have permission")
    ]


def test_facebook_posts(recorded: Path) -> None:
    for name, numbers in (
        ("posts_feeds_default_fields_p1", 5),
        ("posts_feeds_default_fields_p2", 5),
    ):
        path = recorded / "facebook" / f"{name}.json"
        found = read("facebook", path, "https://www.facebook.com/FacebookforDevelopers", "posts")
        assert len(found.posts) == numbers
        assert whole(found.posts)
        assert all(post.url.startswith("https://www.facebook.com/") for post in found.posts)
        assert all(post.counts.get("reactions", 0) > 0 for post in found.posts)
        assert "access_token" not in str(found.follow)
        onward = [one for one in found.follow if one.step == "posts"]
        assert len(onward) == (1 if "_p1" in name else 0)


def test_facebook_comments_answer_their_post_or_a_comment(recorded: Path) -> None:
    thread = "https://www.facebook.com/19292868552/posts/10158407654328553/"
    found = read(
        "facebook",
        recorded / "facebook" / "comments_p1.json",
        "https://www.facebook.com/x",
        "comments",
        thread=thread,
    )
    assert len(found.posts) == 10
    assert whole(found.posts)
    replies = [post for post in found.posts if "reply_comment_id" in post.url]
    assert replies
    assert all(post.reply_to == post.url.partition("&reply_comment_id")[0] for post in replies)
    assert {post.reply_to for post in found.posts if post not in replies} == {thread}


def test_a_facebook_group_pages_by_time_and_without_the_token(recorded: Path) -> None:
    path = recorded / "facebook" / "groups_feed_p1.json"
    group = "https://www.facebook.com/groups/2260975870792283"
    elsewhere = read("facebook", path, group, "posts")
    assert not [one for one in elsewhere.follow if one.step == "posts"]
    found = read("facebook", path, group, "posts", host="graph.facebook.com")
    assert len(found.posts) >= 3
    assert whole(found.posts)
    onward = [one.url for one in found.follow if one.step == "posts"]
    assert len(onward) == 1
    assert "until=1615350965" in onward[0]
    assert "access_token" not in onward[0]
