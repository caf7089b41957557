"""What the operator has changed, in one small SQLite file that survives a restart."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

FIRST_ADDED_ID = 10_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changes (
  thing TEXT NOT NULL, id INTEGER NOT NULL, visibility TEXT NOT NULL,
  text TEXT, edited_at TEXT, PRIMARY KEY (thing, id));
CREATE TABLE IF NOT EXISTS added (
  id INTEGER PRIMARY KEY, author TEXT NOT NULL, grp TEXT NOT NULL, title TEXT NOT NULL,
  body TEXT NOT NULL, posted_at TEXT NOT NULL);
"""


class Visibility(StrEnum):
    """Who may see a post or a comment."""

    PUBLIC = "public"
    HIDDEN = "hidden"
    MEMBERS = "members"
    DELETED = "deleted"


class Action(StrEnum):
    """What the operator can do with a post or a comment."""

    HIDE = "hide"
    UNHIDE = "unhide"
    MEMBERS = "members"
    DELETE = "delete"
    RESTORE = "restore"
    EDIT = "edit"
    REVERT = "revert"


_BECOMES = {
    Action.HIDE: Visibility.HIDDEN,
    Action.UNHIDE: Visibility.PUBLIC,
    Action.MEMBERS: Visibility.MEMBERS,
    Action.DELETE: Visibility.DELETED,
    Action.RESTORE: Visibility.PUBLIC,
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a post or comment differs from what was written at first."""

    visibility: Visibility = Visibility.PUBLIC
    text: str | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A post that the operator added while the site was running."""

    id: int
    author: str
    group: str
    title: str
    body: str
    posted_at: datetime


class State:
    """The changes on disk; every call opens the file anew, so that threads can share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.executescript(_SCHEMA)
            connection.execute(
                "INSERT OR IGNORE INTO meta VALUES ('start', ?)",
                (datetime.now(UTC).replace(microsecond=0).isoformat(),),
            )

    def start(self) -> datetime:
        """The aware UTC time of the first start; dates do not move when the site restarts."""
        with self._connection() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = 'start'").fetchone()
        return datetime.fromisoformat(row[0])

    def changes(self, thing: str) -> dict[int, Change]:
        """All changes of one thing (``post`` or ``comment``) by id."""
        query = "SELECT id, visibility, text, edited_at FROM changes WHERE thing = ?"
        with self._connection() as connection:
            rows = connection.execute(query, (thing,)).fetchall()
        return {row[0]: Change(Visibility(row[1]), row[2], _moment(row[3])) for row in rows}

    def apply(self, thing: str, thing_id: int, action: Action, text: str = "") -> Change:
        """Do what the operator asked and return how the thing stands now."""
        before = self.changes(thing).get(thing_id, Change())
        after = _changed(before, action, text)
        values = (thing, thing_id, after.visibility, after.text, _stamp(after.edited_at))
        with self._connection() as connection:
            connection.execute("REPLACE INTO changes VALUES (?, ?, ?, ?, ?)", values)
        return after

    def added(self) -> list[Added]:
        """The posts that were added, oldest first."""
        with self._connection() as connection:
            rows = connection.execute("SELECT * FROM added ORDER BY id").fetchall()
        return [
            Added(row[0], row[1], row[2], row[3], row[4], datetime.fromisoformat(row[5]))
            for row in rows
        ]

    def add(self, author: str, group: str, title: str, body: str) -> int:
        """Keep a new post, dated now, and return its id (from 10,000 on)."""
        now = datetime.now(UTC).isoformat()
        query = (
            "INSERT INTO added VALUES "
            "((SELECT max(?, coalesce(max(id) + 1, 0)) FROM added), ?, ?, ?, ?, ?)"
        )
        values = (FIRST_ADDED_ID, author, group, title, body, now)
        with self._connection() as connection:
            cursor = connection.execute(query, values)
        return int(cursor.lastrowid or 0)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            yield connection


def _changed(before: Change, action: Action, text: str) -> Change:
    if action is Action.EDIT:
        return Change(before.visibility, text, datetime.now(UTC))
    if action is Action.REVERT:
        return Change(before.visibility, None, None)
    return Change(_BECOMES[action], before.text, before.edited_at)


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
