"""How a route is declared once for the router, the permission table, the checks of input and the document."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, jsonify
from marshmallow import Schema
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from crawler.sources.forms import FormProblems
from webui.api.shapes import Problem
from webui.errors import handle
from webui.requests import allowed, signed_in
from webui.views import source_words

F = TypeVar("F", bound=Callable[..., Any])
VERSION = "1"
ABOUT = (
    "Every route works in the session of a person and asks for the act that x-act names. What changes "
    "something needs the header X-CSRFToken with the token of /api/me. Times are ISO 8601, UTC."
)
blueprint = flask_smorest.Blueprint("api", "webui.api", url_prefix="/api", description=ABOUT)


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The library without its own handler of errors: the application has one for everything."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        pass


def build(app: Flask) -> Api:
    """The library's side of one application; it serves no page of its own."""
    app.config.update(
        API_TITLE="Rà Soát", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    return Api(app, spec_kwargs={"info": {"description": ABOUT}})


def operation(
    path: str,
    answer: type[Schema] | None,
    *,
    act: str = "",
    method: str = "GET",
    status: int = HTTPStatus.OK,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    problems: tuple[int, ...] = (),
) -> Callable[[F], F]:
    """This view is a route of the API. `act` empty: for everybody who is logged in.

    What it returns is shaped by `answer`; `query` and `body` are checked before it is called.
    """

    def declare(view: F) -> F:
        known: Any = allowed(act)(view) if act else signed_in(view)
        known = blueprint.response(status, answer)(known)
        told = {HTTPStatus.UNAUTHORIZED, *({HTTPStatus.FORBIDDEN} if act else ()), *problems}
        for code in sorted(told | ({HTTPStatus.UNPROCESSABLE_ENTITY} if query or body else set())):
            known = blueprint.alt_response(code, schema=Problem)(known)
        if body is not None:
            known = blueprint.arguments(body)(known)
        if query is not None:
            known = blueprint.arguments(query, location="query")(known)
        known = blueprint.doc(**{"x-act": act})(known)
        blueprint.route(path, methods=[method])(known)
        return view

    return declare


@blueprint.errorhandler(HTTPStatus.UNPROCESSABLE_ENTITY)  # type: ignore[untyped-decorator]
def _unfit(error: HTTPException) -> Response:
    """What the checks of input refused, with the fields."""
    told = getattr(error, "data", {}).get("messages", {})
    fields = {
        name: " ".join(map(str, said)) if isinstance(said, list) else str(said)
        for place in told.values()
        for name, said in (place.items() if isinstance(place, dict) else [("", place)])
    }
    return with_fields(handle(error), fields)


@blueprint.errorhandler(FormProblems)  # type: ignore[untyped-decorator]
def _problems(error: FormProblems) -> Response:
    """What a form of the crawler refused, with the fields."""
    fields = {found.field: source_words.problem(found) for found in error.problems}
    return with_fields(handle(error), fields)


def with_fields(answer: Response, fields: dict[str, str]) -> Response:
    """The answer to an error, saying also what is wrong with which field."""
    told: Any = answer.get_json()
    made = jsonify(error={**told["error"], "fields": fields})
    made.status_code = answer.status_code
    return made
