"""The daily survey of the store of files: how much there is of each kind, and what nothing refers to any more.

Every file's name and size and every reference are written to a database of its own beside the temporary files,
so that a million of them need no memory and the office's database sees no large transaction.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation.clock import Clock, office_time
from foundation.database import Base, Database, insert_into
from foundation.files import FileStore
from foundation.models_storage import StorageSample, UnusedFile
from webui.storage.kinds import ORDER, Kind
from webui.storage.references import references

PIECE = 500
LEFTOVER = timedelta(days=1)
"""Half a file that nobody has finished within this time never will be."""
log = structlog.get_logger()
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE file (digest BLOB PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
CREATE TABLE ref (digest BLOB PRIMARY KEY, kind INTEGER) WITHOUT ROWID;
CREATE TABLE known (digest BLOB PRIMARY KEY) WITHOUT ROWID;
"""
"""No rollback: the scratch database dies with the survey."""
_REFER = "INSERT INTO ref VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET kind = min(kind, excluded.kind)"
_COUNT = """
SELECT coalesce(ref.kind, ?), count(*), sum(file.bytes)
FROM file LEFT JOIN ref USING (digest) GROUP BY 1
"""
_NEWLY_UNUSED = """
SELECT file.digest, file.bytes FROM file LEFT JOIN ref USING (digest) LEFT JOIN known USING (digest)
WHERE ref.digest IS NULL AND known.digest IS NULL
"""
_NO_LONGER_UNUSED = """
SELECT known.digest FROM known LEFT JOIN file USING (digest) LEFT JOIN ref USING (digest)
WHERE file.digest IS NULL OR ref.digest IS NOT NULL
"""


def survey(database: Database, files: FileStore, clock: Clock) -> None:
    """Count everything anew and keep today's sample; can be interrupted and done again.

    What writes left that were killed in the middle goes first, once it is a day old.
    """
    at = clock.now()
    swept = files.sweep(at - LEFTOVER)
    if swept.files:
        log.warning("storage.leftovers_swept", files=swept.files, bytes=swept.bytes)
    room = files.room
    before = room.used() if room else None
    with (
        tempfile.TemporaryDirectory(prefix="rasoat-survey-") as folder,
        closing(sqlite3.connect(Path(folder) / "survey.db")) as scratch,
    ):
        scratch.executescript(_SCHEMA)
        _read(scratch, database, files)
        counts = {
            ORDER[number]: (count, size)
            for number, count, size in scratch.execute(_COUNT, (ORDER.index(Kind.UNUSED),))
        }
        _keep_unused(scratch, database, at)
    with database.writing() as session:
        _keep_sample(session, counts, at)
    if room:
        # What came and went meanwhile was counted on top of what was wrong before.
        room.add(sum(size for _count, size in counts.values()) - (before or 0))


def taken_on(session: Session, at: datetime) -> bool:
    """Whether there is a sample of this office day."""
    day = office_time(at).date()
    return session.scalar(select(StorageSample.day).where(StorageSample.day == day)) is not None


def _read(scratch: sqlite3.Connection, database: Database, files: FileStore) -> None:
    """The store first: what is stored meanwhile is in no list and cannot be taken for unused."""
    for piece in _pieces((bytes.fromhex(digest), size) for digest, size in files.sizes()):
        scratch.executemany("INSERT OR REPLACE INTO file VALUES (?, ?)", piece)
    with database.reading() as session:
        found = references(session, Base.metadata)
        for piece in _pieces((bytes.fromhex(digest), ORDER.index(kind)) for kind, digest in found):
            scratch.executemany(_REFER, piece)
        known = session.scalars(select(UnusedFile.digest)).yield_per(PIECE)
        for piece in _pieces((bytes.fromhex(digest),) for digest in known):
            scratch.executemany("INSERT OR REPLACE INTO known VALUES (?)", piece)


def _keep_unused(scratch: sqlite3.Connection, database: Database, at: datetime) -> None:
    for piece in _pieces(scratch.execute(_NO_LONGER_UNUSED)):
        with database.writing() as session:
            session.execute(
                delete(UnusedFile)
                .where(UnusedFile.digest.in_([digest.hex() for (digest,) in piece]))
                .execution_options(synchronize_session=False)
            )
    for piece in _pieces(scratch.execute(_NEWLY_UNUSED)):
        with database.writing() as session:
            rows = [{"digest": name.hex(), "bytes": size, "since": at} for name, size in piece]
            session.execute(insert_into(session, UnusedFile).on_conflict_do_nothing(), rows)


def _keep_sample(session: Session, counts: dict[Kind, tuple[int, int]], at: datetime) -> None:
    day = office_time(at).date()
    session.execute(delete(StorageSample).where(StorageSample.day == day))
    for kind in ORDER:
        count, size = counts.get(kind, (0, 0))
        session.add(StorageSample(day=day, kind=kind, files=count, bytes=size, at=at))


def _pieces(rows: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    while piece := tuple(islice(rows, PIECE)):
        yield piece
