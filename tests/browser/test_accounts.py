"""Accounts in a real browser: login, an invitation, the second factor, the audit log; and their looks."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from foundation import audit
from foundation.clock import MovableClock
from foundation.people import Role, User
from foundation.settings import Settings
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import serving
from tests.support.office import PASSWORD, Office, open_office
from webui.accounts import demo_people
from webui.wiring import build

pytestmark = pytest.mark.browser
NEW = "một cụm từ đủ dài 9"


@pytest.fixture
def running(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[tuple[Office, str]]:
    """The whole application with its real login, served, and its address."""
    settings = Settings(data_dir=tmp_path / "office", secret_key="k" * 40)
    wiring = build(settings, clock)
    wiring.database.create_all()
    office = open_office(settings, wiring.database, clock)
    with serving(office.app) as url:
        yield office, url
    wiring.close()


def log_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    page.goto(url + "/login")
    page.get_by_label("Địa chỉ thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def look(page: Page, name: str) -> None:
    """No finding of axe, no sideways scrolling in either size, and a picture to look at."""
    shot(page, name)
    assert axe(page) == [], name
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0, (name, width)
    page.set_viewport_size({"width": 1366, "height": 768})


def test_an_administrator_invites_somebody_who_then_works_with_a_second_factor(
    running: tuple[Office, str], page: Page, browser: Browser
) -> None:
    office, url = running
    admin: User = office.person(Role.ADMINISTRATOR)
    log_in(page, url, admin.email)
    page.goto(url + "/people/invite")
    page.get_by_label("Địa chỉ thư điện tử").fill("moi@office.example")
    page.get_by_label("Tên", exact=True).fill("Đỗ Thị Mới")
    page.get_by_label("Lãnh đạo duyệt").check()
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("heading", name="Đỗ Thị Mới")).to_be_visible()
    link = page.locator("#link-once").input_value()
    look(page, "accounts-person-link")

    theirs = browser.new_context(locale="vi-VN").new_page()
    theirs.goto(url + "/set-password/" + link.rpartition("/")[2])
    look(theirs, "accounts-set-password")
    theirs.get_by_label("Mật khẩu mới", exact=True).fill(NEW)
    theirs.get_by_label("Nhập lại mật khẩu mới").fill(NEW)
    theirs.get_by_role("button", name="Đặt mật khẩu").click()
    log_in(theirs, url, "moi@office.example", NEW)
    expect(theirs.get_by_role("heading", name="Hôm nay")).to_be_visible()

    theirs.goto(url + "/tf-setup")
    theirs.get_by_role("button", name="Thiết lập").click()
    expect(theirs.get_by_alt_text("Mã QR cho ứng dụng xác thực")).to_be_visible()
    look(theirs, "accounts-second-factor")
    telephone = pyotp.TOTP(theirs.locator("main code").inner_text().replace("-", ""))
    theirs.get_by_label("Mã", exact=True).fill(telephone.now())
    theirs.get_by_role("button", name="Bật").click()
    expect(theirs.get_by_text("Đã bật xác thực hai lớp")).to_be_visible()
    look(theirs, "accounts-me")
    theirs.context.close()


def test_the_pages_look_as_they_should(running: tuple[Office, str], page: Page) -> None:
    office, url = running
    with office.wiring.database.writing() as session:
        logins = demo_people(session, office.wiring)
        audit.seal(session)
    page.goto(url + "/login")
    look(page, "accounts-login")
    log_in(page, url, "sai@office.example")
    look(page, "accounts-login-failed")
    log_in(page, url, *logins[Role.ADMINISTRATOR])
    expect(page.get_by_role("heading", name="Hôm nay")).to_be_visible()
    for path, name in (
        ("/people", "accounts-people"),
        ("/people/3", "accounts-person"),
        ("/people/invite", "accounts-invite"),
        ("/people/units", "accounts-units"),
        ("/people/permissions", "accounts-permissions"),
        ("/audit", "accounts-audit"),
        ("/change", "accounts-change-password"),
    ):
        page.goto(url + path)
        look(page, name)
    page.goto(url + "/audit")
    page.get_by_role("button", name="Kiểm tra toàn bộ nhật ký").click()
    expect(page.get_by_text("Nhật ký hệ thống còn nguyên vẹn")).to_be_visible()
    page.goto(url + "/people/3")
    page.locator("summary", has_text="Đổi vai trò").click()
    look(page, "accounts-roles-open")
