"""Bring the database to the newest revision; safe to call at every start, by one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from foundation.database import Database

FOLDER = Path(__file__).parent / "migrations"


def config(database: Database) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["engine"] = database.engine
    return made


def head() -> str:
    """The newest revision that this version of the program knows."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def current(database: Database) -> str:
    """The revision the database is at; an empty string when it has none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(database: Database) -> bool:
    """Migrate when needed; True when something was done."""
    if current(database) == head():
        return False
    command.upgrade(config(database), "head")
    return True
