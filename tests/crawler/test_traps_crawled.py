"""Every trap that a site can lay, through whole crawls: each ends by itself, says why, and keeps what was good."""

import gzip
import itertools
import json
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]
import pytest

from crawler.models import Run, RunState
from crawler.pipeline import MAX_BODY_BYTES, QUIET_PAGES
from crawler.traps import TRAP_PAGES
from tests.crawler.office import Office
from tests.crawler.rebinding import BAD, BOTH, CHANGES
from tests.crawler.sites import Answer, Asked, Handler, Site, page, serving
from tests.crawler.words import KEPT_WORD

pytestmark = pytest.mark.net

DETAIL = {
    "mode": "detail",
    "list_item": "li",
    "list_link": "a",
    "detail_item": "article",
    "detail_text": "p",
}
LIST = {"list_item": "li", "list_link": "a", "list_text": "p", "next": "a.sau", "pages": "10000"}
BIG = b"<p>" + b"0" * (MAX_BODY_BYTES + 2**20)
BOMBS = {
    "gzip": gzip.compress(BIG),
    "deflate": zlib.compress(BIG),
    "br": brotli.compress(BIG, quality=1),
    "gzip, gzip": gzip.compress(gzip.compress(BIG)),
}
NEST = 100_000
SLOW, LONG = "cham.test", "dai.test"


def article(words: str) -> str:
    return f"<article><p>{KEPT_WORD} {words}</p></article>"


def listing(*paths: str) -> str:
    return "<ul>" + "".join(f'<li><a href="{path}">x</a></li>' for path in paths) + "</ul>"


def bomb(coding: str) -> Handler:
    return lambda _: Answer(BOMBS[coding], headers={"Content-Encoding": coding})


def drip(_: Asked) -> Answer:
    """One byte at a time, for ever."""

    def bytes_() -> Iterator[bytes]:
        while True:
            time.sleep(0.2)
            yield b"x"

    return Answer(article("nhỏ giọt"), stream=bytes_())


def endless_page(_: Asked) -> Answer:
    return Answer(article("đầu trang vô tận"), stream=itertools.repeat(b"<p>" + b"x" * 2**18))


def calendar(asked: Asked) -> Answer:
    month = int(asked.query.get("thang", "1"))
    entry = f'<li><a href="/hop-mat">x</a><p>{KEPT_WORD} họp mặt hằng năm</p></li>'
    return Answer(f'<ul>{entry}</ul><a class=sau href="/lich?thang={month + 1}">tháng sau</a>')


def cursor(asked: Asked) -> Answer:
    """The same statuses on every page, each with a cursor that was never seen before."""
    status = {
        "id": "9", "url": "https://mang.example/@hau/9", "created_at": "2026-11-20T01:00:00.000Z",
        "content": f"<p>{KEPT_WORD} bài lặp</p>", "visibility": "public",
        "account": {"acct": "hau", "display_name": "Chị Hậu", "url": "https://mang.example/@hau"},
    }  # fmt: skip
    number = int(asked.query.get("max_id", "1000"))
    following = f"<http://{asked.headers['host']}{asked.path}?max_id={number - 1}>; rel=next"
    return Answer(
        json.dumps([status]), headers={"Link": following}, content_type="application/json"
    )


def deep_json(_: Asked) -> Answer:
    return Answer("[" * NEST + "]" * NEST, content_type="application/json")


def feed(asked: Asked) -> Answer:
    """A billion laughs and a file of the machine, beside an entry that means no harm."""
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    deep = "<x>" * NEST if asked.path == "/rss-sau" else ""
    head = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{names}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    good = f"<item><title>Tốt</title><link>/tot</link><description>{KEPT_WORD} tốt</description></item>"
    bad = (
        "<item><title>&a9;</title><link>/xau</link>"
        f"<description>{KEPT_WORD} &file;</description></item>"
    )
    body = (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{good}{bad}{deep}</channel></rss>'
    )
    return Answer(body, content_type="application/rss+xml")


def endless_headers(_: Asked) -> Answer:
    """A status, and headers from then on."""
    headers = (f"X-{number}: {'v' * 200}\r\n".encode() for number in itertools.count())
    return Answer(stream=itertools.chain([b"HTTP/1.1 200 OK\r\n"], headers), raw=True)


def robots(asked: Asked) -> Answer:
    """Without a word for most names of this server; of one it never comes, of one it has no end."""
    host = asked.headers["host"].partition(":")[0]
    if host == SLOW:
        return drip(asked)
    rules = (f"Disallow: /x{number}/*y\n".encode() * 100 for number in itertools.count())
    stream = itertools.chain([b"User-agent: *\n"], rules) if host == LONG else None
    return Answer("", headers={"Connection": "close"}, stream=stream, content_type="text/plain")


def closing(text: str) -> Handler:
    """Each page needs a connection of its own, so that each name is asked for again."""
    return page(text, headers={"Connection": "close"})


TRAPS = (
    "/bom/1",
    "/bom/2",
    "/bom/3",
    "/bom/4",
    "/noi-bo",
    "/nho-giot",
    "/vo-tan",
    "/sau",
    "/dau-vo-tan",
)
PAGES: dict[str, Handler] = {
    "/": page(listing("/1", *TRAPS, "/2")),
    "/1": page(article("một")),
    "/2": page(article("hai")),
    **{f"/bom/{number}": bomb(coding) for number, coding in enumerate(BOMBS, 1)},
    "/nho-giot": drip,
    "/vo-tan": endless_page,
    "/sau": page(article("trên cùng") + "<div>" * NEST + "đáy" + "</div>" * NEST),
    "/lich": calendar,
    "/api/v1/timelines/tag/lap": cursor,
    "/api/v1/timelines/tag/sau": deep_json,
    "/rss": feed,
    "/rss-sau": feed,
    "/robots.txt": robots,
    "/dau-vo-tan": endless_headers,
    "/danh-sach": closing(listing("/rieng/1", "/rieng/2")),
    "/rieng/1": closing(article("riêng một")),
    "/rieng/2": closing(article("riêng hai")),
}


