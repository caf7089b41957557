"""Logging: one line of JSON or text per event, each with the number of the request it belongs to."""

import re
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request

from webui.log_lines import configure_logging

_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER = "X-Request-ID"
SECRET_PARTS = {"token", "value"}
"""Parts of an address that no log may hold."""
log = structlog.get_logger("webui")
__all__ = ["configure_logging", "init_logs", "log", "request_id"]


def request_id() -> str:
    """The number of this request: what an error page tells people to quote."""
    if "rasoat_request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.rasoat_request_id = given if _GIVEN.fullmatch(given) else token_hex(6)
    return str(g.rasoat_request_id)


def _begin() -> None:
    g.rasoat_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id())


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    if request.endpoint not in {"static", "shell.healthz"}:
        # The path without its query: searches can hold names and numbers of people. Where the path itself
        # holds a key (a link to set a password) or a contact, the route stands for it.
        log.info(
            "request",
            method=request.method,
            path=_told(request.path),
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.get("rasoat_began", time.perf_counter()))),
        )
    return response


def _told(path: str) -> str:
    rule = request.url_rule
    if rule is not None and rule.arguments & SECRET_PARTS:
        return rule.rule
    return path


def init_logs(app: Flask) -> None:
    """Number every request and log its end."""
    app.before_request(_begin)
    app.after_request(_end)
