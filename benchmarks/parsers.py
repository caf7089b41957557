"""How fast parsers of interfaces and feeds turn answers into posts, on one core.

    taskset -c 1 python -m benchmarks.parsers [KIND...]

Each page is a golden page of the tests with its entries repeated under new numbers until it holds about a
hundred, the size of an answer; text of about three hundred characters is put into each. The ratio is to
`json.loads` (or lxml's parser) alone over the same bytes, in the same run. Times are process CPU seconds,
the best of several rounds. The aim is 5,000 posts a second; less ends with 1.
"""

import copy
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import lxml.etree

from crawler.page import Fetch, Page, SourcePlan
from crawler.sources import KINDS
from search.post import Platform
from tests.crawler.sources import golden

AIM = 5000
ENTRIES = 100
ROUNDS = 7
TEXT = (
    "Tuyển gấp 20 bạn nam nữ làm việc văn phòng, lương 15-20 triệu, bao ăn ở, không cần kinh nghiệm. "
    "Ai quan tâm nhắn Zalo 0900 000 123 hoặc để lại số, mình gọi lại trong ngày nhé. "
)
HTML = f'<p>{TEXT}</p>\n<p>Xem <a href="https://viec.example/dk">ở đây</a> 🌸<br>{TEXT}</p>'
# Kind, case of its golden page, where its entries are, which of them is repeated, where its text goes.
PAGES: tuple[tuple[str, str, tuple[str, ...], int, tuple[str, ...], str], ...] = (
    ("wordpress", "posts", (), 0, ("content", "rendered"), HTML),
    ("discourse", "topic", ("post_stream", "posts"), 1, ("cooked",), HTML),
    ("nodebb", "topic", ("posts",), 1, ("content",), HTML),
    ("bluesky", "search", ("posts",), 1, ("record", "text"), TEXT),
    ("mastodon", "context", ("descendants",), 1, ("content",), HTML),
    (
        "youtube",
        "comments",
        ("items",),
        1,
        ("snippet", "topLevelComment", "snippet", "textOriginal"),
        TEXT,
    ),
    ("facebook", "comments", ("data",), 0, ("message",), TEXT),
    (
        "mediawiki",
        "texts",
        ("query", "pages"),
        1,
        ("revisions", "0", "slots", "main", "content"),
        TEXT,
    ),
)
NUMBERS = {
    "wordpress": ("link",), "discourse": ("post_number",), "nodebb": ("pid",), "bluesky": ("uri",),
    "mastodon": ("url",), "youtube": ("snippet", "topLevelComment", "id"), "facebook": ("permalink_url",),
    "mediawiki": ("revisions", "0", "revid"),
}  # fmt: skip


def main() -> int:
    """Measures and prints; 1 when a parser is slower than the aim."""
    wanted = sys.argv[1:]
    slow = []
    print(f"{'parser':12} {'posts/s':>9} {'us a post':>10} {'times plain parsing':>20}")
    for kind, plan, page, bare in [*_interfaces(), *_feeds()]:
        if wanted and kind not in wanted:
            continue
        read = KINDS[kind.partition(" ")[0]].read
        posts = len(read(plan, page).posts)
        assert posts >= ENTRIES, (kind, posts, read(plan, page).problems[:3])
        seconds, plain = _best(lambda: read(plan, page)), _best(bare)  # noqa: B023 - called at once
        rate = posts / seconds
        slow += [kind] if rate < AIM else []
        print(f"{kind:12} {rate:9,.0f} {1e6 * seconds / posts:10.1f} {seconds / plain:20.1f}")
    print("slower than the aim:", ", ".join(slow) or "none")
    return int(bool(slow))


def _best(act: Callable[[], Any]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(3):
            act()
        times.append((time.process_time() - started) / 3)
    return min(times)


def _interfaces() -> list[tuple[str, SourcePlan, Page, Callable[[], Any]]]:
    found = []
    for kind, case, place, which, text, content in PAGES:
        given = golden.expected(kind, case)["given"]
        data = json.loads(golden.body(kind, case)[0])
        entries = _at(data, place)
        template = entries[which]
        entries[:] = [
            _numbered(kind, template, text, content, number) for number in range(1, ENTRIES + 1)
        ]
        body = json.dumps(data, ensure_ascii=False).encode()
        page = golden.page_of(given, body, "application/json")
        found.append((kind, golden.plan_of(kind, given), page, lambda body=body: json.loads(body)))
    return found


def _numbered(kind: str, template: Any, text: tuple[str, ...], content: str, number: int) -> Any:
    entry = copy.deepcopy(template)
    _put(entry, text, f"{content} {number}")
    path = NUMBERS[kind]
    old = _at(entry, path)
    _put(entry, path, number if isinstance(old, int) else f"{old}{number}")
    return entry


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data[int(name)] if isinstance(data, list) else data[name]
    return data


def _put(data: Any, path: tuple[str, ...], value: Any) -> None:
    holder = _at(data, path[:-1])
    holder[path[-1]] = value


def _feeds() -> list[tuple[str, SourcePlan, Page, Callable[[], Any]]]:
    """RSS as WordPress writes it, Atom, and the preview of a Telegram channel."""
    items = "".join(
        f"<item><title>Bài {one}</title><link>https://a.example/bai-{one}/</link><dc:creator><![CDATA[Chị Hậu]]>"
        f"</dc:creator><pubDate>Fri, 20 Nov 2026 01:00:00 +0000</pubDate><category><![CDATA[Việc]]></category>"
        f'<guid isPermaLink="false">https://a.example/?p={one}</guid><description><![CDATA[{TEXT}]]></description>'
        f"<content:encoded><![CDATA[{HTML}]]></content:encoded></item>"
        for one in range(ENTRIES)
    )
    rss = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>{items}</channel></rss>'
    )
    escaped = HTML.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    entries = "".join(
        f'<entry><title>Bài {one}</title><link href="https://a.example/{one}"/><id>tag:{one}</id><updated>'
        f'2026-11-20T01:00:00Z</updated><author><name>Chị Hậu</name></author><content type="html">{escaped}'
        "</content></entry>"
        for one in range(ENTRIES)
    )
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'
    content, content_type = golden.body("telegram", "channel")
    messages = content.decode().split('<div class="tgme_widget_message_wrap')
    body = messages[0] + "".join(
        '<div class="tgme_widget_message_wrap' + messages[1].replace("/40", f"/{one}")
        for one in range(1, ENTRIES + 1)
    )
    found = []
    for name, text, step in (
        ("rss", rss, "feed"),
        ("rss atom", atom, "feed"),
        ("telegram", body, "list"),
    ):
        kind, whole = name.partition(" ")[0], text.encode()
        plan = SourcePlan(1, "https://a.example/feed", Platform.WEBSITE, KINDS[kind].form.read({}))
        fetch = Fetch(plan.address, step, meta={"n": 1})
        page = Page(fetch, plan.address, 200, {"content-type": content_type}, whole, golden.FETCHED)
        parser = lxml.etree.HTMLParser if kind == "telegram" else lxml.etree.XMLParser
        found.append(
            (
                name,
                plan,
                page,
                lambda whole=whole, parser=parser: lxml.etree.fromstring(whole, parser()),
            )
        )
    return found


if __name__ == "__main__":
    sys.exit(main())