@dataclass
class Seen:
    """What the crawls left behind."""

    office: Office
    site: Site
    inner: Site
    runs: dict[str, Run]

    def reasons(self, name: str) -> dict[str, str]:
        """Paths and what was said of them."""
        errors = self.office.errors(self.runs[name].id)
        return {error.url.partition("//")[2].partition("/")[2]: error.reason for error in errors}

    def texts(self, name: str) -> list[str]:
        source = self.runs[name].source_id
        found = [post.text for post in self.office.posts() if post.source_id == source]
        return sorted(text.replace(KEPT_WORD, "").strip() for text in found)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    office = Office(tmp_path_factory.mktemp("traps"))
    with serving({}, BAD) as inner:
        port = int(inner.address.rpartition(":")[2])
        inner.pages.update(dict.fromkeys(["/bi-mat", "/", *PAGES], page(article("bí mật"))))
        with serving(PAGES, port=port) as site:
            site.pages["/noi-bo"] = lambda _: Answer(
                status=302, headers={"Location": f"{inner.address}/bi-mat"}
            )
            there = site.address.replace("127.0.0.1", "{}") + "/danh-sach"
            sources = {
                "list": office.source("html_list", f"{site.address}/", DETAIL),
                "calendar": office.source("html_list", f"{site.address}/lich", LIST),
                "cursor": office.source("mastodon", f"{site.address}/tags/lap", {"pages": "100"}),
                "deep json": office.source("mastodon", f"{site.address}/tags/sau"),
                "feed": office.source("rss", f"{site.address}/rss"),
                "deep feed": office.source("rss", f"{site.address}/rss-sau"),
                "changes": office.source("html_list", there.format(CHANGES), DETAIL),
                "slow": office.source("html_list", there.format(SLOW), DETAIL),
                "long": office.source("html_list", there.format(LONG), DETAIL),
                "both": office.source("html_list", there.format(BOTH), DETAIL),
            }
            runs = {name: office.run(source) for name, source in sources.items()}
            children = [
                office.start(run, "--only-one", "--hurried", "--impatient", "--rebinding")
                for run in runs.values()
            ]
            for child in children:
                office.finish(child)
            ended = {name: office.load(run) for name, run in runs.items()}
            yield Seen(office, site, inner, ended)
    office.close()


def test_every_crawl_came_to_its_end_by_itself(seen: Seen) -> None:
    assert {run.state for run in seen.runs.values()} == {RunState.DONE}


def test_bombs_redirects_drips_and_pages_without_end_cost_only_themselves(seen: Seen) -> None:
    assert seen.reasons("list") == {
        **{f"bom/{number}": "too_large" for number in range(1, 5)},
        "noi-bo": "private_address",
        "nho-giot": "timeout",
        "vo-tan": "too_large",
        "dau-vo-tan": "endless_headers",
    }
    assert seen.texts("list") == ["hai", "một", "trên cùng", "đầu trang vô tận"]
    assert seen.runs["list"].bytes < 4 * MAX_BODY_BYTES


def test_a_robots_txt_that_never_comes_forbids_and_one_without_an_end_is_read_as_far_as_it_came(
    seen: Seen,
) -> None:
    assert seen.reasons("slow") == {"danh-sach": "robots_failed"}
    assert seen.texts("slow") == []
    assert (seen.reasons("long"), seen.runs["long"].reason) == ({}, "")
    assert seen.texts("long") == ["riêng hai", "riêng một"]


def test_a_calendar_without_an_end_is_left_with_its_one_post(seen: Seen) -> None:
    assert set(seen.reasons("calendar").values()) == {"trap"}
    assert seen.texts("calendar") == ["họp mặt hằng năm"]
    assert TRAP_PAGES < seen.runs["calendar"].pages <= TRAP_PAGES + 2


def test_a_cursor_without_an_end_is_left_after_some_pages_without_news(seen: Seen) -> None:
    assert set(seen.reasons("cursor").values()) == {"endless"}
    assert seen.texts("cursor") == ["bài lặp"]
    assert seen.runs["cursor"].pages == QUIET_PAGES + 1


def test_what_is_nested_too_deep_is_said_to_be_broken(seen: Seen) -> None:
    assert set(seen.reasons("deep json").values()) == {"not_json"}
    assert set(seen.reasons("deep feed").values()) == {"malformed_feed"}
    assert "tốt" in seen.texts("deep feed")


def test_entities_of_a_feed_are_not_unfolded_and_its_other_entry_is_kept(seen: Seen) -> None:
    posts = [post for post in seen.office.posts() if post.source_id == seen.runs["feed"].source_id]
    assert "tốt" in seen.texts("feed")
    assert all(len(post.text) < 1000 and "root:" not in post.text for post in posts)


def test_a_name_that_leads_elsewhere_the_next_time_does_not_lead_into_the_office(
    seen: Seen,
) -> None:
    assert seen.reasons("changes") == dict.fromkeys(["rieng/1", "rieng/2"], "private_address")
    assert seen.runs["changes"].pages == 3
    assert seen.texts("both") == ["riêng hai", "riêng một"]
    assert seen.reasons("both") == {}
    assert seen.inner.visits == []
