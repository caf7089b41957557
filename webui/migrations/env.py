"""Alembic's entry: one engine handed over by webui.migrate, batch mode on SQLite, one naming convention."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger
from sqlalchemy.dialects import sqlite

import webui.models
from foundation.database import UtcDateTime

engine = context.config.attributes["engine"]


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our portable column types by their own names, so that a revision reads the same on both databases."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "foundation.database.UtcDateTime()"
    if isinstance(item, JSON):
        return "foundation.database.Json"
    if isinstance(item, BigInteger) and item.compile(sqlite.dialect()) == "INTEGER":
        return "foundation.database.Id"
    return False


def run() -> None:
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=webui.models.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=render_item,
            include_name=context.config.attributes.get("include_name"),
            include_object=context.config.attributes.get("include_object"),
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
