"""Commands that run a process: the whole tree, or one of its parts."""

import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import structlog

from foundation.errors import Unavailable
from foundation.queue import work
from foundation.settings import Settings
from webui import processes
from webui.processes import Stop, die_with_parent, loop
from webui.supervisor import Child, Supervisor, command, folder_lock

log = structlog.get_logger()
VALKEY_PATIENCE_SECONDS = 10.0


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
    """Start the process tree and keep it alive until told to stop. `prepared` is called when all have started."""
    with folder_lock(settings.data_dir):
        names = ["web", "worker", "indexer", "scheduler", "crawler"]
        children = [Child(name, command(name)) for name in names] + list(extra)
        if not settings.redis_url:
            children.insert(0, Child("valkey", command("valkey")))
        supervisor = Supervisor(children, Stop().listen())
        try:
            supervisor.start("valkey")
            prepare()
            if not settings.redis_url:
                _wait_for_valkey(settings)
            supervisor.start(*names, *(child.name for child in extra))
            if not quiet:
                click.echo(f"Rà Soát: {settings.base_url}  (Ctrl-C: stop)")
            prepared()
            supervisor.watch()
        finally:
            click.echo("stopping ...")
            supervisor.end()


def prepare() -> None:
    """Migrate, and make the first administrator; in a process of its own, so that the supervisor stays small."""
    import subprocess

    done = subprocess.run(command("migrate"), check=False)
    if done.returncode:
        raise Unavailable("the database could not be prepared", about="database")


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
        "the embedded queue does not answer", about="queue", remedy="run: rasoat doctor"
    )


@click.command("web")
def web_command() -> None:
    """Serve the pages and the API."""
    die_with_parent()
    from waitress import create_server

    from webui.app import create_app
    from webui.wiring import build_from_env

    stop = Stop().listen()
    wiring = build_from_env()
    server = create_server(
        create_app(wiring),
        host=wiring.settings.host,
        port=wiring.settings.port,
        threads=wiring.settings.web_threads,
        ident="",
        clear_untrusted_proxy_headers=True,
    )
    import threading

    threading.Thread(target=server.run, daemon=True).start()
    while not stop.wait(3600):
        pass
    server.close()
    wiring.close()


@click.command("worker")
def worker_command() -> None:
    """Take jobs from the queue."""
    die_with_parent()
    from webui.wiring import build_from_env

    work(build_from_env().redis())


@click.command("indexer")
def indexer_command() -> None:
    """Carry what changed from the database into the search index; rebuild it when asked."""
    die_with_parent()
    from search.index.indexer import Indexer
    from webui.wiring import build_from_env

    stop, wiring = Stop().listen(), build_from_env()
    indexer = Indexer(wiring.database, wiring.index(writer=True), wiring.clock)
    loop("indexer", indexer.run_once, stop, idle_seconds=0.5)


@click.command("scheduler")
def scheduler_command() -> None:
    """Do the recurring duties: seal the audit log, watch clocks, find lost work, keep retention."""
    die_with_parent()
    from webui.schedule import Scheduler
    from webui.wiring import build_from_env

    stop, wiring = Stop().listen(), build_from_env()
    scheduler = Scheduler(wiring.schedules)
    loop("scheduler", scheduler.run_due, stop, idle_seconds=0.5)


@click.command("crawler")
def crawler_command() -> None:
    """Lease runs and wishes, and crawl each in a process of its own."""
    die_with_parent()
    from crawler.service import CrawlerService
    from webui.wiring import build_from_env

    wiring = build_from_env()
    service = CrawlerService(
        wiring.database,
        wiring.files,
        wiring.clock,
        wiring.settings,
        [sys.executable, "-m", "webui.cli", "crawl"],
    )
    service.run_forever()


@click.command("valkey")
def valkey_command() -> None:
    """Run the embedded queue server."""
    die_with_parent()
    settings = Settings.from_env(os.environ)
    folder = Path(settings.data_dir) / "queue"
    processes.run_valkey(processes.valkey_socket(settings.data_dir), folder)
