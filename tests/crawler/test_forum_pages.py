"""Forums by selectors: presets, login forms beside posts, sessions in addresses, times of today."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.pipeline import Pipeline
from crawler.sources import KINDS
from crawler.sources.addresses import canonical
from crawler.sources.html_list import KIND
from crawler.sources.html_list.forum_presets import FORUMS
from crawler.sources.times import parse_time, with_day
from tests.crawler.pages import BASE, NOW, answer, plan
from tests.crawler.sources import golden

OFFICE = ZoneInfo("Asia/Ho_Chi_Minh")
LOGIN = '<form><input name=u><input type="password"></form><p>Bạn cần phải đăng nhập để xem.</p>'
THREAD = {"list_item": "div.row", "list_link": "a", "mode": "detail", "detail_item": "div.post"}


@pytest.mark.parametrize("preset", FORUMS, ids=lambda preset: preset.name)
def test_a_preset_of_a_program_whose_forums_nobody_saw_says_so(preset: object) -> None:
    assert preset.seen is False  # type: ignore[attr-defined]
    assert "seen" not in KINDS["html_list"].form.read({"preset": preset.name})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("case", "posts", "replies", "onward"),
    [
        ("xenforo_thread", 2, 1, 1),
        ("vbulletin_thread", 2, 1, 0),
        ("vbulletin3_thread", 2, 1, 1),
        ("phpbb_topic", 2, 1, 1),
        ("flarum_discussion", 2, 1, 1),
    ],
)
def test_what_answers_a_thread_leads_to_its_first_post(
    case: str, posts: int, replies: int, onward: int
) -> None:
    found = golden.result("html_list", case)
    first, *others = found["posts"]
    assert len(found["posts"]) == posts
    assert [post["reply_to"] for post in others] == [first["url"]] * replies
    assert first["title"]
    assert "reply_to" not in first
    assert len(found["follow"]) == onward
    assert all("sid=" not in one["url"] and "&s=" not in one["url"] for one in found["follow"])


def read(body: str, step: str = "detail", **given: object) -> list[str]:
    page = answer(body, step=step, **given)  # type: ignore[arg-type]
    result = Pipeline(KIND, plan("html_list", {**THREAD, "detail_text": "p"}), []).read(page)
    return [*(post.text for post in result.posts), *(one.reason for one in result.problems)]


def test_a_login_form_beside_posts_is_no_wall_and_one_instead_of_them_is() -> None:
    assert read(f"{LOGIN}<div class=post><p>Cần thợ hồ.</p></div>") == ["Cần thợ hồ."]
    assert read(LOGIN) == ["login_wall"]
    assert read(f"<div class=post>{LOGIN}</div>") == ["login_wall"]
    assert read("<div class=post><p>Bạn phải đăng nhập để xem bài này.</p></div>") == ["login_wall"]
    away = f"{BASE}login/?next=/"
    assert read(f"{LOGIN}<div class=post><p>Cần thợ.</p></div>", final=away) == ["login_wall"]
    assert read(f"{LOGIN}<div class=post><p>Cần thợ.</p></div>", status=401) == ["login_wall"]


@pytest.mark.parametrize(
    "words",
    [
        "Bạn phải đăng nhập hoặc đăng ký để bình luận tại đây.",
        "You must log in or register to reply here.",
        "Vui lòng đăng nhập để trả lời.",
        "Please sign in to comment.",
    ],
)
def test_what_is_said_to_those_who_would_answer_is_no_wall(words: str) -> None:
    assert read(f"<div class=post><p>Bán xe.</p></div><p>{words}</p>") == ["Bán xe."]


@pytest.mark.parametrize(
    ("written", "canonically"),
    [
        ("viewtopic.php?t=3&sid=0123456789abcdef0123456789ABCDEF#p7", "viewtopic.php?t=3#p7"),
        ("showthread.php?s=0123456789abcdef0123456789abcdef&t=4", "showthread.php?t=4"),
        ("a?s=tuyển+người&sid=12", "a?s=tuy%E1%BB%83n+ng%C6%B0%E1%BB%9Di&sid=12"),
        ("index.php?threads/viec-lam.12/", "index.php?threads/viec-lam.12/"),
        ("showthread.php?12-Tin-m%E1%BB%9Bi&p=5", "showthread.php?12-Tin-m%E1%BB%9Bi&p=5"),
        ("a?fbclid", "a"),
        ("a?b=&&c=%20", "a?b=&c=+"),
    ],
)
def test_sessions_leave_an_address_and_a_query_that_is_a_path_stays(
    written: str, canonically: str
) -> None:
    assert canonical(BASE + written) == BASE + canonically
    assert canonical(canonical(BASE + written)) == BASE + canonically


def test_a_time_of_today_is_that_of_the_day_the_page_was_seen() -> None:
    late = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # already the 23rd at the office

    def read_at(text: str) -> datetime | None:
        return parse_time(with_day(text, late, OFFICE), OFFICE)

    assert read_at("Hôm nay, 07:05 AM") == datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
    assert read_at("Yesterday 22:10") == datetime(2026, 11, 22, 15, 10, tzinfo=UTC)
    assert read_at("hôm qua") is None
    assert read_at("3 giờ trước") is None
    assert with_day("20/11/2026 08:00", NOW, OFFICE) == "20/11/2026 08:00"


def test_the_author_of_a_script_address_is_named_by_its_query() -> None:
    options = {"list_item": "article", "list_text": "p", "list_author_link": "a"}
    handles = []
    for link in (
        "member.php?u=44",
        "member.php?12-Co-Nam",
        "/nguoi/chi-ba/",
        "/u/L%C3%A0nh",
        "/index.php",
    ):
        body = f'<article><p>Lời rao</p><a href="{link}">x</a></article>'
        handles.append(KIND.read(plan("html_list", options), answer(body)).posts[0].author.handle)
    assert handles == ["44", "12-Co-Nam", "chi-ba", "Lành", ""]
