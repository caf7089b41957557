"""What one look at an address shows; only what is seen to be gone counts as removed."""

import pytest

from crawler.guard import AddressGuard
from crawler.recheck import Expected, judge, judge_rendered, look, moved, seen_part, share
from search.post import Availability
from tests.crawler.pages import answer
from tests.crawler.sites import Answer, page, serving
from tests.crawler.test_guard import LOOPBACK

URL = "https://a.example/bai/1"
TEXT = "Tuyển gấp lao động nữ sang Campuchia làm việc nhẹ, lương cao, bao ăn ở, xe đón tận nhà"
EXPECTED = Expected("", TEXT)
LONG = "<p>" + "Chuyện làng xóm kể mãi không hết. " * 30 + "</p>"
FRAME = f"<nav>Riêng tư · Bài đã xóa</nav>{LONG}"


@pytest.mark.parametrize(
    ("status", "html", "wanted"),
    [
        (200, f"<article>{TEXT}</article>{FRAME}", Availability.ONLINE),
        (200, f"<article>{TEXT.upper()}!!!</article>", Availability.ONLINE),
        (200, f"<p>{TEXT.replace('Campuchia làm', 'Lào và làm')}</p>{FRAME}", Availability.EDITED),
        (200, f"<p>Bán xe đạp cũ</p>{FRAME}", Availability.EDITED),
        (404, "<h1>Không có</h1>", Availability.REMOVED),
        (410, "<h1>Nội dung này đã bị gỡ bỏ</h1>", Availability.REMOVED),
        (200, "<h1>Bài viết đã bị xóa</h1>", Availability.REMOVED),
        (200, f"<h1>This content has been removed</h1>{FRAME}", Availability.REMOVED),
        (200, "<h1>Page not found</h1>", Availability.REMOVED),
        (403, "<h1>Nội dung này hiện không khả dụng</h1>", Availability.RESTRICTED),
        (200, "<p>Nội dung này hiện không khả dụng.</p>", Availability.RESTRICTED),
        (200, "<p>This post isn’t available right now</p>", Availability.RESTRICTED),
        (451, "", Availability.RESTRICTED),
        (401, "", Availability.LOGIN_WALL),
        (200, "<p>Hãy đăng nhập để tiếp tục</p><input type=password>", Availability.LOGIN_WALL),
        (403, "<p>Bạn không phải là robot? captcha</p>", Availability.BLOCKED),
        (429, "", Availability.BLOCKED),
        (500, "", Availability.UNREACHABLE),
        (200, "<script>render()</script>", Availability.UNREACHABLE),
    ],
)
def test_it_tells_what_it_saw(status: int, html: str, wanted: Availability) -> None:
    seen = judge(URL, answer(html, url=URL, status=status), EXPECTED)
    assert seen.availability == wanted, seen.detail
    assert seen.detail.endswith((".", ")."))
    assert (seen.status, seen.final_url) == (status, URL)


def test_an_address_that_leads_to_another_post_is_not_online() -> None:
    other = answer(f"<p>Cần tìm người mang thai hộ</p>{FRAME}", url=URL, final=f"{URL}-khac")
    seen = judge(URL, other, EXPECTED)
    assert seen.availability == Availability.REMOVED
    assert f"{URL}-khac" in seen.detail


def test_an_address_that_leads_to_the_same_post_is_online() -> None:
    same = answer(f"<p>{TEXT}</p>", url=URL, final="https://www.a.example/bai/1-tuyen-gap")
    assert judge(URL, same, EXPECTED).availability == Availability.ONLINE


def test_a_comment_whose_anchor_is_gone_is_removed() -> None:
    address = f"{URL}#comment-9"
    without = answer(f"<p id=comment-8>Khác</p>{FRAME}", url=address, final=URL)
    assert judge(address, without, EXPECTED).availability == Availability.REMOVED
    with_it = answer(f"<p id=comment-9>Đã sửa thành khác</p>{FRAME}", url=address, final=URL)
    assert judge(address, with_it, EXPECTED).availability == Availability.EDITED


def test_without_anything_to_compare_with_an_answer_is_online_and_says_so() -> None:
    seen = judge(URL, answer(FRAME, url=URL), Expected())
    assert seen.availability == Availability.ONLINE
    assert "no text to compare" in seen.detail


@pytest.mark.parametrize("path", ["/post/5", "/p/5", "/comment/5/find/", "/posts/5/"])
def test_a_lasting_address_that_leads_into_its_thread_is_online_and_not_moved(path: str) -> None:
    url, thread = f"https://a.example{path}", "https://a.example/topic/2/tuyen-nguoi/4"
    assert judge(url, answer(f"<p>{TEXT}</p>", url=url, final=thread), EXPECTED).availability == (
        Availability.ONLINE
    )
    elsewhere = answer(f"<p>{TEXT}</p>", url=url, final="https://b.example/topic/2")
    assert judge(url, elsewhere, EXPECTED).availability == Availability.MOVED
    gone = answer(f"<p>Bán xe đạp cũ</p>{FRAME}", url=url, final=thread)
    assert judge(url, gone, EXPECTED).availability == Availability.REMOVED


def test_a_page_that_scripts_fill_is_judged_as_it_is_rendered() -> None:
    assert judge(URL, answer("<div id=app></div>"), EXPECTED).availability != Availability.ONLINE
    rendered = judge_rendered(URL, URL, 200, f"<div id=app>{TEXT}</div>", EXPECTED)
    assert rendered.availability == Availability.ONLINE


