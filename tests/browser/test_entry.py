"""A post entered by hand and a file imported, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from crawler.runner import run
from foundation.people import Role
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office

pytestmark = pytest.mark.browser
TABLE = """Nội dung;Link;Người đăng;Ngày
Việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123;https://tin.example/1;Hội Việc Làm;20/11/2026
Chúc cả nhà ngủ ngon;https://tin.example/2;Cô Tư;20/11/2026 21:30
;https://tin.example/3;;
Tuyển gấp nữ đi Myanmar, không cần bằng cấp, lo giấy tờ, ứng trước 20 triệu;https://tin.example/4;Anh Năm;hôm qua
"""


def test_a_post_is_entered_with_its_screenshot_and_found_again_by_its_address(
    office: Office, page: Page, tmp_path: Path
) -> None:
    picture = tmp_path / "anh.png"
    page.screenshot(path=picture)
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(f"{office.url}/sources")
    page.get_by_role("link", name="Nhập bài đăng").click()
    page.fill("#text", "Việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123")
    page.fill("#url", "https://mxh.example/p/1")
    page.select_option("#platform", "facebook")
    page.fill("#posted_at", "hôm qua")
    page.select_option("#how", "seen")
    page.set_input_files("#screenshot", picture)
    assert axe(page) == []
    page.get_by_role("button", name="Lưu bài đăng").click()
    expect(page.get_by_role("alert")).to_contain_text("không phải thời gian")
    expect(page.locator("#text")).to_have_value(re.compile("Việc nhẹ lương cao"))
    expect(page.locator(".field-kept")).to_contain_text("vẫn được giữ")
    assert axe(page) == []
    shot(page, "entry-problem")
    page.fill("#posted_at", "22/11/2026 08:30")
    page.get_by_role("button", name="Lưu bài đăng").click()
    expect(page.locator("article.post")).to_contain_text("Vì sao được gắn cờ")
    expect(page.locator("mark").first).to_be_visible()
    shot(page, "entry-stored")

    page.goto(f"{office.url}/entry/new?url=https://mxh.example/p/1")
    page.fill("#text", "Cùng bài đó")
    page.get_by_role("button", name="Lưu bài đăng").click()
    expect(page.locator(".alert-warning")).to_contain_text("Địa chỉ này đã có")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "entry-same")


def test_a_file_is_looked_at_mapped_and_imported(
    office: Office, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "tin báo.csv"
    file.write_text(TABLE, encoding="utf-8")
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(f"{office.url}/entry/import")
    assert axe(page) == []
    shot(page, "import")
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Xem các dòng đầu").click()
    expect(page.locator("h1")).to_contain_text("tin báo.csv")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "import-preview")
    page.select_option("#column_time", "-")
    page.get_by_role("button", name="Xem lại").click()
    expect(page.locator("#column_time")).to_have_value("-")
    page.get_by_role("button", name="Nhập", exact=True).click()
    expect(page.locator("#run-live")).to_contain_text("Chờ bắt đầu")
    run_id = int(page.url.rpartition("/")[2])
    wiring = office.wiring
    run(run_id, wiring.database, wiring.ingestor, wiring.files, wiring.clock, wiring.settings)
    expect(page.locator("#run-live")).to_contain_text("Bỏ qua dòng 4: nội dung trống.")
    expect(page.locator("#run-live .state").first).to_have_text(re.compile("Xong"))
    assert axe(page) == []
    shot(page, "import-run")
