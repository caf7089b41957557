"""Logging in and out, for real: passwords, second factor, limits, sessions, and what the audit log says."""

import re
import time

import pyotp
import pytest
from sqlalchemy import select

from foundation.audit import AuditEvent
from foundation.people import Role, User
from tests.support.office import PASSWORD, Browser, Office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "mật khẩu hoàn toàn khác 7"


def events(office: Office) -> list[tuple[str, str]]:
    with office.wiring.database.reading() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(row.action, row.subject_id) for row in rows]


@pytest.mark.parametrize("case", ["wrong password", "unknown", "disabled", "invited"])
def test_every_failure_is_told_in_the_same_words(office: Office, case: str) -> None:
    user = office.person(Role.INSPECTOR, active=case != "disabled")
    if case == "invited":
        with office.wiring.database.writing() as session:
            session.get_one(User, user.id).password = None
    email = "khong.co@office.example" if case == "unknown" else user.email
    browser = office.browser()
    answer = browser.log_in(email, "sai hoàn toàn 12345" if case == "wrong password" else PASSWORD)
    assert "Địa chỉ thư điện tử hoặc mật khẩu không đúng." in answer.text
    assert answer.text.count("notice") == 1
    assert not browser.is_logged_in()
    subject = "unknown" if case == "unknown" else str(user.id)
    assert events(office) == [("user:login_failed", subject)]


def test_the_audit_log_holds_no_address_and_no_password_of_a_failure(office: Office) -> None:
    office.browser().log_in("ai.do@office.example", "bí mật bị gõ nhầm")
    with office.wiring.database.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert set(event.detail) == {"by", "source"}
    assert "ai.do" not in str(event.detail)
    assert "127.0.0.1" not in str(event.detail)


