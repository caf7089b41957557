"""Commands of the operator's hands: migrate, audit, index, doctor, backup, restore."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import exists, select

from foundation import audit
from foundation.people import SYSTEM, User
from webui.commands.opening import Progress, opened
from webui.log_lines import configure_logging
from webui.wiring import Wiring, build_from_env

if TYPE_CHECKING:
    from search.index.indexer import Indexer
    from search.models_index import IndexRequest
    from search.query import Message
    from webui.doctor import Finding


@click.command("migrate")
@click.option("--quiet", is_flag=True, help="Say nothing, and make no administrator.")
def migrate_command(*, quiet: bool) -> None:
    """Bring the database to the newest revision and make the first administrator."""
    from webui import migrate

    wiring = build_from_env()
    configure_logging(wiring.settings.log_level, process="migrate")
    if migrate.upgrade(wiring.database) and not quiet:
        click.echo(f"database: now at revision {migrate.head()}")
    if quiet or _has_people(wiring):
        return
    from webui.accounts import first_administrator

    with wiring.database.writing() as session:
        told = first_administrator(session, wiring, os.environ)
    if told:
        click.echo(told)


def _has_people(wiring: Wiring) -> bool:
    """Whether somebody can log in; then there is no first administrator to make."""
    with wiring.database.reading() as session:
        return bool(session.scalar(select(exists().where(User.password.is_not(None)))))


@click.group("audit")
def audit_command() -> None:
    """The audit log."""


@audit_command.command("verify")
def audit_verify() -> None:
    """Check the whole chain, and its head against the anchors outside the database."""
    wiring = opened("audit")
    found = audit.verify(wiring.database, wiring.audit_anchor)
    click.echo(f"checked {found.checked} events, {found.unsealed} not sealed yet")
    if not found.ok:
        click.echo(f"BROKEN: {found.problem}", err=True)
        sys.exit(1)
    click.echo(f"whole; head {found.head.sequence} {found.head.digest}")


@click.group("index")
def index_command() -> None:
    """The search index."""


@index_command.command("rebuild")
@click.option("--wait", is_flag=True, help="Follow it to its end.")
def index_rebuild(*, wait: bool) -> None:
    """Build the index anew from the database, while people go on searching in the old one."""
    from search.index.requests import request_rebuild

    wiring = opened("index")
    with wiring.database.writing() as session:
        request_id = request_rebuild(session, SYSTEM, at=wiring.clock.now()).id
    if not wait:
        click.echo(f"asked for (request {request_id}); the indexer does it")
        return
    request = _follow(wiring, request_id)
    click.echo(f"{request.state}: {request.done} posts")
    if request.state != "done":
        click.echo(f"  {request.error}", err=True)
        sys.exit(1)


def _follow(wiring: Wiring, request_id: int) -> "IndexRequest":
    """Until the rebuild is over; where no indexer runs, this process is the indexer."""
    from search.models_index import IndexRequest

    indexer, progress = _own_indexer(wiring), Progress()
    while True:
        if indexer is not None:
            indexer.run_once()
        with wiring.database.reading() as session:
            request = session.get_one(IndexRequest, request_id)
        if request.state in {"done", "failed"}:
            progress.end()
            return request
        progress.show(f"==> {request.state}: {request.done} of {request.total} posts")
        if indexer is None:
            time.sleep(0.3)


def _own_indexer(wiring: Wiring) -> "Indexer | None":
    """An indexer of our own when none has told in the last minute that it lives, and nobody holds the index."""
    from foundation import heartbeat
    from search.index import IndexBusy
    from search.index.indexer import Indexer
    from webui.doctor.services import SILENT

    with wiring.database.reading() as session:
        seen = heartbeat.latest(session).get("indexer")
    if seen is not None and wiring.clock.now() - seen.at < SILENT and is_alive(wiring, seen.pid):
        return None
    try:
        return Indexer(wiring.database, wiring.index(writer=True), wiring.clock)
    except IndexBusy:
        return None


def is_alive(wiring: Wiring, pid: int) -> bool:
    """Whether the process lives; on a deployment of many machines one cannot see, and it is taken to."""
    if not wiring.settings.embedded_database:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@index_command.command("status")
def index_status() -> None:
    """Whether searching finds everything, and what waits to be indexed."""
    from foundation import outbox
    from search.index.requests import latest_request
    from search.store import INDEX_CONSUMER

    wiring = opened("index")
    health = wiring.reader.health()
    with wiring.database.reading() as session:
        waiting, request = outbox.pending(session, INDEX_CONSUMER), latest_request(session)
    click.echo(f"{health.detail}; {waiting} changes wait")
    if request is not None:
        click.echo(f"last rebuild: {request.state}, {request.done} of {request.total} posts")
    if health.remedy is not None:
        click.echo(f"  {health.remedy}", err=True)
        sys.exit(1)


@click.command("alive", hidden=True)
@click.argument("name")
def alive_command(name: str) -> None:
    """Whether the process NAME told within the last minute, on this machine, that it lives; for containers."""
    from foundation.heartbeat import Heartbeat
    from webui.doctor.services import SILENT

    wiring = build_from_env()
    with wiring.database.reading() as session:
        row = session.get(Heartbeat, (name, socket.gethostname()[:200]))
    if row is None or wiring.clock.now() - row.at > SILENT:
        click.echo(f"{name} is silent", err=True)
        sys.exit(1)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Language; by LANG when not given.")
def doctor_command(*, as_json: bool, lang: str | None) -> None:
    """Try every part; name what fails and what mends it. Ends with 1 when something failed."""
    from webui import doctor

    wiring = build_from_env()
    configure_logging("CRITICAL", process="doctor")
    say = doctor.translator(lang or ("vi" if os.environ.get("LANG", "").startswith("vi") else "en"))
    found = []
    for finding in doctor.examine(wiring):
        found.append(finding)
        if not as_json:
            _tell_finding(finding, say)
    if as_json:
        told = [
            {
                "part": one.part,
                "status": one.status,
                "what": say(one.what),
                "remedy": say(one.remedy) if one.remedy else "",
                "seconds": round(one.seconds, 3),
            }
            for one in found
        ]
        click.echo(json.dumps({"ok": doctor.is_well(found), "parts": told}, ensure_ascii=False))
    if not doctor.is_well(found):
        sys.exit(1)


def _tell_finding(found: "Finding", say: "Callable[[Message], str]") -> None:
    from webui.doctor import title

    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    status = click.style(f"{found.status:<4}", fg=colours[found.status])
    click.echo(f"{status}  {say(title(found.part)):<20}  {say(found.what)}")
    if found.remedy is not None:
        click.echo(f"      {'':<20}  -> {say(found.remedy)}")


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
def backup_command(target: Path) -> None:
    """Write database, files, secret and audit anchors into one archive TARGET (a folder or a .tar.gz file)."""
    from webui import backup

    wiring = opened("backup")
    made = backup.make(wiring, target)
    click.echo(
        f"{made.path}: {made.size / 2**20:.1f} MiB, {made.files} files, SHA-256 {made.digest}"
    )
    for digest in made.damaged:
        click.echo(f"  DAMAGED in the store, not in the backup: {digest}", err=True)
    if made.damaged:
        sys.exit(1)


@click.command("restore")
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True)
def restore_command(archive: Path, folder: Path) -> None:
    """Check every digest of ARCHIVE and unpack it into a folder that is empty or not there yet."""
    from webui import backup

    done = backup.restore(archive, folder)
    click.echo(f"{done.folder}: {done.items} items of {done.created_at}, written by {done.program}")
    click.echo(f"  start it: RASOAT_DATA_DIR={done.folder} rasoat serve", err=True)
