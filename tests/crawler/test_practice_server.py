"""The practice site as a process of its own, with a real browser."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from crawler.practice.server import DidNotStart, running

pytestmark = pytest.mark.net
CHROMIUM = Path("/usr/bin/chromium")


def ask(method: str, address: str, body: bytes | None = None) -> tuple[int, bytes]:
    parts = urlsplit(address)
    headers = {"Content-Type": "application/json"} if body else {}
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    with closing(connection):
        connection.request(method, parts.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def status(address: str) -> int:
    return ask("GET", address)[0]


def post_json(address: str, body: dict[str, str]) -> dict[str, object]:
    code, answer = ask("POST", address, json.dumps(body).encode())
    assert code == 200, answer
    found: dict[str, object] = json.loads(answer)
    return found


def test_it_answers_remembers_and_ends(tmp_path: Path) -> None:
    data = tmp_path / "state.sqlite3"
    with running(data) as base:
        assert status(f"{base}/bai/101") == 200
        after = post_json(f"{base}/quan-tri/api/posts/101", {"action": "delete"})
        assert after["url"] == f"{base}/bai/101"
        assert status(f"{base}/bai/101") == 410
    with pytest.raises(ConnectionRefusedError):
        status(f"{base}/")
    with running(data) as base:
        assert status(f"{base}/bai/101") == 410


def test_two_sites_run_side_by_side_with_states_of_their_own(tmp_path: Path) -> None:
    with running(tmp_path / "a.sqlite3") as one, running(tmp_path / "b.sqlite3") as other:
        post_json(f"{one}/quan-tri/api/posts/101", {"action": "hide"})
        assert (status(f"{one}/bai/101"), status(f"{other}/bai/101")) == (403, 200)


def test_a_port_in_use_is_reported_with_what_the_process_said(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(DidNotStart, match=r"(?i)address already in use"),
            running(tmp_path / "state.sqlite3", port),
        ):
            raise AssertionError("it must not come this far")


def test_a_state_file_that_is_no_database_stops_the_start(tmp_path: Path) -> None:
    data = tmp_path / "state.sqlite3"
    data.write_text("this is not a database, and long enough to be seen as none" * 20)
    with pytest.raises(DidNotStart, match="not a database"), running(data):
        raise AssertionError("it must not come this far")


@pytest.fixture
def plain_page() -> Iterator[Page]:
    """A page of a browser that runs no JavaScript."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not at /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_context(java_script_enabled=False).new_page()
        browser.close()


@pytest.mark.browser
def test_the_operator_takes_a_post_down_and_back_without_javascript(
    tmp_path: Path, plain_page: Page
) -> None:
    with running(tmp_path / "state.sqlite3") as base:
        plain_page.goto(f"{base}/quan-tri?q=xe+di+bien+moi+dem")
        row = plain_page.locator("li.row")
        expect(row).to_have_count(1)
        row.get_by_role("button", name="Xóa").click()
        expect(plain_page.locator("li.row .state")).to_contain_text("đã xóa")
        assert status(f"{base}/bai/141") == 410
        plain_page.locator("li.row").get_by_role("button", name="Khôi phục").click()
        plain_page.get_by_role("link", name="Xe đi biên mỗi đêm").click()
        plain_page.locator("textarea").first.fill("Xe đưa rước học sinh.")
        plain_page.get_by_role("button", name="Lưu nội dung").click()
        plain_page.get_by_role("link", name="xem trên trang").click()
        expect(plain_page.locator(".post-body")).to_have_text("Xe đưa rước học sinh.")
        expect(plain_page.locator(".post-edited")).to_contain_text("đã chỉnh sửa")


@pytest.mark.browser
def test_no_page_scrolls_sideways_on_a_telephone(tmp_path: Path, plain_page: Page) -> None:
    plain_page.set_viewport_size({"width": 390, "height": 844})
    addresses = ["/", "/bai/101", "/bai/108", "/bai/110", "/nguoi/me-bong", "/dang-nhap"]
    addresses += ["/quan-tri", "/quan-tri/bai/101", "/quan-tri/them", "/gioi-thieu"]
    with running(tmp_path / "state.sqlite3") as base:
        for address in addresses:
            plain_page.goto(base + address)
            width = plain_page.locator("html").evaluate("each => each.scrollWidth")
            assert width <= 390, address
