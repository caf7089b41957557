"""How a crawl behaves towards real servers: robots.txt, delays, size, redirects, walls, private addresses."""

import gzip
import itertools
import time

import pytest

from crawler.models import RunState
from crawler.pipeline import MAX_BODY_BYTES
from tests.crawler.office import Office
from tests.crawler.sites import Answer, Asked, Handler, page, serving
from tests.crawler.words import KEPT_WORD

pytestmark = pytest.mark.net

OPTIONS = {
    "mode": "detail",
    "list_item": "li",
    "list_link": "a",
    "detail_item": "article",
    "detail_text": "p",
}


def listing(*paths: str) -> Handler:
    return page("<ul>" + "".join(f'<li><a href="{path}">x</a></li>' for path in paths) + "</ul>")


def post(words: str) -> Handler:
    return page(f"<article><p>{KEPT_WORD} {words}</p></article>")


def test_everything_that_goes_wrong_is_named_and_the_rest_is_kept(office: Office) -> None:
    bomb = gzip.compress(b"<p>" + b"0" * (2 * MAX_BODY_BYTES))
    pages: dict[str, Handler] = {
        "/robots.txt": page("User-agent: *\nDisallow: /cam/\n", content_type="text/plain"),
        "/": listing(
            *(
                "/1",
                "/cam/2",
                "/lon",
                "/bom",
                "/vong",
                "/noi-bo",
                "/kin",
                "/chan",
                "/mat",
                "/anh",
                "/loi",
            ),
            *("/rong", "/2"),
        ),
        "/1": post("một"),
        "/2": post("hai"),
        "/cam/2": post("không được thấy"),
        "/lon": page(f"<article><p>{KEPT_WORD} đầu</p></article><p>" + "x" * 2 * MAX_BODY_BYTES),
        "/bom": lambda _: Answer(bomb, headers={"Content-Encoding": "gzip"}),
        "/vong": lambda _: Answer(status=302, headers={"Location": "/vong"}),
        "/noi-bo": lambda _: Answer(status=302, headers={"Location": "http://10.0.0.1/x"}),
        "/kin": lambda _: Answer(status=302, headers={"Location": "/dang-nhap"}),
        "/dang-nhap": page(f"<article><p>{KEPT_WORD} bẫy</p></article><input type=password>"),
        "/chan": page("<h1>Truy cập bị chặn</h1>", status=403),
        "/anh": page("GIF89a", content_type="image/gif"),
        "/loi": page(f"<article><p>{KEPT_WORD} bẫy</p></article>", status=500),
        "/rong": page(""),
    }
    with serving(pages) as site:
        run = office.crawl(office.source("html_list", site.address + "/", OPTIONS))
        visits = site.paths()
        agents = {visit.headers["user-agent"] for visit in site.visits}
        with_cookies = [visit for visit in site.visits if "cookie" in visit.headers]
    assert run.state == RunState.DONE
    texts = sorted(one.text for one in office.posts())
    assert texts == [f"{KEPT_WORD} hai", f"{KEPT_WORD} một", f"{KEPT_WORD} đầu"]
    reasons = {
        error.url.removeprefix(site.address): error.reason for error in office.errors(run.id)
    }
    assert reasons == {
        "/cam/2": "robots",
        "/lon": "too_large",
        "/bom": "too_large",
        "/vong": "redirects",
        "/noi-bo": "private_address",
        "/dang-nhap": "login_wall",
        "/chan": "blocked",
        "/mat": "gone",
        "/anh": "not_a_page",
        "/loi": "http_status",
        "/rong": "empty_page",
    }
    assert run.errors == len(reasons)
    assert run.pages == 14
    assert "/cam/2" not in visits
    assert visits.count("/loi") == 3
    assert agents == {"RaSoat/0.1.0 (+mailto:office@office.example)"}
    assert with_cookies == []


def test_a_delay_that_robots_txt_asks_for_is_kept(office: Office) -> None:
    times: list[float] = []

    def timed(_: Asked) -> Answer:
        times.append(time.monotonic())
        return Answer(f"<article><p>{KEPT_WORD} {len(times)}</p></article>")

    pages: dict[str, Handler] = {
        "/robots.txt": page("User-agent: *\nCrawl-delay: 0.6\n", content_type="text/plain"),
        "/": listing("/1", "/2", "/3"),
        **dict.fromkeys(("/1", "/2", "/3"), timed),
    }
    with serving(pages) as site:
        office.crawl(office.source("html_list", site.address + "/", OPTIONS))
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) == 2
    assert min(gaps) > 0.5


