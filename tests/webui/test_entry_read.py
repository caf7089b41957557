"""The form for one post, filled from a public page; what strangers are not shown is said."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import func, select

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import PostRow
from tests.crawler.sites import Answer, Site, page, serving
from tests.crawler.sources import golden
from tests.support.office import Browser, open_office

pytestmark = pytest.mark.net


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pages = {
        "/di-lam-xa/": page(golden.body("page", "article")[0].decode()),
        "/kin": page(golden.body("page", "wall")[0].decode()),
        "/cam": page("<p>Không cho đọc</p>"),
        "/robots.txt": page("User-agent: *\nDisallow: /cam", content_type="text/plain"),
    }
    pages["/mat"] = lambda _asked: Answer("", 404)
    with serving(pages) as running:
        yield running


@pytest.fixture
def inspector(tmp_path: Path, sqlite_database: Database, clock: MovableClock) -> Browser:
    local = (ip_network("127.0.0.0/8"),)
    settings = Settings(data_dir=tmp_path / "w", secret_key="k" * 40, private_networks=local)
    browser = open_office(settings, sqlite_database, clock).logged_in(Role.INSPECTOR)
    browser.get("/entry/new")
    return browser


def test_a_public_page_fills_the_form_and_nothing_is_stored(
    inspector: Browser, site: Site, sqlite_database: Database
) -> None:
    answer = inspector.post("/entry/read", {"url": f"{site.address}/di-lam-xa/", "text": ""})
    assert answer.status_code == 200
    assert "Đã đọc, chưa lưu" in answer.text
    assert "Hồi đó có người rủ qua bên kia sông làm" in answer.text
    assert 'value="Út Miệt Vườn"' in answer.text
    assert 'value="18/11/2026 20:30"' in answer.text
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PostRow)) == 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/kin", "phải đăng nhập"),
        ("/cam", "robots.txt"),
        ("/mat", "404"),
    ],
)
def test_what_strangers_are_not_shown_is_said_and_typing_it_is_offered(
    inspector: Browser, site: Site, path: str, words: str
) -> None:
    answer = inspector.post(
        "/entry/read", {"url": site.address + path, "text": "Tôi thấy", "how": "seen"}
    )
    assert "Không đọc được trang như người lạ nhìn thấy" in answer.text
    assert words in answer.text
    assert "kèm ảnh chụp màn hình" in answer.text
    assert "Tôi thấy" in answer.text


def test_what_is_no_address_is_said_at_its_field(inspector: Browser) -> None:
    answer = inspector.post("/entry/read", {"url": "javascript:alert(1)", "text": "Giữ lại"})
    assert answer.status_code == 422
    assert "Giữ lại" in answer.text
    assert inspector.post("/entry/read", {"url": "http://10.0.0.1/"}).text.count("mạng nội bộ") >= 1
