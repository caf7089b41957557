"""Posts that nobody decided on: which go when their day has come, which wait, and what is said beforehand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.triage import service
from casework.triage.leaving import leaving, spare
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from search.models import PostRow, WorkState
from search.retention import purge
from tests.support.people import People
from tests.support.posts import Posts


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def left(database: Database) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(select(PostRow.id)))


def test_what_people_brought_and_cries_for_help_wait_for_a_person(
    database: Database, posts: Posts, clock: MovableClock
) -> None:
    waiting = [posts(origin=origin).id for origin in ("citizen", "manual", "import")]
    waiting.append(posts(verdict_kind="help").id)
    found = posts().id
    dismissed = posts(origin="citizen", state=WorkState.DISMISSED).id
    clock.move(timedelta(days=91))
    assert purge(database, clock).posts == 2
    assert left(database) == set(waiting)
    assert not {found, dismissed} & left(database)


def test_what_an_officer_put_into_the_help_lane_waits_too(
    database: Database, posts: Posts, clock: MovableClock, people: People
) -> None:
    inspector = people.actor(Role.INSPECTOR)
    called, other = posts(), posts()
    keep_for = timedelta(days=90)
    with database.writing() as session:
        service.dismiss(session, inspector, called.id, "needs_help", keep_for, at=clock.now())
    with database.writing() as session:
        assert leaving(session, inspector, at=clock.now() + keep_for).posts == 1
        spare(session)
    clock.move(timedelta(days=91))
    purge(database, clock)
    assert left(database) == {called.id}
    assert posts.load(called.id).retain_until is None
    assert other.id != called.id


def test_what_goes_within_seven_days_is_counted_for_those_who_may_see_it(
    database: Database, posts: Posts, clock: MovableClock, people: People
) -> None:
    here, there = people.unit("Phòng Một"), people.unit("Phòng Hai")
    mine, theirs = (people.actor(Role.INSPECTOR, unit=unit) for unit in (here, there))
    first = clock.now() + timedelta(days=2)
    posts(retain_until=first, unit_id=here.id)
    posts(retain_until=clock.now() + timedelta(days=6))
    posts(retain_until=clock.now() + timedelta(days=8))
    posts(retain_until=first, state=WorkState.DISMISSED)
    posts(retain_until=first, origin="citizen")
    with database.reading() as session:
        found = leaving(session, mine, at=clock.now())
        assert (found.posts, found.first) == (2, first)
        assert leaving(session, theirs, at=clock.now()).posts == 1
