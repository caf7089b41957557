"""The page of a campaign in Chromium: in both sizes and languages, and a merge taken apart by mouse and key."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from foundation.clock import MovableClock
from foundation.people import Role
from foundation.settings import Settings
from search import campaigns
from search.campaigns import HUB, signature
from search.models import PostRow, WorkState
from search.preparing import sha256
from search.text import fold
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office, serving
from tests.support.desk import Desk, open_desk

pytestmark = pytest.mark.browser
LURE = (
    "Tuyển gấp 10 bạn nam nữ sang Campuchia làm việc nhẹ lương cao, bao ăn ở, bao vé xe, không cần "
    "bằng cấp, ứng trước 20 triệu, ai đi ngay tối thứ Sáu thì nhắn Zalo 0900 000 123 gặp chị Thử"
)
NEAR = LURE.replace("ngay tối thứ Sáu", "luôn sáng thứ Hai")
CHAT = (
    "Cần 5 bạn gõ văn bản ở khu mới bên Mộc Bài, ngày công 900 nghìn, có xe đón tại bến, không "
    "giữ giấy tờ, ai muốn đi liên hệ số dưới đây trước cuối tháng"
)
PHONE, SHOP = ("phone", "+84900000123"), ("phone", "+84900000999")


@pytest.fixture
def desk(settings: Settings, clock: MovableClock) -> Iterator[tuple[Desk, Office]]:
    made = open_desk(settings, None, clock)
    with serving(made.app) as url:
        yield made, Office(made.app, made.wiring, made.people, url)


def placed(desk: Desk, text: str, **values: object) -> PostRow:
    post = desk.posts(text, text_hash=sha256(fold(text)), **values)
    with desk.wiring.database.writing() as session:
        row = session.get_one(PostRow, post.id)
        campaigns.place(session, row, signature(fold(row.body)), at=desk.wiring.clock.now())
    return desk.posts.load(post.id)


def two_made_one(desk: Desk) -> tuple[int, PostRow]:
    """A campaign with copies, near copies, a shared number, a shop's, and another that became part of it."""
    for n in range(HUB + 1):
        desk.posts(f"Cửa hàng rau sạch, đơn số {n}", contacts=[SHOP])
    first = placed(desk, LURE, level="critical", score=91)
    placed(desk, LURE, level="high", score=71, contacts=[SHOP])
    placed(desk, NEAR, level="high", score=66)
    placed(desk, CHAT, level="medium", score=44)
    placed(desk, CHAT, level="medium", score=44, contacts=[PHONE])
    bridge = placed(desk, NEAR + " nhé", contacts=[PHONE], level="high", score=64)
    campaign = desk.posts.load(first.id).campaign_id
    assert campaign is not None
    assert bridge.campaign_id == campaign
    return campaign, first


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_accessible_fits_and_is_photographed(
    desk: tuple[Desk, Office], page: Page, language: str
) -> None:
    made, office = desk
    campaign, first = two_made_one(made)
    big, empty = made.posts.campaign(), made.posts.campaign()
    for n in range(1000):
        made.posts(f"bài {n} của một chùm rất lớn", campaign_id=big)
    office.log_in(page, made.people(Role.INSPECTOR, language=language))
    with made.wiring.database.writing() as session:
        session.get_one(PostRow, first.id).state = WorkState.KEPT
    for name, path in {
        "campaign": f"/campaigns/{campaign}",
        "campaign-big": f"/campaigns/{big}?page=3",
        "campaign-empty": f"/campaigns/{empty}",
    }.items():
        page.goto(office.url + path)
        shot(page, f"{name}-{language}", full=name != "campaign-big")
        assert axe(page) == [], name
        for width in (1366, 683, 390):
            page.set_viewport_size({"width": width, "height": 768})
            assert overflow(page) == 0, f"{name} at {width}"
        page.set_viewport_size({"width": 1366, "height": 768})


def test_a_merge_is_taken_apart_and_put_together_again(
    desk: tuple[Desk, Office], page: Page
) -> None:
    made, office = desk
    campaign, _ = two_made_one(made)
    office.log_in(page, made.people(Role.INSPECTOR, language="vi"))
    page.goto(f"{office.url}/campaigns/{campaign}")
    page.locator("#merges summary").click()
    page.locator("#merges textarea").fill("Hai nhóm khác nhau")
    page.locator("#merges .reason-panel .btn-primary").click()
    expect(page.locator("h1")).not_to_have_text(re.compile(rf"Chùm bài {campaign}$"))
    expect(page.locator("#splits")).to_contain_text("Hai nhóm khác nhau")
    page.locator("#splits button").click()
    expect(page.locator("h1")).to_have_text(re.compile(rf"Chùm bài {campaign}$"))
    expect(page.locator("#merges")).to_contain_text("Cán bộ đã gộp lại hai chùm")


def test_one_key_decides_about_a_late_member_as_about_the_others(
    desk: tuple[Desk, Office], page: Page
) -> None:
    from datetime import timedelta

    from casework.triage import service

    made, office = desk
    first = placed(made, LURE)
    with made.wiring.database.writing() as session:
        who = made.people.actor(Role.POLICE)
        service.dismiss(
            session, who, first.id, "old", timedelta(days=90), at=made.wiring.clock.now()
        )
    late = placed(made, NEAR)
    office.log_in(page, made.people(Role.INSPECTOR, language="vi"))
    page.goto(f"{office.url}/queue?post={late.id}")
    expect(page.locator(".earlier-decision")).to_contain_text("đã có 1 bài bị bỏ qua")
    shot(page, "queue-joined-vi", full=False)
    assert axe(page) == []
    page.goto(f"{office.url}/queue?post={late.id}")  # without what axe left in the page
    page.keyboard.press("y")
    expect(page.locator("#toasts")).to_contain_text("Đã bỏ qua")
    assert made.posts.load(late.id).state == WorkState.DISMISSED
