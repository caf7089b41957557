"""Checks of what runs: the queue and its worker, the index, the processes' signs of life, browser and mail."""

import fcntl
import os
import secrets
import socket
import subprocess
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from crawler.browser import find_browser
from foundation import heartbeat, outbox
from foundation.outbox import OutboxRow
from foundation.queue import append_only
from search.models import PostRow
from search.query import Message
from search.store import INDEX_CONSUMER
from webui.doctor.finding import Finding, fail, ok, warn
from webui.schedule import PING
from webui.wiring import Wiring

PROCESSES = ("web", "worker", "indexer", "scheduler", "crawler")
SILENT = timedelta(seconds=60)
LATE = timedelta(minutes=2)
ROUND_TRIP_SECONDS = 15.0
START = Message("Start it: rasoat serve")


def is_served(folder: Path) -> bool:
    """Whether a supervisor holds this data folder."""
    try:
        with (folder / "lock").open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def expected(wiring: Wiring) -> bool:
    """Whether the processes ought to be running: a supervisor is there, or containers do its work."""
    return not wiring.settings.embedded_database or is_served(wiring.settings.data_dir)


def queue(wiring: Wiring) -> Finding:
    """Answers, and writes down what it holds (its append-only file is on)."""
    if not wiring.settings.redis_url and not is_served(wiring.settings.data_dir):
        return warn("queue", Message("The embedded queue does not run"), START)
    connection = wiring.redis()
    connection.ping()
    if not append_only(connection):
        return warn(
            "queue",
            Message("It answers, but its append-only file is off or cannot be asked for"),
            Message("Set appendonly yes on the server, or a restart of it loses jobs"),
        )
    told = {"waiting": str(wiring.queue.length())}
    return ok(
        "queue", Message("It answers, its append-only file is on, %(waiting)s jobs wait", told)
    )


def job(wiring: Wiring) -> Finding:
    """A job goes to the worker, and what it does is seen in the database."""
    if not wiring.settings.redis_url and not is_served(wiring.settings.data_dir):
        return warn("job", Message("No job can be done while nothing runs"), START)
    number, until = secrets.randbelow(2**31), time.monotonic() + ROUND_TRIP_SECONDS
    started = time.monotonic()
    wiring.queue.put(PING, [number])
    while time.monotonic() < until:
        with wiring.database.reading() as session:
            done = heartbeat.latest(session).get("job")
        if done is not None and done.detail == str(number):
            told = {"ms": str(round(1000 * (time.monotonic() - started)))}
            return ok("job", Message("A job was done by the worker in %(ms)s ms", told))
        time.sleep(0.05)
    told = {"seconds": f"{ROUND_TRIP_SECONDS:.0f}", "waiting": str(wiring.queue.length())}
    return fail(
        "job",
        Message("A job was not done within %(seconds)s s; %(waiting)s wait", told),
        Message("See whether the worker runs: rasoat worker"),
    )


def index(wiring: Wiring) -> Finding:
    """Readable, and holding as many posts as the database."""
    health = wiring.reader.health()
    if not health.ok and not expected(wiring):
        return warn("index", health.detail, START)
    if not health.ok:
        return fail("index", health.detail, health.remedy or Message("Run: rasoat index rebuild"))
    with wiring.database.reading() as session:
        posts = session.scalar(select(func.count()).select_from(PostRow)) or 0
        waiting = outbox.pending(session, INDEX_CONSUMER)
    found = wiring.reader.count()
    if not waiting and posts != found:
        return fail(
            "index",
            Message(
                "It holds %(found)s posts, the database %(posts)s",
                {"found": str(found), "posts": str(posts)},
            ),
            Message("Run: rasoat index rebuild"),
        )
    return ok("index", health.detail)


def in_step(wiring: Wiring) -> Finding:
    """How long the oldest change has been waiting for each consumer."""
    with wiring.database.reading() as session:
        rows = session.execute(
            select(OutboxRow.consumer, func.count(), func.min(OutboxRow.put_at)).group_by(
                OutboxRow.consumer
            )
        ).all()
    late = [f"{name} ({count})" for name, count, first in rows if wiring.clock.now() - first > LATE]
    if late:
        told = {"who": ", ".join(sorted(late))}
        what = Message("Changes have been waiting for more than two minutes: %(who)s", told)
        remedy = Message("See whether worker, indexer and scheduler run")
        return fail("in step", what, remedy) if expected(wiring) else warn("in step", what, START)
    waiting = sum(count for _, count, _ in rows)
    return ok(
        "in step", Message("Nobody is behind; %(waiting)s changes wait", {"waiting": str(waiting)})
    )


def processes(wiring: Wiring) -> Finding:
    """Signs of life of every process within the last minute."""
    with wiring.database.reading() as session:
        seen = heartbeat.latest(session)
    now = wiring.clock.now()
    silent = [name for name in PROCESSES if name not in seen or now - seen[name].at > SILENT]
    if not silent:
        return ok("processes", Message("All of them told within the last minute that they live"))
    what = Message("Silent: %(names)s", {"names": ", ".join(silent)})
    if not expected(wiring):
        return warn("processes", what, START)
    return fail("processes", what, Message("Read the log; rasoat serve starts again what died"))


def browser(wiring: Wiring) -> Finding:
    """Found, and shows an empty page without a window."""
    found = find_browser(wiring.settings)
    bring = Message("Install one: apt install chromium (or name one in RASOAT_BROWSER_PATH)")
    if found is None:
        return warn("browser", Message("None was found; pages cannot be captured"), bring)
    with tempfile.TemporaryDirectory(
        prefix="rasoat-doctor-", ignore_cleanup_errors=True
    ) as profile:
        flags = ["--headless=new", "--disable-gpu", f"--user-data-dir={profile}"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [str(found), *flags, "--dump-dom", "about:blank"],
            capture_output=True,
            check=False,
            timeout=60,
        )
    if done.returncode or b"<html>" not in done.stdout:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        told = {"path": str(found), "why": " ".join(last)[:200]}
        return fail("browser", Message("%(path)s does not start: %(why)s", told), bring)
    return ok("browser", Message("%(path)s starts", {"path": str(found)}))


def mail(wiring: Wiring) -> Finding:
    """The server greets; nothing is sent."""
    if not wiring.settings.smtp_url:
        return ok("mail", Message("Not set up: requests leave by letter or portal"))
    server = urlsplit(wiring.settings.smtp_url)
    host, port = (
        server.hostname or "localhost",
        server.port or (465 if server.scheme == "smtps" else 25),
    )
    with socket.create_connection((host, port), timeout=10) as connection:
        greeting = connection.recv(3) if server.scheme == "smtp" else b"220"
    told = {"server": f"{host}:{port}"}
    if greeting != b"220":
        return fail(
            "mail",
            Message("%(server)s does not greet as a mail server", told),
            Message("Check RASOAT_SMTP_URL"),
        )
    return ok("mail", Message("%(server)s answers", told))
