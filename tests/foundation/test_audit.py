"""The audit log betrays every change: one byte in any column, a missing event, a cut tail, a rewriting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from foundation import audit
from foundation.audit import AuditEvent, Head
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import IntegrityError
from foundation.people import SYSTEM, Actor


def record(database: Database, clock: MovableClock, how_many: int = 1, **detail: object) -> None:
    for number in range(how_many):
        with database.writing() as session:
            actor = Actor(user_id=7, name="Nguyễn Kiểm Tra", unit_id=3)
            audit.record(session, actor, "post:keep", number, at=clock.now(), **detail)
        clock.move(timedelta(seconds=1))


def seal(database: Database) -> int:
    with database.writing() as session:
        return audit.seal(session)


@pytest.fixture
def log(database: Database, clock: MovableClock) -> Database:
    """A database with five sealed events."""
    record(database, clock, 5, reason="spam", score=0.75, pages=[1, 2], note="có dấu")
    assert seal(database) == 5
    return database


def test_an_event_says_who_did_what_to_which(database: Database, clock: MovableClock) -> None:
    at = clock.now()
    record(database, clock, digest="ab")
    with database.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.at, event.actor_id, event.unit_id) == (at, 7, 3)
    assert (event.action, event.subject_kind, event.subject_id) == ("post:keep", "post", "0")
    assert event.detail == {"digest": "ab"}
    assert (event.sequence, event.previous, event.digest) == (None, None, None)


def test_an_event_shares_the_fate_of_its_transaction(
    database: Database, clock: MovableClock
) -> None:
    def fail() -> None:
        with database.writing() as session:
            audit.record(session, SYSTEM, "post:keep", 1, at=clock.now())
            session.flush()
            raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        fail()
    assert seal(database) == 0


def test_a_whole_chain_is_whole(log: Database, clock: MovableClock) -> None:
    record(log, clock, 2)
    found = audit.verify(log)
    assert (found.ok, found.checked, found.unsealed) == (True, 5, 2)
    assert seal(log) == 2
    assert seal(log) == 0
    found = audit.verify(log)
    assert (found.ok, found.checked, found.unsealed, found.head.sequence) == (True, 7, 0, 7)


def test_an_empty_log_is_whole(database: Database) -> None:
    found = audit.verify(database)
    assert (found.ok, found.checked, found.head) == (True, 0, Head(0, audit.GENESIS))


def test_values_that_a_database_gives_back_differently_do_not_break_the_chain(
    database: Database, clock: MovableClock
) -> None:
    odd = {"big": 1e20, "tuple": (1, 2), "deep": {"z": 1.0, "a": [0.1, None, -0.0]}, "keys": {1: 2}}
    with database.writing() as session:
        audit.record(session, SYSTEM, "post:keep", 1, at=clock.now(), **odd)
        audit.seal(session)  # even in the transaction that wrote it
    assert audit.verify(database).ok


CHANGES: dict[str, object] = {
    "id": 999,
    "actor_id": 8,
    "unit_id": None,
    "action": "post:keeP",
    "subject_kind": "Post",
    "subject_id": "3 ",
    "detail": {"reason": "span", "score": 0.75, "pages": [1, 2], "note": "có dấu"},
    "previous": "1" * 64,
    "digest": "1" * 64,
    "sequence": 99,
}


@pytest.mark.parametrize("column", [*CHANGES, "at"])
def test_one_change_in_any_column_is_found(log: Database, column: str) -> None:
    with log.writing() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.sequence == 3)).one()
        at = event.at + timedelta(microseconds=1)
        session.execute(
            update(AuditEvent)
            .where(AuditEvent.id == event.id)
            .values({column: CHANGES.get(column, at)})
            .execution_options(synchronize_session=False)
        )
    found = audit.verify(log)
    assert not found.ok
    assert (found.broken_at, found.checked) == (3, 2)
    assert found.kind == ("missing" if column == "sequence" else "changed")


def test_every_column_was_tried() -> None:
    assert set(CHANGES) | {"at"} == {column.name for column in AuditEvent.__table__.columns}


def test_a_missing_event_is_found(log: Database) -> None:
    with log.writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.sequence == 2))
    found = audit.verify(log)
    assert (found.kind, found.broken_at, found.problem) == ("missing", 2, "event 2 is missing")


def test_a_missing_first_event_is_found(log: Database) -> None:
    with log.writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.sequence == 1))
    assert audit.verify(log).kind == "missing"


def test_two_events_that_changed_places_are_found(log: Database) -> None:
    with log.writing() as session:
        for number, place in ((2, 100), (3, 2), (100, 3)):
            session.execute(
                update(AuditEvent).where(AuditEvent.sequence == number).values(sequence=place)
            )
    found = audit.verify(log)
    assert (found.kind, found.broken_at) == ("changed", 2)


def anchor(log: Database, path: Path, clock: MovableClock) -> Head:
    with log.reading() as session:
        return audit.anchor(session, path, at=clock.now())


def cut(log: Database, after: int) -> None:
    with log.writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.sequence > after))


def test_a_cut_tail_is_found_by_the_anchor(
    log: Database, tmp_path: Path, clock: MovableClock
) -> None:
    path = tmp_path / "anchors" / "audit.tsv"
    anchor(log, path, clock)
    assert audit.verify(log, path).ok
    cut(log, 3)
    found = audit.verify(log, path)
    assert (found.kind, found.broken_at, found.checked) == ("cut_tail", 5, 3)


def test_a_cut_tail_that_was_grown_again_is_found(
    log: Database, tmp_path: Path, clock: MovableClock
) -> None:
    path = tmp_path / "audit.tsv"
    anchor(log, path, clock)
    cut(log, 3)
    record(log, clock, 4, reason="made up")
    seal(log)
    assert audit.verify(log).ok  # the chain alone cannot tell
    found = audit.verify(log, path)
    assert (found.kind, found.broken_at) == ("not_anchored", 5)


def test_a_log_rewritten_from_the_start_is_found_even_when_it_was_anchored_again(
    log: Database, tmp_path: Path, clock: MovableClock
) -> None:
    path = tmp_path / "audit.tsv"
    anchor(log, path, clock)
    cut(log, 0)
    record(log, clock, 5, reason="made up")
    seal(log)
    anchor(log, path, clock)
    assert audit.verify(log).ok
    assert audit.verify(log, path).kind == "not_anchored"


def test_an_anchor_is_written_once_for_one_head(
    log: Database, tmp_path: Path, clock: MovableClock
) -> None:
    path = tmp_path / "audit.tsv"
    head = anchor(log, path, clock)
    anchor(log, path, clock)
    assert list(audit.read_anchors(path)) == [head]
    record(log, clock)
    seal(log)
    anchor(log, path, clock)
    assert [one.sequence for one in audit.read_anchors(path)] == [5, 6]


def test_an_anchor_file_that_was_tampered_with_is_a_finding_and_no_crash(
    log: Database, tmp_path: Path, clock: MovableClock
) -> None:
    path = tmp_path / "audit.tsv"
    anchor(log, path, clock)
    with path.open("ab") as file:
        file.write(b"\xff\xfe nonsense\n")
    with pytest.raises(IntegrityError, match="line 2"):
        list(audit.read_anchors(path))
    found = audit.verify(log, path)
    assert (found.ok, found.kind) == (False, "anchors")


def test_more_events_than_one_batch_are_sealed_in_turns(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        for number in range(1_100):
            audit.record(session, SYSTEM, "post:keep", number, at=clock.now())
    assert [seal(database) for _ in range(4)] == [500, 500, 100, 0]
    found = audit.verify(database)
    assert (found.ok, found.checked) == (True, 1_100)


def test_two_sealers_among_many_writers_still_make_one_chain(
    database: Database, clock: MovableClock
) -> None:
    at = clock.now()

    def write() -> None:
        for number in range(25):
            with database.writing() as session:
                audit.record(session, SYSTEM, "post:keep", number, at=at)

    def keep_sealing() -> None:
        sealed = 0
        while sealed == 0 or seal(database):
            sealed += 1

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(work) for work in (write, write, keep_sealing, keep_sealing)]:
            one.result(60)
    while seal(database):
        pass
    found = audit.verify(database)
    assert (found.ok, found.checked, found.unsealed) == (True, 50, 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_an_event_that_commits_late_is_sealed_after_later_ones(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as late:
        audit.record(late, SYSTEM, "post:keep", "late", at=clock.now())
        late.flush()
        record(database, clock)
        assert seal(database) == 1
    assert seal(database) == 1
    with database.reading() as session:
        subjects = session.scalars(select(AuditEvent.subject_id).order_by(AuditEvent.sequence))
        assert list(subjects) == ["0", "late"]
    assert audit.verify(database).ok
