"""What people may say about sources, and what follows from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crawler.acts import ACTS
from crawler.models import Run, RunState, SourceState
from crawler.service import make_due_runs
from crawler.service_posts import enter_post, same_address, standing_source
from crawler.service_runs import list_runs, start_run, stop_run
from crawler.service_sources import (
    SourceInput,
    create_source,
    get_source,
    list_sources,
    set_active,
    update_source,
)
from crawler.sources import KINDS
from crawler.sources.forms import FormProblems
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, NotAllowedInState, NotFound
from foundation.files import FolderStore
from foundation.people import SYSTEM, Actor, Role
from foundation.permissions import PermissionTable
from search.ingest import Ingestor
from search.models import Observation, PostRow
from tests.crawler.child import KEY, RETENTION
from tests.crawler.words import KEPT_WORD, WordMatcher
from tests.support.people import People

GIVEN = SourceInput(
    name="Diễn đàn việc làm",
    kind="rss",
    purpose="Tìm bài dụ dỗ lao động công khai",
    legal_basis=("nd-174-2026.95",),
    address="https://dien-dan.example/rss.xml",
    every_minutes=30,
)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def with_(**given: object) -> SourceInput:
    from dataclasses import replace

    return replace(GIVEN, **given)  # type: ignore[arg-type]


def audited(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(row.action, row.subject_id) for row in rows]


def test_a_source_is_made_changed_and_suspended_and_each_is_audited(
    database: Database, clock: MovableClock, people: People
) -> None:
    actor = people.actor(Role.ADMINISTRATOR)
    with database.writing() as session:
        source = create_source(session, actor, GIVEN, at=clock.now())
        assert source.next_run_at == clock.now()
        assert source.config == {"pages": 1, "page_parameter": ""}
        session.add(SourceState(source_id=source.id, state={"x": 1}, updated_at=clock.now()))
        moved = with_(address="https://dien-dan.example/atom.xml", options={"pages": "4"})
        update_source(session, actor, source.id, moved, at=clock.now())
        assert source.config["pages"] == 4
        session.flush()
        assert session.get(SourceState, source.id) is None
        assert (
            set_active(session, actor, source.id, active=False, at=clock.now()).next_run_at is None
        )
    actions = [action for action, _ in audited(database)]
    assert actions == ["source:create", "source:update", "source:suspend"]


def test_the_audit_log_holds_no_words_of_the_source(
    database: Database, clock: MovableClock, people: People
) -> None:
    with database.writing() as session:
        create_source(session, people.actor(Role.ADMINISTRATOR), GIVEN, at=clock.now())
    with database.reading() as session:
        detail = str(session.scalars(select(AuditEvent)).one().detail)
    assert GIVEN.purpose not in detail
    assert GIVEN.name not in detail
    assert "nd-174-2026.95" in detail


def test_every_field_that_cannot_be_taken_is_named(database: Database, clock: MovableClock) -> None:
    nonsense = SourceInput(
        name=" ",
        kind="rss",
        purpose="vì",
        legal_basis=(" ",),
        address="javascript:alert(1)",
        platform="orkut",
        every_minutes=-1,
        options={"pages": "nhiều"},
    )
    with pytest.raises(FormProblems) as told, database.writing() as session:
        create_source(session, SYSTEM, nonsense, at=clock.now())
    assert [problem.field for problem in told.value.problems] == [
        "name",
        "purpose",
        "legal_basis",
        "platform",
        "every_minutes",
        "address",
        "pages",
    ]
    for bad in (
        "https://user:secret@a.example/",
        "ftp://a.example/",
        "a.example",
        "https://a b.example/",
    ):
        with pytest.raises(FormProblems, match="address"), database.writing() as session:
            create_source(session, SYSTEM, with_(address=bad), at=clock.now())
    with pytest.raises(FormProblems, match="kind"), database.writing() as session:
        create_source(session, SYSTEM, with_(kind="gopher"), at=clock.now())


def test_two_sources_cannot_have_one_name_and_the_kind_stays(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        source = create_source(session, SYSTEM, GIVEN, at=clock.now())
        with pytest.raises(FormProblems, match="name"):
            create_source(session, SYSTEM, GIVEN, at=clock.now())
        with pytest.raises(Conflict):
            update_source(session, SYSTEM, source.id, with_(kind="manual"), at=clock.now())


def test_another_units_source_does_not_exist(
    database: Database, clock: MovableClock, people: People
) -> None:
    mine = people.actor(Role.ADMINISTRATOR, unit=people.unit("Phòng một"))
    other = people.actor(Role.INSPECTOR, unit=people.unit("Phòng hai"))
    with database.writing() as session:
        source = create_source(session, mine, GIVEN, at=clock.now())
        run = start_run(session, mine, source.id, at=clock.now())
        for refused in (
            lambda: get_source(session, other, source.id),
            lambda: start_run(session, other, source.id, at=clock.now()),
            lambda: stop_run(session, other, run.id, at=clock.now()),
        ):
            with pytest.raises(NotFound):
                refused()
        assert list_sources(session, other) == []
        assert list_runs(session, other) == []
        assert list_runs(session, mine) == [run]


def test_a_source_is_crawled_by_one_run_at_a_time(database: Database, clock: MovableClock) -> None:
    with database.writing() as session:
        source = create_source(session, SYSTEM, GIVEN, at=clock.now())
        run = start_run(session, SYSTEM, source.id, at=clock.now())
        with pytest.raises(Conflict, match=f"run {run.id}"):
            start_run(session, SYSTEM, source.id, at=clock.now())
        stop_run(session, SYSTEM, run.id, at=clock.now())
        assert (run.state, run.reason) == (RunState.STOPPED, "stopped_by_person")
        with pytest.raises(NotAllowedInState):
            stop_run(session, SYSTEM, run.id, at=clock.now())
        assert start_run(session, SYSTEM, source.id, at=clock.now()).id > run.id


def test_a_due_source_gets_one_run_and_then_its_time(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        source = create_source(session, SYSTEM, GIVEN, at=clock.now())
        create_source(session, SYSTEM, with_(name="Không lịch", every_minutes=0), at=clock.now())
        first = make_due_runs(session, clock)
        assert [run.source_id for run in first] == [source.id]
        assert make_due_runs(session, clock) == []
        clock.move(timedelta(minutes=31))
        assert make_due_runs(session, clock) == []  # the first is not over
        first[0].state = RunState.DONE
        clock.move(timedelta(minutes=31))
        assert len(make_due_runs(session, clock)) == 1
        set_active(session, SYSTEM, source.id, active=False, at=clock.now())
        clock.move(timedelta(days=1))
        assert make_due_runs(session, clock) == []
        assert len(session.scalars(select(Run)).unique().all()) == 2


@pytest.fixture
def ingestor(database: Database, clock: MovableClock) -> Ingestor:
    return Ingestor(database, WordMatcher, clock, KEY, RETENTION)


def manual(actor: Actor, database: Database, clock: MovableClock) -> int:
    given = with_(name="Nhập tay", kind="manual", address="", every_minutes=0)
    with database.writing() as session:
        source = standing_source(session, actor, given, at=clock.now())
        assert standing_source(session, actor, given, at=clock.now()).id == source.id
        return source.id


def test_a_post_entered_by_hand_is_kept_with_its_attested_picture(
    database: Database, clock: MovableClock, people: People, ingestor: Ingestor, files: FolderStore
) -> None:
    actor = people.actor(Role.INSPECTOR)
    source_id = manual(actor, database, clock)
    given = {
        "text": "Tuyển người, không có từ nào khớp",
        "url": "https://mxh.example/p/1?fbclid=abc",
        "platform": "facebook",
        "author": "Chị Ba",
        "author_url": "https://mxh.example/chi-ba",
        "posted_at": "20/11/2026 08:30",
    }
    with database.writing() as session:
        post = enter_post(
            session, ingestor, files, actor, source_id, given, at=clock.now(), screenshot=PNG
        )
        again = enter_post(session, ingestor, files, actor, source_id, given, at=clock.now())
        assert again.id == post.id
    with database.reading() as session:
        row = session.scalars(select(PostRow)).unique().one()
        seen = session.scalars(select(Observation)).one()
    assert (row.url, row.origin, row.author_handle) == (
        "https://mxh.example/p/1",
        "manual",
        "chi-ba",
    )
    assert row.created_by_id == actor.user_id
    assert row.posted_at is not None
    assert row.posted_at.isoformat() == "2026-11-20T01:30:00+00:00"
    assert (seen.origin, seen.actor_id, seen.post_id) == ("officer", actor.user_id, row.id)
    assert files.get(seen.capture["files"][0]["digest"]) == PNG
    assert ("post:enter", str(row.id)) in audited(database)


def test_a_text_without_an_address_is_one_post_however_often_it_is_entered(
    database: Database, clock: MovableClock, people: People, ingestor: Ingestor, files: FolderStore
) -> None:
    actor = people.actor(Role.INSPECTOR)
    source_id = manual(actor, database, clock)
    with database.writing() as session:
        given = {"text": f"Tin nhắn {KEPT_WORD}"}
        ids = {
            enter_post(session, ingestor, files, actor, source_id, given, at=clock.now()).id
            for _ in range(2)
        }
        assert len(ids) == 1
        assert session.get_one(PostRow, ids.pop()).url.startswith("urn:rasoat:entered:")


def test_what_an_officer_saw_is_attested_and_what_others_told_is_not(
    database: Database, clock: MovableClock, people: People, ingestor: Ingestor, files: FolderStore
) -> None:
    actor = people.actor(Role.INSPECTOR)
    source_id = manual(actor, database, clock)
    long = "Tuyển người đi làm xa. " * 500
    seen = {"text": long, "url": "https://mxh.example/p/7", "how": "seen"}
    told = {"text": "Người dân kể lại", "how": "citizen"}
    with database.writing() as session:
        first = enter_post(
            session, ingestor, files, actor, source_id, seen, at=clock.now(), note="Tự thấy"
        )
        enter_post(session, ingestor, files, actor, source_id, told, at=clock.now())
        observed = session.scalars(select(Observation)).one()
        assert (observed.post_id, observed.detail, observed.capture) == (first.id, "Tự thấy", {})
        assert first.text == long.strip()


@pytest.mark.parametrize(
    ("how", "origin", "availability"),
    [
        ("seen", "officer", "online"),
        ("", "officer", "online"),
        ("citizen", "citizen", ""),
        ("hotline", "citizen", ""),
        ("agency", "agency", ""),
    ],
)
def test_a_picture_that_others_brought_is_not_said_to_have_been_online(
    how: str,
    origin: str,
    availability: str,
    database: Database,
    clock: MovableClock,
    people: People,
    ingestor: Ingestor,
    files: FolderStore,
) -> None:
    actor = people.actor(Role.INSPECTOR)
    given = {"text": "Ảnh chụp màn hình", "url": "https://mxh.example/p/8", "how": how}
    source_id = manual(actor, database, clock)
    with database.writing() as session:
        enter_post(
            session, ingestor, files, actor, source_id, given, at=clock.now(), screenshot=PNG
        )
        seen = session.scalars(select(Observation)).one()
        assert (seen.origin, seen.availability) == (origin, availability)


def test_units_do_not_share_what_they_enter(
    database: Database, clock: MovableClock, people: People, ingestor: Ingestor, files: FolderStore
) -> None:
    here = people.actor(Role.INSPECTOR, unit=people.unit("Phòng Một"))
    there = people.actor(Role.INSPECTOR, unit=people.unit("Phòng Hai"))
    given = {"text": "Cùng một bài", "url": "https://mxh.example/p/1"}
    with database.writing() as session:
        posts = []
        for actor in (here, there):
            wanted = with_(name=f"Nhập tay {actor.unit_id}", kind="manual", address="")
            source = standing_source(session, actor, wanted, at=clock.now())
            assert source.created_by_id is None
            posts.append(
                enter_post(session, ingestor, files, actor, source.id, given, at=clock.now())
            )
        assert posts[0].id != posts[1].id
        assert [row.id for row in same_address(session, here, posts[0].url)] == [posts[0].id]
        assert [row.id for row in same_address(session, there, posts[0].url)] == [posts[1].id]


@pytest.mark.parametrize(
    ("given", "screenshot", "fields"),
    [
        ({}, b"", ["text"]),
        ({"text": "x", "url": "không phải"}, b"", ["url"]),
        ({"text": "x", "posted_at": "hôm qua"}, b"GIF89a", ["posted_at", "screenshot"]),
        ({"text": "x"}, PNG + b"0" * (15 * 2**20), ["screenshot"]),
        ({"text": "x", "platform": "orkut"}, b"", ["platform"]),
    ],
)
def test_nonsense_entered_by_hand_is_named_and_nothing_is_kept(
    given: dict[str, str],
    screenshot: bytes,
    fields: list[str],
    database: Database,
    clock: MovableClock,
    ingestor: Ingestor,
    files: FolderStore,
) -> None:
    source_id = manual(SYSTEM, database, clock)
    with pytest.raises(FormProblems) as told, database.writing() as session:
        enter_post(
            session,
            ingestor,
            files,
            SYSTEM,
            source_id,
            given,
            at=clock.now(),
            screenshot=screenshot,
        )
    assert [problem.field for problem in told.value.problems] == fields
    assert list(files.digests()) == []


def test_the_acts_say_who_may_change_sources() -> None:
    table = PermissionTable(ACTS)
    inspector = Actor(1, "x", roles=frozenset({Role.INSPECTOR}))
    assert table.allows(inspector, "run.start")
    assert table.allows(inspector, "post.enter")
    assert not table.allows(inspector, "source.manage")
    assert table.roles("source.view") == frozenset(Role)


def test_every_kind_has_a_form_whose_defaults_it_takes_itself() -> None:
    assert {"file", "html_list", "manual", "rss", "wordpress", "youtube"} <= set(KINDS)
    for kind in KINDS.values():
        names = [option.name for option in kind.form.options]
        assert len(names) == len(set(names))
        assert kind.label
        assert kind.help
    assert KINDS["rss"].form.read({}) == {"pages": 1, "page_parameter": ""}
    assert KINDS["file"].form.read({})["timezone"] == "Asia/Ho_Chi_Minh"
