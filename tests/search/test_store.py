"""Posts become rows, by the real rules, on both databases; what does not match is counted and forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Base, Database
from foundation.people import Role
from search.ingest import Ingestor
from search.models import (
    Intake,
    NotKept,
    PostBand,
    PostContact,
    PostRow,
    PostVersion,
    Source,
    WorkState,
)
from search.post import Author, Media, Origin, Platform, Post
from search.preparing import post_digest, prepare
from search.rules.judgement import Judgement
from search.rules.matcher import Matcher
from search.rules.pack import load_pack, shipped_packs
from search.store import BATCH, INDEX_CONSUMER, TRIAGE_CONSUMER, IngestResult, set_work_state, store
from tests.search.test_pack import SOUND
from tests.support.people import People
from tests.support.posts import Posts

KEY = b"k" * 32
RETENTION = timedelta(days=90)
LURE = (
    "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, không cần bằng cấp, "
    "ib Zalo 0901 000 123 để được đón tận nhà"
)
DULL = "Hôm nay trời đẹp, cả nhà đi biển chơi vui quá"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(shipped_packs())


@pytest.fixture
def ingestor(database: Database, clock: MovableClock, matcher: Matcher) -> Ingestor:
    return Ingestor(database, lambda: matcher, clock, KEY, RETENTION)


@pytest.fixture
def source_id(database: Database, clock: MovableClock) -> int:
    return Posts(database, clock).source()


def post(text: str = LURE, n: int = 1, **values: object) -> Post:
    return Post(url=f"https://dien-dan.example/{n}", text=text, **values)  # type: ignore[arg-type]


def rows(database: Database) -> list[PostRow]:
    with database.reading() as session:
        return list(session.scalars(select(PostRow).order_by(PostRow.id)).unique())


def waiting(database: Database, consumer: str) -> set[int]:
    with database.reading() as session:
        found = session.scalars(
            select(outbox.OutboxRow.thing_id).where(outbox.OutboxRow.consumer == consumer)
        )
        return set(found)


def count(database: Database, model: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


class TestWhatMatches:
    def test_it_is_kept_whole_with_judgement_contacts_bands_and_outbox_rows(
        self, database: Database, ingestor: Ingestor, source_id: int, clock: MovableClock
    ) -> None:
        posted = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
        full = post(
            title="Cần người",
            author=Author("Người Thử", "nguoi.thu", "https://dien-dan.example/u/1"),
            posted_at=posted,
            platform=Platform.FORUM,
            media=(Media("https://anh.example/1.jpg", alt="ảnh"),),
            links=("https://lua.example",),
            counts={"likes": 3},
        )
        result = ingestor.ingest([full], source_id=source_id, run_id=5)
        (row,) = rows(database)
        assert result == IngestResult(seen=1, kept=(row.id,))
        assert (row.title, row.text, row.author_handle) == ("Cần người", LURE, "nguoi.thu")
        assert (row.posted_at, row.seen_at, row.last_seen_at) == (posted, clock.now(), clock.now())
        assert row.media == [{"url": "https://anh.example/1.jpg", "kind": "image", "alt": "ảnh"}]
        assert (row.links, row.counts, row.run_id) == (["https://lua.example"], {"likes": 3}, 5)
        assert (row.state, row.retain_until) == (WorkState.NEW, clock.now() + RETENTION)
        judgement = Judgement.from_dict(row.judgement)
        assert (row.score, row.level) == (judgement.score, judgement.level)
        assert {"offer", "destination"} <= set(row.groups)
        for hit in judgement.hits:
            assert row.body[hit.start : hit.end] == hit.text, "spans point into title + text"
        with database.reading() as session:
            contacts = session.scalars(select(PostContact)).all()
            assert ("phone", "+84901000123") in {(each.kind, each.value) for each in contacts}
            for contact in contacts:
                assert row.body[contact.start : contact.end] == contact.raw
        assert count(database, PostBand) == 16
        assert waiting(database, INDEX_CONSUMER) == waiting(database, TRIAGE_CONSUMER) == {row.id}

    def test_a_person_vouches_for_what_no_rule_matches(
        self, database: Database, ingestor: Ingestor, source_id: int, people: People
    ) -> None:
        actor = people.actor(Role.INSPECTOR)
        result = ingestor.ingest(
            [post(DULL)], source_id=source_id, origin=Origin.MANUAL, actor=actor, keep_all=True
        )
        (row,) = rows(database)
        assert result.kept == (row.id,)
        assert (row.origin, row.created_by_id, row.score) == ("manual", actor.user_id, 0)
        assert Judgement.from_dict(row.judgement).reasons == ()

    def test_seen_again_unchanged_it_is_only_seen_again(
        self, database: Database, ingestor: Ingestor, source_id: int, clock: MovableClock
    ) -> None:
        ingestor.ingest([post()], source_id=source_id)
        before = rows(database)[0]
        clock.move(timedelta(hours=2))
        result = ingestor.ingest([post()], source_id=source_id)
        (row,) = rows(database)
        assert (result.unchanged, result.kept, result.updated) == (1, (), ())
        assert (row.seen_at, row.last_seen_at) == (before.seen_at, clock.now())

    def test_an_edit_keeps_what_it_said_and_the_decision_stands(
        self, database: Database, ingestor: Ingestor, source_id: int, clock: MovableClock
    ) -> None:
        ingestor.ingest([post()], source_id=source_id)
        (row,) = rows(database)
        with database.writing() as session:
            set_work_state(session, [row.id], WorkState.IN_CASE, at=clock.now(), case_id=3)
        clock.move(timedelta(hours=1))
        result = ingestor.ingest([post("Đã tuyển đủ, cảm ơn cả nhà")], source_id=source_id)
        (after,) = rows(database)
        assert result.updated == (row.id,)
        assert (after.text, after.state, after.case_id) == (
            "Đã tuyển đủ, cảm ơn cả nhà",
            WorkState.IN_CASE,
            3,
        )
        assert after.score < row.score
        with database.reading() as session:
            version = session.scalars(select(PostVersion)).one()
            assert (version.text, version.content_key) == (LURE, row.content_key)
            assert session.scalars(select(PostContact)).all() == []

    def test_the_same_address_at_two_sources_is_two_posts(
        self, database: Database, ingestor: Ingestor, source_id: int, clock: MovableClock
    ) -> None:
        other = Posts(database, clock).source("Nguồn khác")
        ingestor.ingest([post()], source_id=source_id)
        ingestor.ingest([post()], source_id=other)
        assert len(rows(database)) == 2

    def test_the_same_address_twice_in_one_batch_is_one_post_the_last_one(
        self, database: Database, ingestor: Ingestor, source_id: int
    ) -> None:
        ingestor.ingest([post(), post(LURE + " hôm nay")], source_id=source_id)
        (row,) = rows(database)
        assert row.text.endswith("hôm nay")

    def test_broken_text_is_stored_as_it_came(
        self, database: Database, ingestor: Ingestor, source_id: int
    ) -> None:
        text = LURE + " \u202e\u200b🙏🏿 ̣̣̣ \ufeff"
        ingestor.ingest([post(text)], source_id=source_id)
        assert rows(database)[0].text == text


class TestWhatDoesNotMatch:
    def test_it_is_counted_once_and_forgotten(
        self, database: Database, ingestor: Ingestor, source_id: int
    ) -> None:
        first = ingestor.ingest([post(DULL)], source_id=source_id)
        again = ingestor.ingest([post(DULL)], source_id=source_id)
        assert (first.not_kept, first.known) == (1, 0)
        assert (again.not_kept, again.known) == (0, 1)
        assert rows(database) == []
        assert waiting(database, INDEX_CONSUMER) == set()
        with database.reading() as session:
            kept = session.scalars(select(NotKept)).one()
            assert DULL.encode() not in kept.digest
            day = session.scalars(select(Intake)).one()
            assert (day.day, day.seen, day.kept, day.not_kept) == (date(2026, 11, 23), 1, 0, 1)

    def test_another_key_or_other_rules_know_nothing_of_it(self) -> None:
        same = post_digest(post(DULL), "1", KEY)
        assert same == post_digest(post(DULL), "1", KEY)
        others = [
            post_digest(post(DULL), "1", b"z" * 32),
            post_digest(post(DULL), "2", KEY),
            post_digest(post(DULL, n=2), "1", KEY),
            post_digest(post(DULL + "."), "1", KEY),
        ]
        assert same not in others
        assert len(set(others)) == 4

    def test_it_is_kept_when_it_begins_to_match(
        self, database: Database, ingestor: Ingestor, source_id: int
    ) -> None:
        ingestor.ingest([post(DULL)], source_id=source_id)
        result = ingestor.ingest([post(LURE)], source_id=source_id)
        assert len(result.kept) == 1
        assert rows(database)[0].text == LURE


def test_days_are_counted_in_the_office_zone(
    database: Database, ingestor: Ingestor, source_id: int, clock: MovableClock
) -> None:
    clock.set(datetime(2026, 11, 23, 18, 0, tzinfo=UTC))  # the 24th in Viet Nam
    ingestor.ingest([post(), post(DULL, n=2)], source_id=source_id)
    clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
    ingestor.ingest([post(LURE, n=3)], source_id=source_id)
    with database.reading() as session:
        day = session.scalars(select(Intake)).one()
        assert (day.day, day.seen, day.kept, day.not_kept) == (date(2026, 11, 24), 3, 2, 1)


def test_large_batches_are_stored_in_small_transactions(
    database: Database, ingestor: Ingestor, source_id: int
) -> None:
    many = [post(f"{DULL} {n}", n=n) for n in range(BATCH + 5)]
    result = ingestor.ingest(many, source_id=source_id)
    assert (result.seen, result.not_kept) == (BATCH + 5, BATCH + 5)
    assert count(database, NotKept) == BATCH + 5


def test_storing_the_same_prepared_posts_twice_changes_nothing(
    database: Database, ingestor: Ingestor, source_id: int, matcher: Matcher
) -> None:
    """A job that was cut off after its commit runs again."""
    prepared = [prepare(post(), matcher, KEY), prepare(post(DULL, n=2), matcher, KEY)]
    intent = ingestor.intent(source_id)
    for expected in (1, 0):
        with database.writing() as session:
            result = store(session, prepared, intent)
        assert len(result.kept) == expected
    assert len(rows(database)) == 1
    with database.reading() as session:
        assert session.scalars(select(Intake)).one().seen == 2


def test_a_rule_limited_to_a_source_sees_the_name_of_the_source(
    database: Database, clock: MovableClock, source_id: int
) -> None:
    """The lure of the sample pack counts only in posts of the source that the rule names."""
    with database.reading() as session:
        name = session.scalars(select(Source.name).where(Source.id == source_id)).one()
    kept = {}
    for scope in (name, "một nguồn khác"):
        text = SOUND.replace(
            "    weight: 30", f"    weight: 30\n    scope: {{source: ['{scope}']}}", 1
        )
        text = text.replace('positive: ["mai sang xứ lạ", "qua bên kia xứ lạ"]', "positive: []")
        text = text.replace('positive: ["đi xứ lạ, ngày 500k"]', "positive: []")
        limited = Matcher([load_pack(text)])
        ingestor = Ingestor(database, lambda limited=limited: limited, clock, KEY, RETENTION)  # type: ignore[misc]
        result = ingestor.ingest([post("đi xứ lạ, ngày 500k", n=7)], source_id=source_id)
        kept[scope] = len(result.kept) + len(result.updated) + result.unchanged
        with database.writing() as session:
            session.execute(delete(PostRow))
    assert kept == {name: 1, "một nguồn khác": 0}


def test_an_error_in_the_middle_leaves_nothing_behind(
    database: Database,
    ingestor: Ingestor,
    source_id: int,
    matcher: Matcher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("search.store.outbox.put", stumble)
    with pytest.raises(RuntimeError):
        ingestor.ingest([post(), post(DULL, n=2)], source_id=source_id)
    for model in (PostRow, PostContact, PostBand, NotKept, Intake):
        assert count(database, model) == 0, model


class TestWorkState:
    @pytest.fixture
    def row(self, database: Database, ingestor: Ingestor, source_id: int) -> PostRow:
        ingestor.ingest([post()], source_id=source_id)
        return rows(database)[0]

    def test_it_sets_the_state_and_tells_the_index(
        self, database: Database, row: PostRow, clock: MovableClock
    ) -> None:
        with database.writing() as session:
            outbox.done(session, outbox.take(session, INDEX_CONSUMER, at=clock.now()))
        assert waiting(database, INDEX_CONSUMER) == set()
        with database.writing() as session:
            set_work_state(session, [row.id], WorkState.CLOSED, at=clock.now())
        assert rows(database)[0].state == WorkState.CLOSED
        assert waiting(database, INDEX_CONSUMER) == {row.id}

    @pytest.mark.parametrize("state", [WorkState.KEPT, WorkState.IN_CASE, WorkState.CLOSED])
    def test_what_people_keep_is_not_deleted_by_date(
        self, database: Database, row: PostRow, clock: MovableClock, state: WorkState
    ) -> None:
        with database.writing() as session:
            set_work_state(session, [row.id], state, at=clock.now(), case_id=1)
        assert rows(database)[0].retain_until is None

    def test_the_case_is_forgotten_when_the_post_leaves_it(
        self, database: Database, row: PostRow, clock: MovableClock
    ) -> None:
        until = clock.now() + RETENTION
        with database.writing() as session:
            set_work_state(session, [row.id], WorkState.IN_CASE, at=clock.now(), case_id=8)
            set_work_state(session, [row.id], WorkState.CLOSED, at=clock.now())
        assert rows(database)[0].case_id == 8
        with database.writing() as session:
            set_work_state(session, [row.id], WorkState.NEW, at=clock.now(), retain_until=until)
        after = rows(database)[0]
        assert (after.case_id, after.retain_until) == (None, until)

    def test_a_row_already_in_the_session_shows_it_too(
        self, database: Database, row: PostRow, clock: MovableClock
    ) -> None:
        with database.writing() as session:
            held = session.get_one(PostRow, row.id)
            set_work_state(session, [row.id], WorkState.KEPT, at=clock.now())
            assert (held.state, held.retain_until) == (WorkState.KEPT, None)


def test_a_post_says_its_body_as_its_row_does(matcher: Matcher) -> None:
    titled = replace(post("hai"), title="một")
    assert titled.body == PostRow(title="một", text="hai").body == "một\nhai"
    assert post("hai").body == PostRow(title="", text="hai").body == "hai"
