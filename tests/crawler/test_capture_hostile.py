"""Pages that hang, grow, ask, redirect or swallow memory without end: a visit ends, and keeps what was good."""

from collections.abc import Iterator
from time import monotonic

import pytest

from crawler.browser import REMEDY, find_browser
from crawler.capture import Camera, Capture, CaptureFailed, camera, limits
from crawler.guard import AddressGuard
from foundation.clock import SystemClock
from foundation.files import FolderStore
from tests.crawler.child import settings_of
from tests.crawler.sites import Answer, Asked, Handler, Site, page, serving
from tests.crawler.test_guard import LOOPBACK

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHORT = {
    "NAVIGATION_SECONDS": 3.0,
    "CALMED_SECONDS": 3.0,
    "LOAD_SECONDS": 2.0,
    "QUIET_SECONDS": 1.0,
    "SCROLL_SECONDS": 2.0,
    "IMAGES_SECONDS": 1.0,
    "ASK_SECONDS": 2.0,
    "SCREENSHOT_SECONDS": 3.0,
}
ENDED = 30.0
"""Seconds within which every visit here ends; the loops themselves would never."""
PAGES: dict[str, Handler] = {
    "/spin": page("<h1>Quay</h1><script>setTimeout(() => { while (true) {} }, 50)</script>"),
    "/spin-at-once": page("<h1>Quay</h1><script>while (true) {}</script><p>sau vòng lặp</p>"),
    "/alerts": page("<h1>Báo</h1><script>setTimeout(() => { while (true) alert(1) }, 50)</script>"),
    "/windows": page(
        "<h1>Cửa sổ</h1><script>for (let i = 0; i < 100; i++) window.open('/w?' + i)</script>"
    ),
    "/w": page("<p>cửa sổ</p>"),
    "/high": page("<body style='margin:0'><div style='height:200000px'>Cao</div>"),
    "/scrolls": page(
        "<h1>Cuộn</h1><div style='height:3000px'></div><script>addEventListener('scroll', () => {"
        "const d = document.createElement('div'); d.style.height = '2000px'; d.textContent = 'thêm';"
        "document.body.append(d)})</script>"
    ),
    "/memory": page(
        "<h1>Nhớ</h1><script>const k = []; setInterval(() => {"
        "const a = new Uint8Array(4e7); a.fill(1); k.push(a)}, 10)</script>"
    ),
    "/never-rests": page(
        "<h1>Động</h1><script>setInterval(() => fetch('/w?' + Math.random()), 50)</script>"
    ),
    "/socket": page(
        "<h1>Ổ cắm</h1><script>const w = new WebSocket('ws://' + location.host + '/s');"
        "w.onopen = () => document.title = 'mở'</script>"
    ),
    "/permissions": page(
        "<h1>Xin</h1><script>navigator.geolocation.getCurrentPosition("
        "() => document.title = 'được', () => document.title = 'bị từ chối');"
        "Notification.requestPermission(); print(); window.onbeforeunload = () => 'ở lại'</script>"
    ),
    "/server": lambda asked: Answer(status=302, headers={"Location": f"/server?{count(asked)}"}),
    "/refreshes": lambda asked: Answer(
        f"<meta http-equiv=refresh content='0;url=/refreshes?n={count(asked)}'><h1>Đi</h1>"
    ),
    "/leads-on": lambda asked: Answer(
        f"<h1>Đi tiếp</h1><script>location = '/leads-on?n={count(asked)}'</script>"
    ),
}


def count(asked: Asked) -> int:
    return int(asked.query.get("n", "0")) + 1


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving(PAGES) as opened:
        yield opened


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camera]:
    settings = settings_of(tmp_path_factory.mktemp("hostile"))
    if find_browser(settings) is None:
        pytest.skip(REMEDY)
    files = FolderStore(settings.data_dir / "files")
    with camera(settings, AddressGuard([LOOPBACK]), files, SystemClock()) as opened:
        yield opened


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in SHORT.items():
        monkeypatch.setattr(limits, name, seconds)


def taken(shots: Camera, site: Site, path: str) -> Capture:
    begun = monotonic()
    found = shots.capture(site.address + path)
    assert monotonic() - begun < ENDED
    return found


def noted(found: Capture) -> set[str]:
    return {note["what"] for note in found.files.detail.get("notes", ())}


def roles(found: Capture) -> set[str]:
    return {file.role for file in found.files.files}