@pytest.mark.parametrize("status", [200, 403, 404, 410, 500])
def test_whatever_the_server_says_a_post_that_is_shown_is_there(status: int) -> None:
    html = f"<h1>Page not found</h1><p>{TEXT}</p>"
    seen = judge_rendered(URL, URL, status, html, EXPECTED, f"Page not found\n{TEXT}")
    assert (seen.availability, seen.status) == (Availability.ONLINE, status)
    elsewhere = judge_rendered(URL, "https://a.example/khac", status, html, EXPECTED, TEXT)
    assert elsewhere.availability == Availability.MOVED


def test_a_404_that_shows_something_else_or_was_expected_to_say_nothing_is_one() -> None:
    for expected in (EXPECTED, Expected()):
        seen = judge_rendered(URL, URL, 404, LONG, expected, "Chuyện làng xóm kể mãi không hết.")
        assert seen.availability == Availability.REMOVED


def test_share_counts_neighbouring_words_whatever_the_case_and_punctuation() -> None:
    assert share(TEXT, f"xx {TEXT.upper().replace(',', ' ;')} yy") == 1.0
    assert share(TEXT, "không liên quan gì đến bài kia cả") == 0.0
    assert 0.3 < share(TEXT, TEXT[: len(TEXT) // 2]) < 0.6
    assert share("Gọi ngay", "hãy GỌI ngay hôm nay") == 1.0
    assert share("Gọi ngay", "gọi hôm nay ngay") == 0.0
    assert share("", "gì cũng được") == 0.0


def test_moved_looks_at_site_path_and_query() -> None:
    assert not moved("http://www.a.example/x/", "http://a.example/x#c1")
    assert not moved("http://a.example/tuy%E1%BB%83n", "http://a.example/tuyển")
    assert moved("http://a.example/x", "http://a.example/")
    assert moved("http://a.example/x?id=1", "http://a.example/x?id=2")
    assert moved("http://a.example/x", "http://b.example/x")


@pytest.mark.net
def test_it_looks_for_real() -> None:
    guard = AddressGuard([LOOPBACK])
    pages = {
        "/bai/1": page(f"<p>{TEXT}</p>"),
        "/cu": lambda _: Answer(status=301, headers={"Location": "/bai/1"}),
        "/login": page("<p>Xin chào</p>"),
        "/kin": lambda _: Answer(status=302, headers={"Location": "/login?next=/kin"}),
        "/hong": lambda _: Answer(b"not gzip", headers={"Content-Encoding": "gzip"}),
    }
    with serving(pages) as site:
        seen = {
            path: look(site.address + path, EXPECTED, guard, "RaSoat/1") for path in [*pages, "/x"]
        }
        agents = {visit.headers["user-agent"] for visit in site.visits}
        cookies = [visit for visit in site.visits if "cookie" in visit.headers]
    assert {path: one.availability for path, one in seen.items()} == {
        "/bai/1": Availability.ONLINE,
        "/cu": Availability.MOVED,
        "/login": Availability.EDITED,
        "/kin": Availability.LOGIN_WALL,
        "/hong": Availability.UNREACHABLE,
        "/x": Availability.REMOVED,
    }
    assert (agents, cookies) == ({"RaSoat/1"}, [])


@pytest.mark.net
def test_no_answer_is_never_a_removal() -> None:
    with serving({}) as site:
        address = site.address
    closed = look(f"{address}/bai/1", EXPECTED, AddressGuard([LOOPBACK]), "x")
    assert (closed.availability, closed.status) == (Availability.UNREACHABLE, None)
    private = look("http://127.0.0.1/bai/1", EXPECTED, AddressGuard(), "x")
    assert private.availability == Availability.UNREACHABLE
    assert "private network" in private.detail


@pytest.mark.net
@pytest.mark.parametrize(
    "target", ["http://[x", "//[", "http://a.example:port/", "ftp://a.example/"]
)
def test_a_redirect_to_what_is_no_address_is_no_answer(target: str) -> None:
    with serving({"/bai": lambda _: Answer(status=302, headers={"Location": target})}) as site:
        seen = look(f"{site.address}/bai", EXPECTED, AddressGuard([LOOPBACK]), "x")
    assert (seen.availability, seen.status) == (Availability.UNREACHABLE, None)
    assert seen.detail.startswith("No answer: ")


def test_a_post_that_stands_elsewhere_has_moved_and_is_no_removal() -> None:
    same = answer(f"<p>{TEXT}</p>", url=URL, final="https://a.example/luu-tru/bai-cu/1")
    seen = judge(URL, same, EXPECTED)
    assert seen.availability == Availability.MOVED
    assert "luu-tru/bai-cu/1" in seen.detail


def test_of_a_changed_text_what_stands_in_its_place_is_kept() -> None:
    new = TEXT.replace("Campuchia làm việc nhẹ", "Đồng Nai làm may mặc")
    seen = judge(URL, answer(f"{FRAME}<p>{new}</p>{FRAME}", url=URL), EXPECTED)
    assert seen.availability == Availability.EDITED
    assert "Đồng Nai làm may mặc, lương cao" in seen.seen_text
    assert len(seen.seen_text) < len(TEXT) + 200


@pytest.mark.parametrize("shown", ["", "Bán xe đạp cũ", "a b"])
def test_where_nothing_is_left_nothing_is_kept(shown: str) -> None:
    assert seen_part(TEXT, shown) == ""
