"""Commands that bring posts in: one run's process, and the import of a file."""

import gzip
import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Conflict, InvalidInput
from foundation.people import SYSTEM
from search.models import Source
from webui.commands.opening import Progress, opened
from webui.log_lines import configure_logging
from webui.standing import BASIS
from webui.wiring import Wiring, build_from_env

if TYPE_CHECKING:
    from crawler.service_runs import RunView

IMPORT_PURPOSE = "Nhập dữ liệu từ tệp để rà soát tin tuyển dụng lừa đảo và mua bán người"
MAX_TOLD = 1000
LOOK_SECONDS = 0.5


@click.command("crawl")
@click.argument("run_id", type=int)
def crawl_command(run_id: int) -> None:
    """Do one run in this process; the crawler starts it."""
    from crawler.runner import run

    wiring = build_from_env()
    configure_logging(wiring.settings.log_level, process=f"run {run_id}")
    run(run_id, wiring.database, wiring.ingestor, wiring.files, wiring.clock, wiring.settings)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["auto", "csv", "jsonl"]), default="auto")
@click.option("--source", "name", default="", help="Name of the source the posts are put under.")
@click.option("--map", "mapping", multiple=True, help="Column of a field, e.g. --map text=Content")
@click.option("--keep-all", is_flag=True, help="Keep rows that no rule matches too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(
    file: Path, kind: str, name: str, mapping: tuple[str, ...], *, keep_all: bool, as_json: bool
) -> None:
    """Import posts from a CSV or JSONL file (also .gz); tells each bad row and takes the good ones.

    Ends with 1 when the file could not be read, with 3 when rows were bad.
    """
    wiring = opened("import")
    started = time.monotonic()
    config = {**_mapping(mapping), **({} if kind == "auto" else {"format": kind})}
    run_id = _ask(wiring, file, name or f"Tệp {file.name}", config, keep_all=keep_all)
    _carry_out(wiring, run_id)
    view = _view(wiring, run_id, MAX_TOLD)
    seconds = time.monotonic() - started
    if as_json:
        click.echo(json.dumps(_figures(view, seconds), ensure_ascii=False))
    else:
        _tell(view, seconds)
    if view.run.state != "done":
        sys.exit(1)
    if view.run.errors:
        sys.exit(3)


TROUBLES = {
    "old_office": "is a file of an old Excel or Word: save it as .xlsx or CSV",
    "not_a_table": "is a packed file, but no Excel workbook",
    "workbook": "is a workbook that cannot be read: save it again, or as CSV",
    "too_large_unpacked": "is far larger inside than it looks, and was not opened",
}


def _ask(wiring: Wiring, file: Path, name: str, config: dict[str, str], *, keep_all: bool) -> int:
    from crawler.service_runs import start_import
    from crawler.sources.file.convert import Unreadable

    try:
        with wiring.database.writing() as session, _open(file) as stream:
            source = _import_source(session, wiring, name)
            return start_import(
                session,
                SYSTEM,
                source.id,
                wiring.files,
                stream,
                file.name,
                at=wiring.clock.now(),
                config=config,
                keep_all=keep_all,
            ).id
    except Unreadable as error:
        raise InvalidInput(f"{file.name} {TROUBLES[error.reason]}", about=str(file)) from error


def _open(file: Path) -> BinaryIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rb")  # type: ignore[return-value]
    return file.open("rb")


def _carry_out(wiring: Wiring, run_id: int) -> None:
    """Do the run here, unless the crawler of a running deployment was faster; show how far it is."""
    from crawler.runner import run

    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(wiring, run_id, over), daemon=True)
    watcher.start()
    try:
        with suppress(Conflict):
            run(
                run_id,
                wiring.database,
                wiring.ingestor,
                wiring.files,
                wiring.clock,
                wiring.settings,
            )
        while _view(wiring, run_id, 0).is_open:
            time.sleep(LOOK_SECONDS)
    finally:
        over.set()
        watcher.join()


def _watch(wiring: Wiring, run_id: int, over: threading.Event) -> None:
    progress = Progress()
    while not over.wait(LOOK_SECONDS):
        run = _view(wiring, run_id, 0).run
        progress.show(f"==> {run.posts} posts, {run.kept} kept, {run.errors} bad rows")
    progress.end()


def _view(wiring: Wiring, run_id: int, errors: int) -> "RunView":
    from crawler.service_runs import run_view

    with wiring.database.reading() as session:
        return run_view(session, SYSTEM, run_id, errors=errors)


def _figures(view: "RunView", seconds: float) -> dict[str, object]:
    run = view.run
    return {
        "run": run.id,
        "state": run.state,
        "reason": run.reason_sentence,
        "seen": run.posts,
        "kept": run.kept,
        "updated": run.updated,
        "known": run.known,
        "not_kept": run.not_kept,
        "errors": run.errors,
        "seconds": round(seconds, 2),
        "posts_per_second": round(run.posts / seconds) if seconds else 0,
        "peak_mib": _peak_mib(),
        "bad_rows": [
            {"line": one.detail.get("line"), "message": one.message} for one in view.errors
        ],
    }


def _tell(view: "RunView", seconds: float) -> None:
    run = view.run
    for error in view.errors:
        click.echo(f"  {error.message}", err=True)
    if run.errors > len(view.errors):
        click.echo(f"  ... and {run.errors - len(view.errors)} more", err=True)
    click.echo(
        f"{run.state}: {run.posts} posts seen, {run.kept} kept, {run.updated} updated, "
        f"{run.known} known, {run.not_kept} not kept, {run.errors} remarks on rows, {seconds:.1f} s"
    )
    if run.reason:
        click.echo(f"  {run.reason_sentence}", err=True)


def _peak_mib() -> int:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise InvalidInput(f"--map wants field=column, not {pair!r}", about="map")
    return dict(pair.split("=", 1) for pair in pairs)


def _import_source(session: Session, wiring: Wiring, name: str) -> Source:
    from crawler.service_sources import SourceInput, create_source

    found = session.scalars(select(Source).where(Source.name == name)).first()
    if found is not None:
        return found
    given = SourceInput(name=name, kind="file", purpose=IMPORT_PURPOSE, legal_basis=BASIS)
    return create_source(session, SYSTEM, given, at=wiring.clock.now())
