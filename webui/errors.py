"""One handler for everything that goes wrong, for pages, htmx and JSON.

It says what happened, that nothing was lost, what to do, and a number to quote. Errors of the rooms carry a
message key; only here does a key become words. A page area adds those of its rooms with `messages({...})`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, StatementError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from foundation.errors import Forbidden, RasoatError
from foundation.people import Actor, Role
from webui import words
from webui.logs import log, request_id
from webui.requests import maybe_actor, shell
from webui.templating import render_page
from webui.words import Text

MESSAGES: dict[str, Text] = {
    "error.unexpected": _l("Something went wrong on our side."),
    "error.invalid_input": _l("Something that was entered cannot be used."),
    "error.not_found": _l("There is nothing here, or it is not for your unit to see."),
    "error.forbidden": _l("Your role may not do this."),
    "error.four_eyes": _l(
        "You took the step before this one, so a second person has to take this one."
    ),
    "error.conflict": _l("Somebody else was faster: this has changed since you opened it."),
    "error.not_allowed_in_state": _l("This can no longer be done in the state it is in now."),
    "error.needs_missing": _l("Something that this step needs is missing."),
    "error.settings": _l("A setting of this deployment has a wrong value."),
    "error.unavailable": _l("A part of the system does not answer at the moment."),
    "error.integrity": _l("A stored file is not what its digest says. Do not use it as evidence."),
    "error.form_expired": _l(
        "This form is no longer valid, most likely because you logged in or out meanwhile."
    ),
    "error.login": _l("Please log in."),
    "error.too_large": _l("The file is too large."),
    "error.too_many": _l("That was too often in a short time."),
    "error.method": _l("This address cannot be opened in this way."),
    "error.busy": _l("The database is busy with another change."),
}
ADVICE: dict[int, Text] = {
    400: _l(
        "Go back, load the page again and repeat the last step. What was saved before still stands."
    ),
    401: _l("Log in, then come back to this page. What was saved before still stands."),
    403: _l("Nothing was changed. Ask somebody with the right role, or an administrator."),
    404: _l("Check the address, or look for it with the search at the top. Nothing was changed."),
    409: _l(
        "Your change was not made and nothing was lost. Load the page again and look at what is there now."
    ),
    413: _l("Nothing was saved. Choose a smaller file."),
    422: _l("Nothing was saved. Go back, correct it and send it again."),
    429: _l("Wait a minute, then try again. Nothing was lost."),
    500: _l(
        "The change you were making was undone as a whole; everything saved before still stands. Try again."
    ),
    503: _l("Nothing was lost. Wait a minute, then try again."),
}
_HTTP_KEYS = {
    401: "error.login",
    403: "error.forbidden",
    404: "error.not_found",
    405: "error.method",
    413: "error.too_large",
    429: "error.too_many",
    503: "error.unavailable",
}


def messages(more: Mapping[str, Text]) -> None:
    """Add the words for message keys of a room; `%(name)s` is filled from the error's detail."""
    MESSAGES.update(more)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told about an error."""

    status: int
    key: str
    message: str
    advice: str
    roles: tuple[str, ...]
    number: str
    about: str = ""


def message(error: RasoatError) -> str:
    """The sentence for an error of the rooms, in the language of this request."""
    text = str(MESSAGES.get(error.message_key) or MESSAGES["error.unexpected"])
    try:
        return text % error.detail if error.detail else text
    except (KeyError, TypeError, ValueError):
        log.warning("message without its detail", key=error.message_key)
        return text


def _tell(status: int, key: str, text: str, roles: tuple[str, ...] = (), about: str = "") -> Told:
    advice = ADVICE.get(status) or ADVICE[400 if status < 500 else 500]
    return Told(status, key, text, str(advice), roles, request_id(), about)


def _roles(error: RasoatError) -> tuple[str, ...]:
    if not isinstance(error, Forbidden):
        return ()
    named = error.detail.get("roles", ())
    known = {role.value for role in Role}
    return (
        tuple(str(words.role(name)) for name in named if name in known)
        if isinstance(named, list | tuple)
        else ()
    )


def told(error: Exception) -> Told:
    """What to tell about any exception."""
    if isinstance(error, RasoatError):
        return _tell(error.status, error.message_key, message(error), _roles(error), error.about)
    if isinstance(error, CSRFError):
        return _tell(400, "error.form_expired", str(MESSAGES["error.form_expired"]))
    if isinstance(error, HTTPException) and error.code:
        status = error.code
        key = _HTTP_KEYS.get(status, "error.invalid_input" if status < 500 else "error.unexpected")
        return _tell(status, key, str(MESSAGES[key]))
    if isinstance(error, OperationalError):
        locked = "locked" in str(error.orig)
        key = "error.busy" if locked else "error.unavailable"
        return _tell(503, key, str(MESSAGES[key]))
    if is_unstorable(error):
        return _tell(422, "error.invalid_input", str(MESSAGES["error.invalid_input"]))
    return _tell(500, "error.unexpected", str(MESSAGES["error.unexpected"]))


def is_unstorable(error: Exception) -> bool:
    """Whether the database said that what was given does not fit: too long, too large, no such moment.

    Views check what they know of; this keeps the rest from looking like a fault of ours.
    """
    if isinstance(error, DataError | OverflowError):
        return True
    return isinstance(error, StatementError) and isinstance(
        error.orig, OverflowError | UnicodeEncodeError
    )


def wants_json() -> bool:
    """Whether the asker is a program: the API, or one that accepts JSON rather than HTML."""
    if request.path.startswith("/api/"):
        return True
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def handle(error: Exception) -> BaseResponse:
    """The answer to any exception of a request."""
    if isinstance(error, HTTPException) and error.response is not None and error.code is None:
        return make_response(
            error.response
        )  # an abort() with a finished response, such as a redirect
    if isinstance(error, HTTPException) and error.code and error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error)  # redirects that routing itself asks for
    known = actor_or_none()
    said = told(error)
    if said.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", exc_info=error, key=said.key)
    elif isinstance(error, RasoatError):
        log.info("request refused", key=said.key, about=said.about)
    elif is_unstorable(error):
        log.warning("what was given cannot be stored", why=type(error).__name__)
    if wants_json():
        return _with_headers(_json(said), error)
    if "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return _with_headers(_fragment(said), error)
    if said.status == HTTPStatus.UNAUTHORIZED and (login := login_url()):
        return redirect(login)
    return _with_headers(_page(said, inside=known is not None), error)


def login_url() -> str:
    """Where to log in, coming back to this page afterwards; empty when no login is installed."""
    endpoint = shell().login_endpoint
    if endpoint not in current_app.view_functions:
        return ""
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_before()
    return url_for(endpoint, next=back)


def _page_before() -> str:
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # a header can hold anything
        return "/"
    same = before.netloc == request.host
    return (before.path + (f"?{before.query}" if before.query else "")) if same else "/"


def _with_headers(response: Response, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
                response.headers[name] = value
    return response


def _json(said: Told) -> Response:
    error = {
        "key": said.key,
        "message": said.message,
        "advice": said.advice,
        "request_id": said.number,
    }
    return make_response(jsonify(error=error), said.status)


def _fragment(said: Told) -> Response:
    """A message that htmx puts into the place for messages, so that what was typed stays where it is."""
    body = render_page("fragments/error.html", {"said": said, "login": login_url()})
    response = make_response(body, said.status)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML show:top"
    return response


def _page(said: Told, *, inside: bool) -> Response:
    template = "errors/page.html" if inside else "errors/outside.html"
    title = gettext("Log in") if said.status == HTTPStatus.UNAUTHORIZED else _title(said.status)
    return make_response(
        render_page(template, {"said": said, "title": title, "failing": True}), said.status
    )


def actor_or_none() -> Actor | None:
    """The actor, or None also when finding out is what fails."""
    try:
        return maybe_actor()
    except Exception as error:  # noqa: BLE001 - the error page must come out whatever is broken
        log.warning("cannot tell who asks", exc_info=error)
        g.rasoat_user = g.rasoat_actor = None  # so that nothing on the error page asks again
        return None


def _title(status: int) -> str:
    titles = {
        403: gettext("Not for your role"),
        404: gettext("Not found"),
        409: gettext("Changed meanwhile"),
        429: gettext("Too often"),
        503: gettext("Not available just now"),
    }
    rest = gettext("This did not work") if status < 500 else gettext("An error on our side")
    return str(titles.get(status, rest))


def init_errors(app: Flask) -> None:
    """One handler for all."""
    app.register_error_handler(Exception, handle)
