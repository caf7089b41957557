"""The queue under a second opinion: the same posts, in the same lanes and levels, in another order within them."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.triage.queue import NO_OPINION, Filters, Tab, counts, next_after, queue
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Actor, Role
from search.learning.models import OpinionModel, OpinionState, PostOpinion
from search.models import PostRow
from tests.support.people import People
from tests.support.posts import Posts

LEVELS = ("critical", "high", "medium", "low")


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def filled(database: Database, clock: MovableClock, seed: int, number: int = 60) -> dict[int, int]:
    """Posts of every lane and level, most of them with an opinion; returns the opinions."""
    pick, posts, opinions = random.Random(seed), Posts(database, clock), {}  # noqa: S311
    with database.writing() as session:
        session.add(
            OpinionModel(
                id=1,
                state=OpinionState.MEASURED,
                digest="0" * 64,
                decisions=0,
                kept=0,
                until=clock.now(),
                created_at=clock.now(),
            )
        )
    for _ in range(number):
        post = posts(
            level=pick.choice(LEVELS),
            score=pick.randrange(100),
            urgent=pick.random() < 0.2,
            verdict_kind=pick.choice(["lure", "lure", "help", "news"]),
            age=timedelta(hours=pick.randrange(100)),
        )
        if pick.random() < 0.8:
            opinions[post.id] = pick.randrange(101)
    with database.writing() as session:
        rows = (PostOpinion(post_id=k, model_id=1, value=v) for k, v in opinions.items())
        session.add_all(rows)
    return opinions


def switch(database: Database, state: OpinionState) -> None:
    with database.writing() as session:
        session.get_one(OpinionModel, 1).state = state


def listed(database: Database, who: Actor, clock: MovableClock, tab: Tab) -> list[PostRow]:
    """The whole list, page by page, as a person goes through it."""
    found: list[PostRow] = []
    after = None
    while True:
        with database.reading() as session:
            page = queue(session, who, Filters(tab), at=clock.now(), limit=7, after=after)
        found += [item.post for item in page.items]
        after = page.after
        if after is None:
            assert page.total == len(found)
            return found


def lane(post: PostRow) -> int:
    if post.verdict_kind == "news":
        return 3
    return 0 if post.urgent else 1 if post.verdict_kind == "help" else 2


@pytest.mark.parametrize("seed", range(3))
def test_switching_it_on_changes_no_list_only_the_order_within_a_level(
    database: Database, clock: MovableClock, inspector: Actor, seed: int
) -> None:
    opinions = filled(database, clock, seed)
    for tab in (Tab.QUEUE, Tab.URGENT, Tab.HELP):
        switch(database, OpinionState.OFF)
        before = listed(database, inspector, clock, tab)
        switch(database, OpinionState.ON)
        after = listed(database, inspector, clock, tab)
        assert sorted(post.id for post in after) == sorted(post.id for post in before)
        assert [(lane(p), p.level) for p in after] == [(lane(p), p.level) for p in before]
        expected = sorted(
            before,
            key=lambda p: (
                lane(p),
                LEVELS.index(p.level),
                -opinions.get(p.id, NO_OPINION),
                -p.score,
                p.seen_at,
                p.id,
            ),
        )
        assert [post.id for post in after] == [post.id for post in expected]


@pytest.mark.parametrize("state", [s for s in OpinionState if s is not OpinionState.ON])
def test_while_it_is_off_the_order_is_that_of_the_rules(
    database: Database, clock: MovableClock, inspector: Actor, state: OpinionState
) -> None:
    filled(database, clock, 5, 30)
    switch(database, state)
    found = listed(database, inspector, clock, Tab.QUEUE)
    expected = sorted(
        found, key=lambda p: (lane(p), LEVELS.index(p.level), -p.score, p.seen_at, p.id)
    )
    assert [post.id for post in found] == [post.id for post in expected]


def test_the_next_post_follows_the_same_order(
    database: Database, clock: MovableClock, inspector: Actor
) -> None:
    filled(database, clock, 6, 25)
    switch(database, OpinionState.ON)
    order = [post.id for post in listed(database, inspector, clock, Tab.QUEUE)]
    met, last = [], None
    for _ in order:
        with database.reading() as session:
            last = next_after(session, inspector, Filters(), last, at=clock.now())
        met.append(last)
    assert met == order


def test_counts_know_nothing_of_it(
    database: Database, clock: MovableClock, inspector: Actor
) -> None:
    filled(database, clock, 7, 25)
    found = []
    for state in (OpinionState.OFF, OpinionState.ON):
        switch(database, state)
        with database.reading() as session:
            found.append(counts(session, inspector, at=clock.now()))
            assert len(session.scalars(select(PostRow.id)).all()) == 25
    assert found[0] == found[1]
