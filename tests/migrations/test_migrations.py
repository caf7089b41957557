"""Migrations: their end is what the models say, on both databases, up and down, with rows in the tables."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from foundation.database import Base, Database
from foundation.errors import Unavailable
from tests.support.postgres import fresh_database
from webui import migrate

AT = "2026-11-23 02:00:00+00:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('m') / 'rasoat.db'}")
        yield database
        database.dispose()
        return
    with fresh_database(request.getfixturevalue("postgres")) as address:
        database = Database(address)
        yield database
        database.dispose()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def write(database: Database, *statements: str) -> None:
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement), {"at": AT} if ":at" in statement else {})


def ours() -> set[str]:
    """The tables of our rooms: tests of the ground make some of their own, in the same metadata."""
    return {name for name in Base.metadata.tables if not name.startswith("test_")}


def is_ours(_object: object, name: str | None, kind: str, *_more: object) -> bool:
    return kind != "table" or name in ours()


def names(database: Database, table: str) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(text(f"SELECT name FROM {table} ORDER BY id")))  # noqa: S608


def test_the_newest_revision_is_what_the_models_say(empty: Database) -> None:
    assert migrate.upgrade(empty)
    with empty.engine.connect() as connection:
        opts = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []
    assert tables(empty) == ours()


def test_file_names_and_alembic_agree_on_the_revisions(empty: Database) -> None:
    scripts = ScriptDirectory(str(migrate.FOLDER))
    assert migrate.head() == scripts.get_current_head()
    assert migrate.revisions() == tuple(
        sorted(script.revision for script in scripts.walk_revisions())
    )
    assert migrate.current(empty) == ""
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()
    assert not migrate.upgrade(empty), "a second time there is nothing to do"


def test_rows_written_on_the_way_up_are_there_at_the_end_and_on_the_way_down(
    empty: Database,
) -> None:
    settings = migrate.config(empty)
    command.upgrade(settings, "0002")
    write(
        empty,
        "INSERT INTO unit (id, name, short_name, active, created_at) "
        "VALUES (7, 'Phòng Thử nghiệm', 'TN', TRUE, :at)",
        "INSERT INTO source (id, name, kind, address, platform, config, every_minutes, active, purpose, "
        "legal_basis, unit_id, origin, created_at) VALUES (1, 'Diễn đàn', 'rss', '', 'forum', '{}', 0, "
        "TRUE, 'thử', '[]', 7, 'manual', :at)",
    )
    command.upgrade(settings, "head")
    assert names(empty, "source") == ["Diễn đàn"]
    write(
        empty,
        "INSERT INTO crawl_run (source_id, state, params, leased_by, lease_token, restarts, "
        "stop_requested, created_at, pages, posts, kept, updated, not_kept, bytes, errors, reason, "
        "reason_detail, checkpoint, origin) VALUES (1, 'waiting', '{}', '', '', 0, FALSE, :at, "
        "0, 0, 0, 0, 0, 0, 0, '', '{}', '{}', 'crawl')",
    )
    command.downgrade(settings, "0002")
    assert "crawl_run" not in tables(empty)
    assert names(empty, "source") == ["Diễn đàn"]
    assert names(empty, "unit") == ["Phòng Thử nghiệm"]
    command.upgrade(settings, "head")
    assert tables(empty) == ours()


def test_down_to_nothing_leaves_nothing(empty: Database) -> None:
    settings = migrate.config(empty)
    command.upgrade(settings, "head")
    command.downgrade(settings, "base")
    assert tables(empty) == set()
    assert not migrate.is_ready(empty)


def test_every_step_down_can_be_gone_up_again(empty: Database) -> None:
    settings = migrate.config(empty)
    command.upgrade(settings, "head")
    for revision in reversed(migrate.revisions()[:-1]):
        command.downgrade(settings, revision)
        assert migrate.current(empty) == revision
    command.upgrade(settings, "head")
    assert migrate.is_ready(empty)


def test_a_database_of_a_newer_program_is_refused(sqlite_database: Database) -> None:
    write(
        sqlite_database,
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('9999')",
    )
    with pytest.raises(Unavailable, match="9999") as caught:
        migrate.upgrade(sqlite_database)
    assert "install the version" in str(caught.value.detail["remedy"])


def test_waiting_for_a_database_that_nobody_migrates_ends_with_a_remedy(empty: Database) -> None:
    with pytest.raises(Unavailable, match="not ready") as caught:
        migrate.wait_until_ready(empty, patience=0.1)
    assert caught.value.detail["remedy"] == "run: rasoat migrate"
    migrate.upgrade(empty)
    migrate.wait_until_ready(empty, patience=0.1)


def test_foreign_keys_hold_after_migrating(empty: Database) -> None:
    """SQLite's batch mode makes tables anew: what refers to what must survive that."""
    from sqlalchemy.exc import IntegrityError

    migrate.upgrade(empty)
    with pytest.raises(IntegrityError):
        write(
            empty,
            "INSERT INTO source_state (source_id, state, updated_at) VALUES (99, '{}', :at)",
        )
