"""Sources and runs in a real browser."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from playwright.sync_api import Page, expect

from crawler import runs
from crawler.models import RunError, RunState
from foundation.people import SYSTEM, Role
from search.models import Source
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office
from tests.crawler.sites import serving
from tests.crawler.test_discovery import feed_site

pytestmark = pytest.mark.browser


def test_a_source_is_added_and_what_was_typed_survives_an_error(office: Office, page: Page) -> None:
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    page.goto(f"{office.url}/sources")
    assert axe(page) == []
    page.get_by_role("link", name="Thêm nguồn").first.click()
    shot(page, "source-kinds")
    page.get_by_role("link", name="Danh sách trên trang web").click()
    page.fill("#name", "Diễn đàn việc làm")
    page.fill("#address", "https://dien-dan.example/viec-lam")
    page.fill("#purpose", "ngắn")
    page.get_by_text("Căn cứ khác trong danh mục pháp luật").click()
    page.get_by_label("Điều 150 Bộ luật Hình sự số 100/2015/QH13").check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Hãy ghi các bài đăng được thu thập để làm gì"
    )
    expect(page.locator("#name")).to_have_value("Diễn đàn việc làm")
    assert axe(page) == []
    shot(page, "source-form")
    page.fill("#purpose", "Phát hiện tin tuyển dụng lừa đảo trên diễn đàn công khai")
    page.select_option("#preset", "spirit")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("h1")).to_have_text("Diễn đàn việc làm")
    with office.wiring.database.reading() as session:
        source = session.query(Source).one()
        assert source.config["list_item"] == ".layout__topics__topic"
    page.get_by_role("button", name="Thu thập ngay").click()
    expect(page.locator("#run-live")).to_contain_text("Chờ bắt đầu")
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator("#run-live")).to_contain_text("Đã dừng")
    page.goto(f"{office.url}/sources")
    shot(page, "sources")


def test_a_run_tells_its_figures_and_every_error_in_words(office: Office, page: Page) -> None:
    wiring = office.wiring
    at = wiring.clock.now()
    with wiring.database.writing() as session:
        source = Source(
            name="Trang tin", kind="rss", address="https://tin.example/rss", created_at=at,
            purpose="Phát hiện tin lừa đảo", legal_basis=["law116-2025.7.2.d"],
        )  # fmt: skip
        session.add(source)
        session.flush()
        run = runs.create(session, source, at=at, actor=SYSTEM)
        run.state, run.started_at, run.ended_at = RunState.DONE, at, at
        run.pages, run.posts, run.kept, run.not_kept, run.errors = 12, 120, 18, 99, 1
        saved = wiring.files.put(b"<html>hong</html>")
        session.add(
            RunError(
                run_id=run.id, at=at, url="=cmd()", step="feed", reason="malformed_feed",
                detail={"error": "not closed", "entries": 7}, saved_page=saved,
            )
        )  # fmt: skip
        run_id = run.id
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    page.goto(f"{office.url}/sources/runs/{run_id}")
    expect(page.locator("#run-live")).to_contain_text("7 mục đọc được")
    assert axe(page) == []
    shot(page, "run")
    with page.expect_download() as got:
        page.get_by_role("link", name="Tải xuống").click()
    assert got.value.path().read_bytes() == b"<html>hong</html>"
    with page.expect_download() as got:
        page.get_by_role("link", name="Mọi lỗi dưới dạng CSV").click()
    assert "'=cmd()" in got.value.path().read_text("utf-8-sig")


def test_a_source_is_added_from_its_address_by_keys_alone(
    office: Office, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.discovery.sleep", lambda _seconds: None)
    local = replace(office.wiring.settings, private_networks=(ip_network("127.0.0.0/8"),))
    monkeypatch.setattr(office.wiring, "settings", local)
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    page.goto(f"{office.url}/sources/new")
    press, type_in = page.keyboard.press, page.keyboard.insert_text
    with serving(feed_site()) as site:
        expect(page.locator("#address")).to_be_focused()
        type_in(f"{site.address}/")
        press("Enter")
        expect(page.locator("#tried")).to_contain_text("Tuyển người 5")
    assert page.evaluate("() => window.scrollY") == 0, "what was recognised is seen first"
    assert axe(page) == []
    press("Tab")
    press("Enter")  # to the content
    page.wait_for_function("() => document.activeElement.id === 'content'")
    for _ in range(10):
        press("Tab")
        if page.evaluate("() => document.activeElement.hash") == "#purpose":
            break
    press("Enter")
    expect(page.locator("#purpose")).to_be_focused()
    type_in("Rà soát tin tuyển dụng công khai")
    press("Tab")
    expect(page.locator("[name=legal_basis]").first).to_be_focused()
    expect(page.locator("[name=legal_basis]").first).to_be_checked()
    page.set_viewport_size({"width": 390, "height": 844})
    assert axe(page) == []
    assert overflow(page) == 0
    page.locator("#name").focus()
    press("Enter")
    expect(page.locator("h1")).to_have_text("Chợ việc làm")
    assert axe(page) == []