def test_a_login_without_the_forms_token_is_refused(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    answer = office.app.test_client().post(
        "/login", data={"email": user.email, "password": PASSWORD}
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_link_cannot_send_people_elsewhere_after_the_login(office: Office, evil: str) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    browser.get("/login")
    answer = browser.client.post(
        "/login",
        query_string={"next": evil},
        data={"email": user.email, "password": PASSWORD, "csrf_token": browser.token},
    )
    target = answer.headers.get("Location", "/")
    assert re.match(r"/(?![/\\])", target), target


def test_logging_out_ends_the_session_and_is_recorded(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.logged_in(user)
    assert browser.get("/logout").status_code == 405
    assert browser.is_logged_in()
    browser.post("/logout")
    assert not browser.is_logged_in()
    assert events(office)[-1] == ("user:logout", str(user.id))


def test_a_person_who_is_disabled_is_out_at_once(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.logged_in(user)
    with office.wiring.database.writing() as session:
        session.get_one(User, user.id).active = False
    assert not browser.is_logged_in()


def test_the_session_lasts_as_long_as_the_setting_says(office: Office) -> None:
    browser = office.logged_in(Role.INSPECTOR)
    cookie = browser.client.get_cookie("rasoat")
    assert cookie is not None
    assert cookie.expires is not None
    left = cookie.expires.timestamp() - time.time()
    assert 9.9 * 3600 < left <= 10 * 3600
    assert cookie.http_only


def test_there_is_no_remember_me_that_outlives_the_session(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    browser.get("/login")
    browser.post("/login", {"email": user.email, "password": PASSWORD, "remember": "y"})
    assert browser.is_logged_in()
    assert browser.client.get_cookie("remember_token") is None


def test_no_token_in_an_address_or_a_header_logs_anybody_in(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    browser.get("/login")
    answer = browser.client.post(
        "/login?include_auth_token",
        json={"email": user.email, "password": PASSWORD},
        headers={"X-CSRFToken": browser.token},
    )
    given = ((answer.json or {}).get("response") or {}).get("user", {})
    token = given.get("authentication_token", "")
    stranger = office.app.test_client()
    assert stranger.get(f"/me?auth_token={token}").status_code == 302
    assert stranger.get("/me", headers={"Authentication-Token": token}).status_code == 302


def test_nobody_can_register_and_nobody_can_reset_a_strangers_password(office: Office) -> None:
    browser = office.browser()
    for path in ("/register", "/reset", "/confirm", "/us-signin", "/wan-signin", "/tf-rescue"):
        assert browser.get(path).status_code == 404, path


# --- limits -------------------------------------------------------------------------------------------


def test_ten_failures_lock_an_account_for_a_while_even_for_the_right_password(
    office: Office,
) -> None:
    user, other = office.person(Role.INSPECTOR), office.person(Role.POLICE)
    browser = office.browser()
    for _ in range(10):
        browser.log_in(user.email, "sai hoàn toàn 12345")
    answer = browser.log_in(user.email)
    assert "15 phút" in answer.text
    assert not browser.is_logged_in()
    assert events(office).count(("user:lock", str(user.id))) == 1
    assert office.logged_in(other).is_logged_in()


def test_an_account_that_does_not_exist_locks_in_the_same_way(office: Office) -> None:
    browser = office.browser()
    for _ in range(11):
        answer = browser.log_in("khong.co@office.example", "sai hoàn toàn 12345")
    assert "15 phút" in answer.text


def test_a_right_password_takes_earlier_failures_back(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    for _ in range(2):
        browser = office.browser()
        for _ in range(6):
            browser.log_in(user.email, "sai hoàn toàn 12345")
        browser.log_in(user.email)
        assert browser.is_logged_in()


def test_one_address_of_the_network_may_try_thirty_times_a_minute(office: Office) -> None:
    browser = office.browser()
    answers = [
        browser.log_in(f"nguoi{number}@office.example", "sai hoàn toàn 12345").status_code
        for number in range(31)
    ]
    assert answers[:30] == [200] * 30
    assert answers[30] == 429
    assert browser.get("/login").status_code == 200


# --- password -----------------------------------------------------------------------------------------


def change(browser: Browser, old: str, new: str, again: str = "") -> int:
    browser.get("/change")
    form = {"password": old, "new_password": new, "new_password_confirm": again or new}
    return browser.post("/change", form).status_code


def test_a_changed_password_works_and_ends_the_other_sessions(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    here, elsewhere = office.logged_in(user), office.logged_in(user)
    assert change(here, PASSWORD, NEW) == 302
    assert here.is_logged_in()
    assert not elsewhere.is_logged_in()
    fresh = office.browser()
    fresh.log_in(user.email)
    assert not fresh.is_logged_in()
    fresh.log_in(user.email, NEW)
    assert fresh.is_logged_in()
    assert ("user:password_change", str(user.id)) in events(office)


@pytest.mark.parametrize(
    ("old", "new", "again", "why"),
    [
        ("không phải mật khẩu", NEW, "", "Mật khẩu không đúng"),
        (PASSWORD, "ngắn quá", "", "ít nhất 12 ký tự"),
        (PASSWORD, "password1234", "", "đoán ra đầu tiên"),
        (PASSWORD, NEW, NEW + "x", "không giống nhau"),
        (PASSWORD, PASSWORD, "", "mật khẩu cũ"),
    ],
)
def test_a_change_that_breaks_a_rule_says_which_and_changes_nothing(
    office: Office, old: str, new: str, again: str, why: str
) -> None:
    browser = office.logged_in(Role.INSPECTOR)
    assert change(browser, old, new, again) == 200
    assert browser.last is not None
    assert why in browser.last.text
    assert office.logged_in(Role.INSPECTOR).is_logged_in()


def test_all_own_sessions_can_be_ended(office: Office) -> None:
    user = office.person(Role.INSPECTOR)
    here, elsewhere = office.logged_in(user), office.logged_in(user)
    answer = here.post("/me/end-sessions")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert not here.is_logged_in()
    assert not elsewhere.is_logged_in()
    assert ("user:end_sessions", str(user.id)) in events(office)


# --- second factor ------------------------------------------------------------------------------------


@pytest.fixture
def factor(office: Office) -> tuple[User, pyotp.TOTP]:
    """A person who has switched the second factor on, and the app on the telephone."""
    user = office.person(Role.APPROVER)
    browser = office.logged_in(user)
    page = browser.get("/tf-setup")
    assert page.status_code == 200
    shown = browser.post("/tf-setup", {"setup": "authenticator"})
    assert "data:image/svg+xml" in shown.text
    key = shown.text.split("<code>")[1].split("</code>")[0].replace("-", "")
    telephone = pyotp.TOTP(key)
    done = browser.post("/tf-validate", {"code": telephone.now()})
    assert (done.status_code, done.location) == (302, "/me")
    assert ("user:second_factor_on", str(user.id)) in events(office)
    return user, telephone


def test_with_a_second_factor_the_password_alone_opens_nothing(
    office: Office, factor: tuple[User, pyotp.TOTP]
) -> None:
    user, telephone = factor
    browser = office.browser()
    answer = browser.log_in(user.email)
    assert answer.location.startswith("/tf-validate")
    assert not browser.is_logged_in()
    browser.get("/tf-validate")
    wrong = browser.post("/tf-validate", {"code": "000000"})
    assert "Mã không đúng" in wrong.text
    assert not browser.is_logged_in()
    browser.post("/tf-validate", {"code": telephone.at(time.time() + 30)})
    assert browser.is_logged_in()
    assert events(office)[-2:] == [
        ("user:login_failed", str(user.id)),
        ("user:login", str(user.id)),
    ]


def test_a_code_works_once(office: Office, factor: tuple[User, pyotp.TOTP]) -> None:
    user, telephone = factor
    code = telephone.at(time.time() + 60)
    first, second = office.browser(), office.browser()
    for browser in (first, second):
        browser.log_in(user.email)
        browser.get("/tf-validate")
        browser.post("/tf-validate", {"code": code})
    assert first.is_logged_in()
    assert not second.is_logged_in()


def test_guessing_codes_locks_the_account(office: Office, factor: tuple[User, pyotp.TOTP]) -> None:
    user, telephone = factor
    browser = office.browser()
    browser.log_in(user.email)
    browser.get("/tf-validate")
    for _ in range(10):
        browser.post("/tf-validate", {"code": "000000"})
    answer = browser.post("/tf-validate", {"code": telephone.at(time.time() + 60)})
    assert "15 phút" in answer.text
    assert not browser.is_logged_in()
    assert ("user:lock", str(user.id)) in events(office)


def test_the_secret_of_the_second_factor_is_not_stored_readably(
    office: Office, factor: tuple[User, pyotp.TOTP]
) -> None:
    user, telephone = factor
    stored = office.people.load(user.id)
    assert stored.tf_primary_method == "authenticator"
    assert stored.tf_totp_secret
    assert telephone.secret not in stored.tf_totp_secret


def test_the_second_factor_can_be_switched_off(
    office: Office, factor: tuple[User, pyotp.TOTP]
) -> None:
    user, telephone = factor
    browser = office.browser()
    browser.log_in(user.email)
    browser.get("/tf-validate")
    browser.post("/tf-validate", {"code": telephone.at(time.time() + 30)})
    browser.get("/tf-setup")
    browser.post("/tf-setup", {"setup": "disable"})
    assert office.people.load(user.id).tf_totp_secret is None
    assert ("user:second_factor_off", str(user.id)) in events(office)
    assert office.logged_in(user).is_logged_in()


def test_nobody_gets_to_the_second_factor_without_the_password(office: Office) -> None:
    browser = office.browser()
    for path in ("/tf-validate", "/tf-setup", "/verify", "/change"):
        answer = browser.get(path)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login"), path


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_of_logging_in_come_in_both_languages(office: Office, language: str) -> None:
    user = office.person(Role.INSPECTOR)
    browser = office.browser()
    browser.client.set_cookie("language", language)
    words = {"vi": ("Đăng nhập", "Đổi mật khẩu"), "en": ("Log in", "Change password")}[language]
    assert words[0] in browser.get("/login").text
    with office.wiring.database.writing() as session:
        session.get_one(User, user.id).language = language
    browser.log_in(user.email)
    assert words[1] in browser.get("/change").text
