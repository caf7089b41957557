"""The fixtures that other tests stand on do what they say."""

import socket
import urllib.request

import pytest
from pytest_socket import SocketBlockedError
from sqlalchemy import func, select, text

from foundation.clock import MovableClock, office_time
from foundation.database import Database
from foundation.people import Role, User
from tests.support.people import People


def test_the_database_answers_and_knows_its_engine(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("select 6 * 7")) == 42
    assert database.engine.dialect.name in {"sqlite", "postgresql"}


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_begins_with_empty_tables(database: Database, people: People, turn: int) -> None:
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0
    people(Role.INSPECTOR, unit=people.unit())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_people_have_roles_units_and_different_addresses(people: People) -> None:
    unit = people.unit("Phòng Nghiệp vụ")
    first, second = people(Role.INSPECTOR, Role.APPROVER, unit=unit), people(Role.POLICE)
    assert first.email != second.email
    assert first.unit is not None
    assert first.unit.name == "Phòng Nghiệp vụ"
    assert first.actor().roles == {Role.INSPECTOR, Role.APPROVER}
    assert people.unit("Phòng Nghiệp vụ").id == unit.id


def test_the_clock_stands_at_nine_in_the_office(clock: MovableClock) -> None:
    assert office_time(clock.now()).strftime("%d/%m/%Y %H:%M") == "23/11/2026 09:00"


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_an_unmarked_test_cannot_reach_the_network() -> None:
    with pytest.raises(SocketBlockedError):
        urllib.request.urlopen("http://127.0.0.1:9/")


@pytest.mark.net
def test_a_marked_test_can_open_sockets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert server.getsockname()[1] > 0
