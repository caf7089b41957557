"""Bring the database to the newest revision; safe to call at every start, by one process at a time.

Alembic is imported only when there is something to do: every process asks at its start whether the database
is ready, and the file names of the revisions are enough for that.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from foundation.database import Database
from foundation.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
PATIENCE_SECONDS = 300.0


def config(database: Database) -> "Config":
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["engine"] = database.engine
    return made


def revisions() -> tuple[str, ...]:
    """The revisions this version of the program knows, oldest first: the numbers of their files."""
    files = (FOLDER / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def head() -> str:
    """The newest revision that this version of the program knows."""
    if not (known := revisions()):
        raise Unavailable("the program's migrations are missing", about="migrations")
    return max(known)


def current(database: Database) -> str:
    """The revision the database is at; an empty string when it has none."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found or "")


def upgrade(database: Database) -> bool:
    """Migrate when needed; True when something was done. Unavailable when the program is too old."""
    if is_ready(database):
        return False
    from alembic import command

    command.upgrade(config(database), "head")
    return True


def is_ready(database: Database) -> bool:
    """Whether the database is at this program's newest revision; Unavailable when it is at a newer one."""
    found = current(database)
    if found and found not in revisions():
        raise Unavailable(
            f"the database is at revision {found}, which this version of the program does not know",
            about="database",
            remedy="install the version that wrote it, or restore an older backup",
        )
    return found == head()


def wait_until_ready(database: Database, patience: float = PATIENCE_SECONDS) -> None:
    """Until another process has migrated; Unavailable when that takes too long."""
    until = time.monotonic() + patience
    while not _ready_or_away(database):
        if time.monotonic() >= until:
            raise Unavailable(
                "the database is not ready", about="database", remedy="run: rasoat migrate"
            )
        time.sleep(0.05)


def _ready_or_away(database: Database) -> bool:
    try:
        return is_ready(database)
    except SQLAlchemyError:  # the server is still starting
        time.sleep(0.5)
        return False
