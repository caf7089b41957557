"""Training, switching and watching the second opinion, on both databases, with decisions that are made up."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from casework.triage.models import Verdict
from casework.triage.verdicts import changes
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import IntegrityError, NotAllowedInState
from foundation.files import FolderStore
from foundation.people import Actor, Role
from search.learning import opinion
from search.learning.counting import count
from search.learning.lessons import lessons
from search.learning.models import OpinionModel, OpinionState, PostOpinion
from search.learning.opining import opine, waits, watch
from search.learning.opinion import (
    fallen,
    id_in_force,
    in_force,
    load,
    may_switch_on,
    say,
    switch_off,
    switch_on,
)
from search.learning.quality import Quality
from search.learning.training import Material, is_due, material, train
from search.models import PostRow, PostVersion
from tests.support.decided import Made, make
from tests.support.lessons import habit
from tests.support.people import People

RETENTION = timedelta(days=90)
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of arithmetic, each of which trains: the queries are run on both by the others."""


@pytest.fixture
def admin(people: People) -> Actor:
    return people.actor(Role.ADMINISTRATOR)


def taught(
    database: Database, clock: MovableClock, number: int = 300, *, seed: int = 1, noise: float = 0.1
) -> None:
    make(database, clock, list(habit(clock, number, seed=seed, noise=noise)))
    count(database, clock, changes)


def trained(database: Database, clock: MovableClock, files: FolderStore) -> OpinionModel:
    found = train(database, files, clock, RETENTION)
    assert isinstance(found, OpinionModel)
    return found


def switched(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> OpinionModel:
    row = trained(database, clock, files)
    with database.writing() as session:
        return switch_on(session, admin, row.id, at=clock.now())


def test_with_too_few_decisions_it_says_how_many_are_missing(
    database: Database, clock: MovableClock, files: FolderStore
) -> None:
    make(
        database,
        clock,
        [Made((), Verdict.KEEP, text=f"k{n}") for n in range(80)]
        + [Made((), Verdict.DISMISS, reason="not_lure", text=f"d{n}") for n in range(20)]
        + [Made((), Verdict.DISMISS, reason="old", text=f"o{n}") for n in range(99)],
    )
    count(database, clock, changes)
    found = train(database, files, clock, RETENTION)
    assert found == Material(100, 80)
    assert isinstance(found, Material)
    assert found.missing == {"decisions": 100, "dismissed": 30}, "those too old say nothing"
    with database.reading() as session:
        assert session.scalars(select(OpinionModel)).all() == []


@ONE_DATABASE
def test_copies_do_not_make_up_for_decisions(
    database: Database, clock: MovableClock, files: FolderStore
) -> None:
    make(database, clock, [Made((), Verdict.KEEP, text="giống hệt") for _ in range(300)])
    count(database, clock, changes)
    with database.reading() as session:
        assert material(session, since=clock.now() - RETENTION) == Material(3, 3)


@ONE_DATABASE
def test_a_habit_that_the_rules_do_not_see_is_learned_measured_and_not_switched_on(
    database: Database, clock: MovableClock, files: FolderStore
) -> None:
    taught(database, clock)
    row = trained(database, clock, files)
    quality = Quality.from_dict(row.quality)
    assert quality.opinion > quality.rules + 0.15
    assert quality.beats
    assert 80 <= quality.clusters <= 100, "three of ten clusters were held back"
    assert row.state == OpinionState.MEASURED
    with database.reading() as session:
        assert id_in_force(session) is None
    assert files.exists(row.digest)


@ONE_DATABASE
def test_decisions_at_random_teach_nothing_and_cannot_be_switched_on(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock, noise=0.5)
    row = trained(database, clock, files)
    assert not may_switch_on(row)
    with database.writing() as session, pytest.raises(NotAllowedInState):
        switch_on(session, admin, row.id, at=clock.now())


def test_decisions_from_before_the_retention_period_are_left_out(
    database: Database, clock: MovableClock
) -> None:
    make(
        database,
        clock,
        [
            Made((), Verdict.KEEP, text="cũ", at=clock.now() - timedelta(days=91)),
            Made((), Verdict.KEEP, text="mới", at=clock.now() - timedelta(days=89)),
        ],
    )
    count(database, clock, changes)
    with database.reading() as session:
        assert len(lessons(session, since=clock.now() - RETENTION)) == 1


def test_a_post_that_was_edited_after_the_decision_teaches_nothing(
    database: Database, clock: MovableClock
) -> None:
    one, two = make(
        database,
        clock,
        [Made((), Verdict.KEEP, text="a"), Made((), Verdict.KEEP, text="b")],
    )
    count(database, clock, changes)
    with database.writing() as session:
        before, after = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
        session.add(PostVersion(post_id=one, text="x", content_key="k", seen_until=before))
        session.add(PostVersion(post_id=two, text="x", content_key="k", seen_until=after))
    with database.reading() as session:
        found = lessons(session, since=clock.now() - RETENTION)
    assert [lesson.post_id for lesson in found] == [one]


@ONE_DATABASE
def test_switching_is_written_down_and_one_version_counts_at_a_time(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    first = switched(database, clock, files, admin)
    second = switched(database, clock, files, admin)
    with database.reading() as session:
        assert id_in_force(session) == second.id
        assert session.get_one(OpinionModel, first.id).state == OpinionState.OFF
    with database.writing() as session:
        switch_off(session, admin, second.id, at=clock.now())
    with database.reading() as session:
        assert in_force(session) is None
        acts = session.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.subject_kind == "opinion")
            .order_by(AuditEvent.id)
        ).all()
    assert acts == [
        "opinion:train",
        "opinion:on",
        "opinion:train",
        "opinion:off",
        "opinion:on",
        "opinion:off",
    ]


