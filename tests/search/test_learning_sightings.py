"""Which live rules were never met in stored posts, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from foundation.clock import MovableClock
from foundation.database import Database
from search.lab.models import LabRun, PostJudgement
from search.learning import sightings
from search.learning.models import LearnedRule
from search.learning.report import report
from search.learning.sightings import look
from search.models import Intake, PostRow, PostVersion
from search.rules.model import Combination, Pack, Signal, State, Words
from tests.support.decided import Made, judged, make


def pack(*signals: str, **states: State) -> Pack:
    made = [
        Signal(one, "offer", 10, Words(one, one), state=states.get(one, State.LIVE))
        for one in signals
    ]
    both = Combination("both", 5, Words("Cả hai.", "Both."), all=signals[:2])
    return Pack(
        "job", 1, Words("", ""), Words("", ""), (), "", signals=tuple(made), combinations=(both,)
    )


def unmet(database: Database, clock: MovableClock, packs: tuple[Pack, ...]) -> list[str]:
    with database.reading() as session:
        return [one.name for one in report(session, packs, at=clock.now()).unmet]


def hits(database: Database) -> dict[str, LearnedRule]:
    with database.reading() as session:
        return {row.name: row for row in session.scalars(select(LearnedRule))}


def test_only_live_rules_that_counted_nowhere_are_listed(
    database: Database, clock: MovableClock
) -> None:
    packs = (pack("met", "unmet", "draft", draft=State.DRAFT),)
    make(database, clock, [Made([("job/met", 10)])])
    assert look(database, clock, packs) == 1
    assert unmet(database, clock, packs) == ["job/both", "job/unmet"]


def test_a_post_that_comes_later_is_read_once_and_moves_the_last_day(
    database: Database, clock: MovableClock
) -> None:
    packs = (pack("one", "two"),)
    first = clock.now()
    make(database, clock, [Made([("job/one", 10)], text="a")])
    look(database, clock, packs)
    clock.move(timedelta(days=2))
    make(database, clock, [Made([("job/one", 10), ("job/two", 10)], text="b")])
    assert look(database, clock, packs) == 2, "the hour before is read again, on purpose"
    row = hits(database)["job/one"]
    assert (row.first_hit_at, row.last_hit_at) == (first, clock.now())


def test_a_post_that_was_stored_late_is_found_all_the_same(
    database: Database, clock: MovableClock
) -> None:
    packs = (pack("one", "two"),)
    make(database, clock, [Made([("job/one", 10)], text="a")])
    look(database, clock, packs)
    late = clock.now() - timedelta(minutes=30)
    make(database, clock, [Made([("job/two", 10)], text="b", seen_at=late)])
    look(database, clock, packs)
    assert unmet(database, clock, packs) == ["job/both"]


def test_posts_that_were_judged_again_or_edited_are_read_again(
    database: Database, clock: MovableClock
) -> None:
    packs = (pack("one", "two"),)
    old, other = make(database, clock, [Made([], text="a"), Made([], text="b")])
    look(database, clock, packs)
    clock.move(timedelta(days=5))
    make(database, clock, [Made([], text="c")])
    with database.writing() as session:
        run = LabRun(kind="rejudge", created_at=clock.now())
        session.add(run)
        session.flush()
        session.add(
            PostJudgement(
                post_id=old,
                run_id=run.id,
                score=0,
                level="low",
                verdict_kind="other",
                until=clock.now(),
            )
        )
        session.execute(
            update(PostRow).where(PostRow.id == old).values(judgement=judged([("job/one", 10)]))
        )
        session.add(PostVersion(post_id=other, text="b", content_key="k", seen_until=clock.now()))
        values = {"judgement": judged([("job/two", 10)]), "last_seen_at": clock.now()}
        session.execute(update(PostRow).where(PostRow.id == other).values(**values))
    look(database, clock, packs)
    assert unmet(database, clock, packs) == ["job/both"]


def test_a_run_that_takes_too_long_stops_and_the_next_goes_on(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "BATCH", 3)
    packs = (pack("one", "two"),)
    make(database, clock, [Made([("job/one", 10)], text=f"{n}") for n in range(7)])
    assert [look(database, clock, packs, seconds=-1) for _ in range(3)] == [3, 3, 1]


def test_it_says_since_when_and_in_how_many_posts(database: Database, clock: MovableClock) -> None:
    packs = (pack("one", "two"),)
    began = clock.now()
    (post,) = make(database, clock, [Made([])])
    look(database, clock, packs)
    with database.writing() as session:
        source = session.get_one(PostRow, post).source_id
        for days, seen in ((-1, 1000), (0, 20), (3, 300)):
            day = (began + timedelta(days=days)).date()
            session.add(Intake(source_id=source, day=day, seen=seen, kept=0, not_kept=seen))
    clock.move(timedelta(days=4))
    with database.reading() as session:
        found = report(session, packs, at=clock.now()).unmet
    assert {(one.since, one.seen) for one in found} == {(began, 320)}


def test_the_weight_of_today_decides_whether_a_rule_speaks_against(
    database: Database, clock: MovableClock
) -> None:
    make(database, clock, [Made([("job/one", -4)])])
    look(database, clock, (pack("one", "two"),))
    assert hits(database)["job/one"].weight == 10
