"""One read session and one write transaction in a request."""

import pytest
from flask import Flask, g
from sqlalchemy import select

from foundation.people import Role, Setting
from tests.support.people import People
from tests.webui.login import client_of
from webui.requests import (
    actor,
    close_session,
    may,
    now,
    session,
    shell,
    take_toasts,
    toast,
    user,
    writing,
)


def keys(app: Flask) -> list[str]:
    with shell(app).wiring.database.reading() as reading:
        return list(reading.scalars(select(Setting.key)))


def test_what_a_view_writes_is_committed_once_it_is_done(
    shell_app: Flask, shell_people: People
) -> None:
    inspector = shell_people(Role.INSPECTOR)
    answer = client_of(shell_app, inspector).post("/things", data={"name": "một", "kind": "a"})
    assert answer.status_code == 303
    assert keys(shell_app) == ["một"]
    with shell(shell_app).wiring.database.reading() as reading:
        assert reading.get_one(Setting, "một").updated_by_id == inspector.id


def test_a_view_that_raises_leaves_nothing_behind(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).post("/half")
    assert answer.status_code == 409
    assert keys(shell_app) == []


def test_the_read_session_sees_what_was_just_written(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        assert session().get(Setting, "x") is None  # holds a view of the database from before
        with writing() as opened:
            opened.add(Setting(key="x", value={"n": 1}, updated_at=now()))
        assert session().get_one(Setting, "x").value == {"n": 1}


def test_the_read_session_is_one_for_the_request_and_never_commits(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        opened = session()
        assert session() is opened
        opened.add(Setting(key="lost", value={}, updated_at=now()))
        opened.flush()
        close_session()
        assert "rasoat_session" not in g
    assert keys(shell_app) == []


def test_writing_inside_writing_is_refused_at_once(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        with writing(), pytest.raises(RuntimeError, match="inside writing"), writing():
            pass
        with writing() as again:  # and the first one still ended well
            again.add(Setting(key="after", value={}, updated_at=now()))
    assert keys(shell_app) == ["after"]


def test_the_actor_is_who_logged_in(shell_app: Flask, shell_people: People) -> None:
    police = shell_people(Role.POLICE)
    with client_of(shell_app, police) as client:
        client.get("/queue")
        found = user()
        assert found is not None
        assert found.id == police.id
        assert actor() == police.actor()
        assert may("thing.read")
        assert not may("thing.approve")


def test_a_toast_is_shown_once_with_its_undo(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.INSPECTOR))
    client.post("/things", data={"name": "hai", "kind": "b"})
    first, second = client.get("/queue").text, client.get("/queue").text
    assert "data-toast" in first
    assert first.count('action="/undo"') == second.count('action="/undo"') + 1
    assert "data-toast" not in second


def test_only_the_last_five_toasts_are_kept(shell_app: Flask) -> None:
    with shell_app.test_request_context("/"):
        for number in range(8):
            toast(f"toast {number}", kind="info")
        assert [each["text"] for each in take_toasts()] == [
            f"toast {number}" for number in range(3, 8)
        ]
        assert take_toasts() == []
