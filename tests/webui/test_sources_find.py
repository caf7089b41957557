"""A source added from nothing but its address."""

import re
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from sqlalchemy import select

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import Source
from tests.crawler.sites import page, serving
from tests.crawler.test_discovery import feed_site
from tests.support.office import Office, open_office

pytestmark = pytest.mark.net


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between visits to one site are tested elsewhere."""
    monkeypatch.setattr("crawler.discovery.sleep", lambda _seconds: None)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder: Path = tmp_path_factory.mktemp("find")
    local = (ip_network("127.0.0.0/8"),)
    settings = Settings(data_dir=folder, secret_key="k" * 40, private_networks=local)
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    database.create_all()
    return open_office(settings, database, MovableClock(datetime(2026, 11, 23, 3, tzinfo=UTC)))


def test_from_a_pasted_address_to_a_saved_source(office: Office) -> None:
    browser = office.logged_in(Role.ADMINISTRATOR)
    assert 'name="address"' in browser.get("/sources/new").text
    with serving(feed_site()) as site:
        found = browser.post("/sources/find", {"address": f"{site.address}/"}).text
        feed = f"{site.address}/tin.rss"
    for said in (
        "Kết quả nhận biết",
        "Chính trang ghi như vậy",
        "1,0 giây",
        "/dieu-khoan",
        "Tuyển người 5",
    ):
        assert said in found
    fields = dict(re.findall(r'<input [^>]*name="(\w+)"[^>]*value="([^"]*)"', found))
    assert (fields["name"], fields["address"], fields["kind"]) == ("Chợ việc làm", feed, "rss")
    assert '<option value="360" selected>' in found
    bases = re.findall(r'name="legal_basis" value="([\w.-]+)" checked>', found)
    given = {
        **fields,
        "purpose": "Rà soát tin tuyển dụng công khai",
        "legal_basis": next(one for one in bases if one.startswith("law116")),
        "platform": "website",
        "every_minutes": "360",
    }
    assert browser.post("/sources/new", given).status_code == 302
    with office.wiring.database.reading() as session:
        source = session.scalars(select(Source).where(Source.name == "Chợ việc làm")).one()
    assert (source.kind, source.address, source.every_minutes) == ("rss", feed, 360)


def test_what_stands_in_the_way_is_said_and_kinds_can_be_chosen(office: Office) -> None:
    browser = office.logged_in(Role.ADMINISTRATOR)
    wrong = browser.post("/sources/find", {"address": "không phải địa chỉ"})
    assert wrong.status_code == 422
    assert "Đây không phải địa chỉ trang mạng" in wrong.text
    wall = "<p>Vui lòng đăng nhập để xem.</p><input type=password>"
    with serving({"/": page(wall)}) as site:
        shown = browser.post("/sources/find", {"address": f"{site.address}/"}).text
    assert "Trang yêu cầu đăng nhập" in shown
    assert "Hoặc tự chọn loại nguồn" in shown
    assert "Hệ thống không gửi gì để vượt qua" in shown
    assert 'href="/entry/import"' in shown
    assert "/entry/new" not in shown, "administrators import files, but enter no posts"
    both = office.logged_in(office.person(Role.ADMINISTRATOR, Role.INSPECTOR))
    both.get("/sources/new")
    with serving({"/": page(wall)}) as site:
        shown = both.post("/sources/find", {"address": f"{site.address}/bai"}).text
        assert "Trang yêu cầu đăng nhập" not in shown, "a page that is not there is no wall"
        shown = both.post("/sources/find", {"address": f"{site.address}/"}).text
        filled = re.search(r'href="(/entry/new[?]url=[^"]+)"', shown)
        assert filled is not None
        assert f'value="{site.address}/"' in both.get(filled[1]).text
        kind = {"kind": "rss", "address": f"{site.address}/", "platform": "website"}
        tried = both.post("/sources/try", kind).text
    assert "Có rào chắn giữa người lạ và các trang này." in tried
    assert filled[1] in tried


def test_only_who_manages_sources_may_paste_one(office: Office) -> None:
    inspector = office.logged_in(Role.INSPECTOR)
    assert inspector.post("/sources/find", {"address": "https://x.example/"}).status_code == 403
