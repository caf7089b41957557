"""Pages of sanctions: a file led from its facts to the last payment by forms alone, and what they refuse."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.cases.models import Subject
from casework.sanctions.models import Sanction
from casework.sanctions.proposing import Proposal
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from tests.casework.sanction_desk import FACTS, VICTIM
from tests.webui.sanction_office import SanctionOffice, open_sanction_office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "Thuộc lĩnh vực thông tin trên mạng"


@pytest.fixture
def office(settings: Settings, database: Database, clock: MovableClock) -> SanctionOffice:
    return open_sanction_office(settings, database, clock)


@pytest.fixture
def inspector(office: SanctionOffice) -> FlaskClient:
    return office.client(office.inspector)


@pytest.fixture
def director(office: SanctionOffice) -> FlaskClient:
    return office.client(office.director)


def facts(office: SanctionOffice, **changes: str) -> dict[str, str]:
    """What an officer types about a new file in a case of its own."""
    office.desk._post = office.desk.posts().id
    case, suspect = office.desk.case()
    return {
        "case": str(case.id),
        "subject": str(suspect.id),
        "subject_kind": "individual",
        "conduct": "promote_trafficking",
        "act_text": "Đăng bài cổ súy đưa người ra nước ngoài trái phép",
        "ended_on": "2026-11-19",
        "detected_on": "2026-11-20",
        "provision_id": "nd174-2026.95.1.b",
        "choice_reason": REASON,
        **changes,
    }


def test_a_file_is_led_through_all_its_steps_by_forms(
    office: SanctionOffice, inspector: FlaskClient, director: FlaskClient, clock: MovableClock
) -> None:
    made = inspector.post("/sanctions/new", data=facts(office))
    assert made.status_code == 303
    where = made.headers["Location"]

    def act(client: FlaskClient, name: str, **typed: str) -> None:
        answer = client.post(f"{where}/{name}", data=typed)
        assert answer.status_code == 303, answer.text

    act(inspector, "record", started_at="2026-11-23T08:00", place="Trụ sở Sở")
    act(inspector, "explain", outcome="waived", on="2026-11-23")
    act(inspector, "propose", form="fine", amount="12.500.000", remedies="remove_content")
    page = director.get(where).text
    assert "Nothing in the catalogue speaks against your signature" in page
    assert "Average of the bracket: 12.500.000 đồng" in page
    act(director, "decide")
    act(inspector, "serve", served_on="2026-11-23", proof="Giao trực tiếp, có ký nhận")
    clock.move(timedelta(days=14))
    page = inspector.get(where).text
    assert "3 days of late payment, 04/12/2026 to 06/12/2026: 18,750 VND" in page
    act(
        inspector, "pay", paid_on="2026-12-07", receipt="BL-1", paid="12.500.000", interest="18.750"
    )
    act(inspector, "remedied", on="2026-12-07")
    page = inspector.get(where).text
    for said in ("Paid", "BL-1", "18,750 VND", "Form MQĐ02, no. 01", "Remedies carried out on"):
        assert said in page
    assert "Đăng bài cổ súy" in page


def test_the_provisions_are_found_before_anything_is_saved(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    typed = facts(office, act="find", provision_id="")
    page = inspector.post("/sanctions/new", data=typed)
    assert page.status_code == 200
    assert "Nghị định số 174/2026/NĐ-CP" in page.text
    assert "Nghị định số 330/2026/NĐ-CP" in page.text
    assert "Two decrees describe this act" in page.text
    assert "10,000,000 VND – 15,000,000 VND" in page.text
    with office.wiring.database.reading() as session:
        assert session.scalars(select(Sanction)).first() is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"choice_reason": ""}, "Say why this one is applied"),
        ({"provision_id": ""}, "Choose one of the provisions in force"),
        ({"detected_on": "31/02/2026"}, "Enter a date that exists"),
        ({"ended_on": ""}, "Give the day the act ended"),
        ({"subject_kind": "ghost"}, "Choose one of the values offered"),
        ({"age_at_act": "mười lăm"}, "Enter a whole number"),
        ({"act_text": f"Rủ rê {VICTIM} sang biên giới"}, "names a victim or an informant"),
    ],
)
def test_a_form_with_an_error_says_so_at_the_field_and_keeps_what_was_typed(
    office: SanctionOffice, inspector: FlaskClient, changes: dict[str, str], said: str
) -> None:
    typed = facts(office, **{"act_text": "Nội dung đã gõ", **changes})
    answer = inspector.post("/sanctions/new", data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'class="field-error" id="' in answer.text
    assert typed["act_text"] in answer.text


def test_a_victim_is_not_offered_as_a_violator(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    typed = facts(office)
    page = inspector.get(f"/sanctions/new?case={typed['case']}").text
    assert VICTIM not in page
    with office.wiring.database.reading() as session:
        victim = session.scalars(select(Subject).where(Subject.role == "victim")).one()
    answer = inspector.post("/sanctions/new", data={**typed, "subject": str(victim.id)})
    assert answer.status_code == 422
    assert "Only a suspect of the case can be sanctioned" in answer.text


def test_who_proposed_is_refused_the_signature_and_told_why(office: SanctionOffice) -> None:
    both = office.people(
        Role.INSPECTOR, Role.APPROVER, signer_title="giam-doc-so-vhttdl", language="en"
    )
    office.desk.inspector = both.actor()
    sanction_id = office.desk.proposed()
    answer = office.client(both).post(f"/sanctions/{sanction_id}/decide")
    assert answer.status_code == 403
    assert "a second person has to take this one" in answer.text
    assert office.desk.read(sanction_id).state == "proposed"


def test_what_the_law_forbids_is_shown_with_its_source_and_not_signed(
    office: SanctionOffice,
) -> None:
    sanction_id = office.desk.proposed()
    low = office.people(Role.APPROVER, signer_title="chien-si-cong-an", language="en")
    client = office.client(low)
    page = client.get(f"/sanctions/{sanction_id}").text
    assert "is above the signer&#39;s limit" in page
    assert "Điều 107 Nghị định số 174/2026/NĐ-CP" in page
    assert "Sign the decision" not in page
    answer = client.post(f"/sanctions/{sanction_id}/decide")
    assert answer.status_code == 422
    assert "The law does not allow this decision" in answer.text


def test_a_warning_asks_for_a_reason_before_it_is_signed(office: SanctionOffice) -> None:
    sanction_id = office.desk.proposed()
    chair = office.client(
        office.people(Role.APPROVER, signer_title="chu-tich-ubnd-xa", language="en")
    )
    answer = chair.post(f"/sanctions/{sanction_id}/decide")
    assert answer.status_code == 422
    assert "Say why it is signed all the same" in answer.text
    reason = {"acknowledged": "Pháp chế xác nhận"}
    assert chair.post(f"/sanctions/{sanction_id}/decide", data=reason).status_code == 303
    assert "Pháp chế xác nhận" in chair.get(f"/sanctions/{sanction_id}").text


def test_an_amount_outside_the_bracket_comes_back_with_the_bracket(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    sanction_id = office.desk.recorded()
    office.desk.explained(sanction_id)
    typed = {"amount": "90.000.000", "mitigating": "Tự gỡ bài\nHối lỗi"}
    answer = inspector.post(f"/sanctions/{sanction_id}/propose", data=typed)
    assert answer.status_code == 422
    assert "The bracket goes from 10.000.000 to 15.000.000" in answer.text
    assert "Tự gỡ bài\nHối lỗi" in answer.text
    assert 'value="90.000.000"' in answer.text


def test_a_signature_on_a_page_that_is_no_longer_true_is_refused(
    office: SanctionOffice, director: FlaskClient
) -> None:
    sanction_id = office.desk.proposed()
    shown = director.get(f"/sanctions/{sanction_id}").text
    seen = re.search(rf"/sanctions/{sanction_id}/decide\?seen=(\d+)", shown)
    assert seen is not None
    stale = director.post(f"/sanctions/{sanction_id}/decide?seen={int(seen[1]) - 1}")
    assert stale.status_code == 409
    signed = director.post(f"/sanctions/{sanction_id}/decide?seen={seen[1]}")
    assert signed.status_code == 303


def test_crime_signs_stop_the_page_and_every_form(
    office: SanctionOffice, inspector: FlaskClient, director: FlaskClient
) -> None:
    sanction_id = office.desk.proposed()
    flagged = inspector.post(
        f"/sanctions/{sanction_id}/crime", data={"reason": "Dấu hiệu tội mua bán người"}
    )
    assert flagged.status_code == 303
    page = director.get(f"/sanctions/{sanction_id}").text
    assert "Crime signs: this file rests" in page
    assert "Dấu hiệu tội mua bán người" in page
    assert "Sign the decision" not in page
    answer = director.post(f"/sanctions/{sanction_id}/decide")
    assert answer.status_code == 409
    assert "this file rests until they are cleared" in answer.text


def test_papers_are_downloaded_and_one_that_is_not_there_is_not_found(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    sanction_id = office.desk.recorded()
    paper = inspector.get(f"/sanctions/{sanction_id}/papers/record")
    assert paper.data[:2] == b"PK"
    assert "MBB01-XP-2026-0001.docx" in paper.headers["Content-Disposition"]
    assert inspector.get(f"/sanctions/{sanction_id}/papers/decision").status_code == 404
    assert inspector.get(f"/sanctions/{sanction_id}/papers/other").status_code == 404


def test_the_list_is_filtered_by_state_and_words(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    office.desk.opened()
    office.desk.decided(Proposal(amount=12_500_000))
    page = inspector.get("/sanctions").text
    assert "XP-2026-0001" in page
    assert "XP-2026-0002" in page
    decided = inspector.get("/sanctions?state=decided").text
    assert "XP-2026-0001" not in decided
    assert "12,500,000 VND" in decided
    assert "No sanction file fits this filter" in inspector.get("/sanctions?q=XYZ").text
    assert "XP-2026-0002" in inspector.get("/sanctions?sort=-amount&state=open&mine=1").text


def test_today_tells_the_director_what_to_sign_and_the_inspector_what_runs_out(
    office: SanctionOffice, inspector: FlaskClient, director: FlaskClient
) -> None:
    office.desk.opened()
    office.desk.proposed()
    assert "Decide on XP-2026-0002" in director.get("/").text
    assert "XP-2026-0001: Time to draw up the record" in inspector.get("/").text
    assert "XP-2026-0002" not in inspector.get("/").text


def test_hostile_text_is_shown_as_text(office: SanctionOffice, inspector: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>"
    sanction_id = office.desk.opened(replace(FACTS, act_text=hostile))
    page = inspector.get(f"/sanctions/{sanction_id}").text
    assert hostile not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_facts_can_be_changed_until_the_record(
    office: SanctionOffice, inspector: FlaskClient
) -> None:
    sanction_id = office.desk.opened()
    page = inspector.get(f"/sanctions/{sanction_id}/edit").text
    assert FACTS.act_text in page
    typed = facts(office, ended_on="2026-06-30", provision_id="nd15-2020.101.1.d")
    assert inspector.post(f"/sanctions/{sanction_id}/edit", data=typed).status_code == 303
    assert office.desk.read(sanction_id).ended_on == date(2026, 6, 30)
    recorded = office.desk.recorded()
    assert inspector.get(f"/sanctions/{recorded}/edit").status_code == 409


def test_pages_speak_vietnamese(office: SanctionOffice) -> None:
    sanction_id = office.desk.proposed()
    page = office.client(office.people(Role.INSPECTOR, language="vi")).get(
        f"/sanctions/{sanction_id}"
    )
    for said in ("Biên bản vi phạm hành chính", "Khung tiền phạt đối với cá nhân", "Điều 66"):
        assert said in page.text
