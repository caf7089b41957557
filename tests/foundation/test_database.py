"""One way to read, one way to write, the same values on SQLite and PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from foundation.clock import MovableClock
from foundation.database import Base, Database
from foundation.people import Setting, Unit, User


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Unit.name).order_by(Unit.name)))


def test_a_write_scope_commits_once_at_its_end(database: Database, clock: MovableClock) -> None:
    with database.writing() as session:
        session.add(Unit(name="Phòng A", created_at=clock.now()))
        session.flush()
        assert names(database) == []  # not to be seen by others before the end
    assert names(database) == ["Phòng A"]


def test_raising_rolls_everything_back(database: Database, clock: MovableClock) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(Unit(name="Phòng A", created_at=clock.now()))
            session.flush()
            raise RuntimeError("the view broke")

    with pytest.raises(RuntimeError, match="the view broke"):
        fail()
    assert names(database) == []


def test_what_a_read_scope_writes_is_forgotten(database: Database, clock: MovableClock) -> None:
    with database.reading() as session:
        session.add(Unit(name="Phòng A", created_at=clock.now()))
        session.flush()
    assert names(database) == []


def test_rows_stay_readable_after_the_write_scope(database: Database, clock: MovableClock) -> None:
    with database.writing() as session:
        unit = Unit(name="Phòng A", created_at=clock.now())
        session.add(unit)
    assert (unit.id > 0, unit.name, unit.active) == (True, "Phòng A", True)


def test_a_moment_comes_back_aware_and_in_utc(database: Database) -> None:
    hanoi = timezone(timedelta(hours=7))
    given = datetime(2026, 3, 1, 0, 30, 0, 123456, tzinfo=hanoi)
    with database.writing() as session:
        session.add(Unit(name="Phòng A", created_at=given))
    with database.reading() as session:
        stored = session.scalars(select(Unit.created_at)).one()
    assert stored == given
    assert stored.tzinfo is UTC or stored.utcoffset() == timedelta(0)


def test_moments_compare_in_the_database_whatever_zone_they_are_asked_in(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        session.add(Unit(name="Phòng A", created_at=clock.now()))
    later = (clock.now() + timedelta(seconds=1)).astimezone(timezone(timedelta(hours=-9)))
    with database.reading() as session:
        assert session.scalars(select(Unit.name).where(Unit.created_at < later)).all()
        assert not session.scalars(select(Unit.name).where(Unit.created_at > later)).all()


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    def store() -> None:
        with database.writing() as session:
            session.add(Unit(name="Phòng A", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001

    with pytest.raises(StatementError, match="without a time zone"):
        store()


def test_json_keeps_vietnamese_and_nesting(database: Database, clock: MovableClock) -> None:
    value = {"tên": "Phòng Nghiệp vụ", "sâu": [1, 2.5, None, {"đúng": True}]}
    with database.writing() as session:
        session.add(Setting(key="thử", value=value, updated_at=clock.now()))
    with database.reading() as session:
        assert session.get_one(Setting, "thử").value == value


def test_foreign_keys_hold_on_both_engines(database: Database, clock: MovableClock) -> None:
    def store() -> None:
        with database.writing() as session:
            session.add(
                User(
                    email="a@office.example",
                    name="A",
                    unit_id=999,
                    created_at=clock.now(),
                    fs_uniquifier="a",
                )
            )

    with pytest.raises(IntegrityError):
        store()


def test_writers_wait_for_each_other_and_none_is_lost(
    database: Database, clock: MovableClock
) -> None:
    """Read, think, write: on SQLite this is what fails at once without BEGIN IMMEDIATE."""
    with database.writing() as session:
        session.add(Setting(key="count", value={"is": 0}, updated_at=clock.now()))

    def count_up() -> None:
        for _ in range(10):
            with database.writing() as session:
                row = session.get_one(Setting, "count", with_for_update=True)
                before = row.value["is"]
                time.sleep(0.001)
                row.value = {"is": before + 1}

    with ThreadPoolExecutor(4) as pool:
        for counting in [pool.submit(count_up) for _ in range(4)]:
            counting.result(60)
    with database.reading() as session:
        assert session.get_one(Setting, "count").value == {"is": 40}


def test_sqlite_is_durable_and_lets_readers_read_while_one_writes(
    sqlite_database: Database, clock: MovableClock
) -> None:
    with sqlite_database.reading() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
    }
    with sqlite_database.writing() as writer:
        writer.add(Unit(name="Phòng A", created_at=clock.now()))
        writer.flush()
        assert names(sqlite_database) == []


def test_every_constraint_has_a_name_so_that_migrations_can_find_it() -> None:
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None and list(getattr(constraint, "columns", []))
    ]
    assert nameless == []


def test_a_result_that_an_error_left_unread_does_not_lock_the_next_writer(
    database: Database, clock: MovableClock
) -> None:
    """The traceback keeps the result alive, its connection goes back to the pool, somebody else writes."""
    with database.writing() as session:
        session.add_all(Unit(name=f"Phòng {n}", created_at=clock.now()) for n in range(50))
    with database.reading() as session:
        unread = session.execute(select(Unit.name))
    other = Database(database.url)
    with other.writing() as session:
        session.add(Unit(name="Phòng khác", created_at=clock.now()))
    other.dispose()
    with database.writing() as session:
        session.add(Unit(name="Phòng sau", created_at=clock.now()))
    assert unread is not None
    assert len(names(database)) == 52
