"""The whole web application over a test's own database, and a browser-like client that logs in for real."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from foundation.clock import Clock
from foundation.database import Database
from foundation.people import Role, User
from foundation.settings import Settings
from tests.support.people import People
from webui.accounts import passwords
from webui.app import create_app
from webui.wiring import Wiring, build

passwords.TIME_COST, passwords.MEMORY_KIB = 1, 64  # tests log in a thousand times
PASSWORD = "một mật khẩu thử nghiệm dài"
_HASH: list[str] = []
_TOKEN = re.compile(r'name="csrf[-_]token" (?:content|[^>]*value)="([^"]+)"')


def password_hash() -> str:
    """The hash of PASSWORD, made once, since it is slow on purpose."""
    if not _HASH:
        _HASH.append(passwords.hashed(PASSWORD))
    return _HASH[0]


def wire(settings: Settings, database: Database, clock: Clock) -> Wiring:
    """A deployment's wiring over this database, whose address the settings need not name."""
    wiring = build(settings, clock)
    wiring.__dict__["database"] = database
    return wiring


class Browser:
    """A client with cookies that sends the CSRF token of the last page, as a form would."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""
        self.last: TestResponse | None = None

    def get(self, path: str, **given: object) -> TestResponse:
        return self._keep(self.client.get(path, **given))

    def post(
        self, path: str, data: Mapping[str, object] | None = None, **given: object
    ) -> TestResponse:
        form = {"csrf_token": self.token, **(data or {})}
        return self._keep(self.client.post(path, data=form, **given))

    def _keep(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html" and (found := _TOKEN.search(response.text)):
            self.token = found[1]
        self.last = response
        return response

    def log_in(
        self, email: str, password: str = PASSWORD, *, where: str = "/login"
    ) -> TestResponse:
        self.get(where)
        return self.post(where, {"email": email, "password": password})

    def is_logged_in(self) -> bool:
        """By what the site does, not by what the cookie says."""
        return self.client.get("/me").status_code == 200


@dataclass
class Office:
    """A running office: its app, its wiring, and people who can log in."""

    app: Flask
    wiring: Wiring
    people: People
    known: dict[Role, User] = field(default_factory=dict)

    def person(self, *roles: Role, email: str = "", active: bool = True) -> User:
        """A new person who can log in with PASSWORD."""
        return self.people(*roles, email=email, active=active, password=password_hash())

    def browser(self) -> Browser:
        return Browser(self.app)

    def logged_in(self, who: Role | User) -> Browser:
        """A browser in which this person, or one of this role, has logged in."""
        if isinstance(who, Role):
            if who not in self.known:
                self.known[who] = self.person(who)
            who = self.known[who]
        browser = self.browser()
        answer = browser.log_in(who.email)
        if answer.status_code != 302:
            raise AssertionError(
                f"{who.email} cannot log in: {answer.status_code} {answer.text[:500]}"
            )
        browser.get("/me")
        return browser


def open_office(settings: Settings, database: Database, clock: Clock) -> Office:
    """The whole application, all page areas."""
    wiring = wire(settings, database, clock)
    app = create_app(wiring)
    app.testing = False  # errors are to be answered as in the office, not raised
    return Office(app, wiring, People(database, clock))
