"""The order of the queue, its lanes and filters, claims, and what comes next."""

from datetime import timedelta

import pytest

from casework.triage import service
from casework.triage.claims import ClaimedByOther, claim_minutes, claims_of, colleagues
from casework.triage.queue import Filters, Tab, counts, next_after, queue, waiting_for
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.people import Actor, Role, Setting
from search.models import WorkState
from tests.support.people import People
from tests.support.posts import Posts

RETENTION = timedelta(days=90)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def ids(database: Database, actor: Actor, filters: Filters, clock: MovableClock) -> list[int]:
    with database.reading() as session:
        return [item.post.id for item in queue(session, actor, filters, at=clock.now()).items]


def test_urgent_comes_first_then_help_then_risk_then_age_and_warnings_sink(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    hours = [timedelta(hours=n) for n in range(9)]
    warning = posts(level="critical", score=95, urgent=True, verdict_kind="warning", age=hours[8])
    news = posts(level="high", score=70, verdict_kind="news", age=hours[8])
    low = posts(level="low", score=10, age=hours[7])
    young = posts(level="high", score=70, age=hours[1])
    old = posts(level="high", score=70, age=hours[2])
    critical = posts(level="critical", score=90)
    helping = posts(level="low", score=5, verdict_kind="help")
    urgent = posts(level="medium", score=40, urgent=True)
    expected = [urgent, helping, critical, old, young, low, warning, news]
    assert ids(database, inspector, Filters(), clock) == [post.id for post in expected]
    assert ids(database, inspector, Filters(Tab.URGENT), clock) == [urgent.id]
    assert ids(database, inspector, Filters(Tab.HELP), clock) == [helping.id]


def test_every_page_continues_where_the_last_one_ended(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    made = [posts(score=n % 4, level="low", urgent=n % 5 == 0) for n in range(17)]
    seen: list[int] = []
    after: int | None = None
    for _ in range(10):
        with database.reading() as session:
            page = queue(session, inspector, Filters(), at=clock.now(), limit=5, after=after)
        assert page.total == 17
        seen += [item.post.id for item in page.items]
        after = page.after
        if after is None:
            break
    assert seen == ids(database, inspector, Filters(), clock)
    assert sorted(seen) == [post.id for post in made]


def test_the_page_goes_on_even_when_its_last_post_was_decided_meanwhile(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    first, second, third = (posts(score=score) for score in (90, 80, 70))
    with database.reading() as session:
        page = queue(session, inspector, Filters(), at=clock.now(), limit=2)
    assert page.after == second.id
    with database.writing() as session:
        service.keep(session, inspector, second.id, at=clock.now())
    with database.reading() as session:
        rest = queue(session, inspector, Filters(), at=clock.now(), limit=2, after=second.id)
    assert [item.post.id for item in rest.items] == [third.id]
    assert first.id not in {item.post.id for item in rest.items}


def test_filters_narrow_by_source_platform_level_and_group(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    other = posts.source("Trang thử khác", "facebook")
    plain = posts()
    facebook = posts(source_id=other, platform="facebook")
    risky = posts(level="critical", score=90)
    grouped = posts(groups=["destination", "off_platform"])
    near = posts(groups=["off_platform_x"])
    assert ids(database, inspector, Filters(source_id=other), clock) == [facebook.id]
    assert ids(database, inspector, Filters(platform="facebook"), clock) == [facebook.id]
    assert ids(database, inspector, Filters(level="critical"), clock) == [risky.id]
    assert ids(database, inspector, Filters(group="off_platform"), clock) == [grouped.id]
    assert ids(database, inspector, Filters(group="off%"), clock) == []
    assert ids(database, inspector, Filters(post_ids=(plain.id, near.id)), clock) == [
        plain.id,
        near.id,
    ]
    assert ids(database, inspector, Filters(post_ids=()), clock) == []


def test_what_was_decided_stands_in_its_tab_the_latest_first(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    one, two, three = posts(), posts(), posts()
    with database.writing() as session:
        service.keep(session, inspector, two.id, at=clock.now())
        service.keep(session, inspector, one.id, at=clock.now())
        service.dismiss(session, inspector, three.id, "old", RETENTION, at=clock.now())
    assert ids(database, inspector, Filters(Tab.KEPT), clock) == [one.id, two.id]
    assert ids(database, inspector, Filters(Tab.DISMISSED), clock) == [three.id]
    with database.reading() as session:
        assert counts(session, inspector, at=clock.now()) == {
            Tab.URGENT: 0,
            Tab.HELP: 0,
            Tab.QUEUE: 0,
            Tab.MINE: 0,
            Tab.KEPT: 2,
            Tab.DISMISSED: 1,
        }


class TestClaims:
    def test_a_claimed_post_is_seen_but_not_offered_to_others(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        first, second = posts(score=90), posts(score=80)
        other = people.actor(Role.INSPECTOR)
        with database.writing() as session:
            service.claim(session, other, first.id, at=clock.now())
        with database.reading() as session:
            page = queue(session, inspector, Filters(), at=clock.now())
            assert page.items[0].claim is not None
            assert page.items[0].claim.user.name == other.name
            assert page.items[0].claimed_by_other(inspector)
            assert not page.items[0].claimed_by_other(other)
            assert next_after(session, inspector, Filters(), None, at=clock.now()) == second.id
            assert next_after(session, other, Filters(), None, at=clock.now()) == first.id
            assert waiting_for(session, inspector, at=clock.now()) == 1
            assert waiting_for(session, other, at=clock.now()) == 2
        assert ids(database, other, Filters(Tab.MINE), clock) == [first.id]
        assert ids(database, inspector, Filters(Tab.MINE), clock) == []

    def test_it_runs_out_and_can_be_prolonged(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        post, other = posts(), people.actor(Role.INSPECTOR)
        with database.writing() as session:
            claimed = service.claim(session, inspector, post.id, at=clock.now())
            assert claimed.expires_at == clock.now() + timedelta(minutes=15)
        clock.move(timedelta(minutes=14))
        with database.writing() as session:
            service.claim(session, inspector, post.id, at=clock.now())
        clock.move(timedelta(minutes=14))
        with database.writing() as session, pytest.raises(ClaimedByOther):
            service.claim(session, other, post.id, at=clock.now())
        clock.move(timedelta(minutes=2))
        with database.writing() as session:
            assert service.claim(session, other, post.id, at=clock.now()).user_id == other.user_id

    def test_its_length_is_a_setting(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        with database.writing() as session:
            session.add(Setting(key="triage.claim", value={"minutes": 40}, updated_at=clock.now()))
        post = posts()
        with database.writing() as session:
            assert claim_minutes(session) == 40
            claimed = service.claim(session, inspector, post.id, at=clock.now())
            assert claimed.expires_at == clock.now() + timedelta(minutes=40)

    def test_a_nonsense_setting_falls_back(self, database: Database, clock: MovableClock) -> None:
        with database.writing() as session:
            session.add(
                Setting(key="triage.claim", value={"minutes": "lâu"}, updated_at=clock.now())
            )
            session.flush()
            assert claim_minutes(session) == 15

    def test_release_gives_up_ones_own_only(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        post, other = posts(), people.actor(Role.INSPECTOR)
        with database.writing() as session:
            service.claim(session, inspector, post.id, at=clock.now())
            assert not service.release(session, other, post.id, at=clock.now())
            assert service.release(session, inspector, post.id, at=clock.now())
            assert claims_of(session, [post.id], at=clock.now()) == {}

    def test_handing_over_gives_the_claim_to_a_person_who_may_decide(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        post = posts()
        police, writer = people(Role.POLICE), people(Role.REPORT_WRITER)
        with database.writing() as session, pytest.raises(InvalidInput):
            service.hand_over(session, inspector, post.id, writer.id, at=clock.now())
        with database.writing() as session:
            claimed = service.hand_over(session, inspector, post.id, police.id, at=clock.now())
            assert claimed.handed_over_by_id == inspector.user_id
        clock.move(timedelta(hours=3))
        assert ids(database, police.actor(), Filters(Tab.MINE), clock) == [post.id]
        with database.writing() as session, pytest.raises(ClaimedByOther):
            service.keep(session, inspector, post.id, at=clock.now())

    def test_handing_over_stays_within_those_who_see_the_post(
        self, database: Database, posts: Posts, people: People, clock: MovableClock
    ) -> None:
        north, south = people.unit("Phòng thử A"), people.unit("Phòng thử B")
        actor, near = people.actor(Role.INSPECTOR, unit=north), people(Role.POLICE, unit=north)
        far = people(Role.POLICE, unit=south)
        people(Role.POLICE, unit=north, active=False)
        post = posts(unit_id=north.id)
        with database.writing() as session:
            assert [user.id for user in colleagues(session, actor)] == [near.id]
            with pytest.raises(InvalidInput):
                service.hand_over(session, actor, post.id, far.id, at=clock.now())

    def test_a_decision_ends_the_claim(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        post = posts()
        with database.writing() as session:
            service.claim(session, inspector, post.id, at=clock.now())
            service.keep(session, inspector, post.id, at=clock.now())
            assert claims_of(session, [post.id], at=clock.now()) == {}


def test_next_goes_on_behind_the_post_then_from_the_top_then_ends(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    first, second, third = (posts(score=score) for score in (90, 80, 70))
    with database.reading() as session:

        def after(post_id: int | None) -> int | None:
            return next_after(session, inspector, Filters(), post_id, at=clock.now())

        assert after(None) == first.id
        assert after(first.id) == second.id
        assert after(third.id) == first.id
        assert after(10**6) == first.id
    with database.writing() as session:
        for post in (first, second):
            service.keep(session, inspector, post.id, at=clock.now())
        assert next_after(session, inspector, Filters(), third.id, at=clock.now()) is None


def test_a_closed_post_is_in_no_tab(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    posts(state=WorkState.CLOSED)
    with database.reading() as session:
        assert set(counts(session, inspector, at=clock.now()).values()) == {0}
