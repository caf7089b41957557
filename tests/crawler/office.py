"""A small deployment in a folder: database, files, sources, and runs in processes of their own."""

import signal
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import foundation.audit
import foundation.lifecycle
import foundation.outbox  # noqa: F401
from crawler.models import Run, RunError
from crawler.service_runs import start_run
from crawler.service_sources import SourceInput, create_source
from foundation.clock import SystemClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.people import SYSTEM
from search.ingest import Ingestor
from search.models import NotKept, PostRow, Source
from tests.crawler.child import KEY, RETENTION, settings_of
from tests.crawler.killable import ROOT as ROOT
from tests.crawler.killable import Child, nursery
from tests.crawler.words import WordMatcher


class Office:
    """What a test needs of a deployment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(f"sqlite:///{folder / 'rasoat.db'}")
        self.database.create_all()
        self.files = FolderStore(folder / "files")
        self.clock = SystemClock()
        self.settings = settings_of(folder)
        self.ingestor = Ingestor(self.database, WordMatcher, self.clock, KEY, RETENTION)

    def source(
        self, kind: str, address: str = "", options: Mapping[str, Any] | None = None, **given: Any
    ) -> Source:
        """A new source of that kind."""
        values = {
            "name": f"Nguồn {time.monotonic_ns()}",
            "purpose": "Tìm bài dụ dỗ lao động công khai",
            "legal_basis": ["nd-174-2026"],
            **given,
        }
        wanted = SourceInput(kind=kind, address=address, options=options, **values)
        with self.database.writing() as session:
            return create_source(session, SYSTEM, wanted, at=self.clock.now())

    def run(self, source: Source) -> int:
        """The id of a new run that waits."""
        with self.database.writing() as session:
            return start_run(session, SYSTEM, source.id, at=self.clock.now()).id

    def start(self, run_id: int, *options: str) -> Child:
        """The process of the run."""
        return nursery().start(str(self.folder), str(run_id), *options)

    def crawl(self, source: Source, *options: str) -> Run:
        """Crawl the source to the end in a process of its own; the run as it was left."""
        run_id = self.run(source)
        self.finish(self.start(run_id, *options))
        return self.load(run_id)

    def finish(self, child: Child, timeout: float = 60.0) -> str:
        """Wait for the process; what it printed. Its stderr goes with the failure."""
        out, err = child.communicate(timeout=timeout)
        assert child.returncode == 0, err[-3000:]
        return out.strip()

    def kill(self, child: Child) -> None:
        """kill -9, and nobody tells the database."""
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=10)

    def load(self, run_id: int) -> Run:
        with self.database.reading() as session:
            return session.get_one(Run, run_id)

    def errors(self, run_id: int) -> list[RunError]:
        with self.database.reading() as session:
            query = select(RunError).where(RunError.run_id == run_id).order_by(RunError.id)
            return list(session.scalars(query))

    def reasons(self, run_id: int) -> list[str]:
        return [error.reason for error in self.errors(run_id)]

    def posts(self) -> list[PostRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(PostRow).order_by(PostRow.url)).unique())

    def not_kept(self) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(NotKept)) or 0

    def close(self) -> None:
        self.database.dispose()


def wait_until(what: Callable[[], bool], seconds: float = 40.0) -> None:
    """Wait for something to become true; AssertionError when it does not."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come to pass in time"
        time.sleep(0.02)


def expired(office: Office, run_id: int) -> None:
    """Let the lease of a run whose process has ended lie in the past."""
    with office.database.writing() as session:
        lapse(session, run_id)


def lapse(session: Session, run_id: int) -> None:
    """Let the lease of a run lie in the past, as half a minute of silence would."""
    run = session.get_one(Run, run_id)
    if run.lease_until is not None:
        run.lease_until -= timedelta(minutes=5)
    session.flush()
