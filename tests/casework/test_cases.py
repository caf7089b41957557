"""Cases, their posts, subjects and tasks, on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import listing, service, subjects, tasks
from casework.cases.models import Case, Subject, SubjectRole
from casework.cases.subjects import SubjectData
from casework.cases.timeline import Measure, measures, next_deadline, register_measures, timeline
from casework.domain.case_lifecycle import CaseState
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, Forbidden, InvalidInput, NeedsMissing, NotFound
from foundation.files import FolderStore
from foundation.lifecycle import history
from foundation.people import Actor, Role, Unit
from search.models import PostRow, WorkState
from tests.support.people import People
from tests.support.posts import Posts


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def opened(database: Database, actor: Actor, clock: MovableClock, *post_ids: int) -> Case:
    with database.writing() as session:
        return service.open_case(session, actor, "Nhóm rủ sang biên giới", post_ids, at=clock.now())


def post_of(database: Database, post_id: int) -> PostRow:
    with database.reading() as session:
        return session.get_one(PostRow, post_id)


def test_a_case_takes_its_posts_out_of_the_queue_and_keeps_them(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts(retain_until=clock.now() + timedelta(days=1))
    case = opened(database, inspector, clock, post.id)
    kept = post_of(database, post.id)
    assert (kept.state, kept.case_id, kept.retain_until) == (WorkState.IN_CASE, case.id, None)
    assert case.number == "VV-2026-0001"
    assert case.owner_id == inspector.user_id
    with database.reading() as session:
        assert [row.act for row in history(session, "post", post.id)] == ["add_to_case"]
        assert [row.act for row in history(session, "case", case.id)] == ["open"]


def test_numbers_are_counted_by_the_office_s_year(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    first = opened(database, inspector, clock, posts().id)
    clock.set(clock.now().replace(month=12, day=31, hour=18))  # 01:00 on the first of January here
    second = opened(database, inspector, clock, posts().id)
    third = opened(database, inspector, clock, posts().id)
    assert [first.number, second.number, third.number] == [
        "VV-2026-0001",
        "VV-2027-0001",
        "VV-2027-0002",
    ]


def test_two_who_open_at_the_same_moment_get_different_numbers(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    ids = [posts().id for _ in range(6)]
    numbers: list[str] = []
    start = threading.Barrier(len(ids))

    def open_one(post_id: int) -> None:
        start.wait()
        numbers.append(opened(database, inspector, clock, post_id).number)

    threads = [threading.Thread(target=open_one, args=(post_id,)) for post_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"VV-2026-{number:04d}" for number in range(1, 7)]


def test_a_post_is_in_one_case_only_and_nothing_is_left_of_the_second(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    first = opened(database, inspector, clock, post.id)
    with pytest.raises(Conflict) as refused:
        opened(database, inspector, clock, post.id)
    assert refused.value.detail["case"] == first.id
    with database.reading() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_a_case_needs_a_title_and_a_post(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    with database.writing() as session:
        with pytest.raises(InvalidInput):
            service.open_case(session, inspector, "  ", [posts().id], at=clock.now())
        with pytest.raises(InvalidInput):
            service.open_case(session, inspector, "Vụ", [], at=clock.now())
        session.rollback()


def test_a_post_taken_out_goes_back_to_what_it_was(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    kept, dismissed = posts(state=WorkState.KEPT), posts(state=WorkState.DISMISSED)
    case = opened(database, inspector, clock, kept.id, dismissed.id)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        for post in (kept, dismissed):
            service.remove_post(session, inspector, case, post.id, "Nhầm vụ", at=clock.now())
    assert post_of(database, kept.id).state == WorkState.KEPT
    assert post_of(database, kept.id).case_id is None
    # What was dismissed and then wanted for a case is looked at again rather than forgotten.
    assert post_of(database, dismissed.id).state == WorkState.NEW
    with database.reading() as session:
        case = session.get_one(Case, case.id)
        assert service.case_posts(session, case) == []
        removed = service.case_posts(session, case, removed=True)
        assert [link.removed_reason for link in removed] == ["Nhầm vụ", "Nhầm vụ"]


def test_another_unit_s_case_is_not_found(
    database: Database, posts: Posts, people: People, clock: MovableClock
) -> None:
    with database.writing() as session:
        here, there = (
            Unit(name="Phòng Một", created_at=clock.now()),
            Unit(name="Phòng Hai", created_at=clock.now()),
        )
        session.add_all([here, there])
    mine = people.actor(Role.INSPECTOR, unit=here)
    case = opened(database, mine, clock, posts().id)
    with database.reading() as session, pytest.raises(NotFound):
        service.get_case(session, people.actor(Role.INSPECTOR, unit=there), case.id)
    with database.reading() as session:
        assert service.get_case(session, mine, case.id).number == case.number


def test_words_of_the_list_are_words_whatever_signs_are_in_them(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    titles = ("Nhóm hứa LÃI 30% mỗi tuần", "Nhóm hứa lãi 300 mỗi tuần", "Kênh viec_nhe_000")
    ids = [posts().id for _ in titles]
    with database.writing() as session:
        for title, post_id in zip(titles, ids, strict=True):
            service.open_case(session, inspector, title, [post_id], at=clock.now())
    wanted = {
        "30%": [titles[0]],
        "nhóm 30": [titles[0], titles[1]],
        "viec_nhe": [titles[2]],
        "_": [titles[2]],
        "%": [titles[0]],
        "\\": [],
        "VV-2026-0002": [titles[1]],
    }
    with database.reading() as session:
        for words, found in wanted.items():
            filters = listing.Filters(words=words, sort="number")
            lines, total = listing.list_cases(session, inspector, filters, page=1, size=9)
            assert ([line.case.title for line in lines], total) == (found, len(found)), words


def test_closing_closes_the_posts_and_reopening_brings_them_back(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    case = opened(database, inspector, clock, post.id)
    until = clock.now() + timedelta(days=365)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        with pytest.raises(NeedsMissing):
            service.close(session, inspector, case, "", at=clock.now(), retain_until=until)
        service.close(session, inspector, case, "Đã gỡ", at=clock.now(), retain_until=until)
    assert post_of(database, post.id).state == WorkState.CLOSED
    assert post_of(database, post.id).retain_until == until
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        with pytest.raises(Conflict):
            service.add_posts(session, inspector, case, [post.id], at=clock.now())
        service.reopen(session, inspector, case, "Đăng lại", at=clock.now())
        assert (case.state, case.closed_at) == (CaseState.IN_PROGRESS, None)
    assert post_of(database, post.id).state == WorkState.IN_CASE
    assert post_of(database, post.id).retain_until is None


def test_a_report_writer_cannot_close(
    database: Database, posts: Posts, inspector: Actor, people: People, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    writer = people.actor(Role.REPORT_WRITER)
    now = clock.now()
    with database.writing() as session:
        row = session.get_one(Case, case.id)
        with pytest.raises(Forbidden):
            service.close(session, writer, row, "x", at=now, retain_until=now)


def test_a_victim_is_masked_and_the_audit_log_knows_no_name(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        victim = SubjectData(
            role=SubjectRole.VICTIM, name="Nguyễn Thị Thử", phone="0900 000 145", note="Con út"
        )
        suspect = SubjectData(role=SubjectRole.SUSPECT, account="@tuyen-dung-thu")
        subjects.add_subject(session, inspector, case, victim, at=clock.now())
        subjects.add_subject(session, inspector, case, suspect, at=clock.now())
        informant = SubjectData(role=SubjectRole.INFORMANT, name="Lê Báo Tin", phone="0900 000 146")
        told_us = subjects.add_subject(session, inspector, case, informant, at=clock.now())
        other = replace(informant, role=SubjectRole.SUSPECT)
        with pytest.raises(InvalidInput):
            subjects.edit_subject(session, inspector, case, told_us, other, at=clock.now())
    with database.reading() as session:
        shown = subjects.subjects(session, session.get_one(Case, case.id))
        assert [one.role for one in shown] == ["suspect", "informant", "victim"]
        hidden = shown.pop(1)
        assert (hidden.name, hidden.phone) == ("L* B** T**", "**** *** *46")
        assert hidden.masked
        assert (shown[0].account, shown[0].masked) == ("@tuyen-dung-thu", False)
        assert (shown[1].name, shown[1].phone) == ("N***** T** T**", "**** *** *45")
        assert (shown[1].note, shown[1].masked) == ("*** **", True)
        told = repr([event.detail for event in session.scalars(select(AuditEvent))])
    assert "Thử" not in told
    assert "145" not in told


def test_a_subject_needs_something_to_be_known_by(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        with pytest.raises(InvalidInput):
            subjects.add_subject(
                session, inspector, case, SubjectData(role=SubjectRole.SUSPECT), at=clock.now()
            )
        with pytest.raises(InvalidInput):
            subjects.add_subject(
                session, inspector, case, SubjectData(role="boss", name="Ai đó"), at=clock.now()
            )


def test_the_history_of_a_change_names_fields_not_values(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        data = SubjectData(role=SubjectRole.SUSPECT, name="Trần Văn Mẫu")
        row = subjects.add_subject(session, inspector, case, data, at=clock.now())
        changed = SubjectData(role=SubjectRole.SUSPECT, name="Trần Văn Mẫu", phone="0900 000 177")
        subjects.edit_subject(session, inspector, case, row, changed, at=clock.now())
        subjects.remove_subject(session, inspector, case, row, at=clock.now())
        assert subjects.subjects(session, case) == []
        subjects.restore_subject(session, inspector, case, row, at=clock.now())
        assert len(subjects.subjects(session, case)) == 1
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "subject:edit")).one()
        assert event.detail == {"case": case.id, "fields": ["phone"]}
        assert session.get_one(Subject, row.id).phone == "0900 000 177"


def test_tasks_stand_by_urgency_and_can_be_taken_back(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    now = clock.now()
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        late = tasks.add_task(
            session, inspector, case, "Gọi công an xã", at=now, due_at=now + timedelta(hours=2)
        )
        tasks.add_task(session, inspector, case, "Ghi biên bản", at=now)
        soon = tasks.add_task(
            session, inspector, case, "Chụp lại trang", at=now, due_at=now + timedelta(hours=1)
        )
        assert [t.title for t in tasks.tasks(session, case)] == [
            "Chụp lại trang",
            "Gọi công an xã",
            "Ghi biên bản",
        ]
        assert next_deadline(session, case) == now + timedelta(hours=1)
        tasks.step_task(session, inspector, soon, "finish", at=now)
        assert next_deadline(session, case) == late.due_at
        assert tasks.waiting_tasks(session, inspector)[0].id == late.id
        tasks.step_task(session, inspector, soon, "undo", at=now)
        assert soon.done_at is None
        with pytest.raises(NeedsMissing):
            tasks.step_task(session, inspector, soon, "drop", at=now)


def test_the_timeline_tells_everything_newest_first(
    database: Database,
    posts: Posts,
    inspector: Actor,
    clock: MovableClock,
    files: FolderStore,
) -> None:
    case = opened(database, inspector, clock, posts().id)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        clock.move(timedelta(minutes=5))
        tasks.add_task(session, inspector, case, "Xác minh", at=clock.now())
        clock.move(timedelta(minutes=5))
        document = service.add_document(
            session,
            inspector,
            case,
            files,
            b"scan",
            kind="scan",
            title="Đơn trình báo",
            filename="don.pdf",
            media_type="application/pdf",
            at=clock.now(),
        )
        assert files.get(document.digest) == b"scan"
        told = [(entry.action, entry.actor) for entry in timeline(session, case)]
    assert told[0] == ("case:document", inspector.name)
    assert told[1] == ("task:create", inspector.name)
    assert {action for action, _ in told[2:]} == {"case:open", "case:add_posts"}


def test_measures_of_other_rooms_stand_on_the_case_with_their_clocks(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    soon = clock.now() + timedelta(hours=3)
    done = Measure("takedown", "YC-1", "done", "Đã gỡ", "x", {}, None, open=False)
    running = Measure("takedown", "YC-2", "sent", "Đang chờ", "x", {}, soon)
    register_measures("test", lambda _session, _case: [done, running])
    try:
        with database.reading() as session:
            row = session.get_one(Case, case.id)
            ours = [one.number for one in measures(session, row) if one.number.startswith("YC-")]
            assert ours == ["YC-2", "YC-1"]
            assert next_deadline(session, row) == soon
    finally:
        register_measures("test", lambda _session, _case: [])


def test_only_somebody_who_works_on_cases_can_own_one(
    database: Database, posts: Posts, inspector: Actor, people: People, clock: MovableClock
) -> None:
    case = opened(database, inspector, clock, posts().id)
    colleague, writer = people(Role.POLICE), people(Role.REPORT_WRITER)
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        service.assign(session, inspector, case, colleague.id, at=clock.now())
        assert case.owner_id == colleague.id
        with pytest.raises(InvalidInput):
            service.assign(session, inspector, case, writer.id, at=clock.now())
