"""Every route says what it allows, and that is what happens."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask

from foundation.clock import MovableClock
from foundation.people import Role
from tests.support.people import People
from tests.webui.login import client_of
from tests.webui.shell_area import MODULES, ground_wiring
from webui.app import create_app, install
from webui.requests import allowed, check_guards, guards_of, public, shell, signed_in


def bare_app(folder: Path, clock: MovableClock) -> Flask:
    return create_app(ground_wiring(folder, clock), modules=MODULES)  # type: ignore[arg-type]


def test_a_route_without_a_guard_stops_the_start(tmp_path: Path, clock: MovableClock) -> None:
    app = bare_app(tmp_path, clock)
    naked = Blueprint("naked", __name__)
    naked.add_url_rule("/naked", "index", lambda: "seen by all")
    app.register_blueprint(naked)
    with pytest.raises(RuntimeError, match=r"naked\.index \(GET /naked\) says neither"):
        check_guards(app, frozenset({"static"}))


def test_a_guard_that_no_room_declares_stops_the_start(tmp_path: Path, clock: MovableClock) -> None:
    app = bare_app(tmp_path, clock)
    odd = Blueprint("odd", __name__)
    odd.add_url_rule("/odd", "index", allowed("thing.invented")(lambda: ""))
    app.register_blueprint(odd)
    with pytest.raises(RuntimeError, match=r"no room declares the act thing\.invented"):
        check_guards(app, frozenset({"static"}))


def test_a_class_with_one_unguarded_method_stops_the_start(
    tmp_path: Path, clock: MovableClock
) -> None:
    from flask.views import MethodView

    class Half(MethodView):
        @public
        def get(self) -> str:
            return ""

        def delete(self) -> str:
            return ""

    app = bare_app(tmp_path, clock)
    half = Blueprint("half", __name__)
    half.add_url_rule("/half-guarded", view_func=Half.as_view("index"))
    app.register_blueprint(half)
    with pytest.raises(RuntimeError, match=r"half\.index \(DELETE") as raised:
        check_guards(app, frozenset({"static"}))
    assert "GET" not in str(raised.value)


def test_a_missing_page_area_stops_the_start(tmp_path: Path, clock: MovableClock) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"webui\.views\.nowhere"):
        install(bare_app(tmp_path, clock), "webui.views.nowhere")


def test_a_module_that_is_no_page_area_stops_the_start(tmp_path: Path, clock: MovableClock) -> None:
    with pytest.raises(RuntimeError, match="neither a blueprint"):
        install(bare_app(tmp_path, clock), "webui.words")


def test_the_act_of_each_endpoint_is_written_down(shell_app: Flask) -> None:
    acts = shell(shell_app).acts
    assert acts["queue.approve"] == "thing.approve"
    assert acts["queue.things_class:GET"] == "thing.read"
    assert acts["queue.things_class:POST"] == "thing.write"


def test_marks_leave_the_function_as_it_is() -> None:
    def view() -> str:
        return "seen"

    assert signed_in(view) is view
    assert guards_of(view) == {"*": "*signed-in"}
    assert view() == "seen"


def test_a_stranger_is_asked_to_log_in(shell_app: Flask) -> None:
    answer = client_of(shell_app, None).get("/queue")
    assert answer.status_code == 401
    assert "Vui lòng đăng nhập." in answer.text


def test_a_stranger_is_sent_to_the_login_and_back(shell_app: Flask) -> None:
    door = Blueprint("door", __name__)
    door.add_url_rule("/door", "index", public(lambda: "log in here"))
    shell_app.register_blueprint(door)
    shell(shell_app).login_endpoint = "door.index"
    answer = client_of(shell_app, None).get("/queue?risk=high")
    assert answer.status_code == 302
    assert answer.location == "/door?next=/queue?risk%3Dhigh"


def test_a_wrong_role_is_told_which_role_may(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.INSPECTOR)).post("/approve")
    assert answer.status_code == 403
    assert "Người được thực hiện: Lãnh đạo duyệt." in answer.text


def test_the_right_role_gets_through(shell_app: Flask, shell_people: People) -> None:
    answer = client_of(shell_app, shell_people(Role.APPROVER)).post("/approve")
    assert (answer.status_code, answer.text) == (200, "approved")


def test_each_method_of_a_class_has_its_own_act(shell_app: Flask, shell_people: People) -> None:
    client = client_of(shell_app, shell_people(Role.REPORT_WRITER))
    assert client.get("/class").text == "read"
    assert client.head("/class").status_code == 200
    assert client.post("/class").status_code == 403


def test_a_disabled_account_is_a_stranger(shell_app: Flask, shell_people: People) -> None:
    gone = shell_people(Role.ADMINISTRATOR, active=False)
    assert client_of(shell_app, gone).get("/").status_code == 401


def test_a_route_added_behind_the_check_is_closed(shell_app: Flask, shell_people: People) -> None:
    shell_app.add_url_rule("/late", "late", lambda: "open")
    assert client_of(shell_app, shell_people(Role.ADMINISTRATOR)).get("/late").status_code == 404
