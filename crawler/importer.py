"""A run that reads a file: batches of rows, a checkpoint in the commit of each, so that it can be gone on with."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any

from crawler import import_files
from crawler.ledger import Ledger
from crawler.models import RunState
from crawler.page import PageResult, Problem, SourcePlan
from crawler.pipeline import clean
from crawler.sources.file.encoding import SAMPLE_BYTES
from crawler.sources.file.parser import ColumnMissing, Row, inspect, rows
from foundation.errors import NotFound
from foundation.files import FileStore
from search.store import BATCH

BEAT_SECONDS = 1.0
Ending = tuple[RunState, str, Mapping[str, Any]]


def import_file(
    ledger: Ledger,
    plan: SourcePlan,
    files: FileStore,
    params: Mapping[str, Any],
    checkpoint: Mapping[str, Any],
) -> Ending:
    """Import the file that `params["digest"]` names, from the checkpoint on; deletes it at the end."""
    digest = str(params.get("digest", ""))
    try:
        with import_files.open_file(files, digest) as stream:
            layout = inspect(stream.read(SAMPLE_BYTES), plan.config)
    except NotFound:
        return RunState.FAILED, "file_missing", {}
    except ColumnMissing as error:
        files.delete(digest)
        return RunState.FAILED, "column_missing", {"column": str(error)}
    with import_files.open_file(files, digest) as stream, _told_to_end() as told:
        done = int(checkpoint.get("line", 0))
        found = rows(stream, layout, plan.config, plan.platform, done)
        ending = _batches(ledger, found, str(params.get("filename", "")), told)
    if ending[0] != RunState.WAITING:
        files.delete(digest)
    return ending


def _batches(ledger: Ledger, found: Iterator[Row], filename: str, told: threading.Event) -> Ending:
    beat_at = 0.0
    batches = iter(lambda: _take(found), [])
    with closing(ledger.commit_each(_result(batch, filename) for batch in batches)) as written:
        for _ in written:
            if told.is_set():
                return RunState.WAITING, "", {}
            if monotonic() >= beat_at:
                beat_at = monotonic() + BEAT_SECONDS
                if ledger.beat():
                    return RunState.STOPPED, "stopped_by_person", {}
    return RunState.DONE, "", {}


def _take(found: Iterator[Row]) -> list[Row]:
    return [row for _, row in zip(range(BATCH), found, strict=False)]


def _result(batch: list[Row], filename: str) -> PageResult:
    problems = tuple(
        Problem(row.problem.reason, filename, row.problem.step, row.problem.detail)
        for row in batch
        if row.problem is not None
    )
    posts = tuple(clean(row.post) for row in batch if row.post is not None)
    size = sum(len(post.text.encode("utf-8", "replace")) for post in posts)
    return PageResult(
        "", posts=posts, problems=problems, size=size, checkpoint={"line": batch[-1].last_line}
    )


@contextmanager
def _told_to_end() -> Iterator[threading.Event]:
    """Set when SIGTERM comes; only where signals can be heard, in the main thread."""
    told = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = signal.signal(signal.SIGTERM, lambda *_: told.set())
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before)
