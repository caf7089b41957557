"""A takedown walked in Chromium: drafted, approved by a second person, sent, seen gone twice; both sizes."""

import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casework.takedowns import duties
from foundation.clock import MovableClock
from foundation.people import Role, User
from search.post import Availability
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office
from tests.casework.takedown_office import Desk
from tests.support.posts import Posts

pytestmark = pytest.mark.browser
TEXT = (
    "Tuyển gấp 10 bạn nam nữ sang Campuchia làm việc nhẹ lương cao, bao ăn ở, bao vé xe. "
    "Ai đi ngay tối thứ Sáu thì nhắn Zalo 0900 000 123. <script>window.hacked=1</script>"
)


def picture(shade: int) -> bytes:
    """A real PNG of one grey, 240 by 120."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\x00" + bytes([shade]) * 240 for _ in range(120))
    head = struct.pack(">IIBBBBB", 240, 120, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def desk(office: Office, clock: MovableClock) -> Desk:
    wiring = office.wiring
    return Desk.open(wiring.database, clock, office.people, wiring.files, wiring.settings)  # type: ignore[arg-type]


@pytest.fixture
def posts(office: Office, clock: MovableClock) -> Posts:
    return Posts(office.wiring.database, clock)


@pytest.fixture
def staff(office: Office) -> dict[Role, User]:
    return {role: office.people(role) for role in (Role.INSPECTOR, Role.APPROVER, Role.POLICE)}


def look(page: Page, name: str) -> None:
    """Accessible, no sideways scrolling in either size, and a picture to look at."""
    assert axe(page) == [], name
    shot(page, f"takedowns-{name}")
    for width in (390, 1366):
        page.set_viewport_size({"width": width, "height": 844 if width == 390 else 768})
        assert overflow(page) == 0, (name, width)


def attest(page: Page, file: Path, availability: str) -> None:
    part = page.locator(".takedown-item", has_text="Xác nhận tình trạng").first
    if not part.locator("textarea[name=seen]").is_visible():
        part.get_by_text("Xác nhận tình trạng").click()
    part.locator("select[name=availability]").select_option(availability)
    part.locator("textarea[name=seen]").fill("Mở bằng cửa sổ ẩn danh, ghi nhận như trong ảnh")
    part.locator("input[name=screenshot]").set_input_files(file)
    part.get_by_role("button", name="Xác nhận", exact=True).click()


def test_a_request_is_drafted_signed_sent_and_proven(
    office: Office,
    page: Page,
    desk: Desk,
    posts: Posts,
    staff: dict[Role, User],
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    post = posts(TEXT, author_name="Việc Làm Biên Giới 000")
    case = desk.case(post)
    before, after = tmp_path / "truoc.png", tmp_path / "sau.png"
    before.write_bytes(picture(210))
    after.write_bytes(picture(250))

    office.log_in(page, staff[Role.INSPECTOR])
    page.goto(f"{office.url}/takedowns/new?case={case.id}")
    look(page, "new")
    page.get_by_label("Kênh gửi").select_option("telephone")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GB-2026-0001")
    where = page.url
    expect(page.get_by_text("Đường dẫn 1 chưa có bản chụp trước khi gỡ.")).to_be_visible()
    attest(page, before, Availability.ONLINE)
    expect(page.get_by_text("Đường dẫn 1 chưa có bản chụp trước khi gỡ.")).to_have_count(0)
    look(page, "draft")
    page.get_by_role("button", name="Trình duyệt").click()
    expect(page.get_by_role("button", name="Trình duyệt")).to_have_count(0)

    office.log_in(page, staff[Role.APPROVER])
    page.goto(f"{office.url}/")
    page.get_by_role("link", name="Duyệt GB-2026-0001").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GB-2026-0001")
    look(page, "approver")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.locator(".takedown-head")).to_contain_text("Đã duyệt, chờ gửi")

    office.log_in(page, staff[Role.INSPECTOR])
    page.goto(where)
    page.get_by_label("Số điện thoại đã gọi").fill("0900 000 101")
    page.get_by_label("Người nghe máy").fill("Người trực diễn đàn")
    page.get_by_label("Nội dung trao đổi").fill("Đã yêu cầu gỡ bài theo công văn")
    page.get_by_role("button", name="Ghi nhận đã gửi").first.click()
    expect(page.locator(".takedown-head")).to_contain_text("còn 24 giờ")
    look(page, "sent")

    for _ in range(2):
        clock.move(desk.distance)
        page.goto(where)
        attest(page, after, Availability.REMOVED)
    expect(page.locator(".takedown-head")).to_contain_text("Xong")
    expect(page.locator("#items img:visible")).to_have_count(0)
    page.keyboard.press("v")
    expect(page.locator("#items img:visible")).to_have_count(1)
    page.locator("#items summary", has_text="Xem ảnh").last.click()
    expect(page.locator("#items img:visible")).to_have_count(2)
    look(page, "done")
    assert page.evaluate("() => window.hacked") is None


def test_the_board_shows_clocks_and_holds(
    office: Office,
    page: Page,
    desk: Desk,
    posts: Posts,
    staff: dict[Role, User],
    clock: MovableClock,
) -> None:
    late = desk.sent(posts(TEXT))
    clock.move(desk.distance * 26)
    desk.see(desk.item(late), Availability.ONLINE)
    duties.watch_clocks(desk.database, clock, desk.settings)
    desk.sent(posts(TEXT), posts(TEXT))
    held = desk.approved(posts(TEXT))
    desk.act(held, "hold", desk.police, "Đang theo dõi đường dây")
    post = posts(TEXT)
    desk.draft(desk.case(post), desk.data(post))

    office.log_in(page, staff[Role.INSPECTOR])
    page.goto(f"{office.url}/takedowns")
    expect(page.locator(".ticket.is-overdue")).to_contain_text("quá hạn 2 giờ")
    expect(page.locator(".ticket.is-held")).to_have_count(1)
    look(page, "board")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("GB-2026-")
    page.goto(f"{office.url}/takedowns?view=list")
    look(page, "list")
    page.goto(f"{office.url}/takedowns/{late}")
    expect(page.get_by_text("Hãy gửi đôn đốc.")).to_be_visible()
    look(page, "overdue")
    page.goto(f"{office.url}/takedowns/scorecard")
    look(page, "scorecard")
