"""`rasoat demo`: the whole embedded stack with a practice site, made-up people and a crawl of that site."""

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from foundation.people import SYSTEM, Role
from foundation.settings import Settings
from webui.commands.opening import Progress
from webui.commands.serve import run_tree
from webui.processes import die_with_parent
from webui.supervisor import Child, command

if TYPE_CHECKING:
    from webui.wiring import Wiring

log = structlog.get_logger()
PATIENCE_SECONDS = 150.0
LOOK_SECONDS = 0.5
SOURCE = "Làng Phố (trang thực hành)"
PURPOSE = "Phát hiện tin tuyển dụng lừa đảo và mua bán người trên trang công khai (trang thực hành)"
ROLE_WORDS = {
    Role.INSPECTOR: "Công chức kiểm tra / inspector",
    Role.POLICE: "An ninh mạng / police",
    Role.APPROVER: "Lãnh đạo duyệt / approver",
    Role.REPORT_WRITER: "Lập báo cáo / report writer",
    Role.ADMINISTRATOR: "Quản trị / administrator",
}


@click.command("demo")
@click.option(
    "--port",
    type=int,
    default=8000,
    show_default=True,
    help="Port of the pages; the next free one is taken.",
)
def demo_command(port: int) -> None:
    """Start everything on made-up data: nothing leaves this machine."""
    data = Path(os.environ.get("RASOAT_DATA_DIR", "var/demo"))
    _set_environment(data, free_port(port))
    settings = Settings.from_env(os.environ)
    site_port = _site_port(settings)
    practice = ["--port", str(site_port), "--data", str(settings.data_dir / "practice.db")]
    child = Child("practice", [*command("practice"), *practice], quiet=True)
    click.echo(
        "==> starting the practice site, the queue, web, worker, indexer, scheduler and crawler"
    )
    teller = threading.Thread(
        target=_tell, args=(settings, f"http://127.0.0.1:{site_port}"), daemon=True
    )
    run_tree(settings, extra=[child], prepared=teller.start, quiet=True)


def _site_port(settings: Settings) -> int:
    """The port the practice site had before, since the addresses of its posts hold it."""
    kept = settings.data_dir / "demo-site-port"
    wanted = int(kept.read_text("ascii")) if kept.exists() else settings.port + 1
    port = free_port(wanted if wanted != settings.port else wanted + 1)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(port), "ascii")
    return port


@click.command("practice", hidden=True)
@click.option("--port", type=int, required=True)
@click.option("--data", type=click.Path(path_type=Path), required=True)
def practice_command(port: int, data: Path) -> None:
    """The practice site as a child of the demo."""
    die_with_parent()
    from crawler.practice.__main__ import main

    sys.argv = ["practice", "--port", str(port), "--data", str(data)]
    sys.exit(main())


def _set_environment(data: Path, port: int) -> None:
    fixed = {
        "RASOAT_DATA_DIR": str(data.absolute()),
        "RASOAT_PORT": str(port),
        "RASOAT_DEMO": "yes",
        "RASOAT_PRIVATE_NETWORKS": "127.0.0.0/8",
        "RASOAT_REMOVAL_DISTANCE_SECONDS": "5",
        "RASOAT_AGENCY_PARENT": "Ủy ban nhân dân tỉnh Thực Hành",
        "RASOAT_AGENCY_NAME": "Sở Văn hóa, Thể thao và Du lịch",
        "RASOAT_AGENCY_PLACE": "Thực Hành",
        "RASOAT_CONTACT": "rasoat@demo.example",
        "RASOAT_LOG_LEVEL": "WARNING",
    }
    for name, value in fixed.items():
        os.environ.setdefault(name, value)
    os.environ["RASOAT_DATA_DIR"], os.environ["RASOAT_PORT"] = fixed["RASOAT_DATA_DIR"], str(port)


