"""Two furnished units in one deployment: for tests that knock on every door of the whole application."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

import webui.views
from foundation.clock import MovableClock
from foundation.database import Base, Database
from foundation.people import Role, User
from foundation.settings import Settings
from search.index.indexer import Indexer
from tests.support.furnished import Room, furnish, value_of
from tests.support.office import Office, open_office
from tests.webui.login import client_of, let_tests_log_in

OURS, THEIRS = "BENNAY7781", "BENKIA9942"
DEPLOYMENT_WIDE = {
    "people", "units", "audit", "account", "login", "security", "shell", "static",
    "rules", "rule_drafts", "rule_runs", "rule_files", "learning",
}  # fmt: skip
"""Areas that an administrator has for the whole deployment, or that hold nothing of a unit."""
ABSENT = 987_654
_FIELD = re.compile(r'\.get(?:list)?\(\s*"(\w+)"')


@dataclass
class Building:
    """Two furnished units in one deployment, and somebody of the second with every role."""

    office: Office
    theirs: Room
    ours: Room
    intruder: FlaskClient
    insider: FlaskClient
    before: dict[tuple[str, Any], tuple[Any, ...]]

    def rules(self) -> Iterator[tuple[str, Rule]]:
        """The rules of page areas that hold something of a unit, with the name of the area."""
        for rule in sorted(self.office.app.url_map.iter_rules(), key=str):
            area = rule.endpoint.partition(".")[0]
            if area not in DEPLOYMENT_WIDE:
                yield area, rule

    def with_ids(self) -> Iterator[tuple[str, Rule]]:
        for area, rule in self.rules():
            if rows_named(rule):
                yield area, rule

    def address(self, area: str, rule: Rule, room: Room | None, **words: str) -> str:
        """The address with the ids of this room; with ids that do not exist where there is none."""
        values: dict[str, Any] = {}
        for name in rule.arguments:
            if name not in rows_named(rule):
                values[name] = words.get(name, "close")
            elif room is not None:
                known = value_of(room, area, name)
                values[name] = ABSENT if known is None else known
            else:
                values[name] = "0" * 64 if name == "digest" else ABSENT
        with self.office.app.test_request_context():
            return url_for(rule.endpoint, **values)


def build(folder: Path, database: Database) -> Building:
    """Furnish both units and index their posts; the database has its tables and is empty."""
    clock = MovableClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    settings = Settings(data_dir=folder / "var", secret_key="k" * 40)
    office = open_office(settings, database, clock)
    let_tests_log_in(office.app)
    rooms: list[Room] = []
    before: dict[tuple[str, Any], tuple[Any, ...]] = {}
    for mark in (THEIRS, OURS):
        unit = office.people.unit(f"Phòng {mark}")
        files = office.wiring.files
        rooms.append(furnish(database, clock, office.people, files, settings, unit, mark))
        before = before or rows(database)
    index = office.wiring.index(writer=True)
    Indexer(database, index, clock).run_until_idle()
    index.close()
    theirs, ours = rooms
    clients = [client_of(office.app, everything(office, room)) for room in (ours, theirs)]
    return Building(office, theirs, ours, clients[0], clients[1], before)


def everything(office: Office, room: Room) -> User:
    """Somebody of the unit who holds every role."""
    return office.people(*Role, unit=room.unit, language="en")


def rows(database: Database) -> dict[tuple[str, Any], tuple[Any, ...]]:
    """Every row of every table that has one key, by table and key; counters and queues apart."""
    found: dict[tuple[str, Any], tuple[Any, ...]] = {}
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if "id" not in table.columns or table.name in {"outbox", "index_request"}:
                continue
            for row in session.execute(select(table)):
                found[table.name, row.id] = tuple(row)
    return found


def rows_named(rule: Rule) -> set[str]:
    """Arguments of an address that name a row or a file; the others are words, the same for all units."""
    numbers = {name for name, one in rule._converters.items() if isinstance(one, IntegerConverter)}
    return numbers | (rule.arguments & {"digest"})


def form_fields() -> set[str]:
    """Every name that a view reads from a form or an address."""
    folder = Path(webui.views.__file__).parent
    return {name for path in folder.glob("**/*.py") for name in _FIELD.findall(path.read_text())}


def said(answer: TestResponse) -> str:
    """The body as text, also of a picture or a document."""
    return answer.get_data().decode("utf-8", "replace")
