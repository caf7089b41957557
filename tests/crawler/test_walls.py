"""Login walls, blocks and consent pages are recognised; posts that only speak of them are not."""

import pytest

from crawler.walls import WallKind, find_wall

URL = "https://a.example/bai/1"
LONG = "<p>" + "Chuyện làng xóm kể mãi không hết. " * 100 + "</p>"
LOGIN_FORM = '<form><input name=u><input type="password" name=p></form>'


@pytest.mark.parametrize(
    ("final", "status", "html", "kind"),
    [
        ("https://a.example/dang-nhap?tiep=/bai/1", 200, "<p>Xin chào</p>", WallKind.LOGIN),
        ("https://a.example/login/?next=x", 200, "x", WallKind.LOGIN),
        ("https://a.example/wp-login.php", 200, "x", WallKind.LOGIN),
        (URL, 401, "", WallKind.LOGIN),
        (URL, 200, f"<p>Bạn cần đăng nhập để xem nội dung này.</p>{LOGIN_FORM}", WallKind.LOGIN),
        (URL, 200, f"<p>You must log in to continue.</p>{LOGIN_FORM}", WallKind.LOGIN),
        (URL, 200, LOGIN_FORM, WallKind.LOGIN),
        (URL, 429, "", WallKind.BLOCK),
        (URL, 403, "<h1>Truy cập bị chặn</h1><p>lưu lượng bất thường</p>", WallKind.BLOCK),
        (URL, 503, "<title>Just a moment...</title><p>Checking your browser</p>", WallKind.BLOCK),
        (URL, 200, "<div class='g-recaptcha'></div>Xác nhận", WallKind.BLOCK),
        ("https://consent.a.example/m?x", 200, "<p>Tiếp</p>", WallKind.CONSENT),
        (URL, 200, "<p>Trước khi bạn tiếp tục, hãy chọn.</p>", WallKind.CONSENT),
    ],
)
def test_it_recognises_a_wall(final: str, status: int, html: str, kind: WallKind) -> None:
    wall = find_wall(URL, final, status, {}, html)
    assert wall is not None
    assert wall.kind == kind
    assert wall.sign


def test_a_challenge_is_told_by_its_header() -> None:
    wall = find_wall(URL, URL, 403, {"cf-mitigated": "challenge"}, LONG)
    assert wall is not None
    assert wall.kind == WallKind.BLOCK


@pytest.mark.parametrize(
    ("status", "html"),
    [
        (200, f"<article>Tôi bị chặn truy cập, phải nhập captcha mãi, bực quá.</article>{LONG}"),
        (200, f"{LONG}<aside>Đăng nhập để xem thêm{LOGIN_FORM}</aside>"),
        (200, f"<article>Ai biết vì sao không đăng nhập được không?</article>{LONG}"),
        (200, "<article>Bán xe đạp cũ, 0900 000 101</article>"),
        (200, f"<div class=g-recaptcha></div>{LONG}"),
        (404, "<h1>Không tìm thấy</h1>"),
        (403, "<h1>Nội dung này hiện không khả dụng</h1>"),
        (500, "<h1>Lỗi</h1>"),
        (200, ""),
    ],
)
def test_a_page_that_is_no_wall_is_left_to_the_parser(status: int, html: str) -> None:
    assert find_wall(URL, URL, status, {}, html) is None


def test_a_login_page_that_was_asked_for_is_not_where_something_else_led() -> None:
    asked = "https://a.example/login"
    assert find_wall(asked, asked, 200, {}, LONG) is None
