"""What a visitor and a crawler find on the practice site."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from flask.testing import FlaskClient
from parsel import Selector
from protego import Protego

from crawler.practice.app import create_app
from crawler.practice.content import Kind, load_groups, load_people, load_posts
from tests.crawler.practice_pages import ids, page, pages, times, words

POSTS = {post.id: post for post in load_posts()}
OPEN = {number for number, post in POSTS.items() if post.group != "kin"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with create_app(tmp_path / "state.sqlite3").test_client() as client:
        yield client


def act(client: FlaskClient, post_id: int, action: str, text: str = "") -> None:
    answer = client.post(f"/quan-tri/api/posts/{post_id}", json={"action": action, "text": text})
    assert answer.status_code == 200


def test_the_pager_leads_through_every_open_post_once_newest_first(client: FlaskClient) -> None:
    found = list(pages(client, "/"))
    seen = [number for each in found for number in ids(each)]
    assert len(seen) == len(set(seen))
    assert set(seen) == OPEN
    moments = [moment for each in found for moment in times(each)]
    assert moments == sorted(moments, reverse=True)
    assert all(len(ids(each)) == 20 for each in found[:-1])


def test_the_head_and_the_pager_name_the_same_next_page(client: FlaskClient) -> None:
    first = page(client, "/")
    assert first.css("head link[rel=next]::attr(href)").get() == "/?trang=2"
    assert first.css("a.pager-next::attr(href)").get() == "/?trang=2"
    last = list(pages(client, "/"))[-1]
    assert last.css("link[rel=next]").get() is None


@pytest.mark.parametrize("number", ["0", "-1", "99", "hai", "1e3", "99999999", "", "²"])
def test_a_page_that_does_not_exist_is_404(client: FlaskClient, number: str) -> None:
    assert client.get(f"/?trang={number}").status_code == 404


def test_an_item_carries_what_a_crawler_selects(client: FlaskClient) -> None:
    item = page(client, "/nhom/viec-lam").css("article.post#bai-101")[0]
    assert item.css(".post-title a.post-link::attr(href)").get() == "/bai/101"
    assert item.css("a.post-permalink::attr(href)").get() == "/bai/101"
    assert item.css("a.post-author::attr(href)").get() == "/nguoi/thuy-tuyen-dung"
    assert item.css("a.post-author::text").get() == "Thùy Tuyển Dụng"
    assert item.css("a.post-group::attr(href)").get() == "/nhom/viec-lam"
    assert item.css("time.post-time::attr(datetime)").get("").endswith("+07:00")
    assert "lương 800-1.000 USD/tháng" in words(item, ".post-body")
    assert item.css("img.post-picture::attr(alt)").get()


def test_every_post_shows_its_text_unchanged(client: FlaskClient) -> None:
    for number in OPEN:
        shown = page(client, f"/bai/{number}").css("article.post .post-body p::text").getall()
        assert "\n\n".join(shown).split() == POSTS[number].body.split()


def test_each_group_and_member_lists_its_own_posts(client: FlaskClient) -> None:
    for slug, group in load_groups().items():
        if not group.closed:
            seen = {each for found in pages(client, f"/nhom/{slug}") for each in ids(found)}
            assert seen == {post.id for post in POSTS.values() if post.group == slug}
    for handle in load_people():
        seen = {each for found in pages(client, f"/nguoi/{handle}") for each in ids(found)}
        assert seen == {number for number in OPEN if POSTS[number].author == handle}


def test_comments_have_an_anchor_and_an_address_of_their_own(client: FlaskClient) -> None:
    post = page(client, "/bai/101")
    assert post.css("li.comment::attr(id)").getall() == [
        "binh-luan-10101",
        "binh-luan-10102",
        "binh-luan-10103",
    ]
    address = post.css("#binh-luan-10101 a.comment-permalink::attr(href)").get("")
    alone = page(client, address)
    assert words(alone, ".comment-body") == POSTS[101].comments[0].body
    assert alone.css("a.comment-post::attr(href)").get() == "/bai/101#binh-luan-10101"


def test_the_readable_address_leads_to_the_lasting_one(client: FlaskClient) -> None:
    answer = client.get("/bai/101-tuyen-gap")
    assert (answer.status_code, answer.location) == (301, "/bai/101")


@pytest.mark.parametrize(
    "address", ["/bai/9999", "/nhom/khong-co", "/nguoi/khong-co", "/binh-luan/10199", "/khong-co"]
)
def test_what_was_never_there_is_404(client: FlaskClient, address: str) -> None:
    assert words(page(client, address, 404), ".notice h1") == "Không tìm thấy trang"


def test_a_deleted_post_is_gone_everywhere(client: FlaskClient) -> None:
    act(client, 101, "delete")
    gone = page(client, "/bai/101", 410)
    assert words(gone, ".notice h1") == "Nội dung này đã bị gỡ bỏ"
    assert client.get("/binh-luan/10101").status_code == 410
    assert client.get("/hinh/101.svg").status_code == 404
    assert all(101 not in ids(found) for found in pages(client, "/"))
    assert b"/bai/101<" not in client.get("/rss.xml").data


def test_a_hidden_post_is_not_available_and_comes_back(client: FlaskClient) -> None:
    act(client, 101, "hide")
    assert "không khả dụng" in words(page(client, "/bai/101", 403), ".notice h1")
    act(client, 101, "unhide")
    assert ids(page(client, "/bai/101")) == [101]


def test_an_edited_post_says_so_and_shows_the_new_text(client: FlaskClient) -> None:
    act(client, 105, "edit", "Quán trà đá đầu hẻm mở lại rồi.")
    post = page(client, "/bai/105")
    assert words(post, ".post-body") == "Quán trà đá đầu hẻm mở lại rồi."
    assert words(post, ".post-edited").startswith("đã chỉnh sửa")
    assert page(client, "/bai/106").css(".post-edited").get() is None


def test_a_members_only_post_and_a_closed_group_meet_a_login_wall(client: FlaskClient) -> None:
    act(client, 102, "members")
    for address in ("/bai/102", "/nhom/kin", "/bai/501"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/dang-nhap?")
        wall = page(client, answer.location)
        assert wall.css("form.login-form input[type=password]").get()
        assert wall.css("article.post").get() is None
    tried = client.post("/dang-nhap", data={"username": "a", "password": "b"})
    assert (tried.status_code, "không đúng" in tried.get_data(as_text=True)) == (200, True)


def test_script_in_posts_and_comments_stays_text(client: FlaskClient) -> None:
    for address in ("/bai/434", "/nhom/chuyen-pho", "/nguoi/phuc-may-tinh", "/quan-tri/bai/434"):
        found = page(client, address)
        assert found.css("script, [onerror], a[href^='javascript']").get() is None
    assert "<script>alert('Làng Phố')</script>" in words(page(client, "/bai/434"), ".post-body")


def test_an_edit_that_holds_html_stays_text(client: FlaskClient) -> None:
    act(client, 105, "edit", "</textarea><script>alert(1)</script>")
    for address in ("/bai/105", "/quan-tri/bai/105"):
        assert page(client, address).css("script").get() is None


def test_pages_forbid_foreign_scripts(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy


@pytest.mark.parametrize("address", ["/rss.xml", "/atom.xml"])
def test_feeds_hold_the_newest_fifty_whole(client: FlaskClient, address: str) -> None:
    feed = feedparser.parse(client.get(address).data)
    assert not feed.bozo
    found = [int(entry.link.rsplit("/", 1)[1]) for entry in feed.entries]
    newest = [number for each in pages(client, "/") for number in ids(each)][:50]
    assert found == newest
    for entry in feed.entries:
        post = POSTS[int(entry.link.rsplit("/", 1)[1])]
        assert entry.id == entry.link
        assert entry.published_parsed
        assert load_people()[post.author].name in entry.author
        assert entry.get("content", [{"value": entry.summary}])[0]["value"]


def test_the_rss_carries_text_and_html_forms_of_a_post(client: FlaskClient) -> None:
    act(client, 225, "edit", "Dòng một & hai\ndòng <ba>\n\nĐoạn mới")
    feed = Selector(client.get("/rss.xml").get_data(as_text=True), type="xml")
    item = feed.xpath("//item[contains(link, '/bai/225')]")
    text = "Dòng một & hai\ndòng <ba>\n\nĐoạn mới"
    assert item.xpath("string(description)").get() == text
    content = item.xpath("string(*[local-name() = 'encoded'])").get()
    assert content == "<p>Dòng một &amp; hai<br>dòng &lt;ba&gt;</p><p>Đoạn mới</p>"


def test_robots_txt_keeps_crawlers_out_of_private_and_operator_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    rules, standard = Protego.parse(text), RobotFileParser()
    standard.parse(text.splitlines())
    for address, allowed in [
        ("/", True),
        ("/bai/101", True),
        ("/rieng-tu/", False),
        ("/rieng-tu/bay-1", False),
        ("/quan-tri", False),
        ("/quan-tri/bai/101", False),
    ]:
        assert rules.can_fetch(f"http://site{address}", "rasoat") is allowed
        assert standard.can_fetch("rasoat", f"http://site{address}") is allowed
    assert rules.crawl_delay("rasoat") == pytest.approx(0.1)


def test_every_picture_is_a_drawing_with_its_words(client: FlaskClient) -> None:
    pictured = [post for post in POSTS.values() if post.picture]
    assert len(pictured) >= 12
    for post in pictured:
        answer = client.get(f"/hinh/{post.id}.svg")
        assert answer.mimetype == "image/svg+xml"
        assert post.picture is not None
        text = answer.get_data(as_text=True)
        assert all(line in text for line in post.picture.lines)


def test_dates_are_of_the_last_thirty_days(client: FlaskClient) -> None:
    moments = [moment for found in pages(client, "/") for moment in times(found)]
    assert max(moments) - min(moments) > timedelta(days=20)
    assert max(moments) - min(moments) < timedelta(days=31)


def test_warnings_and_cries_for_help_are_on_the_site_too(client: FlaskClient) -> None:
    kinds = {POSTS[number].kind for found in pages(client, "/") for number in ids(found)}
    assert kinds == set(Kind)
