"""The rules page in a real browser: a text is judged while it is typed."""

import pytest
from playwright.sync_api import Page, expect

from foundation.people import Role
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office
from tests.search.test_lab_rules import HIT
from tests.search.test_pack import SOUND
from tests.support.posts import Posts

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


def test_a_draft_is_written_tested_and_let_go_live_by_two_persons(
    office: Office, page: Page
) -> None:
    known = sorted(office.wiring.catalogue.basis_ids())
    basis = "nd174-2026.95.1.b"
    text = SOUND if basis in known else SOUND.replace(basis, known[0])
    Posts(office.wiring.database, office.wiring.clock)(HIT, state="kept")
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(f"{office.url}/rules")
    page.keyboard.press("n")
    page.fill("#pack", "sample")
    page.get_by_role("button", name="Bắt đầu bộ mới").click()
    expect(page.locator("h1")).to_contain_text("sample")
    assert axe(page) == []
    page.get_by_role("link", name="Văn bản YAML").click()
    page.fill("#text", text.replace("weight: 30", "weight: heavy"))
    page.locator("#editor").get_by_role("button", name="Lưu").click()
    expect(page.locator(".alert-warning")).to_contain_text("heavy không thuộc kiểu integer")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-draft-faults")
    page.get_by_role("link", name="Văn bản YAML").click()
    page.fill("#text", text)
    page.locator("#editor").get_by_role("button", name="Lưu").click()
    expect(page.locator(".alert-success")).to_contain_text("Văn bản hoàn chỉnh")
    page.fill("#try", HIT)
    expect(page.locator("#tried mark").first).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="Biểu mẫu").click()
    page.locator(".rule-form-row summary", has_text="there").click()
    expect(page.get_by_label("Cụm từ, mỗi dòng một cụm").nth(0)).to_be_visible()
    page.get_by_label("Điểm (dấu hiệu phản bác là số âm)").nth(0).fill("32")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-draft-form")
    page.locator("#editor").get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#diff")).to_contain_text("weight: 32")
    page.locator("#backtest").get_by_role("button", name="Thử").click()
    run = page.locator(".lab-run")
    expect(run).to_contain_text("Xong", timeout=30_000)
    expect(run).to_contain_text("Mới bị gắn cờ: 1")
    run.locator(".lab-examples summary").click()
    expect(run).to_contain_text("đi xứ lạ")
    page.get_by_text("Đề nghị áp dụng…").click()
    page.locator(".reason-panel textarea").first.fill("Nơi đến mới xuất hiện trong ba bài tuần này")
    page.locator(".reason-panel button", has_text="Đề nghị áp dụng").first.click()
    expect(page.locator(".rule-row-acts").first).to_contain_text("chờ người thứ hai")
    address = page.url
    page.context.clear_cookies()
    office.log_in(page, office.people(Role.ADMINISTRATOR))
    page.goto(address)
    page.locator(".lab-examples summary").click()
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-proposed")
    page.get_by_role("button", name="Duyệt áp dụng").click()
    expect(page.locator(".rule-row-acts").first).to_contain_text("Đang áp dụng")
    assert office.wiring.matcher.match(HIT) is not None


def test_history_differences_import_and_judging_again(office: Office, page: Page) -> None:
    Posts(office.wiring.database, office.wiring.clock)(HIT, verdict_kind="other", level="low")
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(f"{office.url}/rules/organ")
    page.get_by_role("button", name="Sửa trong bản soạn").click()
    page.get_by_role("link", name="Văn bản YAML").click()
    box = page.locator("#text")
    box.fill(box.input_value().replace("owner: ", "owner: Tổ ", 1))
    page.locator("#editor").get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Lịch sử").click()
    page.locator("summary", has_text="lần lưu").click()
    assert axe(page) == []
    shot(page, "rules-history")
    page.get_by_role("link", name="đã sửa gì").first.click()
    expect(page.locator(".diff-added")).to_contain_text("Tổ")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-diff")
    page.goto(f"{office.url}/rules/import")
    page.set_input_files(
        "#files", [{"name": "x.yaml", "mimeType": "text/yaml", "buffer": b"pack: x\n"}]
    )
    page.get_by_role("button", name="Nhập", exact=True).click()
    expect(page.locator(".alert-danger")).to_contain_text("thiếu")
    assert axe(page) == []
    shot(page, "rules-import")
    page.goto(f"{office.url}/rules")
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-index")
    page.context.clear_cookies()
    office.log_in(page, office.people(Role.APPROVER))
    page.goto(f"{office.url}/rules/rejudge")
    page.get_by_role("button", name="Đếm xem thay đổi bao nhiêu").click()
    expect(page.locator(".lab-run")).to_contain_text("bài sẽ thay đổi", timeout=30_000)
    page.reload()
    assert axe(page) == []
    assert overflow(page) == 0
    shot(page, "rules-rejudge")
    page.set_viewport_size({"width": 390, "height": 844})
    for where in ("/rules", "/rules/organ", "/rules/organ/revisions/1", "/rules/organ/history"):
        page.goto(office.url + where)
        assert overflow(page) == 0, where
