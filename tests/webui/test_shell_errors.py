"""Whatever goes wrong: what happened, that nothing was lost, what to do, a number to quote."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from foundation.errors import Conflict, FourEyesRequired, NeedsMissing, RasoatError
from foundation.people import Role
from tests.support.people import People
from tests.webui.login import client_of
from webui.errors import ADVICE, MESSAGES, message, messages, told
from webui.i18n import force_locale


def every_error() -> list[type[RasoatError]]:
    found, todo = [], [RasoatError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == "foundation.errors"]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_each_error_of_the_ground_has_words_in_both_languages(
    shell_app: Flask, kind: type[RasoatError]
) -> None:
    assert kind.key in MESSAGES
    said = []
    for language in ("vi", "en"):
        with shell_app.test_request_context("/"), force_locale(language):
            said.append(told(kind()).message)
    assert said[0] != said[1]
    assert kind.status in ADVICE or kind.status < 500


def test_an_unexpected_error_gives_a_page_with_a_number(
    shell_app: Flask, shell_people: People
) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/fails/how")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "những gì đã lưu trước đó vẫn còn nguyên" in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_number_that_a_proxy_gave_is_kept_and_nonsense_is_not(shell_app: Flask) -> None:
    client = client_of(shell_app, None)
    given = client.get("/healthz", headers={"X-Request-ID": "abcdef-123456"})
    assert given.headers["X-Request-ID"] == "abcdef-123456"
    nonsense = client.get("/healthz", headers={"X-Request-ID": "<script>alert(1)</script>"})
    assert "script" not in nonsense.headers["X-Request-ID"]


def test_htmx_gets_a_message_for_the_place_of_messages(
    shell_app: Flask, shell_people: People
) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    answer = client.get("/fails/needs", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "<html" not in answer.text
    assert "Thiếu thông tin cần có cho bước này." in answer.text


def test_a_program_gets_json(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR, language="en"))
    answer = client.get("/fails/unavailable", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    error = answer.get_json()["error"]
    assert error["key"] == "error.unavailable"
    assert error["message"] == "A part of the system does not answer at the moment."
    assert error["request_id"] == answer.headers["X-Request-ID"]
    assert client.get("/api/nothing").get_json()["error"]["key"] == "error.not_found"


def test_a_wrong_method_says_which_are_right(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).get("/approve")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_detail_fills_the_message_and_a_missing_one_does_not_break_it(shell_app: Flask) -> None:
    messages({"test.amount": "At most %(limit)s."})
    try:
        with shell_app.test_request_context("/"):
            assert message(Conflict(key="test.amount", limit="5")) == "At most 5."
            assert message(Conflict(key="test.amount", other="5")) == "At most %(limit)s."
            assert message(Conflict(key="test.unknown")) == str(MESSAGES["error.unexpected"])
    finally:
        del MESSAGES["test.amount"]


def test_four_eyes_are_explained_and_not_blamed_on_the_role(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        said = told(FourEyesRequired())
    assert said.status == 403
    assert said.roles == ()
    assert "người thứ hai" in said.message


def test_a_locked_database_is_busy_and_not_broken(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        busy = told(OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")))
        gone = told(OperationalError("SELECT 1", {}, Exception("connection refused")))
    assert (busy.status, busy.key) == (503, "error.busy")
    assert (gone.status, gone.key) == (503, "error.unavailable")


def test_the_error_page_comes_out_when_the_database_is_what_fails(
    shell_app: Flask, shell_people: People
) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    with shell_app.extensions["rasoat"].wiring.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE user_account")
    answer = client.get("/queue")
    assert answer.status_code == 503
    assert answer.headers["X-Request-ID"] in answer.text
    assert client.get("/healthz").status_code == 200  # this one does not ask who comes


def test_what_people_typed_is_escaped(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).get(
        "/queue?q=<script>alert(1)</script>"
    )
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_an_error_raised_with_its_subject_keeps_it(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        assert told(NeedsMissing(about="case:4")).about == "case:4"
