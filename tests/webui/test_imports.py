"""Importing a file: looked at first, then a run whose page names every bad row."""

import io
import re

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from crawler.models import Run
from crawler.runner import run
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import PostRow, Source
from tests.support.office import Browser, Office, open_office

LURE = "Việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"
TABLE = f"""Nội dung;Link;Ngày
{LURE};https://tin.example/1;20/11/2026
Chúc ngủ ngon;https://tin.example/2;
;https://tin.example/3;
{LURE} nhé;https://tin.example/4;ngày kia
"""


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def inspector(office: Office) -> Browser:
    browser = office.logged_in(Role.INSPECTOR)
    browser.get("/entry/import")
    return browser


def send(browser: Browser, data: bytes, name: str = "tin bao.csv") -> TestResponse:
    answer = browser.post("/entry/import", {"file": (io.BytesIO(data), name)})
    return browser.get(answer.location) if answer.status_code == 302 else answer


def begin(office: Office, browser: Browser, token: str, **options: str) -> Run:
    answer = browser.post(f"/entry/import/{token}", {"name": "tin bao.csv", **options})
    assert answer.status_code == 302, answer.text
    run_id = int(answer.location.rpartition("/")[2])
    wiring = office.wiring
    run(run_id, wiring.database, wiring.ingestor, wiring.files, wiring.clock, wiring.settings)
    with wiring.database.reading() as session:
        return session.get_one(Run, run_id)


def token_of(browser: Browser) -> str:
    assert browser.last is not None
    found = re.search(r"/entry/import/([0-9a-f]{32})", browser.last.text)
    assert found
    return found[1]


def kept(office: Office) -> list[PostRow]:
    with office.wiring.database.reading() as session:
        return list(session.scalars(select(PostRow).order_by(PostRow.url)).unique())


def test_the_first_rows_are_shown_as_they_would_be_stored(inspector: Browser) -> None:
    page = send(inspector, TABLE.encode()).text
    assert "nhận biết: Nội dung" in page
    assert "nhận biết: Link" in page
    assert "Việc nhẹ lương cao" in page
    assert "20/11/2026" in page
    assert "Bỏ qua dòng 4: nội dung trống." in page
    assert "Dòng 5: không đọc được thời gian “ngày kia”" in page
    assert "2 lỗi trong 4 dòng đầu" in page


def test_a_run_takes_the_good_rows_and_names_each_bad_one(
    office: Office, inspector: Browser
) -> None:
    send(inspector, TABLE.encode())
    done = begin(office, inspector, token_of(inspector))
    assert (done.state, done.posts, done.kept, done.not_kept, done.errors) == ("done", 3, 2, 1, 2)
    assert [post.origin for post in kept(office)] == ["import", "import"]
    page = inspector.get(f"/sources/runs/{done.id}").text
    assert "Bỏ qua dòng 4: nội dung trống." in page
    assert "tin bao.csv" in page
    assert "<td>dòng</td>" in page
    table = inspector.get(f"/sources/runs/{done.id}/errors.csv")
    assert "Bỏ qua dòng 4" in table.data.decode("utf-8-sig")
    assert list((office.wiring.settings.data_dir / "uploads").iterdir()) == []
    assert list(office.wiring.files.digests()) == []


def test_whoever_vouches_for_a_file_keeps_every_row(office: Office, inspector: Browser) -> None:
    send(inspector, TABLE.encode())
    assert begin(office, inspector, token_of(inspector), keep_all="on").kept == 3


def test_columns_nobody_recognises_are_asked_for(office: Office, inspector: Browser) -> None:
    data = f'Lời kể,Nơi\n"{LURE}",K\n'.encode()
    answer = send(inspector, data)
    assert answer.status_code == 422
    assert "Hãy chọn cột chứa nội dung" in answer.text
    assert '<option value="Lời kể">' in answer.text
    token = token_of(inspector)
    refused = inspector.post(f"/entry/import/{token}", {"name": "a.csv"})
    assert refused.status_code == 422
    answer = inspector.post(
        f"/entry/import/{token}/look", {"column_text": "Lời kể", "name": "a.csv"}
    )
    assert "csrf_token" not in answer.location
    page = inspector.get(answer.location)
    assert page.status_code == 200
    assert '<option value="Lời kể" selected>' in page.text
    assert begin(office, inspector, token, column_text="Lời kể").kept == 1


