"""Logging: one line of JSON or text per event, each with the number of the request it belongs to."""

import logging
import re
import sys
import time
from secrets import token_hex

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
HEADER = "X-Request-ID"
log = structlog.get_logger("webui")


def configure_logging(level: str = "INFO", *, json: bool | None = None) -> None:
    """Set up structlog and the standard library's logging; JSON unless a terminal looks on."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = (
        [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
        if as_json
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


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
        # The path without its query: searches can hold names and numbers of people.
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - g.get("rasoat_began", time.perf_counter()))),
        )
    return response


def init_logs(app: Flask) -> None:
    """Number every request and log its end."""
    app.before_request(_begin)
    app.after_request(_end)
