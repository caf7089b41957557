"""Commands that bring posts in: one run's process, and the import of a file."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from foundation.errors import InvalidInput
from foundation.people import SYSTEM
from search.models import Source
from webui.wiring import Wiring, build_from_env

if TYPE_CHECKING:
    from crawler.models import Run

IMPORT_PURPOSE = "Nhập dữ liệu từ tệp để rà soát tin tuyển dụng lừa đảo và mua bán người"
IMPORT_BASIS = ("luat116-2025.7.2.d",)


@click.command("crawl")
@click.argument("run_id", type=int)
def crawl_command(run_id: int) -> None:
    """Do one run in this process; the crawler starts it."""
    from crawler.runner import run

    wiring = build_from_env()
    run(run_id, wiring.database, wiring.ingestor, wiring.files, wiring.clock, wiring.settings)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "name", default="", help="Name of the source the posts are put under.")
@click.option("--map", "mapping", multiple=True, help="Column of a field, e.g. --map text=Content")
@click.option("--keep-all", is_flag=True, help="Keep rows that no rule matches too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_command(
    file: Path, name: str, mapping: tuple[str, ...], *, keep_all: bool, as_json: bool
) -> None:
    """Import posts from a CSV or JSONL file; reports each bad row and takes the good ones."""
    from crawler import service_runs
    from crawler.runner import run

    wiring = build_from_env()
    started = time.monotonic()
    with wiring.database.writing() as session, file.open("rb") as stream:
        source = _import_source(session, wiring, name or f"Tệp {file.name}")
        made = service_runs.start_import(
            session,
            SYSTEM,
            source.id,
            wiring.files,
            stream,
            file.name,
            at=wiring.clock.now(),
            config=_mapping(mapping),
            keep_all=keep_all,
        )
        run_id = made.id
    run(run_id, wiring.database, wiring.ingestor, wiring.files, wiring.clock, wiring.settings)
    with wiring.database.reading() as session:
        view = service_runs.run_view(session, SYSTEM, run_id)
        _tell(view.run, time.monotonic() - started, as_json=as_json)
        for error in view.errors if not as_json else ():
            click.echo(
                f"  {error.url or file.name} {error.step}: {error.reason} {error.detail}", err=True
            )
    if view.run.state != "done":
        sys.exit(1)


def _tell(run: "Run", seconds: float, *, as_json: bool) -> None:
    told = {
        "state": run.state,
        "posts": run.posts,
        "kept": run.kept,
        "updated": run.updated,
        "not_kept": run.not_kept,
        "errors": run.errors,
        "seconds": round(seconds, 2),
        "posts_per_second": round(run.posts / seconds) if seconds else 0,
        "process_mib": _peak_mib(),
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(
        f"{told['state']}: {told['posts']} posts, {told['kept']} kept, {told['updated']} updated, "
        f"{told['not_kept']} not kept, {told['errors']} bad rows, {told['seconds']} s"
    )


def _peak_mib() -> int:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit // 2**20


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise InvalidInput(f"--map wants field=column, not {pair!r}", about="map")
    return dict(pair.split("=", 1) for pair in pairs)


def _import_source(session, wiring: Wiring, name: str) -> Source:  # type: ignore[no-untyped-def]
    from crawler.service_sources import SourceInput, create_source

    found = session.scalars(select(Source).where(Source.name == name)).first()
    if found is not None:
        return found
    given = SourceInput(name=name, kind="file", purpose=IMPORT_PURPOSE, legal_basis=IMPORT_BASIS)
    return create_source(session, SYSTEM, given, at=wiring.clock.now())
