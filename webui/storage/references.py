"""Every reference to a stored file in the database, read in pieces, whatever room it is in."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, MetaData, String, Text, cast, select
from sqlalchemy.orm import Session

from foundation.files import is_digest
from webui.storage import kinds
from webui.storage.kinds import Kind

DIGEST = 64
_PIECES = {"yield_per": 500}
_ANY = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def references(session: Session, metadata: MetaData) -> Iterator[tuple[Kind, str]]:
    """Kind and digest, as often as they are referred to. Rooms that take over what another refers to are read
    after it, since tables come in the order in which they depend on each other."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if name not in kinds.NOT_FILES and _can_refer(column):
                yield from _of(session, name, column)


def _can_refer(column: Column[Any]) -> bool:
    if isinstance(column.type, JSON):
        return True
    return isinstance(column.type, String) and column.type.length == DIGEST


def _of(session: Session, name: str, column: Column[Any]) -> Iterator[tuple[Kind, str]]:
    if name in kinds.COLUMNS:
        for digest in _values(session, column, where_not=""):
            yield kinds.COLUMNS[name], digest
    elif name in kinds.JSON:
        for value in _values(session, column):
            yield from kinds.JSON[name](value or {})
    else:
        for text in _values(session, cast(column, Text)):
            for digest in _ANY.findall(text or ""):
                yield Kind.OTHER, digest


def _values(session: Session, column: Any, where_not: str | None = None) -> Iterator[Any]:
    query = select(column)
    if where_not is not None:
        query = query.where(column != where_not, column.is_not(None))
    with session.execute(query, execution_options=_PIECES) as found:
        for (value,) in found:
            if where_not is None or is_digest(value):
                yield value