@pytest.mark.parametrize(
    ("data", "column"),
    [
        (f'{{"text": "{LURE}"}}\nkhông phải json\n'.encode(), "text"),
        (f"Nội dung\tLink\n{LURE}\thttps://x.example/1\n".encode("utf-16"), "Nội dung"),
        (f"\ufeffcontent,link\n{LURE.replace(',', '')},\n".encode(), "content"),
    ],
)
def test_it_recognises_format_encoding_and_delimiter(
    inspector: Browser, data: bytes, column: str
) -> None:
    page = send(inspector, data, "x.dat")
    assert page.status_code == 200
    assert f"nhận biết: {column}" in page.text
    assert "Việc nhẹ lương cao" in page.text


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"\x00\xff\xfe\x01" * 500, b"text\n"])
def test_nonsense_is_told_and_nothing_breaks(inspector: Browser, data: bytes) -> None:
    answer = send(inspector, data)
    assert answer.status_code in {200, 422}
    assert "Nhập tệp" in answer.text


def test_a_wrong_option_is_told_at_its_field(office: Office, inspector: Browser) -> None:
    send(inspector, TABLE.encode())
    token = token_of(inspector)
    answer = inspector.post(f"/entry/import/{token}", {"timezone": "Sao Hỏa", "name": "x"})
    assert answer.status_code == 422
    assert "“Sao Hỏa” không phải múi giờ." in answer.text
    assert 'value="Sao Hỏa"' in answer.text
    with office.wiring.database.reading() as session:
        assert session.scalars(select(Run)).first() is None


def test_a_source_of_ones_own_can_be_named_but_not_one_of_another_kind(
    office: Office, inspector: Browser
) -> None:
    at = office.wiring.clock.now()
    with office.wiring.database.writing() as session:
        hotline, feed = (
            Source(name=name, kind=kind, platform="sms", purpose="Thử nghiệm", created_at=at)
            for name, kind in (("Đường dây nóng", "file"), ("Trang tin", "rss"))
        )
        session.add_all([hotline, feed])
    page = send(inspector, TABLE.encode()).text
    assert "Đường dây nóng" in page
    assert "Trang tin" not in page
    token = token_of(inspector)
    wrong = inspector.post(f"/entry/import/{token}", {"source": str(feed.id), "name": "x"})
    assert wrong.status_code == 409
    done = begin(office, inspector, token, source=str(hotline.id))
    assert done.source_id == hotline.id
    assert {post.platform for post in kept(office)} == {"sms"}


def test_a_file_is_only_for_whoever_sent_it(office: Office, inspector: Browser) -> None:
    send(inspector, TABLE.encode())
    token = token_of(inspector)
    other = office.logged_in(Role.POLICE)
    assert other.get(f"/entry/import/{token}").status_code == 404
    assert other.post(f"/entry/import/{token}", {}).status_code == 404
    assert inspector.get(f"/entry/import/{token}").status_code == 200


def test_a_workbook_is_looked_at_and_imported(office: Office, inspector: Browser) -> None:
    book = Workbook()
    book.active.append(("Nội dung tin báo", "Ngày nhận"))
    book.active.append((LURE, "20/11/2026"))
    book.active.append(("", "20/11/2026"))
    out = io.BytesIO()
    book.save(out)
    assert LURE in send(inspector, out.getvalue(), "tin bao.xlsx").text
    done = begin(office, inspector, token_of(inspector), name="tin bao.xlsx")
    assert (done.kept, done.errors) == (1, 1)


def test_an_old_workbook_is_refused_in_words(inspector: Browser) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    refused = send(inspector, old, "cu.xls")
    assert refused.status_code == 422
    assert ".xlsx" in refused.text