def test_waiting_posts_get_opinions_and_edited_ones_another(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    lure, honest = make(
        database,
        clock,
        [
            Made((), text="có người đón tại bến, đặc khu bên kia sông"),
            Made((), text="phỏng vấn tại công ty, đóng bảo hiểm đầy đủ"),
        ],
    )
    assert opine(database, files) == 0, "nothing is switched on"
    row = switched(database, clock, files, admin)
    with database.reading() as session:
        assert waits(session)
    assert opine(database, files) == 2
    assert opine(database, files) == 0
    values = _values(database)
    assert values[lure] > 70
    assert values[honest] < 30
    with database.writing() as session:
        session.add(PostVersion(post_id=honest, text="x", content_key="k", seen_until=clock.now()))
        session.execute(
            update(PostRow)
            .where(PostRow.id == honest)
            .values(text="có người đón tại bến", content_key="another")
        )
    assert opine(database, files) == 1
    assert _values(database)[honest] > 60
    with database.reading() as session:
        post = session.get_one(PostRow, lure)
        said = say(load(files, row.digest), post)
    assert len(said.speaks_for) == 5
    assert all(one in post.text for one in said.speaks_for)
    assert not set(said.speaks_for) & set(said.against)


def _values(database: Database) -> dict[int, int]:
    with database.reading() as session:
        rows = session.execute(select(PostOpinion.post_id, PostOpinion.value))
        return {row.post_id: row.value for row in rows}


def test_new_decisions_that_go_the_other_way_switch_it_off(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    row = switched(database, clock, files, admin)
    assert not watch(database, files, clock), "nothing was decided since"
    clock.move(timedelta(days=81))
    taught(database, clock, 120, seed=2, noise=0.95)
    assert watch(database, files, clock)
    with database.reading() as session:
        assert id_in_force(session) is None
        (fell,) = fallen(session)
        assert fell.id == row.id
        assert Quality.from_dict(fell.since).difference < 0
        assert not may_switch_on(fell)
    with database.writing() as session:
        switch_off(session, admin, row.id, at=clock.now())
    with database.reading() as session:
        assert fallen(session) == []
        assert not may_switch_on(session.get_one(OpinionModel, row.id)), "never again this version"


@ONE_DATABASE
def test_new_decisions_that_agree_leave_it_on_and_are_shown(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    row = switched(database, clock, files, admin)
    clock.move(timedelta(days=81))
    taught(database, clock, 40, seed=3)
    assert not watch(database, files, clock)
    with database.reading() as session:
        assert session.get_one(OpinionModel, row.id).since == {}, "too few to tell"
    taught(database, clock, 120, seed=4)
    assert not watch(database, files, clock)
    with database.reading() as session:
        assert Quality.from_dict(session.get_one(OpinionModel, row.id).since).difference > 0


@ONE_DATABASE
def test_copies_of_what_it_learned_from_are_no_new_decisions(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    row = switched(database, clock, files, admin)
    clock.move(timedelta(days=81))
    taught(database, clock, 300, seed=1)
    assert not watch(database, files, clock)
    with database.reading() as session:
        assert session.get_one(OpinionModel, row.id).since == {}


@ONE_DATABASE
def test_a_file_that_was_changed_is_not_used(
    database: Database, clock: MovableClock, files: FolderStore, admin: Actor
) -> None:
    taught(database, clock)
    row = switched(database, clock, files, admin)
    path = next(files.folder.glob(f"??/??/{row.digest}"))
    path.write_bytes(path.read_bytes() + b" ")
    opinion._LOADED.clear()  # what is in memory was checked when it was read
    make(database, clock, [Made((), text="bài mới")])
    with pytest.raises(IntegrityError):
        opine(database, files)
    assert _values(database) == {}


@ONE_DATABASE
def test_it_is_due_with_twenty_decisions_and_again_after_a_week_with_twenty_more(
    database: Database, clock: MovableClock, files: FolderStore
) -> None:
    with database.reading() as session:
        assert not is_due(session, at=clock.now())
    taught(database, clock, 30)
    with database.reading() as session:
        assert is_due(session, at=clock.now())
    train(database, files, clock, RETENTION)
    later = clock.now() + timedelta(days=8)
    with database.reading() as session:
        assert not is_due(session, at=clock.now())
        assert not is_due(session, at=later), "nothing new was decided"
