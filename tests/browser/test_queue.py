"""The queue by keyboard alone, in Chromium: thirty posts in one go, undo, reasons, hostile text, both sizes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from foundation.clock import MovableClock
from foundation.people import Role, User
from foundation.settings import Settings
from search.models import PostRow, WorkState
from tests.browser.looks import axe, overflow, shot
from tests.browser.running import Office, serving
from tests.support.desk import Desk, open_desk
from tests.support.posts import judgement

pytestmark = pytest.mark.browser
HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=2> \"'><svg onload=window.hacked=3>"
TEXT = (
    "Tuyển gấp 10 bạn nam nữ sang Campuchia làm việc nhẹ lương cao, bao ăn ở, bao vé xe.\n\n"
    "Không cần bằng cấp, ứng trước 20 triệu. Ai đi ngay tối thứ Sáu thì nhắn Zalo 0900 000 123."
)


def spans(text: str, *found: tuple[str, str]) -> list[list[Any]]:
    """Hits of (signal, words) at the place where the words stand."""
    return [
        [name, name, text.index(words), text.index(words) + len(words), words]
        for name, words in found
    ]


def risky(**values: Any) -> dict[str, Any]:
    """Columns of a post that the rules would have flagged high, with overlapping spans."""
    hits = spans(
        TEXT,
        ("offer", "việc nhẹ lương cao"),
        ("wage", "lương cao, bao ăn ở"),
        ("destination", "sang Campuchia"),
        ("no_requirements", "Không cần bằng cấp"),
        ("money_advance", "ứng trước 20 triệu"),
        ("off_platform", "nhắn Zalo 0900 000 123"),
    )
    reasons = [
        [
            "offer",
            "offer",
            30,
            "Hứa việc nhẹ mà lương cao bất thường.",
            "Promises easy work for unusually high pay.",
        ],
        [
            "destination",
            "destination",
            25,
            "Nêu nơi đến ở bên kia biên giới.",
            "Names a place across the border.",
        ],
        [
            "no_requirements",
            "no_requirements",
            15,
            "Không đòi hỏi bằng cấp hay kinh nghiệm.",
            "Asks for neither training nor experience.",
        ],
        ["money_advance", "money_advance", 12, "Cho ứng tiền trước.", "Offers money in advance."],
        [
            "off_platform",
            "off_platform",
            8,
            "Đưa người đọc sang kênh liên hệ kín.",
            "Takes the reader to a private channel.",
        ],
        [
            "address",
            "work_type",
            -6,
            "Có địa chỉ nơi làm việc.",
            "Gives the address of the place of work.",
        ],
    ]
    groups = ["offer", "destination", "no_requirements", "money_advance", "off_platform"]
    return {
        "level": "critical",
        "score": 84,
        "groups": groups,
        "judgement": judgement(
            hits=hits,
            reasons=reasons,
            groups=groups,
            score=84,
            level="critical",
            urgent=["departure"],
        ),
        "contacts": [("zalo", "0900000123"), ("phone", "0900000123")],
        **values,
    }


@pytest.fixture
def desk(tmp_path: Path, clock: MovableClock, assets: None) -> Iterator[tuple[Desk, Office]]:
    made = open_desk(Settings(data_dir=tmp_path / "office", secret_key="k" * 40), None, clock)
    made.app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    with serving(made.app) as url:
        yield made, Office(made.app, made.wiring, made.people, url)
    made.wiring.close()


def sit_down(
    desk: tuple[Desk, Office], page: Page, *, language: str = "vi", role: Role = Role.INSPECTOR
) -> User:
    person = desk[0].people(role, language=language)
    desk[1].log_in(page, person)
    return person


def state_of(desk: tuple[Desk, Office], post: PostRow) -> str:
    return desk[0].posts.load(post.id).state


def open_post(page: Page) -> int:
    """The id of the post in the right pane."""
    return int(page.locator("#post-pane .post").get_attribute("data-post-id") or 0)


def press(page: Page, *keys: str) -> None:
    """Keys one after the other, as a person types them, each answered before the next."""
    for key in keys:
        page.keyboard.press(key)


def decide(page: Page, *keys: str) -> None:
    """Keys of one decision, and waiting until another post is there."""
    before = open_post(page)
    press(page, *keys)
    page.wait_for_function(
        "id => { const post = document.querySelector('#post-pane .post');"
        " return !post || Number(post.dataset.postId) !== id; }",
        arg=before,
    )


def test_thirty_posts_are_decided_by_keyboard_alone_and_the_next_one_is_always_there(
    desk: tuple[Desk, Office], page: Page
) -> None:
    posts = [desk[0].posts(f"Bài số {n}: việc nhẹ lương cao", score=90 - n) for n in range(30)]
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    for n, post in enumerate(posts):
        assert open_post(page) == post.id
        decide(page, *(("f",) if n % 3 == 0 else ("d", str(1 + n % 6))))
    expect(page.locator(".queue-list-pane .empty-state")).to_be_visible()
    expect(page.locator(".seat")).to_contain_text("30 trên 30")
    states = [state_of(desk, post) for post in posts]
    assert states == [WorkState.KEPT if n % 3 == 0 else WorkState.DISMISSED for n in range(30)]


def test_u_takes_back_one_decision_after_the_other(desk: tuple[Desk, Office], page: Page) -> None:
    first, second, third = (desk[0].posts(f"Bài {n}", score=90 - n) for n in range(3))
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    decide(page, "f")
    decide(page, "d", "2")
    assert open_post(page) == third.id
    decide(page, "u")
    assert open_post(page) == second.id
    assert state_of(desk, second) == WorkState.NEW
    decide(page, "u")
    assert open_post(page) == first.id
    assert state_of(desk, first) == WorkState.NEW
    expect(page.locator(".seat")).to_contain_text("0 trên 3")


def test_the_undo_button_of_the_toast_works(desk: tuple[Desk, Office], page: Page) -> None:
    first, _second = desk[0].posts(score=90), desk[0].posts(score=80)
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    decide(page, "f")
    toast = page.locator("#toasts [data-toast]")
    expect(toast).to_have_count(1)
    toast.get_by_role("button", name="Hoàn tác").click()
    page.wait_for_url(f"**/queue?post={first.id}")
    assert state_of(desk, first) == WorkState.NEW


def test_d_then_eight_asks_for_a_note_and_keys_in_it_are_text(
    desk: tuple[Desk, Office], page: Page
) -> None:
    first, second = desk[0].posts(score=90), desk[0].posts(score=80)
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    press(page, "d", "8")
    expect(page.locator(".dismiss-note input[name=note]")).to_be_focused()
    page.keyboard.type("fdjk bai thu")
    assert state_of(desk, first) == WorkState.NEW
    decide(page, "Enter")
    assert open_post(page) == second.id
    assert state_of(desk, first) == WorkState.DISMISSED


def test_j_and_k_walk_the_list_and_the_address_follows(
    desk: tuple[Desk, Office], page: Page
) -> None:
    first, second, third = (desk[0].posts(f"Bài {n}", score=90 - n) for n in range(3))
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    decide(page, "j")
    assert open_post(page) == second.id
    decide(page, "j")
    assert open_post(page) == third.id
    expect(page).to_have_url(re.compile(f"post={third.id}$"))
    decide(page, "k")
    assert open_post(page) == second.id
    decide(page, "f")
    assert open_post(page) == third.id
    assert state_of(desk, first) == WorkState.NEW
    page.reload()
    assert open_post(page) == third.id


def test_a_claims_and_the_claim_walks_on_to_the_next_post(
    desk: tuple[Desk, Office], page: Page
) -> None:
    desk[0].posts(score=90), desk[0].posts(score=80)
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    press(page, "a")
    expect(page.locator(".queue-row.is-current .queue-claim")).to_be_visible()
    decide(page, "f")
    expect(page.locator(".queue-row.is-current .queue-claim")).to_be_visible()


def test_another_persons_claim_is_named_and_blocks_the_keys(
    desk: tuple[Desk, Office], page: Page
) -> None:
    post = desk[0].posts()
    colleague = desk[0].people(Role.POLICE)
    client = desk[0].client(colleague)
    desk[0].app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    assert client.post(f"/queue/{post.id}/claim").status_code == 303
    desk[0].app.config["WTF_CSRF_CHECK_DEFAULT"] = True
    sit_down(desk, page)
    page.goto(f"{desk[1].url}/queue?post={post.id}")
    expect(page.locator(".queue-row .queue-claim")).to_contain_text(colleague.name)
    press(page, "f")
    page.wait_for_timeout(300)
    assert state_of(desk, post) == WorkState.NEW


def test_hostile_text_title_and_author_are_shown_as_text(
    desk: tuple[Desk, Office], page: Page
) -> None:
    hits = [["offer", "offer", 3, 12, HOSTILE[3:12]], ["wage", "wage", 8, 40, HOSTILE[8:40]]]
    reasons = [["offer", "offer", 9, HOSTILE, HOSTILE]]
    post = desk[0].posts(
        HOSTILE,
        title=HOSTILE,
        author_name=HOSTILE,
        author_url="javascript:window.hacked=4",
        url="javascript:window.hacked=5",
        media=[{"url": HOSTILE, "kind": "image", "alt": HOSTILE}],
        contacts=[("link", HOSTILE)],
        judgement=judgement(hits=hits, reasons=reasons),
    )
    desk[0].index()
    sit_down(desk, page)
    for path in ("/queue", f"/posts/{post.id}", "/search?q=script", "/search?q=%22%3E%3Cscript%3E"):
        page.goto(desk[1].url + path)
        assert page.evaluate("() => window.hacked") is None, path
        assert (
            page.locator(
                "#content script, #content img, #content [onload], #content [onerror]"
            ).count()
            == 0
        )
        assert page.locator("a[href^='javascript']").count() == 0
    page.goto(f"{desk[1].url}/queue?post={post.id}")
    expect(page.locator(".post-text")).to_be_visible()
    assert page.locator(".post-text").inner_text() == HOSTILE
    page.locator(".contact-value").click()
    expect(page.locator("h1")).to_contain_text("<script>")


def test_pictures_are_hidden_until_v_and_then_only_their_addresses_are_shown(
    desk: tuple[Desk, Office], page: Page
) -> None:
    desk[0].posts(media=[{"url": "https://anh.example/1.jpg", "kind": "image", "alt": "quảng cáo"}])
    sit_down(desk, page)
    page.goto(desk[1].url + "/queue")
    address = page.locator(".post-pictures .address")
    expect(address).to_be_hidden()
    press(page, "v")
    expect(address).to_be_visible()
    assert page.locator("#post-pane img").count() == 0


def test_on_a_telephone_one_pane_shows_at_a_time(desk: tuple[Desk, Office], page: Page) -> None:
    first, second = desk[0].posts("Bài một", score=90), desk[0].posts("Bài hai", score=80)
    sit_down(desk, page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(desk[1].url + "/queue")
    expect(page.locator(".queue-list")).to_be_visible()
    expect(page.locator("#post-pane")).to_be_hidden()
    page.get_by_text("Bài hai").first.click()
    expect(page.locator("#post-pane")).to_be_visible()
    expect(page.locator(".queue-list")).to_be_hidden()
    page.get_by_role("button", name="Gắn cờ").click()
    page.wait_for_url(f"**/queue?post={first.id}")
    assert state_of(desk, second) == WorkState.KEPT
    page.get_by_role("link", name="Về danh sách").click()
    expect(page.locator(".queue-list")).to_be_visible()


def test_it_works_without_scripts(desk: tuple[Desk, Office], browser: Any) -> None:
    first, second = desk[0].posts("Bài một", score=90), desk[0].posts("Bài hai", score=80)
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        sit_down(desk, page)
        page.goto(desk[1].url + "/queue")
        page.locator("#post-pane button", has_text="Gắn cờ").first.click()
        expect(page.locator("#toasts")).to_contain_text("Đã gắn cờ")
        expect(page).to_have_url(re.compile(f"post={second.id}$"))
        page.locator("summary", has_text="Bỏ qua").first.click()
        page.locator(".dismiss-panel button", has_text="Trùng lặp").first.click()
        expect(page.locator("#toasts")).to_contain_text("Trùng lặp")
        assert state_of(desk, first) == WorkState.KEPT
        assert state_of(desk, second) == WorkState.DISMISSED
    finally:
        context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_accessible_fits_and_is_photographed(
    desk: tuple[Desk, Office], page: Page, language: str
) -> None:
    made = desk[0]
    campaign = made.posts.campaign()
    first = made.posts(
        TEXT,
        **risky(
            urgent=True,
            campaign_id=campaign,
            media=[{"url": "https://anh.example/1.jpg", "kind": "image", "alt": "quảng cáo"}],
        ),
    )
    for _ in range(3):
        made.posts(TEXT, **risky(campaign_id=campaign))
    made.posts(
        "Cảnh giác với chiêu việc nhẹ lương cao", verdict_kind="warning", level="low", score=15
    )
    made.posts("Em bị giữ giấy tờ, xin cứu em", verdict_kind="help", level="high", score=65)
    for n in range(8):
        made.posts(
            f"Tuyển thợ may, lương cao, làm tại nhà, bài thử {n}", level="medium", score=45 + n
        )
    made.index()
    sit_down(desk, page, language=language)
    pages = {
        "queue": f"/queue?post={first.id}",
        "queue-list": "/queue",
        "queue-empty": "/queue?tab=mine",
        "queue-filtered": "/queue?group=offer&q=may",
        "post": f"/posts/{first.id}",
        "contact": "/posts/contacts/zalo/0900000123",
        "search": "/search?q=việc+nhẹ",
        "search-all": "/search",
        "search-nothing": "/search?q=khôngcóđâu+from:nonsense",
    }
    for name, path in pages.items():
        page.goto(desk[1].url + path)
        shot(page, f"{name}-{language}", full=not name.startswith("queue"))
        assert axe(page) == [], name
        for width in (1366, 683, 390):
            page.set_viewport_size({"width": width, "height": 768})
            assert overflow(page) == 0, f"{name} at {width}"
        page.set_viewport_size({"width": 1366, "height": 768})
