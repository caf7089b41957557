"""Evidence of one address, taken with a real Chromium."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.browser import REMEDY, BrowserMissing, find_browser
from crawler.capture import Camera, CaptureFailed, camera
from crawler.guard import AddressGuard
from foundation.clock import MovableClock, SystemClock
from foundation.files import FolderStore
from foundation.settings import Settings
from search.watch import CaptureFiles
from tests.crawler.child import settings_of
from tests.crawler.sites import Answer, page, serving
from tests.crawler.test_guard import LOOPBACK

pytestmark = pytest.mark.browser
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = settings_of(tmp_path_factory.mktemp("capture"))
    if find_browser(made) is None:
        pytest.skip(REMEDY)
    return made


@pytest.fixture(scope="module")
def store(settings: Settings) -> FolderStore:
    return FolderStore(settings.data_dir / "files")


@pytest.fixture(scope="module")
def shots(settings: Settings, store: FolderStore) -> Iterator[Camera]:
    with camera(settings, AddressGuard([LOOPBACK]), store, SystemClock()) as opened:
        yield opened


def pixels(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(PNG)
    return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])


def test_it_stores_picture_html_text_and_headers_under_their_digests(
    shots: Camera, store: FolderStore
) -> None:
    tall = "<div style='height:3000px'>Tuyển người</div><script>document.title='Đã chạy'</script>"
    pages = {
        "/robots.txt": page("User-agent: *\nDisallow: /bai/\n", content_type="text/plain"),
        "/bai/1": page(tall, headers={"X-Server-Says": "chào"}),
    }
    with serving(pages) as site:
        taken = shots.capture(f"{site.address}/bai/1")
    files = taken.files
    assert (files.status, files.title, files.robots) == (200, "Đã chạy", "disallowed")
    assert files.started_at < files.ended_at
    assert "Chromium" in files.tool
    wanted = {"screenshot", "html", "raw", "text", "metadata", "headers", "tls", "record", "wacz"}
    assert {file.role for file in files.files} - {"ocr"} == wanted
    for file in files.files:
        data = store.get(file.digest)
        assert hashlib.sha256(data).hexdigest() == file.digest
        assert len(data) == file.size
    assert pixels(store.get(files.digest_of("screenshot"))) >= (1280, 3000)
    assert store.get(files.digest_of("text")).decode().strip() == "Tuyển người"
    (answer,) = json.loads(store.get(files.digest_of("headers")))
    assert ["X-Server-Says", "chào".encode().decode("latin-1")] in answer["headers"] or any(
        name == "X-Server-Says" for name, _ in answer["headers"]
    )
    assert CaptureFiles.from_dict(json.loads(json.dumps(files.to_dict()))) == files


def test_a_redirect_is_recorded_with_every_answer_on_the_way(
    shots: Camera, store: FolderStore
) -> None:
    pages = {
        "/cu": lambda _: Answer(status=301, headers={"Location": "/moi"}),
        "/moi": page("<p>Ở đây</p>"),
    }
    with serving(pages) as site:
        files = shots.capture(f"{site.address}/cu").files
    chain = json.loads(store.get(files.digest_of("headers")))
    assert [step["status"] for step in chain] == [301, 200]
    assert files.final_url.endswith("/moi")
    assert files.robots == "no robots.txt"


def test_a_page_that_is_gone_is_captured_as_gone(shots: Camera, store: FolderStore) -> None:
    with serving({}) as site:
        taken = shots.capture(f"{site.address}/x")
    assert taken.files.status == 404
    assert "không có" in taken.text


def test_nothing_is_carried_from_one_visit_to_the_next(shots: Camera) -> None:
    pages = {"/": page("<p>x</p>", headers={"Set-Cookie": "ai=toi; Path=/"})}
    with serving(pages) as site:
        for _ in range(2):
            shots.capture(f"{site.address}/")
        cookies = [visit.headers.get("cookie") for visit in site.visits if visit.path == "/"]
        assert cookies == [None, None]
        agents = {visit.headers["user-agent"].partition("/")[0] for visit in site.visits}
    assert agents == {"RaSoat"}


def test_what_a_page_loads_from_the_private_network_is_refused_and_noted(shots: Camera) -> None:
    html = "<p>x</p><img src='http://10.0.0.1/a.png'><img src='http://[::1]/b.png'>"
    with serving({"/": page(html)}) as site:
        files = shots.capture(f"{site.address}/").files
    assert set(files.detail["refused_hosts"]) == {"10.0.0.1", "::1"}


def test_a_page_cannot_lead_the_browser_into_the_private_network(shots: Camera) -> None:
    away = {"/": lambda _: Answer(status=302, headers={"Location": "http://192.168.0.1/"})}
    with serving(away) as site, pytest.raises(CaptureFailed):
        shots.capture(f"{site.address}/")


def test_without_a_word_in_the_settings_this_machine_is_not_visited(
    settings: Settings, store: FolderStore
) -> None:
    with serving({"/": page("<p>x</p>")}) as site:
        with camera(settings, AddressGuard(), store, SystemClock()) as closed:
            with pytest.raises(CaptureFailed, match="private network"):
                closed.capture(f"{site.address}/")
            with pytest.raises(CaptureFailed):
                closed.capture(site.address.replace("127.0.0.1", "localhost"))
        assert site.visits == []


def test_a_download_is_no_page_and_harms_nothing(shots: Camera) -> None:
    pages = {
        "/f.zip": page("PK", content_type="application/zip"),
        "/": page("<p>vẫn được</p>"),
    }
    with serving(pages) as site:
        with pytest.raises(CaptureFailed):
            shots.capture(f"{site.address}/f.zip")
        assert "vẫn được" in shots.capture(f"{site.address}/").text


def test_what_no_database_stores_is_replaced(shots: Camera) -> None:
    """Half a character or a zero in a title would make the capture fail each time it is tried."""
    hostile = (
        "<p id=p></p><div style='position:fixed;bottom:0' id=d></div><script>"
        "document.title = 'Việc \\ud800 nhẹ \\0 đây'; p.textContent = 'Gọi \\udfff ngay';"
        "d.textContent = 'cookie \\ud800'; d.append(document.createElement('button'));"
        "history.replaceState(0, '', '/?\\ud800')</script>"
    )
    with serving({"/": page(hostile)}) as site:
        taken = shots.capture(f"{site.address}/")
    written = json.dumps(taken.files.to_dict(), ensure_ascii=False) + taken.html + taken.text
    written.encode("utf-8")
    assert "\0" not in written
    assert taken.files.title.startswith("Việc ")
    assert taken.files.title.endswith(" đây")
    assert taken.text.startswith("Gọi ")


def test_a_page_that_never_rests_is_taken_as_it_is(shots: Camera) -> None:
    html = "<p>động</p><script>setInterval(() => fetch('/x?' + Math.random()), 100)</script>"
    with serving({"/": page(html)}) as site:
        assert "động" in shots.capture(f"{site.address}/").text


def test_a_page_taller_than_can_be_drawn_is_in_several_pictures_that_follow_each_other(
    shots: Camera, store: FolderStore
) -> None:
    with serving(
        {"/": page("<body style='margin:0'><div style='height:20500px'>cao</div>")}
    ) as site:
        files = shots.capture(f"{site.address}/").files
    pictures = [file for file in files.files if file.role == "screenshot"]
    heights = [pixels(store.get(file.digest))[1] for file in pictures]
    assert heights == [4000, 4000, 4000, 4000, 4000, 500]
    assert [file.name for file in pictures] == [f"man-hinh-0{n}.png" for n in range(1, 7)]
    assert files.detail["pictures"][:2] == [[0, 4000], [4000, 8000]]
    assert files.detail["pictures"][-1] == [20000, 20500]
    assert "notes" not in files.detail


def test_a_missing_browser_names_what_brings_it(
    settings: Settings, store: FolderStore, clock: MovableClock
) -> None:
    without = replace(settings, browser_path=str(Path("/nowhere/chromium")))
    with (
        pytest.raises(BrowserMissing, match="apt install chromium"),
        camera(without, AddressGuard(), store, clock),
    ):
        pass


def test_a_browser_that_does_not_start_is_told(
    settings: Settings, store: FolderStore, clock: MovableClock
) -> None:
    broken = replace(settings, browser_path="/bin/false")
    with (
        pytest.raises(CaptureFailed, match="does not start"),
        camera(broken, AddressGuard(), store, clock),
    ):
        pass
