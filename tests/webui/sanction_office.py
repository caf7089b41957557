"""The whole application for tests of sanctions and reports, with a desk that makes files."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role, User
from foundation.settings import Settings
from tests.casework.sanction_desk import DIRECTOR, SanctionDesk
from tests.support.people import People
from tests.webui.login import client_of, let_tests_log_in
from webui.app import create_app
from webui.wiring import Wiring, build


@dataclass
class SanctionOffice:
    """An app, people who can sit down at it, and the desk."""

    app: Flask
    wiring: Wiring
    people: People
    desk: SanctionDesk
    inspector: User
    director: User
    writer: User

    def client(self, who: User | Role) -> FlaskClient:
        user = self.people(who, language="en") if isinstance(who, Role) else who
        return client_of(self.app, user)


def open_sanction_office(
    settings: Settings, database: Database | None, clock: MovableClock
) -> SanctionOffice:
    """Over this database, or over one of the settings' own."""
    wiring = build(settings, clock)
    if database is None:
        wiring.database.create_all()
    else:
        wiring.__dict__["database"] = database
    people = People(wiring.database, clock)
    desk = SanctionDesk(wiring.database, clock, people, wiring.files)
    inspector = people(Role.INSPECTOR, language="en")
    director = people(Role.APPROVER, signer_title=DIRECTOR, language="en")
    writer = people(Role.REPORT_WRITER, language="en")
    desk.inspector, desk.director = inspector.actor(), director.actor()
    app = let_tests_log_in(create_app(wiring))
    return SanctionOffice(app, wiring, people, desk, inspector, director, writer)
