"""Pages whose posts are made by scripts: shown by Chromium, through the guard, within bounds."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from crawler import render_visit
from crawler.browser import find_browser
from crawler.guard import PrivateAddress
from crawler.models import RunState
from crawler.page import Fetch
from crawler.render_visit import RenderFailed
from crawler.rendering import Renderer
from crawler.sources import KINDS
from crawler.trial import try_source
from foundation.settings import Settings
from search.post import Platform
from tests.crawler.child import settings_of
from tests.crawler.office import Office
from tests.crawler.sites import Answer, Asked, Handler, Site, page, serving
from tests.crawler.words import KEPT_WORD

pytestmark = [pytest.mark.net, pytest.mark.browser]
OPTIONS = {
    "mode": "both",
    "javascript": "on",
    "list_item": "article",
    "list_link": "a.go",
    "list_title": "h2",
    "list_text": "p",
    "next": "a.next",
    "detail_item": "li",
    "detail_text": "p",
}
SCRIPT = """<html><body><div id=app>Đang tải…</div><img src=/anh.png><script>
fetch('/du-lieu' + location.pathname + location.search).then(r => r.json()).then(rows => setTimeout(() => {
  document.getElementById('app').innerHTML = rows.map(r => r.html).join('')
}, 150))</script></body></html>"""
LOOP = "<html><body><article><p>Trước vòng lặp</p></article><script>for(;;){}</script>"
EATER = "<html><body><script>const all=[];for(;;){all.push(new Array(1e6).fill(Math.random()))}</script>"


def rows(*html: str) -> Handler:
    return page(json.dumps([{"html": one} for one in html]), content_type="application/json")


def entry(number: int) -> str:
    words = KEPT_WORD if number % 2 else "thường"
    return f"<article><a class=go href=/bai/{number}>xem</a><h2>Bài {number}</h2><p>{words} {number}</p></article>"


def listing(asked: Asked) -> Answer:
    first = int(asked.query.get("p", "1")) * 2
    more = "" if first > 2 else "<a class=next href='/?p=2'>sau</a>"
    return rows(entry(first), entry(first + 1), more)(asked)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pages: dict[str, Handler] = {
        "/": page(SCRIPT),
        "/robots.txt": page("", content_type="text/plain"),
    }
    pages["/du-lieu/"] = listing
    for number in range(2, 6):
        pages[f"/bai/{number}"] = page(SCRIPT)
        pages[f"/du-lieu/bai/{number}"] = rows(f"<li id=c1><p>Bình luận của {number}</p></li>")
    pages["/vong-lap"] = page(LOOP)
    pages["/an-bo-nho"] = page(EATER)
    pages["/di"] = lambda _asked: Answer("", 302, {"Location": "/cam/1"})
    pages["/di-bang-script"] = page("<script>location.href = '/toi'</script><p>chờ</p>")
    pages["/toi"] = page("<p>Đến nơi</p>")
    pages["/quay-vong"] = page("<p>Lại</p><script>location.reload()</script>")
    pages["/tep"] = page("x" * 100, content_type="application/octet-stream")
    pages["/mat"] = page("<p>Không còn</p>", status=404)
    pages["/hop-thoai"] = page("<script>alert(1)</script><article><p>Sau hộp thoại</p></article>")
    pages["/noi-bo"] = page(
        "<p id=x>chưa</p><script>fetch('http://10.0.0.1/bi-mat').then(r => x.innerText = 'lộ' + r.status,"
        " e => x.innerText = 'chặn')</script>"
    )
    if find_browser(settings_of(Path())) is None:
        pytest.skip("no Chromium on this machine")
    with serving(pages) as running:
        yield running


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    made = Renderer(settings_of(tmp_path_factory.mktemp("office")))
    yield made
    made.close()


def body(renderer: Renderer, site: Site, path: str, wait_for: str = "") -> str:
    return renderer.render(site.address + path, wait_for).body.decode()


def test_a_site_made_by_scripts_is_crawled_like_any_other(site: Site, office: Office) -> None:
    began = len(site.visits)
    run = office.crawl(office.source("html_list", f"{site.address}/", OPTIONS))
    assert (run.state, run.reason, run.errors) == (RunState.DONE, "", 0)
    assert (run.pages, run.posts, run.kept) == (6, 8, 2)
    assert [post.title for post in office.posts()] == ["Bài 3", "Bài 5"]
    visits = site.visits[began:]
    assert "/anh.png" not in {visit.path for visit in visits}
    assert all("RaSoat" in visit.headers["user-agent"] for visit in visits)
    assert not any("cookie" in visit.headers for visit in visits)
    left = [one for one in psutil.Process().children(recursive=True) if "chrom" in one.name()]
    assert not [one for one in left if any("--rasoat-pages" in part for part in one.cmdline())]


def test_what_is_tried_is_shown_by_the_browser_too(site: Site, office: Office) -> None:
    config = KINDS["html_list"].form.read(OPTIONS)
    found = try_source(
        KINDS["html_list"],
        f"{site.address}/",
        Platform.FORUM,
        config,
        office.settings,
        pause=lambda _s: None,
    )
    assert [post.title for post in found.posts][:2] == ["Bài 2", "Bài 3"]
    assert found.problems == ()


def test_without_a_browser_the_run_says_so(site: Site, office: Office) -> None:
    settings = replace(office.settings, browser_path="/khong/co/chromium")
    found = try_source(
        KINDS["html_list"],
        f"{site.address}/",
        Platform.FORUM,
        KINDS["html_list"].form.read(OPTIONS),
        settings,
    )
    assert [one.reason for one in found.problems] == ["browser_missing"]
    assert found.pages == 0


def test_robots_is_asked_before_each_page_that_a_page_leads_to(
    site: Site, renderer: Renderer
) -> None:
    site.pages["/cam/1"] = page("<p>Cấm</p>")
    asked: list[str] = []

    def allowed(url: str) -> bool:
        asked.append(url.removeprefix(site.address))
        return "/cam/" not in url

    assert renderer.page(Fetch(f"{site.address}/di", meta={"render": ""}), allowed) is None
    assert asked == ["/di", "/cam/1"]
    assert "/cam/1" not in site.paths()
    found = renderer.page(Fetch(f"{site.address}/di-bang-script"), allowed)
    assert found is not None
    assert (found.url, found.status) == (f"{site.address}/toi", 200)
    assert "Đến nơi" in found.body.decode()


def test_pages_that_hang_reload_or_ask_end_with_what_was_there(
    site: Site, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render_visit, "NAVIGATION_SECONDS", 3.0)
    assert "Lại" in body(renderer, site, "/quay-vong")
    assert "Sau hộp thoại" in body(renderer, site, "/hop-thoai", "article")
    began = time.monotonic()
    assert "Trước vòng lặp" in body(renderer, site, "/vong-lap", "article")
    assert time.monotonic() - began < 20
    assert renderer.render(f"{site.address}/mat").status == 404


def test_a_page_that_eats_memory_is_ended_and_the_next_is_shown(
    site: Site, renderer: Renderer
) -> None:
    with pytest.raises(RenderFailed):
        renderer.render(f"{site.address}/an-bo-nho")
    assert "Đến nơi" in body(renderer, site, "/toi")


def test_nothing_private_is_reached_and_nothing_downloaded(
    site: Site, renderer: Renderer, tmp_path: Path
) -> None:
    assert "chặn" in body(renderer, site, "/noi-bo", "p")
    with pytest.raises(RenderFailed):
        renderer.render(f"{site.address}/tep")
    strict = Renderer(Settings(data_dir=tmp_path))
    with pytest.raises(PrivateAddress):
        strict.render(f"{site.address}/toi")
    strict.close()
    with pytest.raises(RenderFailed) as told:
        renderer.render("http://127.0.0.1:9/")
    assert told.value.reason == "connection"
