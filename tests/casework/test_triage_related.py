"""Contacts seen before, copies of a post, and what triage does with new matches; on both databases."""

from datetime import timedelta

import pytest

from casework.cases.service import open_case
from casework.triage import service
from casework.triage.jobs import take_matches
from casework.triage.related import (
    cases_with_contact,
    contacts_seen,
    copies,
    posts_with_contact,
)
from foundation import lifecycle, outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Actor, Role
from search import campaigns
from search.models import PostRow, WorkState
from search.preparing import sha256
from search.store import TRIAGE_CONSUMER
from search.text import fold
from tests.support.people import People
from tests.support.posts import LURE, Posts

RETENTION = timedelta(days=90)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


class TestContacts:
    def test_they_say_in_how_many_posts_and_cases_they_were_seen(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        phone, link = ("phone", "0900000111"), ("link", "https://lua.example")
        post = posts(contacts=[phone, phone, link])
        two = [posts(contacts=[phone]).id for _ in range(2)]
        with database.writing() as session:
            case = open_case(session, inspector, "Vụ thử", two, at=clock.now()).id
        posts(contacts=[("zalo", "0900000111")])
        with database.reading() as session:
            seen = contacts_seen(session, inspector, session.get_one(PostRow, post.id))
            assert [(one.kind, one.posts, one.cases) for one in seen] == [
                ("phone", 3, 1),
                ("link", 1, 0),
            ]
            shown, total = posts_with_contact(session, inspector, *phone, limit=2)
            assert (len(shown), total) == (2, 3)
            assert cases_with_contact(session, inspector, *phone) == [case]

    def test_another_units_posts_are_not_counted(
        self, database: Database, posts: Posts, people: People
    ) -> None:
        north, south = people.unit("Phòng thử A"), people.unit("Phòng thử B")
        phone = ("phone", "0900000112")
        post = posts(contacts=[phone], unit_id=north.id)
        posts(contacts=[phone], unit_id=south.id, case_id=9, state=WorkState.IN_CASE)
        actor = people.actor(Role.INSPECTOR, unit=north)
        with database.reading() as session:
            (seen,) = contacts_seen(session, actor, session.get_one(PostRow, post.id))
            assert (seen.posts, seen.cases) == (1, 0)
            assert posts_with_contact(session, actor, *phone, limit=9)[1] == 1
            assert cases_with_contact(session, actor, *phone) == []

    def test_another_units_case_is_not_named_though_its_post_is_everybodys(
        self, database: Database, posts: Posts, people: People, clock: MovableClock
    ) -> None:
        north, south = people.unit("Phòng thử A"), people.unit("Phòng thử B")
        phone = ("phone", "0900000113")
        post = posts(contacts=[phone])
        theirs = people.actor(Role.INSPECTOR, unit=south)
        with database.writing() as session:
            case = open_case(session, theirs, "Vụ thử", [post.id], at=clock.now()).id
        mine = people.actor(Role.INSPECTOR, unit=north)
        with database.reading() as session:
            assert cases_with_contact(session, mine, *phone) == []
            assert cases_with_contact(session, theirs, *phone) == [case]
            everybody = people.actor(Role.INSPECTOR)
            assert cases_with_contact(session, everybody, *phone) == [case]

    def test_a_post_without_contacts_has_none(
        self, database: Database, posts: Posts, inspector: Actor
    ) -> None:
        post = posts()
        with database.reading() as session:
            assert contacts_seen(session, inspector, session.get_one(PostRow, post.id)) == []


def test_copies_come_with_what_ties_them_and_how_many_one_decision_covers(
    database: Database, posts: Posts, inspector: Actor, people: People, clock: MovableClock
) -> None:
    alike, police = LURE + " nhé cả nhà", people.actor(Role.POLICE)
    made = [
        posts(text, text_hash=sha256(fold(text)), contacts=[("phone", "0900000113")])
        for text in (LURE, LURE, alike, "Bài khác hẳn nhưng cùng số điện thoại")
    ]
    with database.writing() as session:
        for post in made:
            row = session.get_one(PostRow, post.id)
            campaigns.place(session, row, campaigns.signature(fold(row.body)), at=clock.now())
    with database.writing() as session:
        service.keep(session, inspector, made[1].id, at=clock.now())
        service.claim(session, police, made[3].id, at=clock.now())
    with database.reading() as session:
        found = copies(session, inspector, session.get_one(PostRow, made[0].id), at=clock.now())
    assert [(copy.post.id, copy.relation) for copy in found.others] == [
        (made[1].id, "same_text"),
        (made[2].id, "near_text"),
        (made[3].id, "contact"),
    ]
    assert 0.7 <= found.others[1].share < 1
    assert (found.total, found.new) == (3, 2), "kept ones and those another looks at are left out"


def test_a_post_of_no_campaign_has_no_copies(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    with database.reading() as session:
        found = copies(session, inspector, session.get_one(PostRow, post.id), at=clock.now())
    assert (found.campaign_id, found.total, found.new) == (None, 0, 0)


class TestTakingMatches:
    def tell(self, database: Database, clock: MovableClock, *ids: int) -> None:
        with database.writing() as session:
            outbox.put(session, TRIAGE_CONSUMER, ids, at=clock.now())

    def test_a_new_post_begins_its_history_once(
        self, database: Database, posts: Posts, clock: MovableClock
    ) -> None:
        post = posts()
        for _ in range(2):
            self.tell(database, clock, post.id)
            assert take_matches(database, clock, RETENTION) == 1
        with database.reading() as session:
            (step,) = lifecycle.history(session, "post", post.id)
            assert (step.act, step.to_state, step.actor_id) == ("flag", "new", None)
            assert outbox.pending(session, TRIAGE_CONSUMER) == 0

    def test_a_dismissed_post_that_was_edited_comes_back(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        edited, same = posts("Bán rau sạch"), posts("Bán rau sạch loại hai")
        self.tell(database, clock, edited.id, same.id)
        take_matches(database, clock, RETENTION)
        with database.writing() as session:
            for post in (edited, same):
                service.dismiss(session, inspector, post.id, "old", RETENTION, at=clock.now())
        with database.writing() as session:
            session.get_one(PostRow, edited.id).content_key = sha256("Việc nhẹ lương cao")
        clock.move(timedelta(days=1))
        self.tell(database, clock, edited.id, same.id)
        take_matches(database, clock, RETENTION)
        assert posts.load(edited.id).state == WorkState.NEW
        assert posts.load(edited.id).retain_until == clock.now() + RETENTION
        assert posts.load(same.id).state == WorkState.DISMISSED
        with database.reading() as session:
            last = lifecycle.history(session, "post", edited.id)[-1]
            assert (last.act, last.reason, last.actor_name) == ("return", "edited", "system")

    def test_an_edited_post_that_was_kept_stays_kept(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        post = posts()
        self.tell(database, clock, post.id)
        take_matches(database, clock, RETENTION)
        with database.writing() as session:
            service.keep(session, inspector, post.id, at=clock.now())
            session.get_one(PostRow, post.id).content_key = sha256("khác")
        self.tell(database, clock, post.id)
        take_matches(database, clock, RETENTION)
        assert posts.load(post.id).state == WorkState.KEPT

    def test_a_post_that_is_gone_is_let_go(self, database: Database, clock: MovableClock) -> None:
        self.tell(database, clock, 4711)
        assert take_matches(database, clock, RETENTION) == 1
        with database.reading() as session:
            assert outbox.pending(session, TRIAGE_CONSUMER) == 0
