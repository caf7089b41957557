"""Every page is counted exactly once, on both databases, whatever one post provokes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import crawler.ledger
from crawler import frontier, runs
from crawler.ledger import Ledger
from crawler.models import FrontierRow, Run, RunError, RunState, SourceState
from crawler.page import Fetch, PageResult, Problem
from crawler.runs import Lease, LeaseLost
from crawler.service_sources import create_source
from crawler.writer import Writer
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import SYSTEM
from search.ingest import Ingestor
from search.models import PostRow
from search.post import Post
from tests.crawler.child import KEY, RETENTION
from tests.crawler.pages import plan
from tests.crawler.test_services import GIVEN
from tests.crawler.words import KEPT_WORD, WordMatcher

BASE = "https://dien-dan.example"
SEED = Fetch(f"{BASE}/", "list")


class Bench:
    """A run that is leased, and what is needed to write for it."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock = database, clock
        self.ingestor = Ingestor(database, WordMatcher, clock, KEY, RETENTION)
        with database.writing() as session:
            source = create_source(session, SYSTEM, GIVEN, at=clock.now())
            self.run_id = runs.create(session, source, at=clock.now()).id
            lease = runs.take(session, self.run_id, at=clock.now())
        self.ledger = self.ledger_for(lease)
        self.plan = plan("rss")

    def ledger_for(self, lease: Lease) -> Ledger:
        from dataclasses import replace

        with self.database.reading() as session:
            source_id = session.get_one(Run, self.run_id).source_id
        return Ledger(
            self.database,
            self.ingestor,
            lease,
            replace(plan("rss"), source_id=source_id),
            self.clock,
        )

    def counters(self) -> tuple[int, int, int, int, int]:
        with self.database.reading() as session:
            run = session.get_one(Run, self.run_id)
            return run.pages, run.posts, run.kept, run.not_kept, run.errors

    def rows(self, model: Any) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(model)).unique())


@pytest.fixture
def bench(database: Database, clock: MovableClock) -> Bench:
    return Bench(database, clock)


def posts(count: int, start: int = 0) -> tuple[Post, ...]:
    """So many posts, every other one kept."""
    return tuple(
        Post(f"{BASE}/{n}", f"Bài {n} {KEPT_WORD if n % 2 == 0 else 'thường'}")
        for n in range(start, start + count)
    )


def test_the_seeds_are_planted_once_and_what_waits_comes_back(bench: Bench) -> None:
    other = Fetch(f"{BASE}/feed", "feed", priority=5, headers={"If-None-Match": "x"}, meta={"n": 1})
    assert bench.ledger.begin([SEED, other]) == [other, SEED]
    bench.ledger.commit([PageResult(SEED.fingerprint)])
    assert bench.ledger.begin([SEED, other]) == [other]
    assert bench.ledger.known() == {SEED.fingerprint, other.fingerprint}


