"""Log lines: short words for a terminal, one JSON object a line for everything else; tracebacks plain.

Kept apart from the web application, so that the worker, the indexer and the scheduler do not load it.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Libraries whose lines below ERROR tell nothing that ours do not; some set their own levels.
QUIET = ("alembic", "elastic_transport", "py", "rq", "scrapy", "twisted")


def configure_logging(level: str = "INFO", *, process: str = "", json: bool | None = None) -> None:
    """Set up structlog and the standard library's logging; JSON unless a terminal looks on.

    `process` names this process in every line.
    """
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _Process(process),
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_last(as_json),
            ],
        )
    )
    handler.setLevel(level)
    handler.addFilter(_is_ours)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _last(as_json: bool) -> list[Processor]:  # noqa: FBT001 - said by the caller's name for it
    if as_json:
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    plain = structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.plain_traceback, pad_event_to=0, pad_level=False
    )
    return [plain]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or record.name.split(".")[0] not in QUIET


class _Process:
    """Adds the name of this process to a line, in whatever thread it is written."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if self._name:
            event.setdefault("process", self._name)
        return event
