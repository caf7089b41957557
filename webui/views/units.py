"""Đơn vị: the units of the office."""

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from foundation.errors import RasoatError
from webui.accounts import units
from webui.errors import message
from webui.requests import actor, allowed, now, session, toast, writing
from webui.templating import render

bp = Blueprint("units", __name__)


def _page(name: str = "", short_name: str = "", problem: str = "") -> str:
    return render(
        "people/units.html",
        units=units.every(session()),
        name=name,
        short_name=short_name,
        problem=problem,
    )


def _sent() -> tuple[str, str]:
    return request.form.get("name", ""), request.form.get("short_name", "")


def _back(said: str) -> Response:
    toast(said)
    return redirect(url_for("units.index"), code=303)


@bp.get("/people/units")
@allowed("people.view")
def index() -> str:
    return _page()


@bp.post("/people/units")
@allowed("people.manage")
def add() -> Response | tuple[str, int]:
    name, short_name = _sent()
    try:
        with writing() as opened:
            units.add(opened, actor(), name, short_name, at=now())
    except RasoatError as error:
        return _page(name, short_name, message(error)), error.status
    return _back(gettext("The unit was added."))


@bp.post("/people/units/<int:unit_id>/rename")
@allowed("people.manage")
def rename(unit_id: int) -> Response:
    name, short_name = _sent()
    with writing() as opened:
        units.rename(opened, actor(), units.find(opened, unit_id), name, short_name, at=now())
    return _back(gettext("The unit was renamed."))


@bp.post("/people/units/<int:unit_id>/close")
@allowed("people.manage")
def close(unit_id: int) -> Response:
    with writing() as opened:
        units.set_open(opened, actor(), units.find(opened, unit_id), is_open=False, at=now())
    return _back(gettext("The unit was closed. Its records stay."))


@bp.post("/people/units/<int:unit_id>/open")
@allowed("people.manage")
def reopen(unit_id: int) -> Response:
    with writing() as opened:
        units.set_open(opened, actor(), units.find(opened, unit_id), is_open=True, at=now())
    return _back(gettext("The unit is open again."))
