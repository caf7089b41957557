"""Lists and threads to posts by CSS selectors, also from pages that are badly broken."""

from datetime import UTC, datetime

import pytest

from crawler.sources.forms import FormProblems
from crawler.sources.html_list import KIND
from crawler.sources.html_list.presets import PRESETS
from tests.crawler.pages import BASE, answer, plan

LIST = {
    "list_item": "article",
    "list_link": "a.link",
    "list_title": "h2",
    "list_text": ".body",
    "list_author": ".who",
    "list_author_link": "a.who",
    "list_time": "time",
    "next": "a.next",
}
ONE = """<article id="x1"><h2>Tuyển  người</h2><a class=link href="/bai/1?utm_source=fb">#</a>
<a class=who href="/nguoi/chi-ba">Chị Ba</a><time datetime="2026-11-20T08:00:00+07:00">hôm qua</time>
<div class=body><p>Việc nhẹ <b>lương</b> cao.</p><p>Gọi 0900 000 101<br>ngay</p>
<img src="/anh.jpg" alt="quán"><a href="https://zalo.example/g/x">nhóm</a><script>bad()</script></div></article>"""


def test_an_entry_becomes_a_post_with_everything_it_says() -> None:
    (post,) = KIND.read(plan("html_list", LIST), answer(ONE)).posts
    assert post.url == f"{BASE}bai/1"
    assert post.title == "Tuyển người"
    assert post.text == "Việc nhẹ lương cao.\n\nGọi 0900 000 101\nngay\n\nnhóm"
    assert (post.author.name, post.author.handle) == ("Chị Ba", "chi-ba")
    assert post.author.url == f"{BASE}nguoi/chi-ba"
    assert post.posted_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert post.links == ("https://zalo.example/g/x",)
    assert [(media.url, media.alt) for media in post.media] == [(f"{BASE}anh.jpg", "quán")]


def test_the_list_goes_on_until_its_setting_ends_it() -> None:
    body = ONE + '<a class=next href="?p=2">sau</a>'
    first = KIND.read(plan("html_list", {**LIST, "pages": "2"}), answer(body))
    assert [(fetch.url, fetch.meta["n"], fetch.step) for fetch in first.follow] == [
        (f"{BASE}?p=2", 2, "list")
    ]
    assert first.goes_on == 0
    last = answer(body, url=f"{BASE}?p=1", meta={"n": 2})
    second = KIND.read(plan("html_list", {**LIST, "pages": "2"}), last)
    assert (second.follow, second.goes_on) == ((), 2)


def test_it_does_not_leave_the_site() -> None:
    body = ONE.replace("/bai/1?utm_source=fb", "https://elsewhere.example/bai/1")
    options = {**LIST, "mode": "detail", "detail_item": "li"}
    parsed = KIND.read(
        plan("html_list", options), answer(body + "<a class=next href='//x.example'>")
    )
    assert parsed.follow == ()


def test_a_broken_page_gives_what_can_be_read_and_names_the_rest() -> None:
    body = """<div><article><a class=link href=/1>x</a><div class=body><p>Bài một <i>mở
    <article><a class=link href=/2>x</a><time datetime="hôm qua">hôm qua</time><div class=body>Bài hai
    <article><div class=body></div></span></section>
    <article><div class=body>Không có địa chỉ &khongco;</div>"""
    parsed = KIND.read(plan("html_list", LIST), answer(body))
    assert [post.text for post in parsed.posts] == [
        "Bài một mở",
        "Bài hai",
        "Không có địa chỉ &khongco;",
    ]
    assert [post.url for post in parsed.posts[:2]] == [f"{BASE}1", f"{BASE}2"]
    assert parsed.posts[2].url.startswith(f"{BASE}#text-")
    assert [(problem.reason, problem.detail["number"]) for problem in parsed.problems] == [
        ("bad_time", 2),
        ("item_without_text", 3),
    ]


