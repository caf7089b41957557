"""The crawler process: makes runs that are due, starts a process for each, serves wishes, ends cleanly."""

import logging
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from crawler import cleaning, processes, runs
from crawler.budget import limits_of
from crawler.models import Run, RunState
from crawler.sources import KINDS
from crawler.sources.base import Way
from crawler.wishes import serve_wishes
from foundation.clock import Clock
from foundation.database import Database
from foundation.files import FileStore
from foundation.settings import Settings
from search.models import Source

MAX_RUNS = 2
TICK_SECONDS = 1.0
GRACE_SECONDS = 15.0
MAX_SPAWN_FAILURES = 5
CLEAN_EVERY_SECONDS = 3600.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Failures:
    """How often the process of a run ended without having begun, and when to try again."""

    count: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class CrawlerService:
    """The loop of the crawler process.

    `spawn` is the command line of a run's process; the run's id is appended. `beat` is called each round.
    """

    database: Database
    files: FileStore
    clock: Clock
    settings: Settings
    spawn: Sequence[str]
    max_runs: int = MAX_RUNS
    beat: Callable[[], None] = lambda: None
    _children: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _failures: dict[int, _Failures] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _looks: threading.Thread | None = None
    _clean_at: float = 0.0

    def run_once(self) -> int:
        """One round without waiting for anything; returns how much was done. Looks run in a thread beside."""
        if self._looks is None and not self._stopping.is_set():
            self._looks = threading.Thread(target=self._look_forever, name="wishes", daemon=True)
            self._looks.start()
        return self.step()

    def run_forever(self) -> None:
        """Rounds until `stop` or SIGTERM; then children are told to end, their runs wait for the next start."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda *_: self.stop())
        try:
            while not self._stopping.is_set():
                self._guarded(self.run_once)
                self._stopping.wait(TICK_SECONDS)
        except KeyboardInterrupt:
            pass
        finally:
            self.close()

    def run_to_end(self) -> int:
        """One round, waiting for the runs it starts, and one batch of looks; returns how much was done."""
        done = self.step()
        for child in list(self._children.values()):
            child.wait()
        self._bury()
        return done + serve_wishes(self.database, self.files, self.clock, self.settings)

    def stop(self) -> None:
        """End after the present round."""
        self._stopping.set()

    def close(self) -> None:
        """Tell the children to end, wait for them; their runs wait for the next start."""
        self.stop()
        self._end_children()
        if self._looks is not None:
            self._looks.join(GRACE_SECONDS)
            self._looks = None

    def step(self) -> int:
        """Bury what ended, give back, make what is due, start what waits; returns how many of those."""
        done = self._bury()
        with self.database.writing() as session:
            silent = runs.reap(session, at=self.clock.now())
            done += silent + len(make_due_runs(session, self.clock))
            waiting = _startable(session, self.clock.now())
        if silent:
            log.warning("%s runs whose process was silent wait again", silent)
        for run_id in waiting:
            if len(self._children) >= self.max_runs or self._stopping.is_set():
                break
            done += self._start(run_id)
        if monotonic() >= self._clean_at:
            self._clean_at = monotonic() + CLEAN_EVERY_SECONDS
            cleaning.clean(self.database, self.files, self.clock)
        self.beat()
        return done

    def _start(self, run_id: int) -> int:
        failures = self._failures.get(run_id, _Failures())
        if run_id in self._children or monotonic() < failures.not_before:
            return 0
        self._children[run_id] = processes.spawn([*self.spawn, str(run_id)])
        return 1

    def _bury(self) -> int:
        """Give back the runs of processes that have ended; count those that ended before they began."""
        ended = 0
        for run_id, child in list(self._children.items()):
            code = child.poll()
            if code is None:
                continue
            del self._children[run_id]
            ended += 1
            with self.database.writing() as session:
                had_begun = runs.release_dead(session, runs.holder(child.pid))
                run = session.get_one(Run, run_id)
                if run.state == RunState.WAITING and code != 0 and not had_begun:
                    self._failed(run, code)
                else:
                    self._failures.pop(run_id, None)
        return ended

    def _failed(self, run: Run, code: int) -> None:
        failures = self._failures.setdefault(run.id, _Failures())
        failures.count += 1
        failures.not_before = monotonic() + min(2.0**failures.count, 60.0)
        log.warning("the process of run %s ended with %s", run.id, code)
        if failures.count >= MAX_SPAWN_FAILURES:
            run.state, run.ended_at = RunState.FAILED, self.clock.now()
            run.reason, run.reason_detail = "crashed", {"error": f"exit code {code}"}
            self._failures.pop(run.id)

    def _end_children(self) -> None:
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._guarded(self._bury)

    def _look_forever(self) -> None:
        while not self._stopping.is_set():
            if not self._guarded(self._look):
                self._stopping.wait(TICK_SECONDS)

    def _look(self) -> int:
        return serve_wishes(self.database, self.files, self.clock, self.settings)

    def _guarded(self, act: Callable[[], int]) -> int:
        """A round that fails (the database is away, the disk is full) is tried again, aloud."""
        try:
            return act()
        except Exception:
            log.exception("a round of the crawler failed")
            self._stopping.wait(TICK_SECONDS)
            return 0


def _startable(session: Session, now: datetime) -> list[int]:
    """Runs that wait and may begin, the oldest first."""
    due = or_(Run.not_before.is_(None), Run.not_before <= now)
    query = select(Run.id).where(Run.state == RunState.WAITING, due)
    return list(session.scalars(query.order_by(Run.id).limit(50)))


def make_due_runs(session: Session, clock: Clock) -> list[Run]:
    """A run for each source that is due; by compare-and-set, so that two crawlers make one."""
    now, made = clock.now(), []
    due = session.scalars(
        select(Source).where(
            Source.active.is_(True), Source.every_minutes > 0, Source.next_run_at <= now
        )
    ).all()
    for source in due:
        kind = KINDS.get(source.kind)
        opens = limits_of(session, source.id).opens(now)
        later = opens if opens > now else now + timedelta(minutes=source.every_minutes)
        moved = session.execute(
            update(Source)
            .where(Source.id == source.id, Source.next_run_at == source.next_run_at)
            .values(next_run_at=later)
            .execution_options(synchronize_session=False)
        ).rowcount  # type: ignore[attr-defined]
        session.refresh(source, ["next_run_at"])
        if opens > now:
            continue
        if moved and kind and kind.way == Way.CRAWL and runs.open_run(session, source.id) is None:
            made.append(runs.create(session, source, at=now))
    return made
