"""Every route of the whole application for every role and for nobody: the table decides, the pages obey.

Pages that come later are covered without a line here: an address is filled with ids that do not exist, so
whoever may is told 404 or 422, and whoever may not is told 403 before that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from flask import Flask
from werkzeug.routing import Rule

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role, User
from foundation.settings import Settings
from tests.support.office import Browser, Office, open_office
from webui.accounts.act_words import ACTS
from webui.requests import PUBLIC, SIGNED_IN, guards_of

ABSENT = {"int": "999999999", "float": "0.5", "uuid": "00000000-0000-0000-0000-000000000000"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = HTTPStatus.FORBIDDEN
LEAVES = {"security.logout", "account.end_sessions"}
"""What ends the session that the other routes are tried with; tried last."""


@dataclass(frozen=True)
class Route:
    """One method of one address, and the act that guards it."""

    endpoint: str
    method: str
    path: str
    act: str


def address(rule: Rule) -> str:
    """The rule with an id that does not exist in every place."""
    parts = []
    for is_dynamic, text in rule._trace:
        if is_dynamic:
            converter = type(rule._converters[text]).__name__.lower()
            kind = next((name for name in ABSENT if converter.startswith(name)), "")
            if kind == "int" or converter.startswith("integer"):
                parts.append(ABSENT["int"])
            else:
                parts.append(ABSENT.get(kind, "absent"))
        elif text != "|":
            parts.append(text)
    return "".join(parts)


def routes(app: Flask) -> Iterator[Route]:
    """Every guarded route; static files and the login library's own pages guard themselves."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.endpoint.startswith("security."):
            continue
        guards = guards_of(app.view_functions[rule.endpoint])
        for method in METHODS:
            if method in (rule.methods or ()):
                act = guards.get(method) or guards.get("*", "")
                yield Route(rule.endpoint, method, address(rule), act)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for all roles: these tests only knock on doors."""
    folder = tmp_path_factory.mktemp("office")
    database = Database(f"sqlite:///{folder / 'rasoat.db'}")
    settings = Settings(data_dir=folder / "var", secret_key="k" * 40)

    clock = MovableClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    opened = open_office(settings, database, clock)
    database.create_all()
    opened.wiring.index(writer=True).close()  # empty, but there, as after the first start
    yield opened
    database.dispose()


def knock(browser: Browser, route: Route) -> int:
    """The status of one request, with the token that a form would send."""
    data = {} if route.method == "GET" else {"csrf_token": browser.token}
    answer = browser.client.open(route.path, method=route.method, data=data)
    answer.close()
    return answer.status_code


def test_there_are_routes_and_every_one_names_a_declared_act(office: Office) -> None:
    found = list(routes(office.app))
    assert len(found) > 20
    declared = {rule.name for rule in office.wiring.permissions}
    for route in found:
        assert route.act in declared | {PUBLIC, SIGNED_IN}, route


def test_every_declared_act_has_somebody_who_may_do_it(office: Office) -> None:
    for rule in office.wiring.permissions:
        assert rule.roles, rule.name
        assert rule.name.count(".") >= 1, f"{rule.name} is not written as area.verb"


def test_nobody_comes_in_without_logging_in(office: Office) -> None:
    browser = office.browser()
    browser.get("/login")
    for route in routes(office.app):
        answer = browser.client.open(
            route.path, method=route.method, data={"csrf_token": browser.token}
        )
        if route.act == PUBLIC:
            assert answer.status_code < 500, route
        elif route.path.startswith("/api/"):
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, route
        else:
            assert answer.status_code == HTTPStatus.FOUND, (route, answer.status_code)
            assert answer.location.startswith("/login"), (route, answer.location)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_refused_exactly_where_the_table_says_so(office: Office, role: Role) -> None:
    browser = office.logged_in(role)
    wrong = []
    for route in sorted(routes(office.app), key=lambda route: route.endpoint in LEAVES):
        status = knock(browser, route)
        allowed = route.act in {PUBLIC, SIGNED_IN} or role in office.wiring.permissions.roles(
            route.act
        )
        if status >= 500 or (status == REFUSED) == allowed:
            wrong.append(
                (route.method, route.path, route.act, status, "may" if allowed else "may not")
            )
    assert wrong == []


def test_a_person_without_roles_sees_only_what_is_for_everybody(office: Office) -> None:
    person: User = office.person()
    browser = office.logged_in(person)
    for route in routes(office.app):
        if route.act not in {PUBLIC, SIGNED_IN}:
            assert knock(browser, route) == REFUSED, route


def test_a_post_without_the_forms_token_changes_nothing_anywhere(office: Office) -> None:
    browser = office.logged_in(Role.ADMINISTRATOR)
    for route in routes(office.app):
        if route.method != "GET" and not route.path.startswith("/api/"):
            answer = browser.client.open(route.path, method=route.method)
            assert answer.status_code == HTTPStatus.BAD_REQUEST, (route, answer.status_code)


def test_the_page_of_permissions_shows_this_very_table(office: Office) -> None:
    page = office.logged_in(Role.INSPECTOR).get("/people/permissions")
    for rule in office.wiring.permissions:
        assert f'title="{rule.name}"' in page.text


def test_every_act_has_a_name_that_people_can_read(office: Office) -> None:
    """A new act: tell its words in webui/accounts/act_words.py, or with `act_words({...})`."""
    assert [rule.name for rule in office.wiring.permissions if rule.name not in ACTS] == []
