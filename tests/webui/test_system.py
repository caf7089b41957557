"""The page Hệ thống, the doctor behind it, and the figures for a monitoring server."""

from datetime import timedelta

import pytest

from foundation import heartbeat
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.index.requests import open_request
from tests.support.office import Office, open_office
from tests.support.posts import Posts

TOKEN = "t" * 40
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_administrator_sees_who_lives_and_what_waits(
    office: Office, database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        heartbeat.write(session, "indexer", at=clock.now())
    page = office.logged_in(Role.ADMINISTRATOR).get("/system")
    assert page.status_code == 200
    assert page.text.count("im lặng") == 4, "all but the indexer"
    assert page.text.count("đang hoạt động") == 1
    assert "Chưa có bản sao lưu nào" in page.text


def test_a_process_that_has_been_silent_for_a_minute_is_told(
    office: Office, database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        heartbeat.write(session, "indexer", at=clock.now())
    clock.move(timedelta(seconds=61))
    assert office.logged_in(Role.ADMINISTRATOR).get("/system").text.count("im lặng") == 5


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.POLICE, Role.REPORT_WRITER])
def test_others_do_not(office: Office, role: Role) -> None:
    assert office.logged_in(role).get("/system").status_code == 403


def test_a_rebuild_is_asked_for_once(office: Office, database: Database) -> None:
    browser = office.logged_in(Role.ADMINISTRATOR)
    browser.get("/system")
    assert browser.post("/system/rebuild").status_code == 303
    assert browser.post("/system/rebuild").status_code == 303
    with database.reading() as session:
        request = open_request(session)
    assert request is not None
    assert request.id == 1
    assert "Đang dựng lại" in browser.get("/system").text


@pytest.mark.net
def test_the_examination_names_every_part_with_its_remedy(office: Office) -> None:
    from webui.doctor import CHECKS

    browser = office.logged_in(Role.ADMINISTRATOR)
    browser.get("/system")
    page = browser.post("/system/examine")
    assert page.status_code == 200
    found = page.text[page.text.index('id="findings"') :]
    assert found.count('<th scope="row">') >= len(CHECKS)
    assert "Hàng đợi nhúng chưa chạy" in found
    assert "rasoat serve" in found


def test_figures_are_for_this_machine_or_for_who_has_the_token(
    settings: Settings, database: Database, clock: MovableClock
) -> None:
    posts = Posts(database, clock)
    posts()
    posts()
    office = open_office(settings, database, clock)
    client = office.app.test_client()
    here = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert 'rasoat_posts{state="new"} 2.0' in here.text
    assert "rasoat_queue_jobs 0.0" in here.text
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "address", "status"),
    [
        (f"Bearer {TOKEN}", "10.0.0.9", 200),
        ("Bearer wrong", "10.0.0.9", 404),
        ("Bearer wrong", "127.0.0.1", 404),
        ("", "127.0.0.1", 404),
        ("", "10.0.0.9", 404),
    ],
)
def test_behind_a_proxy_only_the_token_counts(
    settings: Settings,
    database: Database,
    clock: MovableClock,
    sent: str,
    address: str,
    status: int,
) -> None:
    """Behind a proxy every request may come from this machine."""
    from dataclasses import replace

    given = replace(settings, metrics_token=TOKEN, behind_proxy=True)
    client = open_office(given, database, clock).app.test_client()
    headers = {"Authorization": sent} if sent else {}
    found = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert found.status_code == status
