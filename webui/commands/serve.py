"""Commands that run a process: the whole tree, or one of its parts."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.errors import Unavailable
from foundation.settings import Settings
from webui import processes
from webui.log_lines import configure_logging
from webui.processes import LISTEN_VARIABLE, Stop, die_with_parent, loop
from webui.supervisor import Child, Supervisor, command, folder_lock

if TYPE_CHECKING:
    from webui.wiring import Wiring

VALKEY_PATIENCE_SECONDS = 15.0
PAGES_PATIENCE_SECONDS = 30.0


@click.command("serve")
def serve_command() -> None:
    """Run everything on this machine: web, worker, indexer, scheduler, crawler, and the embedded queue."""
    run_tree(Settings.from_env(os.environ))


def run_tree(
    settings: Settings,
    *,
    extra: Sequence[Child] = (),
    prepared: Callable[[], None] = lambda: None,
    quiet: bool = False,
) -> None:
    """Start the process tree and keep it alive until told to stop. `prepared` is called when all have started.

    The queue first; then the pages, which load while the database is migrated; then, when they answer, the
    others: so people wait for one process and not for six.
    """
    configure_logging(settings.log_level, process="supervisor")
    with folder_lock(settings.data_dir), listen(settings) as listener:
        names = ["web", "worker", "indexer", "scheduler", "crawler"]
        children = [Child(name, command(name)) for name in names] + list(extra)
        children[0].listener = listener
        if not settings.redis_url:
            children.insert(0, Child("valkey", command("valkey")))
        supervisor = Supervisor(children, Stop().listen())
        try:
            supervisor.start("valkey", "web")
            prepare(quiet=quiet)
            if not settings.redis_url:
                _wait_for_valkey(settings)
            _wait_for_pages(settings, supervisor)
            supervisor.start(*names, *(child.name for child in extra))
            if not quiet:
                click.echo(f"Rà Soát: {settings.base_url}  (Ctrl-C: stop)")
            prepared()
            supervisor.watch()
        finally:
            click.echo("stopping ...")
            supervisor.end()


def listen(settings: Settings) -> socket.socket:
    """The socket that the pages are served on; Unavailable when somebody else listens there.

    The supervisor holds it, so that the port stays ours while the pages' process is started again; who comes
    meanwhile waits a moment instead of being refused.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
        made.listen(256)
    except OSError as error:
        made.close()
        raise _port_taken(settings, error) from None
    return made


def _port_taken(settings: Settings, error: OSError) -> Unavailable:
    return Unavailable(
        f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}",
        about="port",
        remedy=f"stop what uses it, or choose another: RASOAT_PORT={settings.port + 1}",
    )


def prepare(*, quiet: bool = False) -> None:
    """Migrate, and make the first administrator; in a process of its own, so that the supervisor stays small."""
    done = subprocess.run([*command("migrate"), *(["--quiet"] if quiet else [])], check=False)
    if done.returncode:
        raise Unavailable("the database could not be prepared", about="database")


def _wait_for_pages(settings: Settings, supervisor: Supervisor) -> None:
    """Until the pages answer; not for ever, since everything else works without them."""
    until = time.monotonic() + PAGES_PATIENCE_SECONDS
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    while time.monotonic() < until and not supervisor.stop.wait(0.05):
        asked = http.client.HTTPConnection(host, settings.port, timeout=1)
        try:
            asked.request("GET", "/healthz")
            asked.getresponse()
        except (OSError, http.client.HTTPException):
            continue
        finally:
            asked.close()
        return


def _wait_for_valkey(settings: Settings) -> None:
    path = str(processes.valkey_socket(settings.data_dir))
    until = time.monotonic() + VALKEY_PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
                probe.sendall(b"PING\r\n")
                if probe.recv(16).startswith(b"+PONG"):
                    return
            except OSError:
                pass
        time.sleep(0.05)
    raise Unavailable(
        "the embedded queue does not answer",
        about="queue",
        remedy=f"look at {settings.data_dir / 'queue' / 'valkey.log'}",
    )


def _beat(name: str, wiring: "Wiring") -> Callable[[], None]:
    from foundation.heartbeat import Beat

    return Beat(name, wiring.database, wiring.clock)


def _begin(name: str) -> "Wiring":
    """What every process does first: follow its parent, log under its name, wait for the database."""
    die_with_parent()
    from webui.migrate import wait_until_ready
    from webui.wiring import build_from_env

    wiring = build_from_env()
    configure_logging(wiring.settings.log_level, process=name)
    wait_until_ready(wiring.database)
    return wiring


@click.command("web")
def web_command() -> None:
    """Serve the pages and the API."""
    from waitress import create_server

    from webui.app import create_app

    stop = Stop().listen()
    wiring = _begin("web")
    settings = wiring.settings
    app = create_app(wiring)
    given = os.environ.get(LISTEN_VARIABLE, "")
    listener = socket.socket(fileno=int(given)) if given else listen(settings)
    server = create_server(
        app,
        sockets=[listener],
        threads=settings.web_threads,
        ident="",
        clear_untrusted_proxy_headers=True,
    )
    threading.Thread(target=server.run, daemon=True).start()
    processes.beat_forever(_beat("web", wiring))
    while not stop.wait(3600):
        pass
    server.close()
    wiring.close()


@click.command("worker")
def worker_command() -> None:
    """Take jobs from the queue."""
    from foundation.queue import work

    wiring = _begin("worker")
    processes.beat_forever(_beat("worker", wiring))
    work(wiring.redis())


@click.command("indexer")
def indexer_command() -> None:
    """Carry what changed from the database into the search index; rebuild it when asked."""
    from search.index.indexer import Indexer

    stop, wiring = Stop().listen(), _begin("indexer")
    indexer = Indexer(wiring.database, wiring.index(writer=True), wiring.clock)
    loop("indexer", indexer.run_once, stop, idle_seconds=0.5, beat=_beat("indexer", wiring))


@click.command("scheduler")
def scheduler_command() -> None:
    """Do the recurring duties: seal the audit log, watch clocks, find lost work, keep retention."""
    from webui.schedule import Scheduler

    stop, wiring = Stop().listen(), _begin("scheduler")
    scheduler = Scheduler(wiring.schedules, wiring.queue)
    loop("scheduler", scheduler.run_due, stop, idle_seconds=0.5, beat=_beat("scheduler", wiring))


@click.command("crawler")
def crawler_command() -> None:
    """Lease runs and wishes, and crawl each in a process of its own."""
    from crawler.service import CrawlerService

    wiring = _begin("crawler")
    service = CrawlerService(
        wiring.database,
        wiring.files,
        wiring.clock,
        wiring.settings,
        command("crawl"),
        beat=_beat("crawler", wiring),
    )
    service.run_forever()


@click.command("valkey")
def valkey_command() -> None:
    """Run the embedded queue server."""
    die_with_parent()
    settings = Settings.from_env(os.environ)
    folder = Path(settings.data_dir) / "queue"
    processes.run_valkey(processes.valkey_socket(settings.data_dir), folder)
