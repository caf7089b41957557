"""A pasted address: what it is, what it gives, and what the command says of it."""

import json
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.discovery import discover, proposed_minutes, whole_address
from crawler.first_look import first_look
from crawler.sources.forms import FieldError
from foundation.settings import Settings
from tests.crawler.sites import Answer, Handler, page, serving
from webui.commands.sources import sources_command

pytestmark = pytest.mark.net
SETTINGS = Settings(
    private_networks=(ip_network("127.0.0.0/8"),), contact="mailto:a@office.example"
)
ITEM = (
    "<item><title>Tuyển người {n}</title><link>/bai/{n}</link><description>Việc nhẹ {n}</description>"
    "<pubDate>Mon, 23 Nov 2026 0{n}:00:00 +0700</pubDate></item>"
)
FEED = (
    f'<rss version="2.0"><channel>{"".join(ITEM.format(n=n) for n in range(1, 8))}</channel></rss>'
)
HEAD = (
    '<title>Chợ việc làm</title><link rel="alternate" type="application/rss+xml" href="/tin.rss">'
)
TERMS = '<a href="/dieu-khoan">Điều khoản sử dụng</a>'
XML = "application/rss+xml"


def feed_site() -> dict[str, Handler]:
    return {
        "/": page(f"<html><head>{HEAD}</head><body><p>Chào bạn</p>{TERMS}</body></html>"),
        "/tin.rss": page(FEED, content_type=XML),
        "/robots.txt": page("User-agent: *\nCrawl-delay: 1\n", content_type="text/plain"),
    }


def test_a_page_that_names_its_feed_is_read_by_its_feed() -> None:
    with serving(feed_site()) as site:
        look = first_look(f"{site.address}/", SETTINGS)
        asked = site.paths()
    assert look.taken is not None
    assert look.trial is not None
    assert (look.taken.guess.kind, look.taken.guess.address) == ("rss", f"{site.address}/tin.rss")
    assert look.taken.why == "page"
    assert [post.title for post in look.trial.posts] == [f"Tuyển người {n}" for n in range(1, 6)]
    assert (look.found.robots, look.found.delay, look.found.title) == ("read", 1.0, "Chợ việc làm")
    assert look.found.terms == f"{site.address}/dieu-khoan"
    assert look.every_minutes == 360
    assert asked == ["/robots.txt", "/", "/robots.txt", "/tin.rss"]


def test_a_pasted_feed_is_taken_for_itself() -> None:
    pages = {
        "/tin": page(
            FEED, content_type=XML, headers={"Link": '</wp-json/>; rel="https://api.w.org/"'}
        )
    }
    with serving(pages) as site:
        found = discover(f"{site.address}/tin", SETTINGS)
    assert [(one.guess.kind, one.why) for one in found.candidates] == [
        ("rss", "itself"),
        ("wordpress", "page"),
    ]


def test_a_page_that_says_nothing_is_asked_at_well_known_places() -> None:
    instance = {"uri": "mxh.example", "title": "Mạng", "stats": {"user_count": 3}, "version": "4.2"}
    pages = {"/api/v1/instance": page(json.dumps(instance), content_type="application/json")}
    with serving(pages) as site:
        found = discover(f"{site.address}/", SETTINGS, pause=0)
    assert [(one.guess.kind, one.why) for one in found.candidates] == [("mastodon", "probe")]
    assert found.problems[0].reason == "gone"


def test_robots_txt_is_obeyed_before_the_first_page() -> None:
    pages = feed_site()
    pages["/robots.txt"] = page("User-agent: RaSoat\nDisallow: /\n", content_type="text/plain")
    with serving(pages) as site:
        look = first_look(f"{site.address}/", SETTINGS)
        assert set(site.paths()) == {"/robots.txt"}
    assert (look.taken, look.trial, look.found.allowed) == (None, None, False)
    assert [one.reason for one in look.found.problems] == ["robots"]


