"""Pages of reports and of the law: figures that lead to their records, issuing, restating, what is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from casework.reports.models import Report
from casework.sanctions import asides
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from tests.webui.sanction_office import SanctionOffice, open_sanction_office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HALF = "half_year:2026-2"


@pytest.fixture
def office(settings: Settings, database: Database, clock: MovableClock) -> SanctionOffice:
    return open_sanction_office(settings, database, clock)


@pytest.fixture
def writer(office: SanctionOffice) -> FlaskClient:
    return office.client(office.writer)


@pytest.fixture
def director(office: SanctionOffice) -> FlaskClient:
    return office.client(office.director)


def begun(writer: FlaskClient, **typed: str) -> str:
    """The address of a new draft."""
    answer = writer.post("/reports/new", data={"period": HALF, **typed})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def shown_digest(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def issued(writer: FlaskClient, director: FlaskClient) -> str:
    where = begun(writer)
    assert writer.post(f"{where}/submit").status_code == 303
    shown = shown_digest(director.get(where).text)
    assert director.post(f"{where}/issue", data={"shown": shown}).status_code == 303
    return where


def test_every_figure_in_the_text_leads_to_its_records(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    sanction_id = office.desk.decided()
    where = begun(writer)
    page = writer.get(where).text
    assert f'href="{where}/figures/fines_total">12,5 triệu đồng</a>' in page
    links = set(re.findall(rf'href="({where}/figures/[^"]+)"', page))
    assert len(links) > 20
    for link in links:
        assert writer.get(link.replace("&amp;", "&")).status_code == 200
    records = writer.get(f"{where}/figures/fines_total").text
    assert f'href="/sanctions/{sanction_id}"' in records
    assert "XP-2026-0001" in records
    everybody = writer.get(f"{where}/figures/sanctioned_organisations?with=sanctioned_individuals")
    assert "XP-2026-0001" in everybody.text


def test_a_figure_without_records_says_so(writer: FlaskClient, office: SanctionOffice) -> None:
    where = begun(writer)
    assert "No record counts for this figure" in writer.get(f"{where}/figures/reminders").text
    assert writer.get(f"{where}/figures/nothing").status_code == 404


def test_the_page_prints_what_the_document_says(
    office: SanctionOffice, writer: FlaskClient, director: FlaskClient
) -> None:
    where = begun(writer)
    text = writer.get(where).text
    for said in (
        "6 tháng cuối năm 2026",
        "Trong kỳ báo cáo, chưa phát hiện bài đăng có dấu hiệu vi phạm cần rà soát.",
        "(số liệu từ ngày 15/06/2026 đến hết ngày 14/12/2026)",
    ):
        assert said in text
    draft = writer.get(f"{where}/document")
    assert draft.data[:2] == b"PK"
    assert "BC-2026-0001.docx" in draft.headers["Content-Disposition"]


def test_an_issued_report_is_frozen_and_can_be_restated(
    office: SanctionOffice, writer: FlaskClient, director: FlaskClient
) -> None:
    sanction_id = office.desk.decided()
    where = issued(writer, director)
    before = writer.get(f"{where}/document").data
    desk = office.desk
    with desk.database.writing() as session:
        asides.cancel(
            session, desk.director, desk.file(session, sanction_id), "Sai đối tượng",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    page = writer.get(where).text
    assert "Records changed since it was issued" in page
    assert "12,5 triệu đồng" in page
    assert "12,500,000" in page
    assert writer.get(f"{where}/document").data == before
    assert "XP-2026-0001" in writer.get(f"{where}/figures/fines_total").text
    answer = writer.post(f"{where}/restate", data={"reason": "Hủy một quyết định"})
    assert answer.status_code == 303
    new = writer.get(answer.headers["Location"]).text
    assert "đính chính, thay thế Báo cáo số 01/BC-SVHTTDL" in new
    assert "chưa phát sinh trường hợp bị xử phạt" in new


def test_what_the_approver_did_not_see_is_not_issued(
    office: SanctionOffice, writer: FlaskClient, director: FlaskClient
) -> None:
    where = begun(writer)
    writer.post(f"{where}/submit")
    shown = shown_digest(director.get(where).text)
    office.desk.decided()
    answer = director.post(f"{where}/issue", data={"shown": shown})
    assert answer.status_code == 409
    assert "not those you saw" in answer.text


def test_who_wrote_it_cannot_issue_it_and_a_writer_never(office: SanctionOffice) -> None:
    both = office.client(office.people(Role.REPORT_WRITER, Role.APPROVER, language="en"))
    where = begun(both)
    both.post(f"{where}/submit")
    shown = shown_digest(both.get(where).text)
    assert both.post(f"{where}/issue", data={"shown": shown}).status_code == 403
    writer = office.client(office.writer)
    assert writer.post(f"{where}/issue", data={"shown": shown}).status_code == 403


def test_sections_are_saved_and_an_error_loses_nothing(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    where = begun(writer)
    typed = {
        "subject": "Kết quả rà soát",
        "addressee": "Công an tỉnh",
        "symbol": "BC-SVHTTDL",
        "archive": "VT",
        "tasks": "Tiếp tục rà soát\nPhối hợp liên ngành",
        "heading": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        "difficulties": "Nền tảng phản hồi chậm",
    }
    assert writer.post(f"{where}/edit", data=typed).status_code == 303
    page = writer.get(where).text
    assert "- Nền tảng phản hồi chậm" in page
    assert "PHÓ GIÁM ĐỐC" in page
    answer = writer.post(f"{where}/edit", data={**typed, "tasks": "", "subject": "Đã gõ lại"})
    assert answer.status_code == 422
    assert "Đã gõ lại" in answer.text
    assert 'id="tasks-error"' in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"period": "half_year:2026-9"}, "Choose a period that the catalogue knows"),
        ({"period": "", "first": "2026-11-01"}, "Give the first and the last day"),
        ({"period": "", "first": "hôm qua"}, "Enter a date that exists"),
        (
            {"period": "", "first": "2026-11-01", "last": "2026-11-20"},
            "Free dates need what asked for the report",
        ),
    ],
)
def test_days_that_are_no_period_come_back_with_a_reason(
    office: SanctionOffice, writer: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = writer.post("/reports/new", data=typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_today_tells_the_legal_day_and_what_waits_for_the_signature(
    office: SanctionOffice, writer: FlaskClient, director: FlaskClient
) -> None:
    assert "Report on electronic information, second half of 2026" in writer.get("/").text
    assert "To be sent by 27/11/2026" in writer.get("/reports").text
    where = begun(writer, period="electronic_information:2026-2")
    writer.post(f"{where}/submit")
    assert "Issue BC-2026-0001" in director.get("/").text
    shown = shown_digest(director.get(where).text)
    director.post(f"{where}/issue", data={"shown": shown})
    assert "To be sent by" not in writer.get("/reports").text


def test_a_draft_is_discarded_with_a_reason_and_restored(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    where = begun(writer)
    assert writer.post(f"{where}/discard", data={"reason": ""}).status_code == 422
    assert writer.post(f"{where}/discard", data={"reason": "Trùng kỳ"}).status_code == 303
    assert "BC-2026-0001" not in writer.get("/reports").text
    assert "BC-2026-0001" in writer.get("/reports?state=discarded").text
    assert writer.post(f"{where}/step/restore").status_code == 303
    assert writer.post(f"{where}/step/issue").status_code == 404
    with office.wiring.database.reading() as session:
        assert session.get_one(Report, 1).state == "draft"


def test_an_office_wide_report_tells_a_unit_nothing_of_another_units_records(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    desk = office.desk
    desk.inspector = office.people.actor(Role.INSPECTOR, unit=office.people.unit("Phòng một"))
    desk.opened()
    where = begun(writer)
    stranger = office.people(
        Role.REPORT_WRITER, unit=office.people.unit("Phòng hai"), language="en"
    )
    assert "Nhóm rủ sang biên giới" in writer.get(f"{where}/figures/cases_opened").text
    page = office.client(stranger).get(f"{where}/figures/cases_opened").text
    assert "Nhóm rủ sang biên giới" not in page
    assert "case 1 of another unit" in page


# --- the law ----------------------------------------------------------------------------------------


def test_the_law_shows_brackets_sources_and_how_sure(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    page = writer.get("/law").text
    for said in (
        "điểm b khoản 1 Điều 95 Nghị định số 174/2026/NĐ-CP",
        "Individual: 10,000,000 VND – 15,000,000 VND",
        "Organisation: 20,000,000 VND – 30,000,000 VND",
        "read in the text itself",
    ):
        assert said in page


@pytest.mark.parametrize(
    "section",
    [
        "instruments", "provisions", "competence", "regimes", "deadlines", "rules", "periods",
        "remedies", "transitions", "overlaps", "forms", "titles", "agencies", "holidays",
        "conducts",
    ],
)  # fmt: skip
def test_every_section_of_the_law_opens(
    office: SanctionOffice, writer: FlaskClient, section: str
) -> None:
    answer = writer.get(f"/law?section={section}")
    assert answer.status_code == 200
    assert "data-row" in answer.text


def test_the_law_is_searched_with_and_without_diacritics(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    for words in ("tien cham nop 0,05", "Chậm nộp TIỀN PHẠT"):
        assert "late_interest" in writer.get("/law", query_string={"q": words}).text
    assert "No entry holds these words" in writer.get("/law?q=zzzzz").text


def test_the_law_of_a_day_leaves_out_what_was_not_in_force(
    office: SanctionOffice, writer: FlaskClient
) -> None:
    before = writer.get("/law?section=provisions&day=2026-06-30").text
    assert "nd15-2020.101.1.a" in before
    assert "nd174-2026.95.1.b" not in before
    assert "nd174-2026.95.1.b" in writer.get("/law?section=provisions&day=nonsense").text
    unsure = writer.get("/law?section=deadlines&confidence=L").text
    assert '<code class="text-secondary">service</code>' in unsure
    assert "record.ordinary" not in unsure


def test_entries_of_the_office_are_marked_with_file_and_line(
    settings: Settings, database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    folder = tmp_path / "law"
    folder.mkdir()
    entry = (
        "deadlines:\n  - id: service\n    amount: 3\n    confidence: H\n    source: Sở Tư pháp\n"
    )
    (folder / "office.yaml").write_text(entry, encoding="utf-8")
    office = open_sanction_office(replace(settings, law_dir=folder), database, clock)
    page = office.client(office.writer).get("/law?section=deadlines&own=1").text
    assert "set by this office: office.yaml:2" in page
    assert "3 working days" in page
    assert "record.ordinary" not in page
