"""The rules page in a real browser: a text is judged while it is typed."""

import pytest
from playwright.sync_api import Page, expect

from foundation.people import Role
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office

pytestmark = pytest.mark.browser
LURE = (
    "Tuyển gấp nữ 16 tuổi, việc nhẹ lương cao sang Campuchia, tối nay đi luôn, ib Zalo 0900 000 123"
)


def test_a_text_is_judged_while_it_is_typed_and_packs_are_read(office: Office, page: Page) -> None:
    office.log_in(page, office.people(Role.REPORT_WRITER))
    page.goto(f"{office.url}/rules")
    expect(page.locator(".rail .is-current, .rail [aria-current]").first).to_contain_text("Quy tắc")
    assert axe(page) == []
    page.fill("#text", LURE)
    expect(page.locator("#tried mark").first).to_be_visible()
    expect(page.locator("#tried")).to_contain_text("Khẩn")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-try")
    page.fill("#text", "Lương cao, bao ăn ở")
    expect(page.locator("#tried")).to_contain_text("Không gắn cờ")
    page.goto(f"{office.url}/rules/organ")
    page.get_by_role("link", name="Kiểm tra ví dụ").click()
    expect(page.locator(".alert-success")).to_contain_text("cho kết quả đúng")
    page.locator("summary", has_text="Cụm từ").first.click()
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-pack")