def test_a_login_wall_is_told_and_not_read() -> None:
    wall = "<title>Đăng nhập</title><p>Vui lòng đăng nhập để xem.</p><input type=password>"
    with serving({"/": page(wall)}) as site:
        found = discover(f"{site.address}/", SETTINGS, pause=0)
    assert [one.reason for one in found.problems] == ["login_wall"]
    assert found.candidates == ()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("t.me/tuyendung_bienmau", "telegram"),
        ("https://bsky.app/profile/viec-lam.example", "bluesky"),
        ("https://www.youtube.com/@kenhvieclam", "youtube"),
        ("https://www.facebook.com/trangvieclam", "facebook"),
    ],
)
def test_the_address_alone_tells_the_large_platforms(address: str, kind: str) -> None:
    found = discover(address, SETTINGS)
    assert (found.candidates[0].guess.kind, found.candidates[0].why) == (kind, "address")


def test_an_address_may_be_typed_without_its_scheme() -> None:
    assert whole_address(" viec-lam.example/tin ") == "https://viec-lam.example/tin"
    for wrong in ("", "chào", "ftp://x.example/", "javascript:alert(1)"):
        with pytest.raises(FieldError):
            whole_address(wrong)


@pytest.mark.parametrize(
    ("minutes", "proposed"), [(1, 15), (7, 60), (50, 360), (200, 1440), (5000, 10080)]
)
def test_the_schedule_follows_how_often_the_source_posts(minutes: int, proposed: int) -> None:
    first = datetime(2026, 11, 23, tzinfo=UTC)
    assert proposed_minutes(first + timedelta(minutes=minutes * n) for n in range(6)) == proposed
    assert proposed_minutes([None, first]) == 1440


@pytest.fixture
def try_(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    monkeypatch.setenv("RASOAT_PRIVATE_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("RASOAT_DATA_DIR", str(tmp_path))
    return CliRunner()


def test_the_command_prints_the_first_posts_as_json(try_: CliRunner) -> None:
    with serving(feed_site()) as site:
        done = try_.invoke(sources_command, ["try", f"{site.address}/"])
    assert done.exit_code == 0
    posts = json.loads(done.stdout)
    assert len(posts) == 5
    assert posts[0].pop("zone") in {"", "+07:00"}
    assert posts[0] == {
        "address": f"{site.address}/bai/1",
        "platform": "website",
        "title": "Tuyển người 1",
        "text": "Việc nhẹ 1",
        "author": "",
        "handle": "",
        "author_address": "",
        "time": "2026-11-22T18:00:00+00:00",
        "language": "vi",
        "links": [],
        "media": [],
        "reply_to": "",
        "forwarded_from": "",
        "counts": {},
    }
    assert "rss" in done.stderr


def test_the_command_says_in_words_and_by_its_exit_code_what_went_wrong(try_: CliRunner) -> None:
    empty: dict[str, Handler] = {
        "/rong": page('<rss version="2.0"><channel></channel></rss>', content_type=XML),
        "/kin": lambda _: Answer("Vui lòng đăng nhập để xem", 401),
    }
    with serving(empty) as site:
        none = try_.invoke(sources_command, ["try", f"{site.address}/rong", "--kind", "rss"])
        wall = try_.invoke(sources_command, ["try", f"{site.address}/kin", "--kind", "rss"])
    away = try_.invoke(sources_command, ["try", f"{site.address}/rong", "--kind", "rss"])
    wrong = try_.invoke(sources_command, ["try", f"{site.address}/", "--kind", "orkut"])
    assert (none.exit_code, json.loads(none.stdout)) == (3, [])
    assert (wall.exit_code, json.loads(wall.stdout)) == (1, [])
    assert "behind a login" in wall.stderr
    assert (away.exit_code, json.loads(away.stdout)) == (1, [])
    assert "The connection failed" in away.stderr
    assert wrong.exit_code == 2
