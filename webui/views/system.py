"""Hệ thống: who lives, what waits, how much there is, the doctor, rebuilding the index, backups; /metrics."""

import hmac
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from foundation import audit, heartbeat
from foundation.audit import AuditEvent
from foundation.errors import RasoatError
from foundation.heartbeat import Heartbeat
from foundation.outbox import OutboxRow
from foundation.people import Role
from foundation.permissions import acts
from search.index.requests import latest_request, open_request, request_rebuild
from search.query import Message
from webui import doctor, metrics, migrate
from webui.accounts.act_words import act_words
from webui.doctor.services import PROCESSES, SILENT
from webui.requests import actor, allowed, now, public, session, toast, wiring, writing
from webui.storage.standing import standing
from webui.templating import render

ACTS = acts(
    {
        "system.view": [Role.ADMINISTRATOR],
        "system.examine": [Role.ADMINISTRATOR],
    }
)
act_words(
    {
        "system.view": _l("see how the system is"),
        "system.examine": _l("examine every part of the system"),
    }
)
LOOPBACK = {"127.0.0.1", "::1"}
BACKUPS_SHOWN = 10
bp = Blueprint("system", __name__)


@dataclass(frozen=True, slots=True)
class Process:
    """One process and when it last told that it lives."""

    name: str
    seen: Heartbeat | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Queued:
    """Changes that wait for one consumer, and since when the oldest does."""

    consumer: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Storage:
    """Bytes of the file store, of the embedded database (None: a server's), and free on the disk."""

    files: int
    database: int | None
    free: int


@bp.get("/system")
@allowed("system.view")
def index() -> str:
    return _page([])


@bp.post("/system/examine")
@allowed("system.examine")
def examine() -> str:
    """Try every part, as `rasoat doctor` does; takes some seconds."""
    session().rollback()
    return _page(list(doctor.examine(wiring())))


@bp.post("/system/rebuild")
@allowed("index.rebuild")
def rebuild() -> BaseResponse:
    """Ask the indexer to build the index anew; people go on searching in the old one meanwhile."""
    with writing() as opened:
        request_rebuild(opened, actor(), at=now())
    toast(gettext("The search index is being rebuilt; searching goes on meanwhile."))
    return redirect(url_for("system.index"), code=303)


@bp.get("/metrics")
@public
def prometheus() -> Response:
    """For a monitoring server: with the token of the settings, or from this machine itself."""
    if not _may_measure():
        abort(404)
    return Response(metrics.exposition(wiring()), content_type=metrics.CONTENT_TYPE)


def _may_measure() -> bool:
    settings = wiring().settings
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if settings.metrics_token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), settings.metrics_token.encode())
    return not settings.behind_proxy and request.remote_addr in LOOPBACK


def _page(findings: list[doctor.Finding]) -> str:
    jobs, failed = _jobs()
    return render(
        "system/index.html",
        findings=findings,
        well=doctor.is_well(findings),
        say=_say,
        title_of=doctor.title,
        processes=_processes(),
        queued=_queued(),
        jobs=jobs,
        failed=failed,
        storage=_storage(),
        health=_health(),
        rebuilding=open_request(session()),
        last_rebuild=latest_request(session()),
        backups=_backups(),
        anchored=audit.read_head(session()),
        versions=_versions(),
    )


def _say(message: Message) -> str:
    return message.text(gettext)


def _processes() -> list[Process]:
    seen = heartbeat.latest(session())
    return [
        Process(name, seen.get(name), name not in seen or now() - seen[name].at > SILENT)
        for name in PROCESSES
    ]


def _queued() -> list[Queued]:
    rows = session().execute(
        select(OutboxRow.consumer, func.count(), func.min(OutboxRow.put_at))
        .group_by(OutboxRow.consumer)
        .order_by(OutboxRow.consumer)
    )
    return [Queued(*row) for row in rows]


def _jobs() -> tuple[int | None, int]:
    """Jobs that wait, and that were given up; None when the queue does not answer."""
    queue = wiring().queue
    try:
        return queue.length(), int(getattr(queue, "failed", int)())
    except (RasoatError, OSError):
        return None, 0


def _storage() -> Storage:
    folder = wiring().settings.data_dir
    kept = [path for path in (folder / "rasoat.db", folder / "rasoat.db-wal") if path.exists()]
    database = sum(path.stat().st_size for path in kept) if kept else None
    stored = standing(session(), wiring().files, now()).used
    return Storage(stored, database, shutil.disk_usage(folder).free)


def _health() -> str:
    try:
        return _say(wiring().reader.health().detail)
    except RasoatError as error:
        return str(error)


def _backups() -> list[AuditEvent]:
    made = select(AuditEvent).where(AuditEvent.action == "backup:make")
    return list(session().scalars(made.order_by(AuditEvent.id.desc()).limit(BACKUPS_SHOWN)))


def _versions() -> list[tuple[str, str]]:
    settings = wiring().settings
    kind = "SQLite" if wiring().database.is_sqlite else "PostgreSQL"
    engine = "Elasticsearch" if settings.elasticsearch_url else "tantivy"
    return [
        ("Rà Soát", version("rasoat")),
        (kind, gettext("revision %(at)s", at=migrate.current(wiring().database))),
        (engine, version(engine.lower())),
        ("Flask", version("flask")),
        ("SQLAlchemy", version("sqlalchemy")),
        ("Scrapy", version("scrapy")),
    ]