@pytest.mark.parametrize(
    ("path", "words"),
    [("/spin", "Quay"), ("/spin-at-once", "sau vòng lặp"), ("/alerts", "Báo")],
)
def test_scripts_that_never_end_are_ended_and_the_page_is_kept_whole(
    shots: Camera, site: Site, path: str, words: str
) -> None:
    found = taken(shots, site, path)
    assert words in found.text
    assert "scripts_stopped" in noted(found)
    assert {"screenshot", "html", "raw", "text", "wacz"} <= roles(found)


def test_a_hundred_windows_stay_closed(shots: Camera, site: Site) -> None:
    found = taken(shots, site, "/windows")
    assert "Cửa sổ" in found.text
    assert [visit.path for visit in site.visits].count("/w") == 0


def test_a_page_of_200000_pixels_is_in_pictures_as_a_whole(shots: Camera, site: Site) -> None:
    found = taken(shots, site, "/high")
    pictures = [file for file in found.files.files if file.role == "screenshot"]
    assert len(pictures) == 50
    assert found.files.detail["pictures"][-1] == [196_000, 200_000]
    assert "pictures" not in noted(found)


def test_a_page_that_grows_while_it_is_scrolled_ends_somewhere_and_says_so(
    shots: Camera, site: Site
) -> None:
    found = taken(shots, site, "/scrolls")
    assert "scrolling" in noted(found)
    assert found.files.detail["page_height"] > 3_000
    assert "thêm" in found.text


def test_a_page_that_swallows_memory_is_stopped_before_the_machine_suffers(
    shots: Camera, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CALM_BYTES", 350 * 2**20)
    monkeypatch.setattr(limits, "KILL_BYTES", 900 * 2**20)
    found = taken(shots, site, "/memory")
    assert noted(found) & {"memory", "crashed"}
    assert {"html", "raw", "wacz"} <= roles(found)
    assert "Nhớ" in found.text
    assert shots.watchman.memory() < 2_500 * 2**20


def test_a_page_whose_process_is_ended_leaves_what_it_was_sent(
    shots: Camera, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CALM_BYTES", 2**40)
    monkeypatch.setattr(limits, "KILL_BYTES", 300 * 2**20)
    found = taken(shots, site, "/memory")
    assert "crashed" in noted(found)
    assert {"raw", "html", "wacz", "headers"} <= roles(found)
    assert "Nhớ" in found.text, "read from the HTML as received"
    assert "Quay" in taken(shots, site, "/spin").text, "the next visit has a page of its own again"


def test_a_page_that_never_rests_is_taken_as_it_is(shots: Camera, site: Site) -> None:
    found = taken(shots, site, "/never-rests")
    assert "never_rests" in noted(found)
    assert "Động" in found.text


@pytest.mark.parametrize("path", ["/refreshes", "/leads-on"])
def test_a_page_that_leads_on_for_ever_is_held(shots: Camera, site: Site, path: str) -> None:
    found = taken(shots, site, path)
    assert "navigations" in noted(found)
    assert "Đi" in found.text
    assert {"raw", "wacz"} <= roles(found)
    visits = [visit for visit in site.visits if visit.path == path]
    assert len(visits) <= limits.NAVIGATIONS + 6


def test_a_server_that_redirects_for_ever_is_no_page(shots: Camera, site: Site) -> None:
    with pytest.raises(CaptureFailed, match="TOO_MANY_REDIRECTS"):
        shots.capture(site.address + "/server")


def test_web_sockets_are_not_opened_and_counted(shots: Camera, site: Site) -> None:
    found = taken(shots, site, "/socket")
    assert found.files.detail["tried"] == {"sockets": 1}
    assert found.files.title != "mở"
    assert "/s" not in site.paths()


def test_nothing_is_permitted_and_nobody_is_asked(shots: Camera, site: Site) -> None:
    found = taken(shots, site, "/permissions")
    assert found.files.title == "bị từ chối"


def test_a_browser_that_hangs_is_ended_and_another_one_started(
    shots: Camera, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shots.watchman.memory()
    assert before > 0
    shots.watchman.kill()
    assert "Cửa sổ" in taken(shots, site, "/windows").text


def test_an_answer_without_end_is_kept_as_far_as_it_came(
    shots: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PROXY_BYTES", 3 * 2**20)
    long = page("<h1>Dài</h1>" + "<!-- chữ mà không ai phải dàn trang -->" * 300_000)
    with serving({"/long": long}) as other:
        found = shots.capture(other.address + "/long")
    assert "traffic" in noted(found)
    assert "Dài" in found.text
    assert found.files.detail["left_out_count"] >= 1
