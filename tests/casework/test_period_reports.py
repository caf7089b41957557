"""Period reports: what is counted, what is frozen, and what is said when records change afterwards."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import docx
import pytest

from casework.cases.models import Case
from casework.cases.service import open_case, remove_post
from casework.documents import narrative as sentences
from casework.documents.contexts import ReportFigures
from casework.documents.renderer import DocumentKind, render
from casework.reports import previewing, service
from casework.reports.definitions import DEFINITIONS
from casework.reports.figures import Figure, Scope, changed, compute
from casework.reports.models import Report
from casework.reports.service import Timing
from casework.reports.wording import Narrative
from casework.sanctions import asides
from casework.sanctions.proposing import Proposal
from casework.takedowns.models import TakedownRequest
from casework.triage import service as triage
from foundation.audit import AuditEvent, seal
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import (
    Conflict,
    Forbidden,
    FourEyesRequired,
    IntegrityError,
    InvalidInput,
    NotFound,
)
from foundation.files import FolderStore
from foundation.people import Actor, Role
from foundation.settings import Settings
from search.models import PostRow
from search.post import Availability
from tests.casework import document_samples
from tests.casework.sanction_desk import FACTS, OFFICE, SanctionDesk
from tests.casework.takedown_office import Desk as TakedownDesk
from tests.support.people import People
from tests.support.posts import Posts

HALF = Timing(kind="half_year", ref="2026-2")
RETENTION = timedelta(days=90)


@pytest.fixture
def desk(
    database: Database, clock: MovableClock, people: People, files: FolderStore
) -> SanctionDesk:
    return SanctionDesk(database, clock, people, files)


@pytest.fixture
def writer(people: People) -> Actor:
    return people.actor(Role.REPORT_WRITER)


def figures(desk: SanctionDesk, first: date, last: date) -> dict[str, Figure]:
    with desk.database.reading() as session:
        return compute(session, Scope(first, last))


def this_half(desk: SanctionDesk) -> dict[str, Figure]:
    return figures(desk, date(2026, 6, 15), date(2026, 12, 14))


def values(found: dict[str, Figure]) -> dict[str, int]:
    """Only what is not 0."""
    return {name: each.value for name, each in found.items() if each.value}


def made(desk: SanctionDesk, actor: Actor, timing: Timing = HALF) -> int:
    with desk.database.writing() as session:
        return service.create(
            session, actor, timing, at=desk.clock.now(), catalogue=desk.catalogue, office=OFFICE
        ).id


def submitted(desk: SanctionDesk, actor: Actor, report_id: int) -> None:
    with desk.database.writing() as session:
        service.submit(
            session, actor, session.get_one(Report, report_id),
            at=desk.clock.now(), catalogue=desk.catalogue, office=OFFICE,
        )  # fmt: skip


def digest_now(desk: SanctionDesk, report_id: int) -> str:
    with desk.database.reading() as session:
        report = session.get_one(Report, report_id)
        return previewing.preview(session, report, desk.catalogue, OFFICE).digest


def issue(desk: SanctionDesk, report_id: int, by: Actor | None = None, shown: str = "") -> None:
    shown = shown or digest_now(desk, report_id)
    with desk.database.writing() as session:
        service.issue(
            session, by or desk.director, session.get_one(Report, report_id), shown,
            at=desk.clock.now(), catalogue=desk.catalogue, office=OFFICE, files=desk.files,
        )  # fmt: skip


def issued(desk: SanctionDesk, writer: Actor, timing: Timing = HALF) -> int:
    report_id = made(desk, writer, timing)
    submitted(desk, writer, report_id)
    issue(desk, report_id)
    return report_id


def load(desk: SanctionDesk, report_id: int) -> Report:
    with desk.database.reading() as session:
        return session.get_one(Report, report_id)


def printed(data: bytes) -> str:
    return "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)


# --- what is counted --------------------------------------------------------------------------------


def test_every_figure_is_there_and_nil_without_records(desk: SanctionDesk) -> None:
    found = this_half(desk)
    assert list(found) == list(DEFINITIONS)
    assert values(found) == {}
    assert all(each.vi and each.en and each.how_vi and each.how_en for each in DEFINITIONS.values())


def test_posts_count_by_their_last_decision_and_one_taken_back_does_not(
    desk: SanctionDesk, database: Database
) -> None:
    ids = [desk.posts(text=f"Bài số {at}").id for at in range(4)]
    now = desk.clock.now()
    with database.writing() as session:
        triage.keep(session, desk.inspector, ids[0], at=now)
        triage.dismiss(session, desk.inspector, ids[1], "honest_recruiter", RETENTION, at=now)
        triage.keep(session, desk.inspector, ids[2], at=now)
        triage.dismiss(session, desk.inspector, ids[2], "honest_recruiter", RETENTION, at=now)
        taken_back = triage.keep(session, desk.inspector, ids[3], at=now)
        session.flush()
        triage.undo(session, desk.inspector, taken_back.id, RETENTION, at=now)
    found = this_half(desk)
    assert found["posts_reviewed"].refs == tuple(("post", each) for each in ids[:3])
    assert found["posts_flagged"].refs == (("post", ids[0]),)
    assert found["posts_dismissed"].value == 2
    assert set(found["posts_flagged"].parts) == {"forum"}


def test_a_post_taken_into_a_case_was_reviewed_and_flagged_without_a_key_of_its_own(
    desk: SanctionDesk, database: Database
) -> None:
    straight, flagged = (desk.posts(text=f"Bài {at}").id for at in range(2))
    now = desk.clock.now()
    with database.writing() as session:
        triage.keep(session, desk.inspector, flagged, at=now)
        case = open_case(session, desk.inspector, "Vụ thử", [straight, flagged], at=now)
    assert this_half(desk)["posts_flagged"].value == 2
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        for post in (straight, flagged):
            remove_post(session, desk.inspector, case, post, "Nhầm vụ", at=now)
    found = this_half(desk)
    assert found["posts_flagged"].refs == (("post", flagged),)
    assert found["posts_reviewed"].refs == (("post", flagged),)


def test_a_dismissed_post_stays_counted_after_retention_deleted_it(
    desk: SanctionDesk, database: Database
) -> None:
    post = desk.posts()
    with database.writing() as session:
        triage.dismiss(
            session, desk.inspector, post.id, "honest_recruiter", RETENTION, at=desk.clock.now()
        )
    with database.writing() as session:
        session.delete(session.get_one(PostRow, post.id))
    assert this_half(desk)["posts_dismissed"].refs == (("post", post.id),)


def test_the_last_day_of_a_period_ends_at_midnight_in_viet_nam(
    desk: SanctionDesk, database: Database
) -> None:
    last_moment = datetime(2026, 12, 14, 16, 59, 59, tzinfo=UTC)
    for at in (last_moment, last_moment + timedelta(seconds=1)):
        post = desk.posts()
        with database.writing() as session:
            triage.keep(session, desk.inspector, post.id, at=at)
    assert this_half(desk)["posts_flagged"].value == 1
    after = figures(desk, date(2026, 12, 15), date(2027, 6, 14))
    assert after["posts_flagged"].value == 1


def test_sanctions_are_counted_by_whom_and_how_much_and_only_while_they_stand(
    desk: SanctionDesk, database: Database
) -> None:
    person, company = (
        desk.served(),
        desk.decided(
            Proposal(amount=25_000_000, remedies=("remove_content",)), kind="organisation"
        ),
    )
    desk.pay(person, 5_000_000)
    assert values(this_half(desk)) == {
        "posts_reviewed": 2,
        "posts_flagged": 2,
        "cases_opened": 2,
        "cases_open": 2,
        "sanctioned_organisations": 1,
        "sanctioned_individuals": 1,
        "fines_total": 37_500_000,
        "fines_collected": 5_000_000,
        "remedies_ordered": 2,
    }
    with database.writing() as session:
        asides.cancel(
            session, desk.director, desk.file(session, company), "Sai đối tượng",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    found = this_half(desk)
    assert found["fines_total"].refs == (("sanction", person),)
    assert found["sanctioned_organisations"].value == 0


def test_a_fine_of_another_body_is_shown_apart_and_never_added(
    desk: SanctionDesk, database: Database
) -> None:
    sanction_id = desk.opened()
    with database.writing() as session:
        asides.fined_elsewhere(
            session, desk.inspector, desk.file(session, sanction_id), "Công an xã Mẫu", "01/QĐ",
            7_500_000, desk.today, at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    found = this_half(desk)
    assert (found["fined_elsewhere"].value, found["fined_elsewhere_total"].value) == (1, 7_500_000)
    assert found["fines_total"].value == found["sanctioned_individuals"].value == 0


def test_reminders_and_transfers_are_counted_on_their_day(
    desk: SanctionDesk, database: Database
) -> None:
    reminded, crime = desk.opened(), desk.opened()
    with database.writing() as session:
        asides.remind(
            session, desk.inspector, desk.file(session, reminded), "Đã tự gỡ bài",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
        asides.flag_crime(
            session, desk.inspector, desk.file(session, crime), "Dấu hiệu tội phạm",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    found = this_half(desk)
    assert found["reminders"].refs == (("sanction", reminded),)
    assert found["referrals"].value == 0  # found, but not handed over yet
    with database.writing() as session:
        asides.flag_crime(
            session, desk.inspector, desk.file(session, crime), "Đã chuyển", "33/QĐ",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    assert this_half(desk)["referrals"].refs == (("sanction", crime),)


def test_takedowns_are_counted_by_platform_with_what_was_proven_gone(
    desk: SanctionDesk,
    database: Database,
    clock: MovableClock,
    people: People,
    files: FolderStore,
    settings: Settings,
    posts: Posts,
) -> None:
    takedowns = TakedownDesk.open(database, clock, people, files, settings)
    request = takedowns.sent(posts(), posts())
    gone, _stays = takedowns.load(request).items
    takedowns.see(gone, Availability.ONLINE)
    for _ in range(2):
        clock.move(timedelta(hours=2))
        takedowns.see(gone, Availability.REMOVED)
    found = this_half(desk)
    assert found["takedown_requests"].refs == (("takedown", request),)
    assert (found["urls_requested"].value, found["urls_removed"].value) == (2, 1)
    assert found["urls_removed_on_time"].refs == (("takedown_item", gone.id),)
    assert {name: len(refs) for name, refs in found["urls_requested"].parts.items()} == {
        takedowns.load(request).platform: 2
    }


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def test_a_units_report_counts_its_own_and_nobodys_records(
    desk: SanctionDesk, people: People
) -> None:
    desk.opened()  # of no unit
    ours, theirs = people.unit("Phòng một"), people.unit("Phòng hai")
    for unit in (ours, theirs):
        desk.inspector = people.actor(Role.INSPECTOR, unit=unit)
        desk.opened()
    with desk.database.reading() as session:
        scoped = compute(session, Scope(date(2026, 6, 15), date(2026, 12, 14), ours.id))
        cases = [session.get_one(Case, each).unit_id for _, each in scoped["cases_opened"].refs]
    assert sorted(cases, key=str) == sorted([None, ours.id], key=str)


def test_the_same_figure_of_two_rooms_is_joined() -> None:
    one = Figure("referrals", 1, (("sanction", 1),), {"a": (("sanction", 1),)})
    two = Figure("referrals", 2, (("referral", 1), ("referral", 2)), {"a": (("referral", 1),)})
    both = one + two
    assert (both.value, len(both.refs), len(both.parts["a"])) == (3, 3, 2)
    assert Figure.read(both.plain()) == both


def test_a_figure_differs_when_its_records_do_though_the_value_is_the_same() -> None:
    then = {"reminders": Figure("reminders", 1, (("sanction", 1),))}
    now = {"reminders": Figure("reminders", 1, (("sanction", 2),))}
    assert [each[0].id for each in changed(then, now)] == ["reminders"]
    assert changed(then, then) == []


# --- which period -----------------------------------------------------------------------------------


def test_the_days_come_from_the_law_and_so_does_the_day_to_send(
    desk: SanctionDesk, writer: Actor
) -> None:
    half = load(desk, made(desk, writer))
    assert (half.first, half.last, half.due_on) == (date(2026, 6, 15), date(2026, 12, 14), None)
    decree = load(desk, made(desk, writer, Timing(kind="electronic_information", ref="2026-2")))
    assert (decree.last, decree.due_on) == (date(2026, 11, 14), date(2026, 11, 27))
    assert "6 tháng cuối năm 2026" in decree.narrative["subject"]


@pytest.mark.parametrize(
    ("timing", "field"),
    [
        (Timing(kind="half_year", ref="2026-3"), "period"),
        (Timing(kind="half_year", ref="năm nay"), "period"),
        (Timing(kind="decade", ref="2026"), "period"),
        (Timing(first=date(2026, 1, 1), request="Công văn số 1"), "first"),
        (Timing(first=date(2026, 2, 1), last=date(2026, 1, 1), request="Công văn số 1"), "last"),
        (Timing(first=date(2026, 1, 1), last=date(2026, 2, 1)), "request"),
    ],
)
def test_days_that_are_no_period_are_refused_at_their_field(
    desk: SanctionDesk, writer: Actor, timing: Timing, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(desk, writer, timing)
    assert refused.value.detail.get("field", "period") == field


def test_a_report_on_request_names_what_asked_for_it(desk: SanctionDesk, writer: Actor) -> None:
    asked = Timing(
        first=date(2026, 11, 1), last=date(2026, 11, 23),
        request="Công văn số 12/CAT-PA05 ngày 20/11/2026 của Công an tỉnh",
    )  # fmt: skip
    report_id = issued(desk, writer, asked)
    said = printed(service.document(load(desk, report_id), desk.files))
    assert "Thực hiện Công văn số 12/CAT-PA05" in said
    assert "(số liệu từ ngày 01/11/2026 đến hết ngày 23/11/2026)" in said


# --- issuing ----------------------------------------------------------------------------------------


def test_who_wrote_the_report_cannot_issue_it(desk: SanctionDesk, people: People) -> None:
    both = people.actor(Role.REPORT_WRITER, Role.APPROVER)
    report_id = made(desk, both)
    submitted(desk, both, report_id)
    with pytest.raises(FourEyesRequired):
        issue(desk, report_id, both)
    with pytest.raises(Forbidden):
        issue(desk, report_id, people.actor(Role.REPORT_WRITER))
    assert load(desk, report_id).state == "submitted"
    assert load(desk, report_id).document_digest == ""


def test_figures_that_changed_since_the_page_was_shown_stop_the_issue(
    desk: SanctionDesk, writer: Actor
) -> None:
    report_id = made(desk, writer)
    submitted(desk, writer, report_id)
    shown = digest_now(desk, report_id)
    desk.opened()
    with pytest.raises(Conflict) as refused:
        issue(desk, report_id, shown=shown)
    assert refused.value.message_key == "error.report.figures_changed"


def test_an_issued_report_keeps_its_figures_records_law_and_the_head_of_the_log(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    sanction_id = desk.decided()
    with database.writing() as session:
        seal(session)
    report = load(desk, issued(desk, writer))
    kept = {each["id"]: each for each in report.snapshot["figures"]}
    assert kept["fines_total"]["refs"] == [["sanction", sanction_id]]
    assert kept["fines_total"]["value"] == 12_500_000
    assert report.snapshot["law"] == desk.catalogue.version
    head = report.snapshot["audit_head"]
    assert head["sequence"] > 0
    file = docx.Document(io.BytesIO(service.document(report, desk.files)))
    assert file.core_properties.comments == f"{head['sequence']} {head['digest']}"
    assert (report.official_number, report.state) == (1, "issued")


def test_the_document_says_the_figures_as_the_page_does(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    desk.decided()
    report_id = issued(desk, writer)
    said = printed(service.document(load(desk, report_id), desk.files))
    with database.reading() as session:
        report = session.get_one(Report, report_id)
        context = previewing.preview(session, report, desk.catalogue, OFFICE).context
    for part in sentences.results(context.figures):
        for line in part.lines:
            assert str(line) in said
    assert "với tổng số tiền là 12,5 triệu đồng" in said
    assert "BC-SVHTTDL" in docx_tables(service.document(load(desk, report_id), desk.files))


def docx_tables(data: bytes) -> str:
    tables = docx.Document(io.BytesIO(data)).tables
    return "\n".join(cell.text for table in tables for row in table.rows for cell in row.cells)


def test_the_same_snapshot_gives_the_same_bytes_and_a_changed_byte_is_seen(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    desk.decided()
    report = load(desk, issued(desk, writer))
    with database.reading() as session:
        frozen = previewing.preview(session, report, desk.catalogue, OFFICE)
    assert render(DocumentKind.PERIOD_REPORT, frozen.context) == desk.files.get(
        report.document_digest
    )
    path = desk.files.folder / report.document_digest[:2] / report.document_digest[2:4]
    file = path / report.document_digest
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(IntegrityError):
        service.document(report, desk.files)


def test_an_issued_report_never_changes_and_what_changed_is_told(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    first = desk.decided()
    report_id = issued(desk, writer)
    before = load(desk, report_id).snapshot
    with database.writing() as session:
        asides.cancel(
            session, desk.director, desk.file(session, first), "Quyết định sai đối tượng",
            at=desk.clock.now(), catalogue=desk.catalogue,
        )  # fmt: skip
    with database.reading() as session:
        report = session.get_one(Report, report_id)
        frozen = previewing.preview(session, report, desk.catalogue, OFFICE)
        told = changed(frozen.figures, previewing.live_figures(session, report))
    assert report.snapshot == before
    assert frozen.context.figures.fines_total == 12_500_000
    assert {each.id: (then.value, now.value) for each, then, now in told} == {
        "sanctioned_individuals": (1, 0),
        "fines_total": (12_500_000, 0),
        "remedies_ordered": (1, 0),
    }


def test_a_restatement_is_a_new_report_that_names_the_old_one(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    old = issued(desk, writer)
    desk.decided()
    with database.writing() as session:
        new = service.restate(
            session, writer, session.get_one(Report, old), "Bổ sung quyết định ghi muộn",
            at=desk.clock.now(),
        ).id  # fmt: skip
    submitted(desk, writer, new)
    issue(desk, new)
    said = printed(service.document(load(desk, new), desk.files))
    assert "đính chính, thay thế Báo cáo số 01/BC-SVHTTDL ngày 23 tháng 11 năm 2026" in said
    with database.reading() as session:
        by = service.restated_by(session, session.get_one(Report, old))
        assert by is not None
        assert by.id == new
    assert load(desk, old).state == "issued"
    assert load(desk, new).official_number == 2


def test_only_an_issued_report_is_restated_and_with_a_reason(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    draft, old = made(desk, writer), issued(desk, writer)
    with database.writing() as session:
        with pytest.raises(Conflict):
            service.restate(
                session, writer, session.get_one(Report, draft), "Vì sao", at=desk.clock.now()
            )
        with pytest.raises(InvalidInput):
            service.restate(session, writer, session.get_one(Report, old), " ", at=desk.clock.now())


def test_the_period_before_is_compared_as_it_was_issued(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    desk.decided()
    issued(desk, writer)
    desk.move(days=60)
    desk.opened(replace(FACTS, ended_on=desk.today, detected_on=desk.today))
    report_id = made(desk, writer, Timing(kind="half_year", ref="2027-1"))
    with database.reading() as session:
        report = session.get_one(Report, report_id)
        seen = previewing.preview(session, report, desk.catalogue, OFFICE)
    assert seen.context.previous_period == "6 tháng cuối năm 2026"
    assert seen.context.previous is not None
    assert (seen.context.previous.fines_total, seen.context.figures.fines_total) == (12_500_000, 0)


# --- writing ----------------------------------------------------------------------------------------


def test_sections_are_written_while_it_is_a_draft_and_not_afterwards(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    report_id = made(desk, writer)
    said = replace(
        Narrative.read(load(desk, report_id).narrative),
        difficulties=("Nền tảng xuyên biên giới phản hồi chậm",),
    )
    with database.writing() as session:
        report = session.get_one(Report, report_id)
        service.edit(session, writer, report, said, "", at=desk.clock.now())
    submitted(desk, writer, report_id)
    issue(desk, report_id)
    report = load(desk, report_id)
    assert "- Nền tảng xuyên biên giới phản hồi chậm." in printed(
        service.document(report, desk.files)
    )
    with database.writing() as session, pytest.raises(Conflict):
        service.edit(
            session, writer, session.get_one(Report, report_id), said, "", at=desk.clock.now()
        )


@pytest.mark.parametrize("field", ["subject", "addressee", "symbol", "tasks", "heading"])
def test_a_section_that_the_document_needs_cannot_be_emptied(
    desk: SanctionDesk, writer: Actor, database: Database, field: str
) -> None:
    report_id = made(desk, writer)
    said = Narrative.read(load(desk, report_id).narrative)
    emptied = replace(said, **{field: () if field in {"tasks", "heading"} else " "})
    with database.writing() as session, pytest.raises(InvalidInput) as refused:
        service.edit(
            session, writer, session.get_one(Report, report_id), emptied, "", at=desk.clock.now()
        )
    assert refused.value.detail["field"] == field


def test_another_units_report_is_not_there(desk: SanctionDesk, people: People) -> None:
    ours = people.actor(Role.REPORT_WRITER, unit=people.unit("Phòng một"))
    theirs = people.actor(Role.REPORT_WRITER, unit=people.unit("Phòng hai"))
    report_id = made(desk, ours)
    with desk.database.reading() as session:
        assert service.get_report(session, ours, report_id).id == report_id
        with pytest.raises(NotFound):
            service.get_report(session, theirs, report_id)


def test_every_step_is_in_the_audit_log(
    desk: SanctionDesk, writer: Actor, database: Database
) -> None:
    report_id = issued(desk, writer)
    with database.reading() as session:
        events = session.query(AuditEvent).filter(AuditEvent.subject_kind == "report").all()
        told = {each.action: each.detail for each in events}
    assert list(told) == ["report:create", "report:submit", "report:issue"]
    assert told["report:issue"]["document"] == load(desk, report_id).document_digest


def test_the_new_sentences_carry_their_keys() -> None:
    full = ReportFigures(
        **document_samples.figures(
            cases_closed=4, cases_open=5, renotices=2, remedies_ordered=3, fined_elsewhere=1,
            fined_elsewhere_total=7_500_000,
        )
    )  # fmt: skip
    parts = sentences.results(full)
    keys = {each.key for part in parts for line in part.lines for each in line.segments}
    assert {
        "cases_closed",
        "cases_open",
        "renotices",
        "remedies_ordered",
        "fined_elsewhere",
    } <= keys
    text = "\n".join(str(line) for part in parts for line in part.lines)
    assert "Ngoài ra, cơ quan khác đã xử phạt 01 trường hợp với số tiền 7,5 triệu đồng" in text


def test_no_request_is_counted_before_it_was_sent(
    desk: SanctionDesk,
    database: Database,
    clock: MovableClock,
    people: People,
    files: FolderStore,
    settings: Settings,
    posts: Posts,
) -> None:
    takedowns = TakedownDesk.open(database, clock, people, files, settings)
    request_id = takedowns.approved(posts())
    with database.reading() as session:
        assert session.get_one(TakedownRequest, request_id).sent_at is None
    assert this_half(desk)["takedown_requests"].value == 0
