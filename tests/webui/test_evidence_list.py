"""The list of evidence: what is shown taken along as a table, in pieces, by the same filters."""

import csv
import io

import pytest

from casework.cases.service import open_case
from casework.cases.subjects import SubjectData, add_subject
from casework.evidence import service
from casework.evidence.models import EvidenceItem
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role, Unit
from foundation.settings import Settings
from tests.support.office import Office, open_office, password_hash
from tests.support.posts import Posts
from webui.tables import csv_lines
from webui.views import evidence_list


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


def items(office: Office, count: int, **values: object) -> None:
    with office.wiring.database.writing() as session:
        for number in range(count):
            given = {
                "url": f"https://dien-dan.example/bai/{number}",
                "title": f"Tuyển người đi Bavet {number}",
                "origin": "crawler",
                "availability": "removed",
                **values,
            }
            at = office.wiring.clock.now()
            service.keep(session, EvidenceItem(captured_at=at, created_at=at, files=[], **given))


def table(office: Office, query: str = "", role: Role = Role.INSPECTOR) -> list[list[str]]:
    reader = office.people(role, language="vi", password=password_hash())
    answer = office.logged_in(reader).get(f"/evidence/export.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "chung-cu.csv" in answer.headers["Content-Disposition"]
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_every_row_that_the_filters_show_is_in_the_table(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_list, "EXPORTED_AT_ONCE", 7)
    items(office, 30)
    items(
        office,
        3,
        title="Ảnh người dân gửi",
        origin="officer",
        availability="",
        url="",
        note="Chị H.",
    )
    heads, *rows = table(office)
    assert heads[:3] == ["ID", "Đã chụp", "Trang"]
    assert len(rows) == 33
    assert len({row[0] for row in rows}) == 33
    assert rows[0][2:6] == ["Ảnh người dân gửi", "", "cung cấp thủ công", ""]
    assert rows[-1][5] == "đã gỡ"
    assert len(rows[-1][8]) == 64
    _, *found = table(office, "?origin=officer")
    assert len(found) == 3
    _, *none = table(office, "?q=không có")
    assert none == []


def test_no_cell_is_a_formula(office: Office) -> None:
    items(office, 1, title='=HYPERLINK("http://x.example")')
    _, row = table(office)
    assert row[2] == '\'=HYPERLINK("http://x.example")'


@pytest.mark.parametrize("cell", ["=1+1", "+84900000123", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_every_table_writes_formulas_as_words(cell: str) -> None:
    ((shown, beside),) = csv.reader(io.StringIO(csv_lines([(cell, "a=b")]), newline=""))
    assert (shown, beside) == (f"'{cell}", "a=b")


def test_neither_notes_nor_victims_nor_informants_leave_with_the_table(office: Office) -> None:
    clock = office.wiring.clock
    inspector = office.people.actor(Role.INSPECTOR)
    post = Posts(office.wiring.database, clock)("Tuyển nữ phục vụ quán ở Bavet")
    with office.wiring.database.writing() as session:
        case = open_case(session, inspector, "Nhóm Bavet", [post.id], at=clock.now())
        for person in (
            SubjectData(role="victim", name="Lê Thị Bông Mai", phone="0900 000 777"),
            SubjectData(role="informant", name="Trần Văn Báo Tin"),
        ):
            add_subject(session, inspector, case, person, at=clock.now())
        number = case.id
    items(office, 1, case_id=number, title="Tin về LE THI BONG MAI", url="")
    items(office, 1, case_id=number, url="https://x.example/L%C3%AA-Th%E1%BB%8B-B%C3%B4ng-Mai")
    items(office, 1, case_id=number, title="Anh Trần  Văn Báo Tin kể", note="Ông Báo Tin đưa")
    items(office, 1, shows_victim=True, title="Ảnh cháu bé", url="https://x.example/chau-be")
    items(office, 1, case_id=number, title="Tuyển người", url="https://x.example/tuyen")
    _, *rows = table(office)
    site = "https://x.example/(đã che)"
    assert [row[2] for row in rows] == [
        "Tuyển người",
        "(đã che)",
        "(đã che)",
        "Tuyển người đi Bavet 0",
        "(đã che)",
    ]
    assert [row[3] for row in rows][:2] == ["https://x.example/tuyen", site]
    assert [row[3] for row in rows][3:] == [site, ""]


def test_others_units_are_not_in_it_and_the_log_knows_of_it(office: Office) -> None:
    with office.wiring.database.writing() as session:
        unit = Unit(name="Phòng khác", short_name="PK", created_at=office.wiring.clock.now())
        session.add(unit)
        session.flush()
        other = unit.id
    items(office, 2)
    items(office, 2, unit_id=other)
    boss = office.people(Role.INSPECTOR, language="vi", password=password_hash())
    own = office.people(Role.INSPECTOR, language="vi", password=password_hash())
    with office.wiring.database.writing() as session:
        mine = Unit(name="Phòng mình", short_name="PM", created_at=office.wiring.clock.now())
        session.add(mine)
        session.flush()
        row = session.merge(own)
        row.unit_id = mine.id
    text = office.logged_in(own).get("/evidence/export.csv").get_data().decode()
    assert len(text.splitlines()) == 3
    whole = office.logged_in(boss).get("/evidence/export.csv").get_data().decode()
    assert len(whole.splitlines()) == 5
    admin = office.people(Role.ADMINISTRATOR, language="en", password=password_hash())
    assert office.logged_in(admin).get("/audit").text.count("List of evidence taken") >= 2


def test_the_page_offers_the_table_with_its_filters(office: Office) -> None:
    items(office, 2)
    page = office.logged_in(Role.INSPECTOR).get("/evidence/?q=Bavet&origin=crawler").text
    assert "/evidence/export.csv?q=Bavet&amp;origin=crawler" in page
