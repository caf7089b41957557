"""The page areas of triage and search alone, over a test's database and a real embedded index."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from casework.triage.service import ACTS
from foundation.clock import Clock
from foundation.database import Database
from foundation.people import Role, User
from foundation.permissions import PermissionTable
from foundation.settings import Settings
from search.index.indexer import Indexer
from tests.support.people import People
from tests.support.posts import Posts
from tests.webui.login import client_of, let_tests_log_in
from webui.app import create_app
from webui.wiring import Wiring, build

AREAS = (
    "webui.views.shell",
    "webui.views.today",
    "webui.views.queue",
    "webui.views.posts",
    "webui.views.campaigns",
    "webui.views.search",
)


@dataclass
class Desk:
    """An app with the queue, posts and search, posts to put in, people to sit down."""

    app: Flask
    wiring: Wiring
    people: People
    posts: Posts

    def client(self, who: User | Role = Role.INSPECTOR, language: str = "en") -> FlaskClient:
        """A client in which this person, or a new one of this role, has logged in."""
        user = self.people(who, language=language) if isinstance(who, Role) else who
        return client_of(self.app, user)

    def index(self) -> None:
        """Bring the index up to date with every post there is."""
        index = self.wiring.index(writer=True)
        try:
            Indexer(self.wiring.database, index, self.wiring.clock).run_until_idle()
        finally:
            index.close()
        self.wiring.reader.refresh()


def open_desk(settings: Settings, database: Database | None, clock: Clock) -> Desk:
    """Over this database, or over one of the settings' own when None is given."""
    wiring = build(settings, clock)
    wiring.__dict__["permissions"] = PermissionTable(ACTS)
    if database is None:
        wiring.database.create_all()
    else:
        wiring.__dict__["database"] = database
    app = let_tests_log_in(create_app(wiring, modules=AREAS))
    return Desk(app, wiring, People(wiring.database, clock), Posts(wiring.database, clock))
