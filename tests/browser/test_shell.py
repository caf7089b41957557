"""The frame in a real browser: keys, input methods, languages, sizes, accessibility."""

import pytest
from playwright.sync_api import Browser, Page, expect

from foundation.people import Role
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office

pytestmark = pytest.mark.browser


@pytest.fixture
def inspector(shell_office: Office, page: Page) -> Page:
    shell_office.log_in(page, shell_office.people(Role.INSPECTOR))
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_frame_is_accessible_in_both_languages_and_themes(
    shell_office: Office, inspector: Page, language: str, theme: str
) -> None:
    inspector.context.add_cookies([{"name": "theme", "value": theme, "url": shell_office.url}])
    shell_office.log_in(inspector, shell_office.people(Role.INSPECTOR, language=language))
    for name in ("", "queue", "parts", "things", "nowhere"):
        answer = inspector.goto(f"{shell_office.url}/{name}")
        assert answer is not None
        assert answer.status == (404 if name == "nowhere" else 200)
        expect(inspector.locator("html")).to_have_attribute("lang", language)
        expect(inspector.locator("html")).to_have_attribute("data-bs-theme", theme)
        assert axe(inspector) == [], name
        shot(inspector, f"shell-{name or 'today'}-{language}-{theme}")


def test_no_page_scrolls_sideways_at_any_size_or_at_200_percent(
    shell_office: Office, inspector: Page
) -> None:
    for width, height in ((1366, 768), (683, 384), (390, 844), (320, 640)):
        inspector.set_viewport_size({"width": width, "height": height})
        for name in ("", "queue", "parts", "things", "nowhere"):
            inspector.goto(f"{shell_office.url}/{name}")
            assert overflow(inspector) == 0, (name, width)


def test_the_rail_opens_on_a_telephone_and_closes_again(
    shell_office: Office, inspector: Page
) -> None:
    inspector.set_viewport_size({"width": 390, "height": 844})
    inspector.goto(shell_office.url + "/queue")
    rail = inspector.get_by_role("navigation", name="Trình đơn chính")
    expect(rail).to_be_hidden()
    assert axe(inspector) == []
    inspector.locator(".topbar-menu").click()
    expect(rail).to_be_visible()
    assert axe(inspector) == []
    shot(inspector, "shell-rail", full=False)
    inspector.keyboard.press("Escape")
    expect(rail).to_be_hidden()


def test_the_first_tab_leads_to_the_content(shell_office: Office, inspector: Page) -> None:
    inspector.goto(shell_office.url + "/queue")
    inspector.keyboard.press("Tab")
    expect(inspector.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    inspector.keyboard.press("Enter")
    expect(inspector.locator("#content")).to_be_focused()


def test_a_menu_opens_one_at_a_time_and_escape_gives_the_focus_back(
    shell_office: Office, inspector: Page
) -> None:
    inspector.goto(shell_office.url + "/queue")
    mine, cancel = inspector.locator(".topbar details"), inspector.locator("details.act-reason")
    mine.locator("summary").click()
    expect(mine.get_by_role("button", name="Tối")).to_be_visible()
    shot(inspector, "shell-menu", full=False)
    cancel.locator("summary").click()
    expect(mine).not_to_have_attribute("open", "")
    expect(cancel.get_by_label("Lý do")).to_be_focused()
    inspector.keyboard.press("Escape")
    expect(cancel.locator("summary")).to_be_focused()


def test_language_and_theme_change_in_place(shell_office: Office, inspector: Page) -> None:
    inspector.goto(shell_office.url + "/queue?risk=high")
    inspector.get_by_role("button", name="English").click()
    expect(inspector.get_by_role("heading", level=1)).to_have_text("Queue")
    expect(inspector).to_have_url(shell_office.url + "/queue?risk=high")
    inspector.locator(".topbar details summary").click()
    inspector.get_by_role("button", name="Dark").click()
    expect(inspector.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_what_is_not_chosen_follows_the_computer(shell_office: Office, inspector: Page) -> None:
    inspector.emulate_media(color_scheme="dark")
    inspector.goto(shell_office.url)
    expect(inspector.locator("html")).to_have_attribute("data-bs-theme", "dark")
    inspector.emulate_media(color_scheme="light")
    expect(inspector.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_a_form_saves_and_the_toast_takes_it_back(shell_office: Office, inspector: Page) -> None:
    inspector.goto(shell_office.url + "/things")
    inspector.get_by_label("Tên").fill("Bài đăng")
    inspector.get_by_role("button", name="Lưu").click()
    toast = inspector.locator("[data-toast]")
    expect(toast).to_be_visible()
    shot(inspector, "shell-toast", full=False)
    inspector.keyboard.press("u")
    expect(inspector.locator("[data-toast]")).to_contain_text("taken back")


def test_every_form_works_without_javascript(shell_office: Office, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    shell_office.log_in(context, shell_office.people(Role.INSPECTOR))
    page.goto(shell_office.url + "/things")
    page.get_by_label("Tên").fill("Không kịch bản")
    page.get_by_role("button", name="Lưu").click()
    expect(page).to_have_url(shell_office.url + "/queue")
    page.locator("details.act-reason summary").click()
    page.get_by_label("Lý do").fill("Nhập nhầm")
    page.get_by_label("Gõ HUY để xác nhận").fill("HUY")
    page.get_by_role("button", name="Hủy", exact=True).click()
    expect(page.get_by_text("taken back")).to_be_visible()
    context.close()


def test_the_chart_is_drawn_and_stands_as_a_table_too(
    shell_office: Office, inspector: Page
) -> None:
    inspector.goto(shell_office.url + "/parts")
    expect(inspector.locator("[data-chart] canvas")).to_be_visible()
    inspector.get_by_text("Xem dạng bảng").click()
    expect(inspector.get_by_role("cell", name="T2")).to_be_visible()


def test_the_graph_is_drawn_within_the_policy(shell_office: Office, inspector: Page) -> None:
    inspector.goto(shell_office.url + "/parts")
    inspector.wait_for_function("() => document.querySelector('[data-graph]').rasoatGraph")
    count = "() => document.querySelector('[data-graph]').rasoatGraph.elements().length"
    assert inspector.evaluate(count) == 3


def test_paper_shows_the_content_alone(shell_office: Office, inspector: Page) -> None:
    inspector.goto(shell_office.url + "/queue")
    inspector.emulate_media(media="print")
    expect(inspector.locator(".rail")).to_be_hidden()
    expect(inspector.locator(".topbar")).to_be_hidden()
    expect(inspector.get_by_role("link", name="Bài đăng thử số 1")).to_be_visible()
    shot(inspector, "shell-print")


def test_an_error_of_htmx_lands_in_the_place_for_messages(
    shell_office: Office, inspector: Page
) -> None:
    inspector.goto(shell_office.url + "/queue")
    inspector.evaluate("() => htmx.ajax('GET', '/fails/needs', { target: '.table-wrap' })")
    expect(inspector.locator("#messages")).to_contain_text("Thiếu thông tin cần có cho bước này.")
    expect(inspector.get_by_role("link", name="Bài đăng thử số 1")).to_be_visible()


def test_the_whole_office_opens(office: Office, page: Page) -> None:
    page.goto(office.url)
    assert "/login" in page.url
    assert axe(page) == []
    shot(page, "shell-office-login")
    office.log_in(page, office.people(Role.ADMINISTRATOR, Role.INSPECTOR))
    page.goto(office.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hôm nay")
    assert axe(page) == []
    shot(page, "shell-office-today")
