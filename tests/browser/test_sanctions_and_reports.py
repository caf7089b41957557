"""Sanctions, reports and the law in Chromium: one file from facts to payment, one figure in an issued report."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation.clock import MovableClock
from foundation.people import User
from foundation.settings import Settings
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office, serving
from tests.webui.sanction_office import SanctionOffice, open_sanction_office

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(
    tmp_path: Path, clock: MovableClock, assets: None
) -> Iterator[tuple[SanctionOffice, Office]]:
    made = open_sanction_office(
        Settings(data_dir=tmp_path / "office", agency_place="Bắc Sơn"), None, clock
    )
    made.app.config["WTF_CSRF_ENABLED"] = True
    with serving(made.app) as url:
        yield made, Office(made.app, made.wiring, made.people, url)
    made.wiring.close()


def sits_down(page: Page, office: Office, who: User) -> None:
    with office.wiring.database.writing() as session:
        session.get_one(User, who.id).language = "vi"
    office.log_in(page, who)


def looked_at(page: Page, name: str) -> None:
    """Pictures in both sizes, nothing for axe to say, no sideways scrolling."""
    shot(page, name)
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_fine_from_its_facts_to_a_figure_in_an_issued_report(
    page: Page, desk: tuple[SanctionOffice, Office]
) -> None:
    made, office = desk
    made.desk._post = made.desk.posts().id
    case, suspect = made.desk.case()
    sits_down(page, office, made.inspector)
    page.goto(f"{office.url}/sanctions/new?case={case.id}&subject={suspect.id}")
    page.get_by_label("Hành vi", exact=True).select_option("promote_trafficking")
    page.get_by_label("Mô tả hành vi").fill("Đăng bài cổ súy đưa người ra nước ngoài trái phép")
    page.get_by_label("Ngày kết thúc hành vi").fill("2026-11-19")
    page.get_by_label("Ngày phát hiện").fill("2026-11-20")
    page.get_by_role("button", name="Tìm điều khoản").click()
    page.get_by_label(re.compile("điểm b khoản 1 Điều 95")).check()
    page.get_by_label("Vì sao áp dụng").fill("Thuộc lĩnh vực thông tin trên mạng")
    looked_at(page, "sanction-facts")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("XP-2026-0001")
    page.get_by_role("button", name="Lập biên bản").click()
    page.get_by_role("button", name="Ghi nhận").click()
    page.get_by_role("button", name="Đề xuất", exact=True).click()
    expect(page.locator(".sanction-head")).to_contain_text("Chờ quyết định")
    where = page.url

    sits_down(page, office, made.director)
    page.goto(where)
    expect(page.locator("#step-decision")).to_contain_text("không có nội dung nào ngăn bạn ký")
    looked_at(page, "sanction-to-sign")
    page.get_by_role("button", name="Ký quyết định").click()
    expect(page.locator("#step-decision")).to_contain_text("Mẫu MQĐ02, số 01")

    sits_down(page, office, made.inspector)
    page.goto(where)
    page.get_by_label("Cách giao và chứng từ").fill("Giao trực tiếp, có ký nhận")
    page.locator("#step-service").get_by_role("button", name="Ghi nhận").click()
    page.get_by_label("Số biên lai").fill("BL-000123")
    page.get_by_role("button", name="Ghi nhận nộp phạt").click()
    expect(page.locator(".sanction-head")).to_contain_text("Đã nộp phạt")
    looked_at(page, "sanction-paid")
    page.goto(f"{office.url}/sanctions")
    expect(page.get_by_role("row").nth(1)).to_contain_text("12.500.000 đồng")
    looked_at(page, "sanctions")

    sits_down(page, office, made.writer)
    page.goto(f"{office.url}/reports/new")
    looked_at(page, "report-new")
    page.get_by_role("button", name="Bắt đầu lập báo cáo").click()
    page.get_by_label("Khó khăn, vướng mắc").fill("Nền tảng xuyên biên giới phản hồi chậm")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#toasts")).not_to_be_empty()
    looked_at(page, "report-draft")
    page.get_by_role("button", name="Trình ban hành").click()
    expect(page.get_by_role("button", name="Trình ban hành")).to_have_count(0)
    report = page.url

    sits_down(page, office, made.director)
    page.goto(report)
    page.get_by_role("button", name="Ban hành", exact=True).click()
    expect(page.locator(".sanction-head")).to_contain_text("Đã ban hành")
    page.get_by_role("link", name="12,5 triệu đồng").first.click()
    expect(page.get_by_role("link", name=re.compile("XP-2026-0001"))).to_be_visible()
    looked_at(page, "report-figure")
    page.goto(report)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về (.docx)").click()
    assert download.value.suggested_filename == "BC-2026-0001.docx"
    looked_at(page, "report-issued")
    page.emulate_media(media="print")
    shot(page, "report-issued-print")
    page.emulate_media(media="screen")
    page.goto(f"{office.url}/reports")
    looked_at(page, "reports")


def test_crime_signs_stop_the_page(page: Page, desk: tuple[SanctionOffice, Office]) -> None:
    made, office = desk
    sanction_id = made.desk.proposed()
    sits_down(page, office, made.director)
    page.goto(f"{office.url}/sanctions/{sanction_id}")
    page.locator("summary", has_text="Phát hiện dấu hiệu tội phạm").click()
    page.locator("textarea[id$=-crime]").fill("Có dấu hiệu tội mua bán người")
    page.get_by_role("button", name="Phát hiện dấu hiệu tội phạm").click()
    expect(page.get_by_text("Có dấu hiệu tội phạm: hồ sơ tạm dừng")).to_be_visible()
    expect(page.get_by_role("button", name="Ký quyết định")).to_have_count(0)
    looked_at(page, "sanction-crime")


def test_the_law_is_searched_in_the_page(page: Page, desk: tuple[SanctionOffice, Office]) -> None:
    made, office = desk
    sits_down(page, office, made.writer)
    page.goto(f"{office.url}/law")
    looked_at(page, "law")
    page.get_by_label(re.compile("Từ khóa")).fill("cham nop")
    page.get_by_label(re.compile("Từ khóa")).press("Enter")
    expect(page.locator("tr#late_interest")).to_contain_text("0,05%")