def test_a_page_committed_twice_is_counted_once(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    page = PageResult(
        SEED.fingerprint,
        posts(10),
        follow=(Fetch(f"{BASE}/2"),),
        problems=(Problem("bad_time", SEED.url, "x", {"number": 1}),),
        size=100,
    )
    bench.ledger.commit([page])
    bench.ledger.commit([page])
    assert bench.counters() == (1, 10, 5, 5, 1)
    assert bench.ledger.waiting() == 1
    assert [error.message for error in bench.rows(RunError)] == [
        "Entry 1: the time “?” cannot be read; the post was kept without it."
    ]


def test_a_page_and_those_it_leads_to_may_come_in_one_batch(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    second, third = Fetch(f"{BASE}/2"), Fetch(f"{BASE}/3")
    bench.ledger.commit(
        [
            PageResult(SEED.fingerprint, posts(3), follow=(second,)),
            PageResult(second.fingerprint, posts(3, 3), follow=(third, SEED)),
            PageResult(third.fingerprint, posts(3, 6)),
        ]
    )
    assert bench.counters() == (3, 9, 5, 4, 0)
    assert bench.ledger.waiting() == 0


def test_a_page_with_more_posts_than_a_transaction_takes_is_counted_at_its_end(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ledger.begin([SEED])
    page = PageResult(SEED.fingerprint, posts(250))
    real, calls = crawler.ledger.store, iter(range(100))

    def dies(*args: Any) -> Any:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(crawler.ledger, "store", dies)
    with pytest.raises(KeyboardInterrupt):
        bench.ledger.commit([page])
    assert bench.counters() == (0, 0, 100, 100, 0)
    monkeypatch.undo()
    bench.ledger.commit([page])
    assert bench.counters() == (1, 250, 125, 125, 0)


def test_a_post_that_cannot_be_stored_costs_only_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ledger.begin([SEED])
    real = Ingestor.prepare

    def chokes(self: Ingestor, given: list[Post], **options: Any) -> Any:
        if any(post.url.endswith("/4") for post in given):
            raise ValueError("unspeakable")
        return real(self, given, **options)

    monkeypatch.setattr(Ingestor, "prepare", chokes)
    bench.ledger.commit([PageResult(SEED.fingerprint, posts(10))])
    assert bench.counters() == (1, 10, 4, 5, 1)
    (error,) = bench.rows(RunError)
    assert (error.reason, error.url) == ("store_failed", f"{BASE}/4")


def test_a_database_that_is_busy_for_a_moment_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ledger.begin([SEED])
    monkeypatch.setattr(crawler.ledger, "PATIENCE_SECONDS", (0.0, 0.0))
    real, left = crawler.ledger.store, [2]

    def busy(*args: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return real(*args)

    monkeypatch.setattr(crawler.ledger, "store", busy)
    bench.ledger.commit([PageResult(SEED.fingerprint, posts(4))])
    assert bench.counters() == (1, 4, 2, 2, 0)
    left[0] = 3
    with pytest.raises(OperationalError):
        bench.ledger.commit([PageResult("another", posts(4, 4))])
    assert len(bench.rows(PostRow)) == 2


def test_who_lost_the_lease_writes_nothing(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    with bench.database.writing() as session:
        bench.clock.move(timedelta(minutes=1))
        assert runs.reap(session, at=bench.clock.now()) == 1
        newer = runs.take(session, bench.run_id, at=bench.clock.now())
    with pytest.raises(LeaseLost):
        bench.ledger.commit([PageResult(SEED.fingerprint, posts(4))])
    with pytest.raises(LeaseLost):
        bench.ledger.beat()
    assert bench.counters() == (0, 0, 0, 0, 0)
    assert bench.rows(PostRow) == []
    bench.ledger_for(newer).commit([PageResult(SEED.fingerprint, posts(4))])
    assert bench.counters() == (1, 4, 2, 2, 0)


def test_a_batch_ends_pages_that_other_pages_of_it_lead_to_and_each_page_once(bench: Bench) -> None:
    second, third, other = (Fetch(f"{BASE}/{number}") for number in (2, 3, 4))
    bench.ledger.begin([SEED])
    bench.ledger.commit(
        [
            PageResult(SEED.fingerprint, posts(2), (second, other)),
            PageResult(second.fingerprint, posts(2, 2), (third, SEED)),
            PageResult(second.fingerprint, posts(2, 2), (third,)),
            PageResult(third.fingerprint, posts(2, 4)),
            PageResult(Fetch(f"{BASE}/nobody-asked").fingerprint, follow=(Fetch(f"{BASE}/9"),)),
        ]
    )
    states = {row.url: row.state for row in bench.rows(FrontierRow)}
    ended = {SEED.url: "done", second.url: "done", third.url: "done"}
    assert states == {**ended, other.url: "waiting"}
    assert bench.counters()[:2] == (3, 6)
    bench.ledger.commit([PageResult(third.fingerprint, follow=(Fetch(f"{BASE}/5"),))])
    assert len(bench.rows(FrontierRow)) == 4


def test_what_a_source_remembers_is_merged(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    bench.ledger.commit([PageResult(SEED.fingerprint, state={"validators": {"a": 1}, "x": 1})])
    again = Fetch(f"{BASE}/2")
    bench.ledger.begin([])
    with bench.database.writing() as session:
        frontier.remember(session, bench.run_id, [again])
    bench.ledger.commit([PageResult(again.fingerprint, state={"x": 2})])
    (memory,) = bench.rows(SourceState)
    assert memory.state == {"validators": {"a": 1}, "x": 2}


def test_an_ended_run_forgets_its_pages_but_a_failed_one_keeps_them(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    with bench.database.writing() as session:
        (lease,) = [Lease(bench.run_id, session.get_one(Run, bench.run_id).lease_token)]
        runs.finish(session, lease, RunState.FAILED, at=bench.clock.now(), reason="crashed")
        assert session.query(FrontierRow).count() == 1
        session.get_one(Run, bench.run_id).state = RunState.WAITING
        session.flush()
        lease = runs.take(session, bench.run_id, at=bench.clock.now())
        runs.finish(session, lease, RunState.DONE, at=bench.clock.now())
        assert session.query(FrontierRow).count() == 0
        with pytest.raises(LeaseLost):
            runs.finish(session, lease, RunState.DONE, at=bench.clock.now())


def test_the_writer_hands_on_what_stopped_it(bench: Bench) -> None:
    bench.ledger.begin([SEED])
    with bench.database.writing() as session:
        run = session.get_one(Run, bench.run_id)
        run.lease_token = "somebody else's"
    writer = Writer(bench.ledger)
    writer.start()
    writer.put(PageResult(SEED.fingerprint, posts(2)))
    with pytest.raises(LeaseLost):
        writer.close()


def test_the_writer_commits_within_a_second_and_hears_of_a_stop(bench: Bench) -> None:
    import time

    bench.ledger.begin([SEED])
    writer = Writer(bench.ledger)
    writer.start()
    writer.put(PageResult(SEED.fingerprint, posts(2)))
    until = time.monotonic() + 1.5
    while bench.counters()[0] == 0 and time.monotonic() < until:
        time.sleep(0.05)
    assert bench.counters() == (1, 2, 1, 1, 0)
    with bench.database.writing() as session:
        runs.request_stop(session, session.get_one(Run, bench.run_id), at=bench.clock.now())
    while not writer.stop_requested and time.monotonic() < until + 2:
        time.sleep(0.05)
    assert writer.stop_requested
    writer.close()
