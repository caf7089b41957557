"""Recurring duties: one of a name at a time on the queue, none for nothing; retention deletes what is due."""

from datetime import timedelta

import pytest

from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Unavailable
from foundation.queue import JobRegistry, RqQueue, connect, work
from foundation.settings import Settings
from search.models import NotKept, PostRow, WorkState
from search.retention import purge
from search.store import INDEX_CONSUMER
from tests.support.office import wire
from tests.support.posts import Posts
from webui.schedule import PING, Schedule, Scheduler


class CountingQueue:
    """Remembers what was put; `away` as when the server does not answer."""

    def __init__(self, *, away: bool = False) -> None:
        self.put_names: list[str] = []
        self.away = away

    def put(self, name: str, ids: object = ()) -> None:  # noqa: ARG002 - as the Protocol says
        raise AssertionError("duties are put once")

    def put_once(self, name: str) -> bool:
        if self.away:
            raise Unavailable("the queue does not answer")
        self.put_names.append(name)
        return True

    def length(self) -> int:
        return 0


def test_a_duty_that_is_due_is_done_and_then_rests() -> None:
    done: list[int] = []
    scheduler = Scheduler([Schedule("a", 3600, lambda: done.append(1))])
    scheduler.run_due()
    scheduler.run_due()
    assert done == [1]


def test_queued_duties_go_to_the_queue_and_only_when_wanted() -> None:
    queue = CountingQueue()
    ran: list[str] = []
    duties = [
        Schedule("wanted", 0, lambda: ran.append("wanted"), queued=True),
        Schedule("idle", 0, lambda: ran.append("idle"), queued=True, wanted=lambda: False),
    ]
    Scheduler(duties, queue).run_due()
    assert queue.put_names == ["wanted"]
    assert ran == []


def test_a_duty_that_fails_or_a_queue_that_is_away_keeps_nobody_from_their_work() -> None:
    done: list[int] = []
    duties = [
        Schedule("queued", 0, lambda: None, queued=True),
        Schedule("fails", 0, lambda: 1 / 0),
        Schedule("works", 0, lambda: done.append(1)),
    ]
    scheduler = Scheduler(duties, CountingQueue(away=True))
    scheduler.run_due()
    scheduler.run_due()
    assert done == [1, 1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_queued_duty_is_a_job_that_the_worker_knows(
    settings: Settings, database: Database, clock: MovableClock
) -> None:
    wiring = wire(settings, database, clock)
    queued = {duty.name for duty in wiring.schedules if duty.queued}
    assert {"triage.matches", "evidence.captures", "retention.purge"} <= queued
    assert set(wiring.jobs.names()) == queued | {PING}
    for name in queued:
        wiring.jobs.run(name, ())  # on empty tables: nothing to do, and nothing breaks


def test_a_worker_that_is_away_finds_one_job_of_a_name(queue_url: str) -> None:
    connection = connect(queue_url)
    queue = RqQueue(connection, "once-test")
    assert queue.put_once("retention.purge")
    assert [queue.put_once("retention.purge") for _ in range(20)] == [False] * 20
    assert queue.put_once("triage.matches")
    assert queue.length() == 2
    connection.delete("rq:queue:once-test")
    connection.delete("rq:job:once-retention-purge", "rq:job:once-triage-matches")


def test_registry_names_are_unique() -> None:
    registry = JobRegistry()
    registry.add("a", lambda _ids: None)
    with pytest.raises(ValueError, match="registered twice"):
        registry.add("a", lambda _ids: None)


def test_work_ends_when_nothing_is_left(queue_url: str) -> None:
    work(connect(queue_url), burst=True)


def test_posts_whose_day_has_come_go_with_all_that_hangs_on_them(
    database: Database, clock: MovableClock
) -> None:
    posts = Posts(database, clock)
    due = posts(contacts=[("phone", "0900000123")], retain_until=clock.now() - timedelta(days=1))
    posts(retain_until=clock.now() + timedelta(days=1))
    posts(retain_until=None, state=WorkState.KEPT)
    in_case = posts(retain_until=clock.now() - timedelta(days=1), case_id=7, state=WorkState.CLOSED)
    found = purge(database, clock)
    assert (found.posts, found.held) == (1, 0)
    with database.reading() as session:
        left = {row.id for row in session.query(PostRow)}
        waiting = [one.thing_id for one in outbox.take(session, INDEX_CONSUMER, at=clock.now())]
    assert due.id not in left
    assert in_case.id in left
    assert len(left) == 3
    assert waiting == [due.id], "the index forgets it too"
    assert purge(database, clock).posts == 0, "a second time there is nothing to do"


def test_digests_of_what_was_not_kept_go_after_a_year(
    database: Database, clock: MovableClock
) -> None:
    with database.writing() as session:
        session.add(NotKept(digest=b"o" * 16, seen_at=clock.now() - timedelta(days=366)))
        session.add(NotKept(digest=b"y" * 16, seen_at=clock.now() - timedelta(days=364)))
    assert purge(database, clock).digests == 1
    with database.reading() as session:
        assert [row.digest for row in session.query(NotKept)] == [b"y" * 16]


def test_a_purge_is_written_down_with_its_counts(database: Database, clock: MovableClock) -> None:
    from foundation.audit import AuditEvent

    purge(database, clock)
    posts = Posts(database, clock)
    for _ in range(3):
        posts(retain_until=clock.now())
    purge(database, clock)
    with database.reading() as session:
        event = session.query(AuditEvent).one()
    assert event.action == "retention:purge"
    assert event.detail == {"posts": 3, "digests": 0, "held": 0}
