"""Evidence in a real browser: a case captured by one act, and the page that shows what a capture holds."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from casework.cases.service import open_case
from casework.evidence.brought import read_pictures
from casework.evidence.service import take_captures
from crawler.browser import REMEDY, find_browser
from crawler.wishes import serve_wishes
from foundation.people import Role
from search.pictures.store import judge_texts, note_text
from tests.browser.looks import axe, shot
from tests.browser.running import Office
from tests.crawler.sites import Site, serving
from tests.crawler.sites import page as page_of
from tests.crawler.test_guard import LOOPBACK
from tests.support.posts import LURE, Posts

pytestmark = pytest.mark.browser


def flyer(words: str) -> bytes:
    drawn = Image.linear_gradient("L").resize((640, 420)).convert("RGB")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((40, 60, 420, 200), fill=(180, 30, 30))
    pen.ellipse((380, 160, 620, 400), fill=(240, 200, 40))
    pen.text((60, 120), words, fill="white")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


BANNER = "<div style='position:fixed;bottom:0'>Trang này dùng cookie. <button>Chấp nhận tất cả</button></div>"


@pytest.fixture
def site() -> Iterator[Site]:
    body = (
        "<html lang=vi><title>Việc làm biên giới</title><h1>Việc nhẹ lương cao</h1>"
        f"<p>{LURE}</p><img src=/to-roi.png width=640 height=420>"
        + "".join(f"<p>{LURE} ({number})</p>" for number in range(160))
        + "<img src=/mat.png><script>alert('chào'); new WebSocket('ws://' + location.host)</script>"
    )
    pages = {
        "/bai/1": page_of(body + BANNER),
        "/bai/2": page_of("<p>Đăng nhập để xem</p><form><input type=password></form>"),
        "/bai/3": page_of(
            "<p>Cần thêm người, xem ảnh</p><img src=/to-roi.png width=640 height=420>"
        ),
        "/to-roi.png": page_of(flyer("VIEC NHE"), content_type="image/png"),
    }
    with serving(pages) as opened:
        yield opened


def crawl(office: Office) -> None:
    wiring = office.wiring
    settings = replace(wiring.settings, private_networks=(LOOPBACK,))
    serve_wishes(wiring.database, wiring.files, wiring.clock, settings)
    take_captures(wiring.database, wiring.clock)
    read_pictures(wiring.database, wiring.files, wiring.clock)
    judge_texts(wiring.database, wiring.clock, lambda: wiring.matcher)


def test_a_case_is_captured_by_one_act_and_each_capture_shows_what_it_holds(
    office: Office, page: Page, site: Site, tmp_path: Path
) -> None:
    if find_browser(office.wiring.settings) is None:
        pytest.skip(REMEDY)
    posts = Posts(office.wiring.database, office.wiring.clock)
    first = posts(url=f"{site.address}/bai/1")
    walled = posts("Tuyển người đi làm xa, nhà ở miễn phí", url=f"{site.address}/bai/2")
    alike = posts("Cần thêm người, xem ảnh", url=f"{site.address}/bai/3")
    inspector = office.people(Role.INSPECTOR)
    with office.wiring.database.writing() as session:
        ids = [first.id, walled.id, alike.id]
        actor, at = inspector.actor(), office.wiring.clock.now()
        case = open_case(session, actor, "Nhóm tuyển người sang biên giới", ids, at=at)
        text = f"{LURE}\nBao ăn ở, không cần bằng cấp"
        note_text(session, first.id, text, at=at, origin="capture")
    office.log_in(page, inspector)
    page.goto(f"{office.url}/cases/{case.id}")
    page.locator("#evidence").get_by_role("button", name="Chụp tất cả địa chỉ").click()
    expect(page.locator("h1")).to_contain_text("Chụp các địa chỉ của vụ việc")
    expect(page.locator("#case-captures")).to_contain_text("Chờ")
    crawl(office)
    expect(page.locator("#case-captures")).to_contain_text(re.compile(r"3 / 3|3 trên 3|3/3|3 of 3"))
    expect(page.get_by_role("link", name=re.compile(r"^Chứng cứ \d"))).to_have_count(3)
    assert axe(page) == []
    shot(page, "evidence-case-captures")

    page.get_by_role("link", name="Chứng cứ 2").click()
    expect(page.locator(".notice")).to_contain_text("Trang yêu cầu đăng nhập")
    shot(page, "evidence-wall")
    page.go_back()
    page.get_by_role("link", name="Chứng cứ 1").click()
    main = page.locator("main")
    for words in (
        "Chấp nhận tất cả",
        "hộp thông báo (1), kết nối web socket (1)",
        "không mã hóa (http thường)",
        "Kho lưu trữ web (WACZ)",
        inspector.name,
    ):
        expect(main).to_contain_text(words)
    page.keyboard.press("v")
    expect(page.locator(".evidence-picture img").first).to_be_visible()
    pictures = page.locator(".evidence-picture").count()
    assert pictures >= 3, "two pictures of the long page, and the flyer"
    expect(page.locator(".evidence-picture figcaption").last).to_contain_text("/to-roi.png")
    assert axe(page) == []
    shot(page, "evidence")
    with page.expect_download() as taken:
        row = page.locator("tr", has_text="Kho lưu trữ web (WACZ)")
        row.get_by_role("button", name="Tải xuống").click()
    assert taken.value.suggested_filename.endswith("-wacz.wacz")

    page.goto(f"{office.url}/cases/{case.id}")
    page.locator(f'form[action$="capture?post={first.id}"] button').click()
    expect(page.locator("main")).to_contain_text("Chờ")
    crawl(office)
    page.goto(f"{office.url}/evidence/cases/{case.id}/captures")
    expect(page.locator("#case-captures")).to_contain_text("không đổi từ")
    page.goto(f"{office.url}/evidence/1")
    expect(main).to_contain_text("Đã nhìn thấy thêm 1 lần, không đổi")
    expect(page.locator(".timeline-list")).to_contain_text("Nhìn thấy, không đổi")

    page.goto(f"{office.url}/posts/{first.id}")
    expect(main).to_contain_text("Ảnh này có trong 1 bài khác:")
    expect(main).to_contain_text("Đọc từ ảnh")
    assert axe(page) == []
    shot(page, "post-pictures")

    page.goto(f"{office.url}/cases/{case.id}")
    page.locator("summary", has_text="Nộp tệp").click()
    files = [tmp_path / "man-hinh.png", tmp_path / "don.pdf"]
    files[0].write_bytes(flyer("CHUP MAN HINH"))
    files[1].write_bytes(b"%PDF-1.7 don")
    page.set_input_files("#bring-file", files)
    page.select_option("#bring-bringer", "citizen")
    page.fill("#bring-seen", "2026-11-20T19:30")
    page.fill("#bring-note", "Người dân gửi qua đường dây nóng")
    shot(page, "evidence-bring")
    page.get_by_role("button", name="Lưu làm chứng cứ").click()
    expect(page.locator("#toasts")).not_to_be_empty()
    page.goto(f"{office.url}/evidence/4")
    expect(main).to_contain_text("do người dân cung cấp")
    expect(main).to_contain_text("20/11/2026")
    expect(main).to_contain_text("don.pdf")
    assert axe(page) == []
    shot(page, "evidence-brought")
