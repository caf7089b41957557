"""Sanction files from the first fact to the last đồng, on both databases."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest

from casework.cases import subjects
from casework.cases.models import Case, Document, Subject
from casework.cases.subjects import SubjectData
from casework.cases.timeline import measures, timeline
from casework.sanctions import asides, deciding, listing, proposing, service, steps
from casework.sanctions import timeline as sanction_timeline
from casework.sanctions.proposing import Proposal, RecordData
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import (
    Conflict,
    Forbidden,
    FourEyesRequired,
    InvalidInput,
    NeedsMissing,
    NotAllowedInState,
    NotFound,
)
from foundation.files import FolderStore
from foundation.lifecycle import history
from foundation.people import Role
from tests.casework.sanction_desk import DIRECTOR, FACTS, OFFICE, VICTIM, SanctionDesk
from tests.support.people import People


@pytest.fixture
def desk(
    database: Database, clock: MovableClock, people: People, files: FolderStore
) -> SanctionDesk:
    return SanctionDesk(database, clock, people, files)


def text_of(desk: SanctionDesk, digest: str) -> str:
    """Everything that a stored .docx says, tables too."""
    document = docx.Document(io.BytesIO(desk.files.get(digest)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


# --- which decree ---------------------------------------------------------------------------------


def test_both_decrees_of_the_day_are_offered_and_the_choice_needs_a_reason(
    desk: SanctionDesk,
) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.opened(replace(FACTS, choice_reason=" "))
    assert refused.value.detail["field"] == "choice_reason"
    file = desk.read(desk.opened())
    offered = {each["instrument"]: each for each in file.candidates}
    assert set(offered) == {"nd174-2026", "nd330-2026"}
    assert all(each["overlaps"] for each in offered.values())
    assert (offered["nd174-2026"]["min"], offered["nd174-2026"]["max"]) == (10_000_000, 15_000_000)
    assert file.choice_reason.startswith("Hành vi thuộc lĩnh vực")
    assert "điểm b khoản 1 Điều 95" in file.cited


def test_an_act_that_ended_before_july_2026_is_judged_by_the_old_decree(desk: SanctionDesk) -> None:
    old = replace(
        FACTS,
        ended_on=date(2026, 6, 30),
        provision_id="nd15-2020.101.1.d",
        choice_reason="Hành vi kết thúc trước ngày 01/7/2026",
    )
    file = desk.read(desk.opened(old))
    assert file.candidates[0]["instrument"] == "nd15-2020"
    with pytest.raises(InvalidInput) as refused:
        desk.opened(replace(old, provision_id="nd174-2026.95.1.b"))
    assert refused.value.message_key == "error.sanction.provision"


def test_what_the_catalogue_said_is_pinned_with_its_version(desk: SanctionDesk) -> None:
    file = desk.read(desk.decided())
    assert file.law_version == desk.catalogue.version
    assert file.pinned["provision"]["entry"]["bracket"]["max"] == 30_000_000
    assert file.pinned["competence"]["entry"]["id"] == "nd174.so-vhttdl"
    assert file.pinned["decision"]["catalogue"] == desk.catalogue.version


@pytest.mark.parametrize(
    ("change", "key", "field"),
    [
        ({"ended_on": None}, "error.sanction.days", "ended_on"),
        ({"detected_on": date(2026, 11, 1)}, "error.sanction.days", "ended_on"),
        ({"detected_on": date(2027, 1, 1)}, "error.sanction.future", "detected_on"),
        ({"act_text": "  "}, "error.sanction.act_text", "act_text"),
        ({"act_text": f"Đưa bà {VICTIM} đi"}, "error.sanction.victim_named", "act_text"),
        ({"act_text": "Gọi số 0900.000.177 rủ đi"}, "error.sanction.victim_named", "act_text"),
        ({"act_text": "Gọi số +84 900 000 177"}, "error.sanction.victim_named", "act_text"),
        ({"act_text": "Đưa bà HOANG  THI NAN NHAN"}, "error.sanction.victim_named", "act_text"),
    ],
)
def test_facts_that_cannot_be_are_refused_at_their_field(
    desk: SanctionDesk, change: dict[str, object], key: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.opened(replace(FACTS, **change))  # type: ignore[arg-type]
    assert (refused.value.message_key, refused.value.detail["field"]) == (key, field)


def test_a_victim_cannot_be_sanctioned(desk: SanctionDesk, database: Database) -> None:
    file = desk.read(desk.opened())
    with database.writing() as session:
        victim = session.query(Subject).filter(Subject.role == "victim").one()
        case = session.get_one(Case, file.case_id)
        with pytest.raises(InvalidInput) as refused:
            service.open_sanction(
                session, desk.inspector, case, victim, FACTS,
                at=desk.clock.now(), catalogue=desk.catalogue,
            )  # fmt: skip
    assert refused.value.message_key == "error.sanction.subject"


def test_words_of_the_list_are_words_whatever_signs_are_in_them(desk: SanctionDesk) -> None:
    file = desk.read(desk.opened())
    with desk.database.reading() as session:
        for words, count in (
            (file.number, 1),
            ("điểm b khoản", 1),
            ("%", 0),
            ("kho_n", 0),
            ("\\", 0),
        ):
            filters = listing.Filters(words=words)
            _files, total = listing.list_files(session, desk.inspector, filters, page=1, size=9)
            assert total == count, words


# --- record and explanation -----------------------------------------------------------------------


def test_the_record_is_a_paper_of_the_case_and_names_no_victim(
    desk: SanctionDesk, database: Database
) -> None:
    file = desk.read(desk.recorded())
    said = text_of(desk, file.record_digest)
    assert "Nguyễn Văn Thử" in said
    assert "điểm b khoản 1 Điều 95 Nghị định số 174/2026/NĐ-CP" in said
    assert VICTIM not in said
    assert "0900 000 177" not in said
    with database.reading() as session:
        paper = session.query(Document).filter(Document.kind == "violation_record").one()
        assert (paper.digest, paper.case_id) == (file.record_digest, file.case_id)
    assert file.record_number == 1


def test_a_bracket_up_to_fifteen_million_gives_a_person_the_right_to_explain(
    desk: SanctionDesk,
) -> None:
    file = desk.read(desk.recorded())
    assert file.state == "explanation"
    assert file.due_key == "explanation.written"
    assert file.due_at is not None
    # From Monday 23/11, with 24/11 a day off: five working days end with Tuesday 01/12 in Viet Nam.
    assert file.due_at.isoformat() == "2026-12-01T17:00:00+00:00"


def test_a_small_bracket_gives_no_right_to_explain(desk: SanctionDesk) -> None:
    small = replace(FACTS, provision_id="nd330-2026.11.1.b", choice_reason="An ninh mạng")
    file = desk.read(desk.recorded(small))
    assert file.state == "recorded"
    assert file.due_key == "decision.ordinary"


def test_the_time_to_explain_is_over_only_when_it_is_over(desk: SanctionDesk) -> None:
    sanction_id = desk.recorded()
    with pytest.raises(Conflict) as refused:
        desk.explained(sanction_id, "expired")
    assert refused.value.message_key == "error.sanction.time_left"
    desk.move(days=9)
    desk.explained(sanction_id, "expired")
    assert desk.read(sanction_id).state == "explained"


def test_an_explanation_in_writing_needs_its_words_and_gives_a_month_to_decide(
    desk: SanctionDesk,
) -> None:
    sanction_id = desk.recorded()
    with pytest.raises(InvalidInput):
        desk.explained(sanction_id, "written")
    desk.explained(sanction_id, "written", "Tôi đã xóa bài ngay trong ngày")
    file = desk.read(sanction_id)
    assert file.due_key == "decision.explanation"
    assert [each.text for each in file.explanations] == ["Tôi đã xóa bài ngay trong ngày"]


def test_nothing_is_proposed_before_the_explanation(desk: SanctionDesk) -> None:
    sanction_id = desk.recorded()
    with pytest.raises(NotAllowedInState):
        desk.propose(sanction_id)


def test_a_record_needs_a_place_and_cannot_begin_after_its_end(desk: SanctionDesk) -> None:
    sanction_id = desk.opened()
    later = RecordData(started_at=desk.clock.now().replace(hour=23), place="Trụ sở Sở")
    for data, field in ((replace(later, place=""), "place"), (later, "started_at")):
        with desk.database.writing() as session, pytest.raises(InvalidInput) as refused:
            proposing.draw_record(
                session, desk.inspector, desk.file(session, sanction_id), data,
                at=desk.clock.now(), catalogue=desk.catalogue, office=OFFICE, files=desk.files,
            )  # fmt: skip
        assert refused.value.detail["field"] == field


PROTECTED = {
    "name": ("Lý Văn Báo Tin", "Nhà ông ly van bao tin"),
    "phone": ("0900 000 188", "Gọi +84.900.000.188"),
    "account": ("bao.tin.000", "Trước trang bao.tin.000"),
    "address": ("Số 000 đường Thử, xã Mẫu", "Tại số 000 đường Thử, xã Mẫu"),
}


@pytest.mark.parametrize("known", PROTECTED)
def test_neither_the_place_nor_the_delegation_gives_an_informant_away(
    desk: SanctionDesk, known: str
) -> None:
    value, written = PROTECTED[known]
    sanction_id = desk.proposed()
    file = desk.read(sanction_id)
    at, catalogue = desk.clock.now(), desk.catalogue
    kept = {"at": at, "catalogue": catalogue, "office": OFFICE, "files": desk.files}
    data = replace(desk.record_data(), place=written)
    with desk.database.writing() as session:
        who = SubjectData(role="informant", **{"name": "Vi Thị Khác", known: value})  # type: ignore[arg-type]
        subjects.add_subject(
            session, desk.inspector, session.get_one(Case, file.case_id), who, at=at
        )
    with desk.database.writing() as session:
        row = desk.file(session, sanction_id)
        with pytest.raises(InvalidInput) as place:
            proposing.draw_record(session, desk.inspector, row, data, **kept)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput) as delegated:
            deciding.decide(session, desk.director, row, delegation=written, **kept)  # type: ignore[arg-type]
    for refused, field in ((place, "place"), (delegated, "delegation")):
        assert refused.value.message_key == "error.sanction.victim_named"
        assert refused.value.detail["field"] == field
    desk.decide(sanction_id)  # without it, the decision is signed


def test_the_name_of_the_province_alone_gives_nobody_away(desk: SanctionDesk) -> None:
    sanction_id = desk.opened()
    file, at = desk.read(sanction_id), desk.clock.now()
    with desk.database.writing() as session:
        who = SubjectData(role="victim", name="Lò Thị Mẫu", address="Bắc Sơn")
        subjects.add_subject(
            session, desk.inspector, session.get_one(Case, file.case_id), who, at=at
        )
        proposing.draw_record(
            session, desk.inspector, desk.file(session, sanction_id), desk.record_data(),
            at=at, catalogue=desk.catalogue, office=OFFICE, files=desk.files,
        )  # fmt: skip
    assert "Bắc Sơn" in text_of(desk, desk.read(sanction_id).record_digest)


# --- the amount -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proposal", "key"),
    [
        (Proposal(amount=None), "error.sanction.amount"),
        (Proposal(amount=9_999_999), "error.sanction.bracket"),
        (Proposal(amount=15_000_001), "error.sanction.bracket"),
        (Proposal(amount=14_000_000), "error.sanction.reason"),
        (Proposal(amount=12_500_000, remedies=("lock_account",)), "error.sanction.remedy"),
        (Proposal(form="warning"), "error.sanction.reason"),
        (
            Proposal(amount=12_500_000, mitigating=(f"Đã xin lỗi {VICTIM}",)),
            "error.sanction.victim_named",
        ),
    ],
)
def test_a_proposal_that_the_bracket_does_not_carry_is_refused(
    desk: SanctionDesk, proposal: Proposal, key: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.proposed(proposal)
    assert refused.value.message_key == key


def test_an_organisation_pays_double(desk: SanctionDesk) -> None:
    file = desk.read(desk.decided(Proposal(amount=25_000_000), kind="organisation"))
    assert (file.state, file.amount) == ("decided", 25_000_000)


def test_two_mitigating_circumstances_lead_to_the_minimum(desk: SanctionDesk) -> None:
    least = Proposal(amount=10_000_000, mitigating=("Tự nguyện gỡ bài", "Thành thật hối lỗi"))
    file = desk.read(desk.decided(least))
    assert file.amount == 10_000_000
    assert "Tự nguyện gỡ bài" in text_of(desk, file.decision_digest)


# --- who signs ------------------------------------------------------------------------------------


def test_who_proposed_cannot_sign_even_as_an_approver(desk: SanctionDesk, people: People) -> None:
    both = people.actor(Role.INSPECTOR, Role.APPROVER, signer_title=DIRECTOR)
    desk.inspector = both
    sanction_id = desk.proposed()
    with pytest.raises(FourEyesRequired):
        desk.decide(sanction_id, both)
    assert desk.read(sanction_id).state == "proposed"
    desk.decide(sanction_id)
    assert desk.read(sanction_id).signer_id == desk.director.user_id


def test_an_inspector_with_a_title_cannot_sign(desk: SanctionDesk, people: People) -> None:
    sanction_id = desk.proposed()
    with pytest.raises(Forbidden):
        desk.decide(sanction_id, people.actor(Role.INSPECTOR, signer_title=DIRECTOR))


def test_an_approver_without_a_title_cannot_sign(desk: SanctionDesk, people: People) -> None:
    sanction_id = desk.proposed()
    with pytest.raises(InvalidInput) as refused:
        desk.decide(sanction_id, people.actor(Role.APPROVER))
    assert refused.value.message_key == "error.sanction.no_title"


def test_a_fine_above_the_signers_limit_is_blocked_with_its_source(
    desk: SanctionDesk, people: People
) -> None:
    sanction_id = desk.proposed()
    private = people.actor(Role.APPROVER, signer_title="chien-si-cong-an")
    with pytest.raises(deciding.DecisionBlocked) as refused:
        desk.decide(sanction_id, private)
    codes = {each.code for each in refused.value.findings}
    assert {"above_signers_limit", "remedy_outside_competence"} <= codes
    assert all(each.source for each in refused.value.findings)


def test_a_warning_has_to_be_acknowledged_with_a_reason_that_is_kept(
    desk: SanctionDesk, people: People
) -> None:
    sanction_id = desk.proposed()
    chair = people.actor(Role.APPROVER, signer_title="chu-tich-ubnd-xa")
    with pytest.raises(NeedsMissing) as refused:
        desk.decide(sanction_id, chair)
    assert refused.value.message_key == "error.sanction.acknowledge"
    desk.decide(sanction_id, chair, "Pháp chế đã xác nhận bằng văn bản số 12")
    file = desk.read(sanction_id)
    assert file.acknowledged == "Pháp chế đã xác nhận bằng văn bản số 12"
    assert "remedy_competence_arguable" in {each["code"] for each in file.findings}


def test_after_seven_working_days_no_fine_may_be_decided(desk: SanctionDesk) -> None:
    sanction_id = desk.proposed()
    desk.move(days=11)
    with pytest.raises(deciding.DecisionBlocked) as refused:
        desk.decide(sanction_id)
    assert {each.code for each in refused.value.findings} == {"decision_late"}


def test_one_act_is_sanctioned_only_once(desk: SanctionDesk, database: Database) -> None:
    first = desk.read(desk.decided())
    with database.writing() as session:
        again = service.open_sanction(
            session, desk.inspector, session.get_one(Case, first.case_id),
            session.get_one(Subject, first.subject_id), FACTS,
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
        found = deciding.findings(session, again, DIRECTOR, desk.catalogue, at=desk.clock.now())
    assert "once_only" in {each.code for each in found}


def test_a_proposal_that_was_returned_comes_again(desk: SanctionDesk, database: Database) -> None:
    sanction_id = desk.proposed()
    with database.writing() as session:
        deciding.return_proposal(
            session, desk.director, desk.file(session, sanction_id), "Nêu rõ tình tiết",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    assert desk.read(sanction_id).state == "explained"
    desk.propose(sanction_id)
    desk.decide(sanction_id)
    assert desk.read(sanction_id).state == "decided"


def test_the_decision_says_who_what_how_much_and_by_which_law(desk: SanctionDesk) -> None:
    file = desk.read(desk.decided())
    said = text_of(desk, file.decision_digest)
    for words in (
        "12.500.000 đồng",
        "Mười hai triệu năm trăm nghìn đồng",
        "Buộc gỡ bỏ nội dung",
        "Biên bản vi phạm hành chính số 01/BB-VPHC",
        "GIÁM ĐỐC",
    ):
        assert words in said
    assert VICTIM not in said


def test_a_warning_is_a_decision_without_money(desk: SanctionDesk) -> None:
    sanction_id = desk.proposed(Proposal(form="warning", amount_reason="Vi phạm lần đầu, nhỏ"))
    with pytest.raises(NeedsMissing):
        desk.decide(sanction_id)
    desk.decide(sanction_id, acknowledged="Tính chất không nghiêm trọng")
    file = desk.read(sanction_id)
    assert (file.amount, file.form, file.state) == (None, "warning", "decided")


def test_a_person_under_sixteen_is_warned_and_never_fined(desk: SanctionDesk) -> None:
    young = replace(FACTS, age_at_act=15)
    sanction_id = desk.proposed(Proposal(amount=6_250_000), young)
    with pytest.raises(deciding.DecisionBlocked) as refused:
        desk.decide(sanction_id)
    assert "minor_warning_only" in {each.code for each in refused.value.findings}
    warned = desk.proposed(Proposal(form="warning", amount_reason="Người 15 tuổi"), young)
    desk.decide(warned)
    assert desk.read(warned).state == "decided"


# --- service and money ----------------------------------------------------------------------------


def test_ten_days_to_comply_run_from_the_service(desk: SanctionDesk) -> None:
    file = desk.read(desk.served())
    assert file.pay_by == date(2026, 12, 3)
    assert (file.state, file.due_key) == ("served", "compliance")


def test_payment_in_two_parts_with_late_interest_settles_the_file(desk: SanctionDesk) -> None:
    sanction_id = desk.served()
    desk.pay(sanction_id, 5_000_000)
    assert desk.read(sanction_id).state == "served"
    desk.move(days=14)  # 07/12: days 04, 05 and 06/12 cost interest on 7,5 million
    owed = deciding.balance_of(desk.read(sanction_id), desk.catalogue, on=desk.today)
    assert (owed.unpaid, owed.days, owed.interest) == (7_500_000, 3, 11_250)
    assert "Điều 78" in owed.source
    with pytest.raises(InvalidInput) as refused:
        desk.pay(sanction_id, 7_500_001)
    assert refused.value.message_key == "error.sanction.overpaid"
    desk.pay(sanction_id, 7_500_000)
    assert desk.read(sanction_id).state == "served"  # the interest is still owed
    desk.pay(sanction_id, 0, 11_250)
    file = desk.read(sanction_id)
    assert (file.state, file.settled_on) == ("paid", desk.today)
    assert sum(each.amount for each in file.payments) == 12_500_000


def test_enforcement_waits_until_the_time_is_over_and_needs_a_reason(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.served()

    def enforce(reason: str) -> None:
        with database.writing() as session:
            deciding.enforce(
                session, desk.director, desk.file(session, sanction_id), reason,
                at=desk.clock.now(), catalogue=desk.catalogue,
            )  # fmt: skip

    with pytest.raises(InvalidInput):
        enforce("Không nộp phạt")
    desk.move(days=11)
    with pytest.raises(NeedsMissing):
        enforce("")
    enforce("Quá hạn không nộp phạt")
    assert desk.read(sanction_id).state == "enforced"
    desk.pay(sanction_id, 12_500_000)
    assert desk.read(sanction_id).state == "paid"


def test_remedies_keep_the_step_open_until_they_are_carried_out(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.served()
    desk.pay(sanction_id, 12_500_000)
    last = steps.legal_steps(desk.read(sanction_id), desk.catalogue, on=desk.today)[-1]
    assert (last.status, last.missing) == ("now", ("remedies",))
    with database.writing() as session:
        deciding.remedied(
            session, desk.inspector, desk.file(session, sanction_id), desk.today,
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    last = steps.legal_steps(desk.read(sanction_id), desk.catalogue, on=desk.today)[-1]
    assert (last.status, last.done_on) == ("done", desk.today)


# --- off the way ----------------------------------------------------------------------------------


def test_crime_signs_stop_everything_until_the_file_comes_back(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.proposed()

    def flag(reason: str, reference: str = "") -> None:
        with database.writing() as session:
            asides.flag_crime(
                session, desk.inspector, desk.file(session, sanction_id), reason, reference,
                at=desk.clock.now(), catalogue=desk.catalogue,
            )  # fmt: skip

    flag("Có dấu hiệu tội mua bán người")
    flag("Đã chuyển hồ sơ", "33/QĐ-CHS")
    file = desk.read(sanction_id)
    assert (file.state, file.due_at, file.crime_reference) == ("proposed", None, "33/QĐ-CHS")
    assert file.crime_reason == "Có dấu hiệu tội mua bán người"
    with pytest.raises(Conflict) as refused:
        desk.decide(sanction_id)
    assert refused.value.message_key == "error.sanction.crime"
    with database.writing() as session:
        asides.clear_crime(
            session, desk.director, desk.file(session, sanction_id), "Cơ quan điều tra trả hồ sơ",
            desk.today, at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    desk.decide(sanction_id)
    assert desk.read(sanction_id).pinned["limitation"]["entry"]["id"] == "limitation.returned"


def test_a_reminder_ends_the_file_without_a_sanction(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.opened()
    with database.writing() as session:
        asides.remind(
            session, desk.inspector, desk.file(session, sanction_id), "Đã tự gỡ, lần đầu",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    file = desk.read(sanction_id)
    assert (file.state, file.reminded_on, file.due_at) == ("reminded", desk.today, None)


def test_a_fine_of_another_body_is_kept_as_theirs(desk: SanctionDesk, database: Database) -> None:
    sanction_id = desk.opened()
    with database.writing() as session:
        asides.fined_elsewhere(
            session, desk.inspector, desk.file(session, sanction_id), "Công an xã Mẫu", "01/QĐ",
            7_500_000, desk.today, at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    file = desk.read(sanction_id)
    assert (file.state, file.other_body, file.amount) == ("elsewhere", "Công an xã Mẫu", 7_500_000)
    assert file.decision_number is None


def test_a_decision_is_cancelled_by_an_approver_only(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.decided()
    with database.writing() as session, pytest.raises(Forbidden):
        asides.cancel(
            session, desk.inspector, desk.file(session, sanction_id), "Sai đối tượng",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    with database.writing() as session:
        asides.cancel(
            session, desk.director, desk.file(session, sanction_id), "Sai đối tượng",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    assert desk.read(sanction_id).state == "cancelled"


# --- what others see of it ------------------------------------------------------------------------


def test_the_steps_tell_their_time_in_law_and_what_is_late(desk: SanctionDesk) -> None:
    file = desk.read(desk.opened(replace(FACTS, ended_on=date(2026, 11, 1))))
    by_key = {each.key: each for each in steps.legal_steps(file, desk.catalogue, on=desk.today)}
    assert by_key["facts"].limit
    assert by_key["facts"].limit.on == date(2027, 11, 1)
    assert by_key["record"].limit
    assert by_key["record"].limit.on == date(2026, 11, 25)
    assert by_key["record"].rule
    assert "Điều 12" in by_key["record"].rule.source
    assert by_key["decision"].status == "ahead"
    assert file.due_key == "record.ordinary"


def test_a_case_tells_its_files_and_what_happened_in_them(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_timeline.register()
    file = desk.read(desk.decided())
    with database.reading() as session:
        case = session.get_one(Case, file.case_id)
        [measure] = [each for each in measures(session, case) if each.kind == "sanction"]
        told = [each.action for each in timeline(session, case)]
    assert (measure.number, measure.state) == ("XP-2026-0001", "decided")
    assert {"sanction:open", "sanction:record", "sanction:decide"} <= set(told)


def test_every_step_is_in_the_audit_log_without_personal_data(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.decided()
    with database.reading() as session:
        events = session.query(AuditEvent).filter(AuditEvent.subject_kind == "sanction").all()
        told = [each.action for each in events]
        acts = [row.act for row in history(session, "sanction", sanction_id)]
    assert acts == ["open", "record", "await_explanation", "explain", "propose", "decide"]
    assert told == [f"sanction:{act}" for act in acts]
    assert not any("Nguyễn Văn" in str(each.detail) for each in events)


def test_another_units_file_is_not_there(desk: SanctionDesk, people: People) -> None:
    desk.inspector = people.actor(Role.INSPECTOR, unit=people.unit("Phòng Quản lý thông tin"))
    sanction_id = desk.opened()
    stranger = people.actor(Role.INSPECTOR, unit=people.unit("Phòng khác"))
    with desk.database.reading() as session:
        assert service.get_sanction(session, desk.inspector, sanction_id).id == sanction_id
        with pytest.raises(NotFound):
            service.get_sanction(session, stranger, sanction_id)
