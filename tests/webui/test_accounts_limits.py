"""Tries to log in are counted where all processes see them, and still counted when that server is gone."""

import dataclasses
from pathlib import Path

import pytest

from foundation import queue
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from tests.support.office import Office, open_office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def office_at(settings: Settings, database: Database, clock: MovableClock, url: str) -> Office:
    return open_office(dataclasses.replace(settings, redis_url=url), database, clock)


def fail(office: Office, email: str, times: int) -> str:
    browser = office.browser()
    text = ""
    for _ in range(times):
        text = browser.log_in(email, "sai hoàn toàn 12345").text
    return text


def test_failures_are_counted_together_by_all_processes(
    settings: Settings, database: Database, clock: MovableClock, queue_url: str
) -> None:
    server = queue.connect(queue_url)
    server.flushdb()
    first, second = (office_at(settings, database, clock, queue_url) for _ in range(2))
    user = first.person(Role.INSPECTOR)
    fail(first, user.email, 5)
    fail(second, user.email, 5)
    browser = second.browser()
    assert "15 phút" in browser.log_in(user.email).text
    assert not browser.is_logged_in()
    keys = b" ".join(server.keys("*"))
    assert b"rasoat" in keys
    assert user.email.encode() not in keys  # the server is told digests, no addresses
    server.flushdb()
    server.close()
    browser.log_in(user.email)
    assert browser.is_logged_in()


def test_without_the_server_one_can_still_log_in_and_failures_still_lock(
    settings: Settings, database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    office = office_at(settings, database, clock, f"unix://{tmp_path}/nobody-listens")
    user, other = office.person(Role.INSPECTOR), office.person(Role.POLICE)
    assert office.logged_in(other).is_logged_in()
    assert "15 phút" in fail(office, user.email, 11)
    assert office.logged_in(other).is_logged_in()
