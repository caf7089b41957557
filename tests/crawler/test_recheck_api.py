"""Looking again through the interface a post came by: golden answers of each platform, and what they mean."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Fetch, Page, SourcePlan
from crawler.recheck import Expected
from crawler.recheck_api import Interface, judge_answer
from crawler.sources import KINDS
from search.post import Availability, Platform

DATA = Path(__file__).parents[1] / "data" / "pages"
ADDRESSES = {
    "bluesky": "https://bsky.app/profile/someone.test",
    "telegram": "https://t.me/s/vieclamkhongthat",
    "wordpress": "https://tin.example/",
    "youtube": "https://www.youtube.com/@someone",
    "discourse": "https://dien-dan.example/",
    "mastodon": "https://mastodon.example/@someone",
}


def interface(kind: str, address: str = "") -> Interface:
    plan = SourcePlan(1, address or ADDRESSES[kind], Platform.OTHER, {})
    return Interface(KINDS[kind], plan)


def answered(asked: Fetch, body: Any, status: int = 200, content_type: str = "") -> Page:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = content_type or ("text/html" if isinstance(body, str) else "application/json")
    headers = {"content-type": kind}
    return Page(asked, asked.url, status, headers, raw, datetime.now(UTC))


def judged(kind: str, url: str, body: Any, text: str = "", status: int = 200) -> Availability:
    about = interface(kind)
    asked = about.kind.look(about.plan, url)
    assert asked is not None
    page = answered(asked, body, status)
    return judge_answer(url, asked, page, Expected("", text), about).availability


TEXT = "Tuyển gấp sang Campuchia, việc nhẹ, lương 25 triệu, ib zalo 0900 000 123"
TELEGRAM = (
    '<div class="tgme_channel_info"></div><section class="tgme_channel_history">'
    '<div class="tgme_widget_message" data-post="vieclamkhongthat/{number}">'
    '<div class="tgme_widget_message_text">{text}</div>'
    '<time datetime="2026-11-20T08:00:00+00:00"></time></div></section>'
)


def wordpress(text: str, slug: str = "tuyen-gap") -> dict[str, Any]:
    return {
        "id": 7,
        "slug": slug,
        "link": f"https://tin.example/{slug}/",
        "date_gmt": "2026-11-20T08:00:00",
        "title": {"rendered": ""},
        "content": {"rendered": f"<p>{text}</p>"},
    }


@pytest.mark.parametrize(
    ("body", "status", "wanted"),
    [
        ([wordpress(TEXT)], 200, Availability.ONLINE),
        (
            [wordpress(TEXT.replace("sang Campuchia, việc nhẹ", "ở Đồng Nai"))],
            200,
            Availability.EDITED,
        ),
        ([], 200, Availability.REMOVED),
        ([wordpress(TEXT, "tuyen-gap-2")], 200, Availability.REMOVED),
        ({"code": "rest_forbidden"}, 500, Availability.UNREACHABLE),
        ({"code": "x"}, 429, Availability.BLOCKED),
        ("<html>không phải JSON", 200, Availability.UNREACHABLE),
    ],
)
def test_a_post_of_wordpress(body: Any, status: int, wanted: Availability) -> None:
    assert judged("wordpress", "https://tin.example/tuyen-gap/", body, TEXT, status) == wanted


@pytest.mark.parametrize(
    ("home", "stored", "given"),
    [
        ("https://tin.example/", "https://tin.example/tuyen-gap/", "https://www.tin.example/tuyen-gap/"),
        ("https://www.tin.example/", "https://www.tin.example/tuyen-gap/", "https://m.tin.example/tuyen-gap/"),
        ("http://tin.example/", "http://tin.example/tuyen-gap/", "https://www.tin.example/tuyen-gap"),
        ("https://tin.example/", "https://tin.example/2026/tuyen-gap/", "https://tin.example/viec-lam/tuyen-gap/"),
    ],
)  # fmt: skip
def test_a_post_whose_address_the_site_spells_otherwise_is_still_there(
    home: str, stored: str, given: str
) -> None:
    about = interface("wordpress", home)
    asked = about.kind.look(about.plan, stored)
    assert asked is not None

    def told(*posts: dict[str, Any]) -> Availability:
        page = answered(asked, list(posts))
        return judge_answer(stored, asked, page, Expected("", TEXT), about).availability

    there = {**wordpress(TEXT), "link": given}
    other = {**wordpress(TEXT), "link": "https://tin.example/tuyen-gap-2/"}
    assert told(there) == Availability.ONLINE
    assert told(other, there) == Availability.ONLINE
    assert told(other) == Availability.REMOVED


def test_a_post_of_a_topic_that_got_another_title_is_still_there() -> None:
    about = interface("discourse")
    url = "https://dien-dan.example/t/tuyen-gap/12/1"
    asked = about.kind.look(about.plan, url)
    assert asked is not None
    post = {
        "id": 5,
        "post_number": 1,
        "topic_id": 12,
        "topic_slug": "viec-nhe-luong-cao",
        "username": "someone",
        "created_at": "2026-11-20T08:00:00Z",
        "cooked": f"<p>{TEXT}</p>",
    }
    topic = {
        "id": 12,
        "title": "Việc nhẹ lương cao",
        "slug": "viec-nhe-luong-cao",
        "post_stream": {"posts": [post], "stream": [5]},
    }
    found = judge_answer(url, asked, answered(asked, topic), Expected("", TEXT), about)
    assert found.availability == Availability.ONLINE


def bluesky(text: str, key: str = "3kabc") -> dict[str, Any]:
    post = {
        "uri": f"at://did:plc:abc/app.bsky.feed.post/{key}",
        "author": {"did": "did:plc:abc", "handle": "someone.test"},
        "record": {"text": text, "createdAt": "2026-11-20T08:00:00Z"},
        "indexedAt": "2026-11-20T08:00:00Z",
    }
    return {"thread": {"$type": "app.bsky.feed.defs#threadViewPost", "post": post}}


@pytest.mark.parametrize(
    ("body", "status", "wanted"),
    [
        (bluesky(TEXT), 200, Availability.ONLINE),
        (bluesky("Bán xe đạp cũ ở Cần Thơ giá tốt"), 200, Availability.EDITED),
        ({"error": "NotFound", "message": "Post not found: at://x"}, 400, Availability.REMOVED),
        ({"thread": {"$type": "app.bsky.feed.defs#notFoundPost", "notFound": True}}, 200, Availability.REMOVED),
        ({"error": "InternalServerError"}, 502, Availability.UNREACHABLE),
    ],
)  # fmt: skip
def test_a_post_of_bluesky(body: Any, status: int, wanted: Availability) -> None:
    url = "https://bsky.app/profile/someone.test/post/3kabc"
    assert judged("bluesky", url, body, TEXT, status) == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (TELEGRAM.format(number=41, text=TEXT), Availability.ONLINE),
        (TELEGRAM.format(number=40, text=TEXT), Availability.REMOVED),
        (
            "<html><body>If you have Telegram, you can contact</body></html>",
            Availability.RESTRICTED,
        ),
    ],
)
def test_a_message_of_telegram(body: str, wanted: Availability) -> None:
    url = "https://t.me/vieclamkhongthat/41"
    about = interface("telegram")
    asked = about.kind.look(about.plan, url)
    assert asked is not None
    assert asked.url == "https://t.me/s/vieclamkhongthat?before=42"
    assert judged("telegram", url, body, TEXT) == wanted


def test_a_video_that_the_interface_no_longer_lists_is_gone() -> None:
    url = "https://www.youtube.com/watch?v=abcDEF12345"
    assert judged("youtube", url, {"items": []}) == Availability.REMOVED
    failed = {"error": {"errors": [{"reason": "quotaExceeded"}], "message": "quota"}}
    assert judged("youtube", url, failed, status=403) == Availability.UNREACHABLE


def test_a_status_of_mastodon_that_is_gone_is_a_404() -> None:
    url = "https://mastodon.example/@someone/112233"
    assert (
        judged("mastodon", url, {"error": "Record not found"}, status=404) == Availability.REMOVED
    )


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("bluesky", "https://bsky.app/profile/someone.test"),
        ("telegram", "https://t.me/joinchat"),
        ("youtube", "https://www.youtube.com/watch?v=abc&lc=def"),
        ("mastodon", "https://other.example/@someone/1"),
        ("discourse", "https://dien-dan.example/about"),
        ("rss", "https://tin.example/1"),
    ],
)
def test_what_the_interface_cannot_be_asked_for_is_looked_at_by_its_page(
    kind: str, url: str
) -> None:
    about = interface(kind, ADDRESSES.get(kind, "https://tin.example/feed"))
    assert about.kind.look(about.plan, url) is None
