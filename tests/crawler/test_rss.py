"""Feeds to posts, also malformed ones, and asking only for what is new."""

from datetime import UTC, datetime

from crawler.sources.rss import KIND
from tests.crawler.pages import BASE, answer, plan

FEED = f"{BASE}rss.xml"
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Diễn đàn</title>'
)
TAIL = "</channel></rss>"
ITEM = """<item><title>Tuyển nữ</title><link>/bai/1?utm_medium=rss</link>
<author>chi-ba@dien-dan.example (Chị Ba)</author><pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate>
<description>Ngắn</description><content:encoded><![CDATA[<p>Lương <b>cao</b></p>
<p>Gọi <a href="https://zalo.example/1">Zalo</a> <img src="x.png" alt="💍"><img src="/anh.jpg" alt="nhà"></p>]]>
</content:encoded></item>"""


def feed(items: str) -> str:
    return HEAD + items + TAIL


def test_an_item_becomes_a_post() -> None:
    (post,) = KIND.read(plan("rss", address=FEED), answer(feed(ITEM), url=FEED, step="feed")).posts
    assert post.url == f"{BASE}bai/1"
    assert (post.title, post.text) == ("Tuyển nữ", "Lương cao\n\nGọi Zalo 💍")
    assert post.author.name == "Chị Ba"
    assert post.posted_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert post.links == ("https://zalo.example/1",)
    assert [media.url for media in post.media] == [f"{BASE}anh.jpg"]


def test_atom_is_read_too() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>Bán xe</title>
    <link href="/bai/2"/><id>tag:1</id><updated>2026-11-20T01:00:00Z</updated>
    <author><name>Ông Năm</name><uri>https://dien-dan.example/nguoi/ong-nam</uri></author>
    <content type="html">&lt;p&gt;Xe cũ&lt;/p&gt;</content></entry></feed>"""
    (post,) = KIND.read(plan("rss", address=FEED), answer(body, url=FEED, step="feed")).posts
    assert (post.url, post.text) == (f"{BASE}bai/2", "Xe cũ")
    assert (post.author.name, post.author.handle) == ("Ông Năm", "ong-nam")


def test_dublin_cores_creator_is_the_author_without_a_mail_address() -> None:
    item = ITEM.replace("</author>", "</author><dc:creator>Chị Ba Sài Gòn</dc:creator>")
    (post,) = KIND.read(plan("rss", address=FEED), answer(feed(item), url=FEED, step="feed")).posts
    assert post.author.name == "Chị Ba Sài Gòn"
    assert "@" not in post.author.name + post.author.handle + post.author.url


def test_of_a_malformed_feed_what_can_be_read_is_kept_and_the_rest_is_named() -> None:
    broken = "<item><title>Cơm & cá</title><link>/bai/3</link><pubDate>hôm qua</pubDate><description>Ngon"
    nothing = "<item><title></title><link>/bai/4</link></item>"
    body = HEAD + ITEM + nothing + broken
    parsed = KIND.read(plan("rss", address=FEED), answer(body, url=FEED, step="feed"))
    assert [post.url for post in parsed.posts] == [f"{BASE}bai/1", f"{BASE}bai/3"]
    reasons = [problem.reason for problem in parsed.problems]
    assert reasons == ["malformed_feed", "item_without_text", "bad_time"]
    assert parsed.problems[1].detail == {"number": 2, "field": "text"}


def test_a_page_that_is_no_feed_is_named() -> None:
    page = answer("<html><body>Xin chào</body></html>", url=FEED, step="feed")
    (problem,) = KIND.read(plan("rss", address=FEED), page).problems
    assert problem.reason == "not_a_feed"


def test_entities_that_unpack_without_end_do_not() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n else chr(0)};" * 10}">'.replace("&a\0;", "&a;")
        for n in range(9)
    )
    body = f"{bomb}]>" + feed(ITEM.replace("Ngắn", "&a8;")).partition("?>")[2]
    parsed = KIND.read(plan("rss", address=FEED), answer(body, url=FEED, step="feed"))
    assert all(len(post.text) < 10_000 for post in parsed.posts)


def test_it_asks_only_if_the_feed_has_changed() -> None:
    headers = {"etag": '"abc"', "last-modified": "Fri, 20 Nov 2026 01:00:00 GMT"}
    page = answer(feed(ITEM), url=FEED, step="feed", headers=headers)
    state = KIND.read(plan("rss", address=FEED), page).state
    (fetch,) = KIND.start(plan("rss", address=FEED, state=state))
    assert fetch.headers == {
        "If-None-Match": '"abc"',
        "If-Modified-Since": "Fri, 20 Nov 2026 01:00:00 GMT",
    }
    assert KIND.read(plan("rss", address=FEED), answer("", url=FEED, status=304)).posts == ()


def test_a_cut_feed_is_asked_for_again() -> None:
    page = answer(feed(ITEM), url=FEED, headers={"etag": "x"}, step="feed", truncated=True)
    assert KIND.read(plan("rss", address=FEED), page).state == {}


def test_pages_are_counted_by_their_parameter_up_to_the_limit() -> None:
    options = {"pages": "2", "page_parameter": "paged"}
    parsed = KIND.read(
        plan("rss", options, address=FEED), answer(feed(ITEM), url=FEED, step="feed")
    )
    assert [fetch.url for fetch in parsed.follow] == [f"{FEED}?paged=2"]
    assert parsed.follow[0].meta["may_be_missing"]
    last = answer(feed(ITEM), url=f"{FEED}?paged=2", step="feed", meta={"n": 2})
    assert KIND.read(plan("rss", options, address=FEED), last).follow == ()
