"""A page area as small as can be, and a wiring with nothing but the ground: what the shell's tests stand on."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.views import MethodView
from flask_babel import lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from foundation.clock import Clock, MovableClock
from foundation.database import Database
from foundation.errors import Conflict, NeedsMissing, Unavailable
from foundation.people import Role, Setting
from foundation.permissions import PermissionTable, acts
from foundation.settings import Settings
from webui.forms import Form, options
from webui.requests import actor, allowed, now, public, session, toast, writing
from webui.templating import render

ACTS = acts(
    {"thing.read": list(Role), "thing.write": [Role.INSPECTOR], "thing.approve": [Role.APPROVER]}
)
MODULES = ("webui.views.shell", "webui.views.today", "tests.webui.shell_area")
bp = Blueprint("queue", __name__, template_folder="shell_templates")


@dataclass
class GroundWiring:
    """What the shell needs of a wiring; the rooms above the ground stay out of its tests."""

    settings: Settings
    clock: Clock | MovableClock
    url: str
    secret: bytes = b"a secret of the tests, long enough to sign"
    permissions: PermissionTable = field(default_factory=lambda: PermissionTable(ACTS))

    @cached_property
    def database(self) -> Database:
        return Database(self.url)


def ground_wiring(folder: Path, clock: Clock, **settings: Any) -> GroundWiring:
    """A wiring over SQLite in this folder, with the ground's tables."""
    folder.mkdir(parents=True, exist_ok=True)
    made = GroundWiring(
        Settings(data_dir=folder, **settings), clock, f"sqlite:///{folder / 'shell.db'}"
    )
    made.database.create_all()
    return made


class ThingForm(Form):
    """A form with one field of each usual kind."""

    name = StringField(
        "Tên", validators=[DataRequired(), Length(max=20)], description="Tối đa 20 ký tự."
    )
    note = TextAreaField("Ghi chú")
    kind = SelectField("Loại", choices=options([("a", "Loại A"), ("b", "Loại B")]))
    urgent = BooleanField("Khẩn")


@bp.get("/queue")
@allowed("thing.read")
def index() -> str:
    risks = ("critical", "high", "medium", "low")
    rows = [
        SimpleNamespace(id=number, text=f"Bài đăng thử số {number}", risk=risk, at=now())
        for number, risk in enumerate(risks, 1)
    ]
    return render("shell_queue.html", "content", rows=rows, total=130)


@bp.get("/parts")
@allowed("thing.read")
def parts() -> str:
    return render("shell_parts.html", form=ThingForm(), total=1234)


@bp.get("/graph")
@allowed("thing.read")
def graph() -> Response:
    nodes = [
        {"id": "p1", "label": "Bài đăng 1", "kind": "post", "url": "/queue"},
        {"id": "c1", "label": "0900 000 123", "kind": "contact"},
    ]
    return jsonify(nodes=nodes, edges=[{"source": "p1", "target": "c1", "label": "nêu"}])


@bp.get("/progress")
@allowed("thing.read")
def progress() -> str:
    return render("shell_progress.html")


@bp.route("/things", methods=["GET", "POST"])
@allowed("thing.write")
def things() -> str | Response:
    form = ThingForm()
    if form.validate_on_submit():
        with writing() as opened:
            opened.add(
                Setting(
                    key=form.name.data, value={}, updated_at=now(), updated_by_id=actor().user_id
                )
            )
        toast(str(lazy_gettext("Undo")), undo_url=url_for("queue.undo"))
        return redirect(url_for("queue.index"), 303)
    return render("shell_form.html", "content", form=form)


@bp.post("/undo")
@allowed("thing.write")
def undo() -> Response:
    toast("taken back")
    return redirect(url_for("queue.index"), 303)


@bp.post("/approve")
@allowed("thing.approve")
def approve() -> str:
    return "approved"


@bp.post("/half")
@allowed("thing.write")
def half() -> str:
    """Writes, then fails: nothing of it may stay."""
    with writing() as opened:
        opened.add(Setting(key="half", value={}, updated_at=now()))
        opened.flush()
        raise Conflict(about="half")


@bp.get("/fails/<how>")
@allowed("thing.read")
def fails(how: str) -> str:
    if how == "needs":
        raise NeedsMissing(about="thing")
    if how == "unavailable":
        raise Unavailable
    raise ZeroDivisionError(how)


@bp.get("/names")
@public
def names() -> Response:
    return jsonify(names=list(session().scalars(select(Setting.key))))


@bp.get("/echo")
@public
def echo() -> Response:
    return jsonify(remote=request.remote_addr, secure=request.is_secure)


class Things(MethodView):
    """A class-based view: each method says its own act."""

    @allowed("thing.read")
    def get(self) -> str:
        return "read"

    @allowed("thing.write")
    def post(self) -> str:
        return "written"


bp.add_url_rule("/class", view_func=Things.as_view("things_class"))
