"""Captures of a case through pages and the API: asked for once, followed, refused to those who may not."""

import pytest
from flask.testing import FlaskClient

from casework.cases.models import Case
from casework.cases.service import open_case
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import Wish
from tests.support.office import Office, open_office
from tests.support.people import People
from tests.support.posts import Posts
from tests.webui.login import client_of, let_tests_log_in


class Desk:
    """The whole office, with posts to put in and people who sit down."""

    def __init__(self, office: Office, clock: MovableClock) -> None:
        let_tests_log_in(office.app)
        self.app, self.wiring = office.app, office.wiring
        self.people = People(self.wiring.database, clock)
        self.posts = Posts(self.wiring.database, clock)

    def client(self, role: Role = Role.INSPECTOR) -> FlaskClient:
        return client_of(self.app, self.people(role))


@pytest.fixture
def desk(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Desk:
    return Desk(open_office(settings, sqlite_database, clock), clock)


@pytest.fixture
def case(desk: Desk) -> Case:
    ids = [desk.posts().id, desk.posts("Bài giấy", url="urn:giay:1").id]
    who = desk.people.actor(Role.INSPECTOR)
    with desk.wiring.database.writing() as session:
        return open_case(session, who, "Vụ thử", ids, at=desk.wiring.clock.now())


def test_the_api_asks_for_each_address_once_and_tells_how_far_it_is(desk: Desk, case: Case) -> None:
    client, where = desk.client(), f"/api/cases/{case.id}/captures"
    assert client.get(where).json == {
        "open": 0,
        "captures": [
            {
                "post_id": 1,
                "url": "https://dien-dan.example/bai/1",
                "state": "",
                "error": "",
                "evidence_id": None,
                "availability": "",
                "unchanged": False,
            }
        ],
    }
    for _ in range(2):
        answer = client.post(where)
        assert answer.status_code == 202
        assert (answer.json or {})["open"] == 1
    with desk.wiring.database.reading() as session:
        assert session.query(Wish).count() == 1
    assert client.get("/api/cases/987654/captures").status_code == 404


def test_the_page_leads_to_the_progress(desk: Desk, case: Case) -> None:
    client = desk.client()
    answer = client.post(f"/evidence/cases/{case.id}/capture")
    assert answer.headers["Location"].endswith(f"/evidence/cases/{case.id}/captures")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "https://dien-dan.example/bai/1" in page
    assert "every 2s" in page
    assert "urn:giay:1" not in page


def test_who_only_signs_does_not_ask_for_captures(desk: Desk, case: Case) -> None:
    client = desk.client(Role.APPROVER)
    assert client.post(f"/evidence/cases/{case.id}/capture").status_code == 403
    assert client.post(f"/api/cases/{case.id}/captures").status_code == 403
    assert client.get(f"/evidence/cases/{case.id}/captures").status_code == 200
