"""A case in a real browser: opened from a post, worked on, closed; a victim is never shown by accident."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.cases.models import Subject
from foundation.people import Role
from search.models import PostRow, WorkState
from tests.browser.looks import axe, shot
from tests.browser.running import Office
from tests.support.posts import Posts

pytestmark = pytest.mark.browser


@pytest.fixture
def posts(office: Office) -> Posts:
    return Posts(office.wiring.database, office.wiring.clock)


def test_a_case_is_opened_from_a_post_and_led_to_its_end(
    office: Office, page: Page, posts: Posts
) -> None:
    author = {"author_name": "Hội Việc Làm Biên Giới", "groups": ["offer", "destination"]}
    post = posts(
        contacts=[("phone", "+84900000123")], level="high", score=74, state=WorkState.KEPT, **author
    )
    other = posts(
        "Cần người đi K, bao xe, 0900 000 123", contacts=[("phone", "+84900000123")], **author
    )
    inspector = office.people(Role.INSPECTOR)
    office.log_in(page, inspector)
    page.goto(f"{office.url}/cases/new?post={post.id}")
    expect(page.locator("#title")).to_have_value(re.compile("^Hứa hẹn, điểm đến: Tuyển gấp"))
    assert axe(page) == []
    shot(page, "case-new")
    page.fill(
        "#summary", "Nhóm đăng tin tuyển người sang Campuchia.\nDùng chung một số điện thoại."
    )
    page.get_by_role("button", name="Mở vụ việc").click()
    expect(page.locator("h1")).to_contain_text("VV-2026-0001")

    # A second post with the same telephone number is offered to the open case.
    page.goto(f"{office.url}/cases/new?post={other.id}")
    page.get_by_role("button", name="Thêm vào vụ việc này").click()
    expect(page.locator("#posts .count")).to_have_text("2")

    page.locator("#subjects summary", has_text="Thêm đối tượng").click()
    page.select_option("#subject-role", "victim")
    page.fill("#subject-name", "Nguyễn Thị Thử Nghiệm")
    page.fill("#subject-phone", "0900 000 145")
    page.locator("#subjects").get_by_role("button", name="Thêm", exact=True).click()
    expect(page.locator(".subject-victim")).to_contain_text("N***** T** T** N*****")
    assert "Thử Nghiệm" not in page.content()

    page.locator("#tasks summary", has_text="Thêm nhiệm vụ").click()
    page.fill("#task-title", "Gọi công an xã xác minh")
    page.fill("#task-due", "2026-11-23T11:00")
    page.locator("#tasks").get_by_role("button", name="Thêm", exact=True).click()
    expect(page.locator(".case-head")).to_contain_text("còn 2 giờ")
    assert axe(page) == []
    shot(page, "case")
    page.locator("#tasks").get_by_role("button", name="Xong").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#tasks .task")).not_to_have_class(re.compile("is-done"))

    page.locator("summary", has_text="Kết thúc vụ việc").click()
    page.locator("textarea[name=reason]:visible").fill("Đã chuyển công an")
    page.get_by_role("button", name="Kết thúc vụ việc", exact=True).click()
    expect(page.locator(".case-head")).to_contain_text("Đã kết thúc")
    with office.wiring.database.reading() as session:
        assert session.get_one(PostRow, post.id).state == WorkState.CLOSED
    page.goto(f"{office.url}/cases?state=closed")
    assert axe(page) == []
    shot(page, "cases")


def test_a_victim_is_unmasked_with_a_reason_for_one_answer(
    office: Office, page: Page, posts: Posts
) -> None:
    office.log_in(page, office.people(Role.INSPECTOR))
    page.goto(f"{office.url}/cases/new?post={posts().id}")
    page.get_by_role("button", name="Mở vụ việc").click()
    page.locator("#subjects summary", has_text="Thêm đối tượng").click()
    page.select_option("#subject-role", "victim")
    page.fill("#subject-name", "Trần Thị Mẫu")
    page.locator("#subjects").get_by_role("button", name="Thêm", exact=True).click()
    page.locator(".subject-victim summary", has_text="Xem").click()
    page.locator(".subject-victim textarea").fill("Gọi lại cho gia đình")
    page.locator(".subject-victim").get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("main dl")).to_contain_text("Trần Thị Mẫu")
    page.get_by_role("link", name="Về vụ việc").click()
    expect(page.locator(".subject-victim")).to_contain_text("T*** T** M**")
    with office.wiring.database.reading() as session:
        assert session.query(Subject).one().name == "Trần Thị Mẫu"
