"""Small things of the frame: language, theme, health."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, request, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from foundation.people import User
from webui.i18n import COOKIE, LANGUAGES
from webui.logs import log
from webui.requests import maybe_actor, public, wiring, writing

bp = Blueprint("shell", __name__)
THEMES = ("auto", "light", "dark")
YEAR = 365 * 86400


def page_before() -> str:
    """The path of the page this came from, on this site only; "/" otherwise."""
    try:
        before = urlsplit(request.form.get("back") or request.referrer or "")
    except ValueError:
        return url_for("today.index")
    if (
        before.netloc not in {"", request.host}
        or not before.path.startswith("/")
        or before.path.startswith(("//", "/\\"))
    ):
        return url_for("today.index")
    return before.path + (f"?{before.query}" if before.query else "")


def _remember(name: str, value: str) -> BaseResponse:
    response = redirect(page_before(), code=303)
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=wiring().settings.secure_cookies,
    )
    return response


@bp.post("/language/<code>")
@public
def set_language(code: str) -> BaseResponse:
    """Change the language for this browser, and for the person who is logged in."""
    if code not in LANGUAGES:
        abort(404)
    person = maybe_actor()
    if person is not None and person.user_id is not None:
        with writing() as session:
            session.get_one(User, person.user_id).language = code
    return _remember(COOKIE, code)


@bp.post("/theme/<name>")
@public
def set_theme(name: str) -> BaseResponse:
    """Light, dark, or as the computer says, for this browser."""
    if name not in THEMES:
        abort(404)
    return _remember("theme", name)


@bp.get("/healthz")
@public
def healthz() -> Response:
    """For load balancers: 200 when this process can read the database, 503 when it cannot."""
    try:
        with wiring().database.reading() as session:
            session.execute(text("SELECT 1"))
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not healthy"
        log.error("health check failed", exc_info=error)
        return make_response(jsonify(status="failing", database="failing"), 503)
    return make_response(jsonify(status="ok", database="ok"), 200)