@pytest.mark.parametrize(
    ("header", "meta"),
    [
        ("text/html; charset=windows-1252", "big5"),
        ("text/html", "iso-8859-1"),
        ("text/html; charset=khong-co", "utf-8"),
    ],
)
def test_a_page_that_lies_about_its_charset_is_read_all_the_same(header: str, meta: str) -> None:
    body = f"<meta charset={meta}>{ONE}"
    (post,) = KIND.read(
        plan("html_list", LIST), answer(body, headers={"content-type": header})
    ).posts
    assert post.title == "Tuyển người"


def test_a_page_in_an_old_vietnamese_charset_is_read() -> None:
    text = "TuyêÒn".replace("Ò", "\u0309")  # windows-1258 writes the tone after its letter
    body = ONE.replace("Tuyển", text).replace("Việc nhẹ", "Viec").replace("ngay", "")
    encoded = body.encode("cp1258", "replace")
    page = answer(encoded, headers={"content-type": "text/html; charset=windows-1258"})
    assert KIND.read(plan("html_list", LIST), page).posts[0].title.startswith("Tuyển")


def test_no_entry_at_all_names_the_selector() -> None:
    (problem,) = KIND.read(plan("html_list", LIST), answer("<p>Trang mới</p>")).problems
    assert (problem.reason, problem.detail["selector"]) == ("no_items", "article")


def test_a_threads_title_belongs_to_its_first_entry_and_the_others_answer_it() -> None:
    options = {
        "mode": "detail",
        "list_item": "li",
        "list_link": "a",
        "detail_item": ".c",
        "detail_link": "input::attr(value)",
        "detail_title": "h1",
        "detail_text": ".t",
        "detail_time": ".d::attr(title)",
        "timezone": "Asia/Ho_Chi_Minh",
    }
    body = "<h1>Chủ đề</h1>" + "".join(
        f'<div class=c><input value="{BASE}comment/{n}/find/"><i class=d title="Nov. 22, 2026, 3 p.m.">1m</i>'
        f"<div class=t>Lời {n} <a href='https://example.org/tuyen-dung'>https://example.org/tu…</a></div></div>"
        for n in (7, 8)
    )
    thread = f"{BASE}topic/1/"
    page = answer(body, url=thread, step="detail", meta={"n": 1, "thread": thread})
    first, second = KIND.read(plan("html_list", options), page).posts
    assert (first.title, first.reply_to) == ("Chủ đề", "")
    assert (second.title, second.reply_to) == ("", thread)
    assert second.url == f"{BASE}comment/8/find/"
    assert second.text == "Lời 8 https://example.org/tuyen-dung"
    assert second.posted_at == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    later = answer(body, url=thread + "?page=2", step="detail", meta={"n": 2, "thread": thread})
    assert [post.title for post in KIND.read(plan("html_list", options), later).posts] == ["", ""]


def test_thousands_of_nested_elements_do_not_break_it() -> None:
    body = f"<article><a class=link href=/1>x</a><div class=body>{'<div>' * 5000}sâu"
    parsed = KIND.read(plan("html_list", LIST), answer(body))
    assert len(parsed.posts) + len(parsed.problems) == 1


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_preset_is_a_config_its_form_takes(preset: object) -> None:
    config = KIND.form.read({"preset": preset.name})  # type: ignore[attr-defined]
    assert config["list_item"] == preset.values["list_item"]  # type: ignore[attr-defined]
    own = KIND.form.read({"preset": preset.name, "pages": "3"})  # type: ignore[attr-defined]
    assert own["pages"] == 3


def test_the_form_names_every_field_that_it_cannot_take() -> None:
    with pytest.raises(FormProblems) as told:
        KIND.form.read(
            {"mode": "sideways", "list_item": "div[", "pages": "0", "next": "a::attr(href"}
        )
    assert [problem.field for problem in told.value.problems] == [
        "mode",
        "list_item",
        "next",
        "pages",
    ]
    with pytest.raises(FormProblems) as told:
        KIND.form.read({"mode": "detail", "timezone": "Sao/Hoa"})
    fields = [problem.field for problem in told.value.problems]
    assert fields == ["list_item", "list_link", "timezone"]
    with pytest.raises(FormProblems, match="preset"):
        KIND.form.read({"preset": "khong-co"})
