"""What the login library reads and writes of our accounts, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.people import Role, User
from tests.support.office import Office
from webui.accounts.store import AccountStore, note


def events(office: Office) -> list[tuple[str, str]]:
    with office.wiring.database.reading() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(row.action, row.subject_id) for row in rows]


def test_a_page_asks_to_log_in_and_then_opens(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    asked = browser.get("/me")
    assert asked.status_code == 302
    assert asked.location == "/login?next=/me"
    answer = browser.log_in(user.email, where=asked.location)
    assert (answer.status_code, answer.location) == (302, "/me")
    assert user.name in browser.get("/me").text


def test_the_address_may_be_typed_in_capitals(office: Office) -> None:
    user = office.person(Role.INSPECTOR, email="ten.toi@office.example")
    browser = office.browser()
    browser.log_in(" Ten.Toi@OFFICE.example ")
    assert browser.is_logged_in()
    assert user.id


def test_a_login_is_recorded_with_its_moment(office: Office, clock: MovableClock) -> None:
    user = office.person(Role.INSPECTOR)
    office.logged_in(user)
    first = clock.now()
    clock.move(timedelta(days=1))
    office.logged_in(user)
    stored = office.people.load(user.id)
    assert (stored.last_login_at, stored.current_login_at) == (first, clock.now())
    assert stored.login_count == 2
    assert stored.current_login_ip == "127.0.0.1"
    assert events(office) == [("user:login", str(user.id))] * 2


def test_the_library_changes_account_columns_only(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    store = AccountStore(office.wiring.database, office.wiring.clock)
    with office.app.test_request_context():
        seen = store.find_user(id=user.id)
        assert seen is not None
        seen.name, seen.active, seen.tf_phone_number = "Kẻ Mạo Danh", False, "0900000123"
        store.put(seen)
        store.commit()
    stored = office.people.load(user.id)
    assert (stored.name, stored.active, stored.roles) == (user.name, True, ["inspector"])
    assert stored.tf_phone_number == "0900000123"


def test_what_another_changed_meanwhile_is_not_written_back(office: Office) -> None:
    """The library holds an old copy; only what it changed itself is written."""
    user = office.person(Role.INSPECTOR)
    store = AccountStore(office.wiring.database, office.wiring.clock)
    with office.app.test_request_context():
        seen = store.find_user(id=user.id)
        assert seen is not None
        with office.wiring.database.writing() as session:
            session.get_one(User, user.id).fs_uniquifier = "ended-meanwhile"
        seen.login_count = 5
        store.put(seen)
        store.commit()
    stored = office.people.load(user.id)
    assert (stored.fs_uniquifier, stored.login_count) == ("ended-meanwhile", 5)


def test_a_commit_without_changes_writes_nothing_and_waits_for_nobody(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    store = AccountStore(office.wiring.database, office.wiring.clock)
    with office.app.test_request_context(), office.wiring.database.writing():
        store.put(store.find_user(id=user.id))  # type: ignore[arg-type]
        store.commit()  # would wait for the writer above, were there anything to write


def test_the_event_and_the_change_share_one_transaction(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    store = AccountStore(office.wiring.database, office.wiring.clock)
    with office.app.test_request_context():
        seen = store.find_user(email=user.email.upper(), case_insensitive=True)
        assert seen is not None
        seen.login_count = 1
        store.put(seen)
        note("user:login", user.id, unserialisable=object())
        with pytest.raises((StatementError, TypeError), match="serializable"):
            store.commit()
    assert office.people.load(user.id).login_count is None
    assert events(office) == []


def test_many_log_in_at_the_same_moment(office: Office) -> None:
    people = [office.person(Role.INSPECTOR) for _ in range(4)]
    logged_in: list[bool] = []

    def log_in(user: User) -> None:
        browser = office.browser()
        browser.log_in(user.email)
        logged_in.append(browser.is_logged_in())

    threads = [threading.Thread(target=log_in, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert logged_in == [True] * 4
    assert sorted(events(office)) == sorted(("user:login", str(user.id)) for user in people)
