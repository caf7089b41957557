"""What people do with runs: ask for a crawl or an import, stop it, look at it live. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler import import_files, runs
from crawler.budget import limits_of
from crawler.models import Run, RunError
from crawler.service_sources import get_source, kind_of
from crawler.sources.base import Way
from crawler.sources.file import KIND as FILE
from crawler.sources.file.convert import as_lines
from crawler.sources.file.form import COLUMNS
from crawler.sources.forms import FieldProblem, FormProblems
from foundation import audit
from foundation.errors import Conflict, NotAllowedInState, NotFound
from foundation.files import FileStore
from foundation.people import Actor
from search.models import Source
from search.post import Origin


@dataclass(frozen=True, slots=True)
class RunView:
    """One run as a page shows it live."""

    run: Run
    waiting_pages: int
    errors: Sequence[RunError]

    @property
    def is_open(self) -> bool:
        return self.run.state in {"waiting", "running"}


def start_run(
    session: Session,
    actor: Actor,
    source_id: int,
    *,
    at: datetime,
    params: Mapping[str, Any] | None = None,
) -> Run:
    """Ask for a crawl of the source now; Conflict when one waits or is under way."""
    source = get_source(session, actor, source_id)
    if kind_of(source.kind).way != Way.CRAWL:
        raise NotAllowedInState("this kind of source is not crawled", about=str(source_id))
    under_way = runs.open_run(session, source_id)
    if under_way is not None:
        raise Conflict(f"run {under_way.id} of this source is not over", about=str(under_way.id))
    run = runs.create(session, source, at=at, actor=actor, params=params)
    opens = limits_of(session, source.id).opens(at)
    run.not_before = opens if opens > at else None
    audit.record(session, actor, "run:start", run.id, at=at, source=source.id)
    return run


def start_import(
    session: Session,
    actor: Actor,
    source_id: int,
    files: FileStore,
    stream: BinaryIO,
    filename: str,
    *,
    at: datetime,
    config: Mapping[str, Any] | None = None,
    keep_all: bool = False,
) -> Run:
    """Ask for the import of a file. It is stored until its run has ended, then deleted.

    `config` overrides the source's own options for this file; `text` means `column_text`, and so on.
    FormProblems names what cannot be taken, Unreadable says why a workbook or mailbox is none.
    `keep_all` keeps rows that no rule
    matches, for files whose every row a person vouches for.
    """
    source = file_source(session, actor, source_id)
    reading = file_config(source, config or {})
    with as_lines(stream) as lines:
        digest, size = import_files.put(files, lines)
    return start_stored_import(
        session, actor, source, digest, size, filename, reading, at=at, keep_all=keep_all
    )


def start_stored_import(
    session: Session,
    actor: Actor,
    source: Source,
    digest: str,
    size: int,
    filename: str,
    reading: Mapping[str, Any],
    *,
    at: datetime,
    keep_all: bool = False,
) -> Run:
    """Ask for the import of a file that `import_files.put` has stored, read as `file_config` says.

    For whoever must not hold a transaction open while a large file is packed.
    """
    params = {
        "digest": digest,
        "filename": filename[:200],
        "size": size,
        "config": dict(reading),
        "keep_all": keep_all,
    }
    run = runs.create(session, source, at=at, actor=actor, params=params, origin=Origin.IMPORT)
    audit.record(session, actor, "run:import", run.id, at=at, source=source.id, size=size)
    return run


def file_source(session: Session, actor: Actor, source_id: int) -> Source:
    """The source, when it is one that takes files."""
    source = get_source(session, actor, source_id)
    if kind_of(source.kind).way != Way.FILE:
        raise NotAllowedInState("this kind of source takes no files", about=str(source_id))
    return source


def file_config(source: Source | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """How a file is read: the source's own options with `given` over them; FormProblems names what is wrong."""
    columns = {name for name, _ in COLUMNS}
    named = {f"column_{key}" if key in columns else key: value for key, value in given.items()}
    names = {option.name for option in FILE.form.options}
    unknown = [FieldProblem(key, "There is no such field.") for key in named if key not in names]
    if unknown:
        raise FormProblems(tuple(unknown))
    return FILE.form.read({**(source.config if source else {}), **named})


def stop_run(session: Session, actor: Actor, run_id: int, *, at: datetime) -> Run:
    """Ask a run to stop; what it has read so far stays."""
    run = get_run(session, actor, run_id)
    if run.state not in {"waiting", "running"}:
        raise NotAllowedInState("the run is over", about=str(run_id))
    runs.request_stop(session, run, at=at)
    audit.record(session, actor, "run:stop", run.id, at=at)
    return run


def get_run(session: Session, actor: Actor, run_id: int) -> Run:
    """The run, or NotFound when there is none that this actor may see."""
    run = session.get(Run, run_id)
    if run is None or not actor.sees_unit(run.unit_id):
        raise NotFound(f"no run {run_id}", about=str(run_id))
    return run


def run_view(session: Session, actor: Actor, run_id: int, *, errors: int = 100) -> RunView:
    """The run with its first errors and the number of pages it has yet to read."""
    run = get_run(session, actor, run_id)
    waiting = runs.waiting_count(session, run_id)
    return RunView(run, waiting, runs.errors_of(session, run_id, limit=errors))


def list_runs(
    session: Session, actor: Actor, source_id: int | None = None, *, limit: int = 50
) -> list[Run]:
    """The newest runs, of one source or of all."""
    query = select(Run).order_by(Run.id.desc()).limit(limit)
    if source_id is not None:
        query = query.where(Run.source_id == source_id)
    return [run for run in session.scalars(query) if actor.sees_unit(run.unit_id)]
