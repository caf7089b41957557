"""The crawler process: starts runs in processes of their own, finds dead ones, ends cleanly."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import psutil
import pytest

from crawler import cleaning, runs
from crawler.models import FrontierRow, Run, RunError, RunState
from crawler.service import MAX_SPAWN_FAILURES, CrawlerService
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from search.models import Source
from tests.crawler.forum import OPTIONS, expected, forum
from tests.crawler.office import ROOT, Office, wait_until
from tests.crawler.sites import serving

pytestmark = pytest.mark.net


def service(office: Office, *command: str) -> CrawlerService:
    line = command or (sys.executable, "-m", "tests.crawler.child", str(office.folder))
    return CrawlerService(office.database, office.files, office.clock, office.settings, line)


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def state(office: Office, run_id: int) -> str:
    return office.load(run_id).state


def test_it_crawls_what_waits_and_what_is_due(office: Office) -> None:
    with serving(forum(10)) as site:
        asked = office.run(office.source("html_list", site.address + "/", OPTIONS))
        due = office.source("html_list", site.address + "/?p=1", OPTIONS, every_minutes=60)
        assert service(office).run_to_end() == 3  # one run made, two started
    assert state(office, asked) == RunState.DONE
    assert office.load(asked).kept == expected(10)["kept"]
    with office.database.reading() as session:
        assert session.get_one(Source, due.id).next_run_at > office.clock.now()  # type: ignore[operator]


def test_a_run_whose_process_was_killed_goes_on_at_once(office: Office) -> None:
    crawler = service(office)
    with serving(forum(20)) as site:
        run_id = office.run(office.source("html_list", site.address + "/", OPTIONS))
        crawler.step()
        wait_until(lambda: office.load(run_id).pages > 3)
        first = crawler._children[run_id]
        first.kill()
        first.wait()
        crawler.step()
        assert crawler._children[run_id].pid != first.pid
        crawler._children[run_id].wait()
        crawler.close()
    assert state(office, run_id) == RunState.DONE
    assert office.load(run_id).posts == expected(20)["posts"]


def test_told_to_end_it_ends_its_children_and_their_runs_wait(office: Office) -> None:
    crawler = service(office)
    ended = threading.Thread(target=crawler.run_forever)
    with serving(forum(60)) as site:
        run_id = office.run(office.source("html_list", site.address + "/", OPTIONS))
        ended.start()
        wait_until(lambda: office.load(run_id).pages > 3)
        children = [child.pid for child in crawler._children.values()]
        crawler.stop()
        ended.join(30)
    assert not ended.is_alive()
    assert not any(psutil.pid_exists(pid) for pid in children)
    assert state(office, run_id) == RunState.WAITING
    assert office.load(run_id).leased_by == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_children_die_with_a_service_that_is_killed(office: Office) -> None:
    code = (
        "from pathlib import Path; import sys, time\n"
        "from tests.crawler.office import Office\n"
        "from tests.crawler.test_service import service\n"
        f"crawler = service(Office(Path({str(office.folder)!r})))\n"
        "crawler.step(); time.sleep(60)\n"
    )
    with serving(forum(60)) as site:
        run_id = office.run(office.source("html_list", site.address + "/", OPTIONS))
        parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        wait_until(lambda: office.load(run_id).pages > 3)
        child = int(office.load(run_id).leased_by.rpartition(":")[2])
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        wait_until(lambda: state(office, run_id) == RunState.WAITING)
        wait_until(lambda: not psutil.pid_exists(child) or _is_zombie(child))


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_process_that_cannot_start_is_tried_again_and_then_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = office.run(office.source("rss", "https://a.example/rss"))
    crawler = service(office, sys.executable, "-c", "raise SystemExit(3)")
    now = [time.monotonic()]
    monkeypatch.setattr("crawler.service.monotonic", lambda: now[0])
    for _ in range(MAX_SPAWN_FAILURES):
        crawler.step()
        assert run_id in crawler._children
        crawler._children[run_id].wait()
        crawler._bury()
        now[0] += 120
    assert office.load(run_id).reason_sentence == "The run ended with an error: exit code 3."
    assert state(office, run_id) == RunState.FAILED


def test_a_run_that_gets_nowhere_is_given_up(
    sqlite_database: Database, clock: MovableClock
) -> None:
    with sqlite_database.writing() as session:
        source = Source(name="x", kind="rss", created_at=clock.now())
        session.add(source)
        session.flush()
        run = runs.create(session, source, at=clock.now())
        for _ in range(runs.MAX_RESTARTS + 1):
            runs.take(session, run.id, at=clock.now())
            clock.move(timedelta(minutes=1))
            assert runs.reap(session, at=clock.now()) == 1
        session.refresh(run)
        assert (run.state, run.reason) == (RunState.FAILED, "no_progress")


def test_a_kind_that_nobody_knows_fails_aloud(office: Office) -> None:
    run_id = office.run(office.source("rss", "https://a.example/rss"))
    with office.database.writing() as session:
        session.get_one(Run, run_id).source.kind = "gopher"
    office.finish(office.start(run_id))
    assert office.load(run_id).reason_sentence == "No kind of source is called gopher."


def test_what_runs_leave_behind_is_forgotten_in_time(
    sqlite_database: Database, files: FolderStore, clock: MovableClock
) -> None:
    digest = files.put(b"<p>broken page</p>")
    with sqlite_database.writing() as session:
        source = Source(name="x", kind="rss", created_at=clock.now())
        session.add(source)
        session.flush()
        run = runs.create(session, source, at=clock.now())
        run.state, run.ended_at = RunState.FAILED, clock.now()
        row = {"run_id": run.id, "fingerprint": "a", "url": "https://a.example/", "step": "feed"}
        session.add(FrontierRow(**row))
        error = {"run_id": run.id, "at": clock.now(), "reason": "parser_failed"}
        session.add(RunError(**error, saved_page=digest))
    assert cleaning.clean(sqlite_database, files, clock) == 0
    clock.move(timedelta(days=8))
    assert cleaning.clean(sqlite_database, files, clock) == 1
    assert not files.exists(digest)
    clock.move(timedelta(days=200))
    cleaning.clean(sqlite_database, files, clock)
    with sqlite_database.reading() as session:
        assert session.query(FrontierRow).count() == session.query(RunError).count() == 0


def test_nobody_is_left_behind() -> None:
    children = psutil.Process(os.getpid()).children(recursive=True)
    assert not [child for child in children if "tests.crawler.child" in " ".join(child.cmdline())]
