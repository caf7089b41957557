"""What every answer carries, and what a browser may send."""

import re
from pathlib import Path

import pytest
from flask import Flask, make_response

from foundation.clock import MovableClock
from foundation.people import Role
from tests.support.people import People
from tests.webui.login import client_of, let_tests_log_in
from tests.webui.shell_area import MODULES, ground_wiring
from webui.app import create_app
from webui.security import untrusted


def test_pages_allow_no_inline_script_or_style(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/parts")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=", answer.text)


def test_nothing_on_a_page_comes_from_outside(shell_app: Flask, shell_people: People) -> None:
    text = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/parts").text
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]*", text) == []


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
        ("X-Frame-Options", "SAMEORIGIN"),
    ],
)
def test_pages_carry_the_headers(shell_app: Flask, header: str, value: str) -> None:
    assert client_of(shell_app, None).get("/healthz").headers[header] == value


def test_files_with_their_digest_in_the_address_may_be_kept_for_ever(shell_app: Flask) -> None:
    client = client_of(shell_app, None)
    kept = {}
    for address in ("app.css?v=0123456789", "app.css", "none.css?v=1"):
        with client.get(f"/static/{address}") as answer:
            kept[address] = "immutable" in answer.headers.get("Cache-Control", "")
    assert kept == {"app.css?v=0123456789": True, "app.css": False, "none.css?v=1": False}


def test_a_change_without_a_token_is_refused_and_nothing_is_lost(
    shell_app: Flask, shell_people: People
) -> None:
    shell_app.config["WTF_CSRF_ENABLED"] = True
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    answer = client.post("/things", data={"name": "ba", "kind": "a"})
    assert answer.status_code == 400
    assert "Biểu mẫu này không còn hiệu lực" in answer.text


def test_a_change_with_the_token_of_the_page_goes_through(
    shell_app: Flask, shell_people: People
) -> None:
    shell_app.config["WTF_CSRF_ENABLED"] = True
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/things").text)
    assert found is not None
    by_field = client.post("/things", data={"name": "bốn", "kind": "a", "csrf_token": found[1]})
    by_header = client.post("/undo", headers={"X-CSRFToken": found[1]})
    assert (by_field.status_code, by_header.status_code) == (303, 303)


def test_cookies_are_secure_when_the_setting_says_so(tmp_path: Path, clock: MovableClock) -> None:
    wiring = ground_wiring(tmp_path, clock, secure_cookies=True, behind_proxy=True)
    app = let_tests_log_in(create_app(wiring, modules=MODULES))  # type: ignore[arg-type]
    client = app.test_client()
    set_cookie = client.post("/theme/dark", headers={"X-Forwarded-Proto": "https"}).headers[
        "Set-Cookie"
    ]
    assert "Secure" in set_cookie
    assert "HttpOnly" in set_cookie
    assert app.config["SESSION_COOKIE_SECURE"] is True
    wiring.database.dispose()


@pytest.mark.parametrize(
    ("behind_proxy", "address", "secure"),
    [(True, "203.0.113.9", True), (False, "127.0.0.1", False)],
)
def test_a_proxy_is_believed_only_when_the_setting_says_so(
    tmp_path: Path, clock: MovableClock, behind_proxy: bool, address: str, secure: bool
) -> None:
    wiring = ground_wiring(tmp_path, clock, behind_proxy=behind_proxy)
    client = create_app(wiring, modules=MODULES).test_client()  # type: ignore[arg-type]
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    assert client.get("/echo", headers=headers).get_json() == {"remote": address, "secure": secure}
    wiring.database.dispose()


def test_secure_answers_tell_browsers_to_stay_with_https(
    tmp_path: Path, clock: MovableClock
) -> None:
    wiring = ground_wiring(tmp_path, clock, behind_proxy=True)
    client = create_app(wiring, modules=MODULES).test_client()  # type: ignore[arg-type]
    assert (
        "Strict-Transport-Security"
        in client.get("/healthz", headers={"X-Forwarded-Proto": "https"}).headers
    )
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    wiring.database.dispose()


def test_bytes_from_outside_are_shown_in_a_sandbox(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        answer = untrusted(make_response("<script>alert(1)</script>"))
        answer = shell_app.process_response(answer)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_the_key_of_cookies_is_not_the_deployments_secret(shell_app: Flask) -> None:
    assert shell_app.config["SECRET_KEY"] != shell_app.extensions["rasoat"].wiring.secret.decode()
    assert len(shell_app.config["SECRET_KEY"]) == 64


def test_health_is_told_without_login(shell_app: Flask) -> None:
    answer = client_of(shell_app, None).get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok", "database": "ok"})


def test_health_says_when_the_database_is_gone(
    shell_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foundation.database import Database

    shell_app.extensions["rasoat"].wiring.database.dispose()
    shell_app.extensions["rasoat"].wiring.database = Database("sqlite:////nowhere/at/all.db")
    answer = client_of(shell_app, None).get("/healthz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "failing")


def test_only_whole_pages_prolong_a_session(shell_app: Flask, shell_people: People) -> None:
    """A late answer to the background must not bring a cookie back that logging out took away."""
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    with client.session_transaction() as cookie:
        cookie.permanent = True
    assert "Set-Cookie" in client.get("/parts").headers
    assert "Set-Cookie" in client.get("/parts").headers
    assert "Set-Cookie" not in client.get("/parts", headers={"HX-Request": "true"}).headers
