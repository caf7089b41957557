"""Well-formed feeds are read fast, and to the same posts as feedparser reads them; the rest is left to it."""

import pytest

from crawler.page import Fetch, Page, Parsed, SourcePlan
from crawler.sources import KINDS
from crawler.sources.rss import parser
from crawler.sources.rss.quick import read_quickly
from search.post import Platform
from tests.crawler.sources.golden import FETCHED

ADDRESS = "https://tin-xa.example/feed/"
NAMES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0"'
)
RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMES}><channel><title>Tin xã</title>
<link>https://tin-xa.example</link><atom:link href="{ADDRESS}" rel="self"/>
<atom:link href="{ADDRESS}?paged=2" rel="next"/>
<item><title>Tuyển &#8220;phụ bếp&#8221; &amp; chạy bàn</title><link>https://tin-xa.example/a/?utm_source=rss</link>
<dc:creator><![CDATA[Lê Văn Thử]]></dc:creator><pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate>
<guid isPermaLink="false">https://tin-xa.example/?p=1</guid><description><![CDATA[Tóm tắt &#8230;]]></description>
<content:encoded><![CDATA[<p>Quán cơm <b>cần</b> người.<br>Gọi <a href="https://zalo.example/1">Zalo</a></p>
<script>alert(1)</script><img src="/anh.jpg" alt="quán">]]></content:encoded>
<enclosure url="https://tin-xa.example/v.mp4" type="video/mp4" length="9"/>
<media:content url="https://tin-xa.example/m.jpg" medium="image"/></item>
<item><link>https://tin-xa.example/b/</link><description>Không tiêu đề &lt;b&gt;đậm&lt;/b&gt;</description>
<author>an@tin-xa.example (Chị An)</author><pubDate>20 Nov 2026 01:00:00 GMT</pubDate>
<thr:in-reply-to ref="https://tin-xa.example/a/"/></item>
<item><title>Chỉ tiêu đề</title><guid>https://tin-xa.example/c</guid></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi"><title>x</title>
<link rel="next" href="/feed/atom?page=2"/>
<entry><title type="html">Bán &lt;i&gt;xe&lt;/i&gt;</title><link rel="enclosure" href="/a.png" type="image/png"/>
<link rel="alternate" href="/bai/1"/><id>tag:1</id><updated>2026-11-20T01:00:00Z</updated>
<published>2026-11-19T08:00:00+07:00</published>
<author><name>Ông Năm</name><uri>https://tin-xa.example/nguoi/ong-nam</uri></author>
<content type="html">&lt;p&gt;Xe cũ &amp;amp; rẻ&lt;/p&gt;</content><summary>ngắn</summary></entry>
<entry><title>Thư</title><link href="/bai/2"/><id>tag:2</id><updated>2026-11-20T02:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Một</p><p>Hai <em>ba</em></p></div>
</content></entry>
<entry><title>Trơn</title><link href="/bai/3"/><id>tag:3</id>
<summary type="text">Năm lớn hơn ba</summary></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>x</title></channel>
<item rdf:about="https://tin-xa.example/1"><title>Một</title><link>https://tin-xa.example/1</link>
<description>Chữ</description><dc:date>2026-11-20T08:00:00+07:00</dc:date><dc:creator>Ba</dc:creator></item></rdf:RDF>"""


def read(text: str | bytes) -> Parsed:
    plan = SourcePlan(1, ADDRESS, Platform.WEBSITE, KINDS["rss"].form.read({"pages": "5"}))
    body = text.encode() if isinstance(text, str) else text
    fetch = Fetch(ADDRESS, "feed", meta={"n": 1})
    page = Page(fetch, ADDRESS, 200, {"content-type": "application/rss+xml"}, body, FETCHED)
    return parser.read(plan, page)


@pytest.mark.parametrize("text", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
def test_the_same_posts_come_out_as_with_feedparser(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = read(text)
    monkeypatch.setattr(parser, "read_quickly", lambda _body: None)
    slow = read(text)
    assert len(quick.posts) == {RSS: 3, ATOM: 3, RDF: 1}[text]
    assert quick.posts == slow.posts
    assert quick.follow == slow.follow
    assert quick.problems == slow.problems == ()


def test_a_feed_tells_the_zone_of_its_times() -> None:
    assert [post.zone for post in read(RSS).posts] == ["+07:00", "Z", ""]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rss><channel><item><title>Com & ca</title>",
        b"<html><body>x</body></html>",
        b"<rss version='2.0'><item/></rss>",
        b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item/></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>',
    ],
)
def test_what_is_not_well_formed_or_defines_entities_is_left_to_feedparser(body: bytes) -> None:
    assert read_quickly(body) is None
