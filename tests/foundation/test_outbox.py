"""Nothing that was put is passed over, nothing is forgotten that changed meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.outbox import OutboxRow, Waiting


def put(database: Database, clock: MovableClock, *ids: int, consumer: str = "index") -> None:
    with database.writing() as session:
        outbox.put(session, consumer, ids, at=clock.now())


def take(database: Database, clock: MovableClock, consumer: str = "index") -> list[Waiting]:
    with database.reading() as session:
        return outbox.take(session, consumer, at=clock.now())


def done(database: Database, waiting: list[Waiting]) -> None:
    with database.writing() as session:
        outbox.done(session, waiting)


def things(waiting: list[Waiting]) -> list[int]:
    return [one.thing_id for one in waiting]


def test_each_consumer_has_its_own_rows(database: Database, clock: MovableClock) -> None:
    put(database, clock, 3, 1, 1)
    put(database, clock, 9, consumer="triage")
    assert things(take(database, clock)) == [1, 3]
    assert things(take(database, clock, "triage")) == [9]
    with database.reading() as session:
        assert outbox.pending(session) == 3
        assert outbox.pending(session, "index") == 2


def test_what_is_done_is_gone(database: Database, clock: MovableClock) -> None:
    put(database, clock, *range(1, 501))
    taken = take(database, clock)
    assert len(taken) == 500
    done(database, taken[:450])
    assert things(take(database, clock)) == list(range(451, 501))


def test_a_thing_that_changed_after_it_was_taken_waits_again(
    database: Database, clock: MovableClock
) -> None:
    put(database, clock, 1, 2)
    taken = take(database, clock)
    put(database, clock, 2)
    done(database, taken)
    assert things(take(database, clock)) == [2]


def test_a_slow_consumer_does_not_delete_a_row_put_after_another_was_done(
    database: Database, clock: MovableClock
) -> None:
    """Two take the same row; one finishes; the thing changes; the other finishes what it read long ago."""
    put(database, clock, 1)
    fast, slow = take(database, clock), take(database, clock)
    done(database, fast)
    put(database, clock, 1)
    done(database, slow)
    assert things(take(database, clock)) == [1]


def test_a_failure_puts_the_row_off_longer_each_time_and_never_drops_it(
    database: Database, clock: MovableClock
) -> None:
    put(database, clock, 1)
    waits = []
    for _ in range(12):
        (waiting,) = take(database, clock)
        with database.writing() as session:
            outbox.failed(session, waiting, "the index does not answer", at=clock.now())
        assert take(database, clock) == []
        with database.reading() as session:
            row = session.scalars(select(OutboxRow)).one()
        waits.append((row.due_at - clock.now()).total_seconds())
        clock.set(row.due_at)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]
    assert (row.attempts, row.last_error) == (12, "the index does not answer")


def test_a_change_makes_a_row_that_was_put_off_due_at_once(
    database: Database, clock: MovableClock
) -> None:
    put(database, clock, 1)
    (waiting,) = take(database, clock)
    with database.writing() as session:
        outbox.failed(session, waiting, "x" * 5000, at=clock.now())
    put(database, clock, 1)
    (again,) = take(database, clock)
    assert again.attempts == 0
    assert again.version != waiting.version


def test_a_failure_of_an_old_version_does_not_put_off_the_new_one(
    database: Database, clock: MovableClock
) -> None:
    put(database, clock, 1)
    (waiting,) = take(database, clock)
    put(database, clock, 1)
    with database.writing() as session:
        outbox.failed(session, waiting, "too late", at=clock.now())
    assert things(take(database, clock)) == [1]


def test_the_oldest_are_taken_first(database: Database, clock: MovableClock) -> None:
    put(database, clock, 5)
    clock.move(timedelta(seconds=1))
    put(database, clock, 4)
    assert things(take(database, clock)) == [5, 4]
    with database.reading() as session:
        assert things(outbox.take(session, "index", at=clock.now(), limit=1)) == [5]


def test_a_put_that_is_rolled_back_leaves_nothing(database: Database, clock: MovableClock) -> None:
    def fail() -> None:
        with database.writing() as session:
            outbox.put(session, "index", [1], at=clock.now())
            raise RuntimeError("the crawl broke")

    with pytest.raises(RuntimeError):
        fail()
    assert take(database, clock) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_transaction_that_commits_late_is_not_passed_over(
    database: Database, clock: MovableClock
) -> None:
    """The lower number commits after the higher was done: what a cursor over a sequence loses."""
    with database.writing() as late:
        outbox.put(late, "index", [1], at=clock.now())
        late.flush()
        put(database, clock, 2)
        taken = take(database, clock)
        assert things(taken) == [2]
        done(database, taken)
    assert things(take(database, clock)) == [1]


class Office:
    """Things that change and a note of the newest state that a consumer saw of each."""

    def __init__(self, things_count: int) -> None:
        self.state = dict.fromkeys(range(1, things_count + 1), 0)
        self.seen: dict[int, int] = {}
        self.lock = threading.Lock()
        self.finished = threading.Event()

    def change_all(self) -> None:
        with self.lock:
            for thing in self.state:
                self.state[thing] += 1

    def look_at(self, taken: list[Waiting]) -> None:
        with self.lock:
            for one in taken:
                newest = max(self.seen.get(one.thing_id, 0), self.state[one.thing_id])
                self.seen[one.thing_id] = newest


def test_producers_and_consumers_together_lose_nothing(
    database: Database, clock: MovableClock
) -> None:
    """The last state of every thing is seen by a consumer after it was written."""
    office, rounds = Office(5), 12

    def produce() -> None:
        for _ in range(rounds):
            office.change_all()
            put(database, clock, *office.state)

    def consume() -> None:
        last_turn = False
        while not last_turn or take(database, clock):
            last_turn = office.finished.is_set()
            taken = take(database, clock)
            office.look_at(taken)
            done(database, taken)

    with ThreadPoolExecutor(4) as pool:
        consumers = [pool.submit(consume) for _ in range(2)]
        for producer in [pool.submit(produce) for _ in range(2)]:
            producer.result(60)
        office.finished.set()
        for consumer in consumers:
            consumer.result(60)
    assert office.seen == dict.fromkeys(office.state, rounds * 2)
    assert take(database, clock) == []