def free_port(wanted: int) -> int:
    """The port itself when nobody listens there, else the next one that is free."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise click.ClickException(f"no free port from {wanted} on")


def _tell(settings: Settings, site: str) -> None:
    """What goes on beside the process tree; it lives on when this fails."""
    try:
        _show(settings, site)
    except Exception as error:
        log.exception("the demo could not be prepared")
        click.echo(f"!!! {error}\n    delete {settings.data_dir} and try again", err=True)


def _show(settings: Settings, site: str) -> None:
    """Make people and the source, wait for the crawl with a number to watch, then say where to go."""
    from webui.wiring import build

    wiring = build(settings)
    logins = _logins(wiring)
    run_id = _crawl(wiring, site)
    if run_id is not None:
        _watch(wiring, run_id)
        _wait_for_index(wiring)
    width = max(len(words) for words in ROLE_WORDS.values())
    click.echo(f"\n    Rà Soát          {settings.base_url}")
    click.echo(f"    practice site    {site}   (its operator: {site}/quan-tri)\n")
    for role, (email, password) in logins.items():
        click.echo(f"    {ROLE_WORDS[Role(role)]:<{width}}  {email:<28} {password}")
    click.echo("\n    Ctrl-C: stop. The data stays in " + str(settings.data_dir) + "\n")


def _logins(wiring: "Wiring") -> dict[str, tuple[str, str]]:
    """One person per role; made once, then read from a file that only this account may read."""
    kept = wiring.settings.data_dir / "demo-logins.json"
    if kept.exists():
        return {role: tuple(pair) for role, pair in json.loads(kept.read_text("utf-8")).items()}
    from webui.accounts import demo_people

    with wiring.database.writing() as session:
        made = {str(role): pair for role, pair in demo_people(session, wiring).items()}
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(made, file)
    return made


def _crawl(wiring: "Wiring", site: str) -> int | None:
    """The source and its first run; None when the site was crawled before."""
    from sqlalchemy import func, select

    from crawler.models import Run
    from crawler.service_runs import start_run
    from crawler.service_sources import SourceInput, create_source, update_source
    from crawler.sources.html_list.presets import LANG_PHO
    from search.models import Source

    given = SourceInput(
        name=SOURCE,
        kind="html_list",
        purpose=PURPOSE,
        legal_basis=("law116-2025.7.2.d",),
        address=f"{site}/",
        platform="forum",
        every_minutes=60,
        options=LANG_PHO.values,
    )
    with wiring.database.writing() as session:
        now = wiring.clock.now()
        source = session.scalars(select(Source).where(Source.name == SOURCE)).first()
        if source is None:
            source = create_source(session, SYSTEM, given, at=now)
            source.next_run_at = None
        elif source.address != given.address:
            update_source(session, SYSTEM, source.id, given, at=now)
        done = session.scalar(select(func.max(Run.id)).where(Run.source_id == source.id))
        return None if done else start_run(session, SYSTEM, source.id, at=now).id


def _watch(wiring: "Wiring", run_id: int) -> None:
    """How far the first crawl is, until it is over."""
    from crawler.service_runs import run_view

    until, progress, over = time.monotonic() + PATIENCE_SECONDS, Progress(), False
    while not over and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        with wiring.database.reading() as session:
            view = run_view(session, SYSTEM, run_id)
        run, over = view.run, not view.is_open
        line = (
            f"==> crawling the practice site: {run.posts} posts seen, {run.kept} kept, "
            f"{run.not_kept} not kept ({run.pages} pages)"
        )
        progress.show(line)
    progress.end(line if over else line + " - it goes on")


def _wait_for_index(wiring: "Wiring") -> None:
    from foundation import outbox
    from search.store import INDEX_CONSUMER

    until = time.monotonic() + 10
    while time.monotonic() < until:
        with wiring.database.reading() as session:
            if not outbox.pending(session, INDEX_CONSUMER):
                return
        time.sleep(0.2)