def test_retry_after_is_waited_for(office: Office) -> None:
    times: list[float] = []

    def busy_once(_: Asked) -> Answer:
        times.append(time.monotonic())
        if len(times) == 1:
            return Answer("chờ", 429, {"Retry-After": "2"})
        return Answer(f"<article><p>{KEPT_WORD} xong</p></article>")

    with serving({"/": listing("/1"), "/1": busy_once}) as site:
        run = office.crawl(office.source("html_list", site.address + "/", OPTIONS))
    assert (run.kept, run.errors) == (1, 0)
    assert times[1] - times[0] > 1.8


def test_a_robots_txt_that_the_server_fails_to_give_forbids_everything(office: Office) -> None:
    pages = {"/robots.txt": page("x", status=503), "/": listing("/1"), "/1": post("một")}
    with serving(pages) as site:
        run = office.crawl(office.source("html_list", site.address + "/", OPTIONS))
        assert set(site.paths()) == {"/robots.txt"}
    assert office.reasons(run.id) == ["robots_failed"]
    assert run.reason == "nothing_read"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:7f00:1]"]
)
def test_without_a_word_in_the_settings_this_machine_is_refused(office: Office, host: str) -> None:
    with serving({"/": listing("/1"), "/1": post("một")}) as site:
        address = site.address.replace("127.0.0.1", host) + "/"
        run = office.crawl(office.source("html_list", address, OPTIONS), "--no-private")
        assert site.visits == []
    assert office.reasons(run.id) == ["private_address"]
    assert run.reason_sentence == "No page of the source could be read."


def test_names_that_lead_nowhere_and_closed_ports_are_told_apart(office: Office) -> None:
    nowhere = office.crawl(office.source("rss", "http://khong-co.invalid/rss"))
    with serving({}) as site:
        address = site.address
    closed = office.crawl(office.source("rss", f"{address}/rss"))
    assert office.reasons(nowhere.id) == ["dns"]
    assert office.reasons(closed.id) == ["connection"]
    assert "refused" in office.errors(closed.id)[0].message.lower()


def test_an_unchanged_feed_is_not_sent_again(office: Office) -> None:
    item = f"<item><title>Bài</title><link>/1</link><description>{KEPT_WORD} x</description></item>"

    def feed(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        body = f'<rss version="2.0"><channel>{item}</channel></rss>'
        return Answer(body, headers={"ETag": '"v1"'}, content_type="application/rss+xml")

    with serving({"/rss": feed}) as site:
        source = office.source("rss", f"{site.address}/rss")
        first, second = office.crawl(source), office.crawl(source)
    assert (first.kept, first.posts) == (1, 1)
    assert (second.pages, second.posts, second.errors, second.reason) == (1, 0, 0, "")


def test_a_pager_without_an_end_ends_at_its_limit_with_what_was_good(office: Office) -> None:
    def endless(asked: Asked) -> Answer:
        number = int(asked.query.get("p", "1"))
        entry = f'<li><a href="/b{number}">x</a><p>{KEPT_WORD} {number}</p></li>'
        return Answer(f'<ul>{entry}</ul><a class=n href="/?p={number + 1}">sau</a>')

    options = {"list_item": "li", "list_link": "a", "list_text": "p", "next": "a.n", "pages": "7"}
    with serving({"/": endless}) as site:
        run = office.crawl(office.source("html_list", site.address + "/", options))
    assert (run.state, run.pages, run.kept) == (RunState.DONE, 7, 7)
    assert (
        run.reason_sentence
        == "The list goes on after the 7 pages that the source's settings allow."
    )


def test_an_edited_post_is_updated_and_its_former_text_is_kept(office: Office) -> None:
    site_pages = {"/": listing("/1"), "/1": post("trước")}
    with serving(site_pages) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        office.crawl(source)
        site.pages["/1"] = post("sau")
        run = office.crawl(source)
    assert (run.kept, run.updated) == (0, 1)
    assert [one.text for one in office.posts()] == [f"{KEPT_WORD} sau"]


def test_a_run_ends_at_its_own_limit_of_pages(office: Office) -> None:
    many = [f"/{number}" for number in range(30)]
    pages = {"/": listing(*many), **{path: post(path) for path in many}}
    with serving(pages) as site:
        options = {**OPTIONS, "max_pages": "12"}
        run = office.crawl(office.source("html_list", site.address + "/", options))
    assert (run.pages, run.kept) == (12, 11)
    assert run.reason_sentence == "The run ended at its limit of 12 pages."
