"""The first accounts, and one-time links to set a password."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from foundation.clock import MovableClock
from foundation.errors import SettingsError
from foundation.people import Role, User
from tests.support.office import PASSWORD, Browser, Office
from webui.accounts import demo_people, first_administrator
from webui.accounts.links import Links

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD = "một cụm từ đủ dài 9"


@pytest.fixture
def start(office: Office) -> Callable[..., str | None]:
    """One start of the deployment with these variables."""

    def begin(**env: str) -> str | None:
        with office.wiring.database.writing() as session:
            return first_administrator(session, office.wiring, env)

    return begin


def link_in(told: str | None) -> str:
    assert told is not None
    return "/set-password/" + told.rpartition("/set-password/")[2].split()[0]


def set_password(browser: Browser, link: str, password: str, again: str = "") -> int:
    browser.get(link)
    return browser.post(link, {"password": password, "again": again or password}).status_code


def test_the_first_start_makes_an_administrator_with_a_link_and_no_password(
    office: Office, start: Callable[..., str | None]
) -> None:
    told = start(RASOAT_ADMIN_EMAIL="Chi.Tri@office.example")
    with office.wiring.database.reading() as session:
        user = session.scalars(select(User)).one()
    assert (user.email, user.roles, user.password) == (
        "chi.tri@office.example",
        ["administrator"],
        None,
    )
    assert told is not None
    assert "http://127.0.0.1:8000/set-password/" in told
    browser = office.browser()
    assert set_password(browser, link_in(told), GOOD) == 303
    browser.log_in("chi.tri@office.example", GOOD)
    assert browser.is_logged_in()
    assert start() is None


def test_a_start_before_the_link_was_used_prints_another(
    office: Office, start: Callable[..., str | None]
) -> None:
    start()
    again = start()
    assert set_password(office.browser(), link_in(again), GOOD) == 303
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1


def test_the_first_administrators_password_may_come_from_a_file(
    office: Office, start: Callable[..., str | None], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(GOOD + "\n", encoding="utf-8")
    told = start(RASOAT_ADMIN_EMAIL="a@office.example", RASOAT_ADMIN_PASSWORD_FILE=str(secret))
    assert told == "administrator: a@office.example"
    browser = office.browser()
    browser.log_in("a@office.example", GOOD)
    assert browser.is_logged_in()


@pytest.mark.parametrize("password", ["short", "administrator2026", "a@office.example"])
def test_a_bad_first_password_stops_the_start_and_makes_nobody(
    office: Office, start: Callable[..., str | None], password: str
) -> None:
    with pytest.raises(SettingsError, match="RASOAT_ADMIN_PASSWORD"):
        start(RASOAT_ADMIN_EMAIL="a@office.example", RASOAT_ADMIN_PASSWORD=password)
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def test_a_later_start_changes_nobodys_password(
    office: Office, start: Callable[..., str | None]
) -> None:
    user = office.person(Role.ADMINISTRATOR)
    assert start(RASOAT_ADMIN_EMAIL=user.email, RASOAT_ADMIN_PASSWORD=GOOD) is None
    assert office.people.load(user.id).password == user.password


def test_the_demo_has_one_person_per_role_who_can_log_in(office: Office) -> None:
    with office.wiring.database.writing() as session:
        logins = demo_people(session, office.wiring)
    assert set(logins) == set(Role)
    assert len({password for _, password in logins.values()}) == 5
    for role, (email, password) in logins.items():
        browser = office.browser()
        browser.log_in(email, password)
        assert browser.is_logged_in(), role
    with office.wiring.database.reading() as session:
        signers = session.scalars(select(User).where(User.signer_title != "")).all()
    assert [signer.roles for signer in signers] == [["approver"]]
    assert office.wiring.catalogue.title(signers[0].signer_title).vi.startswith("Giám đốc Sở")


def test_the_demo_keeps_its_people_when_it_starts_again(office: Office) -> None:
    for _ in range(2):
        with office.wiring.database.writing() as session:
            logins = demo_people(session, office.wiring)
    with office.wiring.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 5
    email, password = logins[Role.POLICE]
    browser = office.browser()
    browser.log_in(email, password)
    assert browser.is_logged_in()


# --- links --------------------------------------------------------------------------------------------


def link(office: Office, user: User) -> str:
    token = Links(office.wiring.secret).token(
        office.people.load(user.id), office.wiring.clock.now()
    )
    return f"/set-password/{token}"


def test_a_link_works_once(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    one = link(office, user)
    assert set_password(office.browser(), one, GOOD) == 303
    answer = office.browser().get(one)
    assert answer.status_code == 404
    assert "72 giờ" in answer.text


def test_a_link_is_good_for_72_hours(office: Office, clock: MovableClock) -> None:
    one = link(office, office.person(Role.INSPECTOR))
    clock.move(timedelta(hours=72))
    assert office.browser().get(one).status_code == 200
    clock.move(timedelta(seconds=1))
    assert office.browser().get(one).status_code == 404


def test_a_link_of_a_disabled_account_opens_nothing(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    one = link(office, user)
    with office.wiring.database.writing() as session:
        session.get_one(User, user.id).active = False
    assert office.browser().get(one).status_code == 404


@pytest.mark.parametrize("change", ["A", "x.y.z", "%00", "9" * 300])
def test_a_forged_link_opens_nothing(office: Office, change: str) -> None:
    assert office.browser().get(f"/set-password/{change}").status_code == 404
    forged = Links(b"another deployment's secret, 32 long")
    token = forged.token(office.person(Role.INSPECTOR), office.wiring.clock.now())
    assert office.browser().get(f"/set-password/{token}").status_code == 404


def test_setting_a_password_ends_the_sessions_that_were_open(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    open_before = office.logged_in(user)
    set_password(office.browser(), link(office, user), GOOD)
    assert not open_before.is_logged_in()


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("ngắn quá", "", "ít nhất 12 ký tự"),
        (GOOD, GOOD + "x", "không giống nhau"),
        ("nguoi@office.example", "", "Không dùng địa chỉ"),
        ("x" * 201, "", "nhiều nhất 200"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason_and_the_link_still_works(
    office: Office, password: str, again: str, why: str
) -> None:
    user = office.person(Role.INSPECTOR, email="nguoi@office.example")
    one, browser = link(office, user), office.browser()
    assert set_password(browser, one, password, again) == 422
    assert browser.last is not None
    assert why in browser.last.text
    assert set_password(browser, one, GOOD) == 303


def test_the_same_password_typed_with_another_input_method_is_the_same(office: Office) -> None:
    """Vietnamese letters come composed or decomposed, as the keyboard driver likes."""
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    browser.log_in(user.email, unicodedata.normalize("NFD", PASSWORD))
    assert browser.is_logged_in()
