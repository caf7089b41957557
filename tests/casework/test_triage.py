"""Deciding about posts, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework.triage import service
from casework.triage.claims import ClaimedByOther
from casework.triage.models import Decision, Verdict
from casework.triage.queue import Filters, Tab, queue
from casework.triage.service import AlreadyDecided, CountChanged
from foundation import lifecycle
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, Forbidden, InvalidInput, NotFound
from foundation.outbox import OutboxRow
from foundation.people import Actor, Role
from search.models import PostRow, WorkState
from search.store import INDEX_CONSUMER, set_work_state
from tests.support.people import People
from tests.support.posts import Posts

RETENTION = timedelta(days=90)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def index_waits(database: Database) -> set[int]:
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.consumer == INDEX_CONSUMER))
        return {row.thing_id for row in rows}


def test_keeping_flags_the_post_ends_its_retention_and_tells_the_index(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    with database.writing() as session:
        decision = service.keep(session, inspector, post.id, at=clock.now(), note="đáng ngờ")
    after = posts.load(post.id)
    assert (after.state, after.retain_until) == (WorkState.KEPT, None)
    assert (decision.decision, decision.from_state, decision.by_id) == (
        Verdict.KEEP,
        WorkState.NEW,
        inspector.user_id,
    )
    assert index_waits(database) == {post.id}
    with database.reading() as session:
        (row,) = lifecycle.history(session, "post", post.id)
        assert (row.from_state, row.to_state, row.act) == ("new", "kept", "keep")
        assert row.data == {"note": "đáng ngờ"}
        event = session.scalars(select(AuditEvent)).one()
        assert event.action == "post:keep"
        assert "đáng ngờ" not in str(event.detail), "the audit log holds no free text"


def test_dismissing_needs_a_reason_of_the_table_and_sets_the_retention(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    with database.writing() as session, pytest.raises(InvalidInput) as unknown:
        service.dismiss(session, inspector, post.id, "vì thích", RETENTION, at=clock.now())
    assert unknown.value.message_key == "error.triage.no_such_reason"
    clock.move(timedelta(days=3))
    with database.writing() as session:
        service.dismiss(session, inspector, post.id, "not_lure", RETENTION, at=clock.now())
    after = posts.load(post.id)
    assert after.state == WorkState.DISMISSED
    assert after.retain_until == clock.now() + RETENTION


def test_the_reason_other_needs_a_note(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    with database.writing() as session, pytest.raises(InvalidInput) as bare:
        service.dismiss(session, inspector, post.id, "other", RETENTION, at=clock.now(), note="  ")
    assert bare.value.message_key == "error.triage.reason_needs_note"
    with database.writing() as session:
        decision = service.dismiss(
            session, inspector, post.id, "other", RETENTION, at=clock.now(), note="bài thử"
        )
    assert (decision.reason, decision.note) == ("other", "bài thử")


def test_a_victim_who_asks_for_help_moves_to_the_help_lane_and_stays_new(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts("Em bị giữ lại, ai cứu em với")
    with database.writing() as session:
        decision = service.dismiss(
            session, inspector, post.id, "needs_help", RETENTION, at=clock.now()
        )
    assert decision.decision == Verdict.HELP
    assert posts.load(post.id).state == WorkState.NEW
    with database.reading() as session:
        lane = queue(session, inspector, Filters(Tab.HELP), at=clock.now())
        assert [item.post.id for item in lane.items] == [post.id]
        assert lane.items[0].needs_help
    with database.writing() as session:
        service.undo(session, inspector, decision.id, RETENTION, at=clock.now())
    with database.reading() as session:
        assert queue(session, inspector, Filters(Tab.HELP), at=clock.now()).total == 0


def test_deciding_on_what_another_has_claimed_names_who(
    database: Database, posts: Posts, people: People, inspector: Actor, clock: MovableClock
) -> None:
    post, other = posts(), people.actor(Role.INSPECTOR)
    with database.writing() as session:
        service.claim(session, other, post.id, at=clock.now())
    for act in (
        lambda s: service.keep(s, inspector, post.id, at=clock.now()),
        lambda s: service.dismiss(s, inspector, post.id, "old", RETENTION, at=clock.now()),
        lambda s: service.claim(s, inspector, post.id, at=clock.now()),
    ):
        with database.writing() as session, pytest.raises(ClaimedByOther) as taken:
            act(session)
        assert taken.value.detail["name"] == other.name
    assert posts.load(post.id).state == WorkState.NEW
    clock.move(timedelta(minutes=16))
    with database.writing() as session:
        service.keep(session, inspector, post.id, at=clock.now())
    assert posts.load(post.id).state == WorkState.KEPT


def test_the_second_to_decide_is_told_who_was_first(
    database: Database, posts: Posts, people: People, inspector: Actor, clock: MovableClock
) -> None:
    post, other = posts(), people.actor(Role.POLICE)
    with database.writing() as session:
        service.keep(session, other, post.id, at=clock.now())
    with database.writing() as session, pytest.raises(AlreadyDecided) as late:
        service.keep(session, inspector, post.id, at=clock.now())
    assert late.value.detail == {"state": "kept", "name": other.name}


def test_a_post_in_a_case_is_not_decided_about_any_more(
    database: Database, posts: Posts, inspector: Actor, clock: MovableClock
) -> None:
    post = posts()
    with database.writing() as session:
        decision = service.keep(session, inspector, post.id, at=clock.now())
    with database.writing() as session:
        set_work_state(session, [post.id], WorkState.IN_CASE, at=clock.now(), case_id=7)
    with database.writing() as session, pytest.raises(AlreadyDecided):
        service.dismiss(session, inspector, post.id, "old", RETENTION, at=clock.now())
    with database.writing() as session, pytest.raises(Conflict):
        service.undo(session, inspector, decision.id, RETENTION, at=clock.now())
    assert posts.load(post.id).case_id == 7


@pytest.mark.parametrize("role", [Role.REPORT_WRITER, Role.ADMINISTRATOR, Role.APPROVER])
def test_other_roles_do_not_decide(
    database: Database, posts: Posts, people: People, clock: MovableClock, role: Role
) -> None:
    post, actor = posts(), people.actor(role)
    with database.writing() as session, pytest.raises(Forbidden):
        service.keep(session, actor, post.id, at=clock.now())
    assert posts.load(post.id).state == WorkState.NEW


def test_another_units_post_is_as_if_it_were_not_there(
    database: Database, posts: Posts, people: People, clock: MovableClock
) -> None:
    north, south = people.unit("Phòng thử A"), people.unit("Phòng thử B")
    post = posts(unit_id=north.id)
    stranger = people.actor(Role.INSPECTOR, unit=south)
    with database.writing() as session, pytest.raises(NotFound):
        service.keep(session, stranger, post.id, at=clock.now())
    with database.reading() as session:
        assert queue(session, stranger, Filters(), at=clock.now()).total == 0
        own = people.actor(Role.INSPECTOR, unit=north)
        assert queue(session, own, Filters(), at=clock.now()).total == 1


class TestUndo:
    def test_it_brings_back_the_state_before(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        post = posts()
        with database.writing() as session:
            kept = service.keep(session, inspector, post.id, at=clock.now())
            dismissed = service.dismiss(
                session, inspector, post.id, "old", RETENTION, at=clock.now()
            )
        with database.writing() as session:
            service.undo(session, inspector, dismissed.id, RETENTION, at=clock.now())
        assert posts.load(post.id).state == WorkState.KEPT
        assert posts.load(post.id).retain_until is None
        with database.writing() as session:
            service.undo(session, inspector, kept.id, RETENTION, at=clock.now())
        after = posts.load(post.id)
        assert (after.state, after.retain_until) == (WorkState.NEW, clock.now() + RETENTION)

    def test_not_before_the_later_decision(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        post = posts()
        with database.writing() as session:
            kept = service.keep(session, inspector, post.id, at=clock.now())
            service.dismiss(session, inspector, post.id, "old", RETENTION, at=clock.now())
        with database.writing() as session, pytest.raises(Conflict) as later:
            service.undo(session, inspector, kept.id, RETENTION, at=clock.now())
        assert later.value.message_key == "error.triage.later_decision"

    def test_not_twice(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        post = posts()
        with database.writing() as session:
            kept = service.keep(session, inspector, post.id, at=clock.now())
            service.undo(session, inspector, kept.id, RETENTION, at=clock.now())
        with database.writing() as session, pytest.raises(Conflict) as again:
            service.undo(session, inspector, kept.id, RETENTION, at=clock.now())
        assert again.value.message_key == "error.triage.undone_before"

    def test_after_ten_minutes_only_an_approver(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        post = posts()
        with database.writing() as session:
            kept = service.keep(session, inspector, post.id, at=clock.now())
        clock.move(timedelta(minutes=10, seconds=1))
        with database.writing() as session, pytest.raises(Forbidden) as late:
            service.undo(session, inspector, kept.id, RETENTION, at=clock.now())
        assert late.value.message_key == "error.triage.undo_too_late"
        approver = people.actor(Role.APPROVER)
        with database.writing() as session:
            service.undo(session, approver, kept.id, RETENTION, at=clock.now())
        assert posts.load(post.id).state == WorkState.NEW
        with database.reading() as session:
            (decision,) = service.decisions_of(session, post.id)
            assert decision.undone_by_id == approver.user_id

    def test_not_another_persons(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        post = posts()
        with database.writing() as session:
            kept = service.keep(session, inspector, post.id, at=clock.now())
        with database.writing() as session, pytest.raises(Forbidden):
            service.undo(session, people.actor(Role.INSPECTOR), kept.id, RETENTION, at=clock.now())


class TestCampaign:
    def test_one_decision_covers_all_its_new_posts_and_is_taken_back_as_one(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        campaign = posts.campaign()
        copies = [posts(campaign_id=campaign) for _ in range(4)]
        kept_before = posts(campaign_id=campaign, state=WorkState.KEPT)
        with database.writing() as session:
            decisions = service.dismiss_campaign(
                session, inspector, campaign, 4, "duplicate", RETENTION, at=clock.now()
            )
        assert {d.batch_id for d in decisions} == {decisions[0].id}
        assert {posts.load(c.id).state for c in copies} == {WorkState.DISMISSED}
        assert posts.load(kept_before.id).state == WorkState.KEPT
        with database.writing() as session:
            undone = service.undo(session, inspector, decisions[2].id, RETENTION, at=clock.now())
        assert len(undone) == 4
        assert {posts.load(c.id).state for c in copies} == {WorkState.NEW}

    def test_a_count_that_is_no_longer_true_stops_it(
        self, database: Database, posts: Posts, inspector: Actor, clock: MovableClock
    ) -> None:
        campaign = posts.campaign()
        for _ in range(3):
            posts(campaign_id=campaign)
        with database.writing() as session, pytest.raises(CountChanged) as changed:
            service.keep_campaign(session, inspector, campaign, 2, at=clock.now())
        assert changed.value.detail == {"shown": 2, "now": 3}
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Decision)) == 0

    def test_posts_another_person_looks_at_are_left_out(
        self,
        database: Database,
        posts: Posts,
        people: People,
        inspector: Actor,
        clock: MovableClock,
    ) -> None:
        campaign = posts.campaign()
        mine, taken = posts(campaign_id=campaign), posts(campaign_id=campaign)
        with database.writing() as session:
            service.claim(session, people.actor(Role.POLICE), taken.id, at=clock.now())
        with database.writing() as session:
            decisions = service.keep_campaign(session, inspector, campaign, 1, at=clock.now())
        assert [d.post_id for d in decisions] == [mine.id]
        assert posts.load(taken.id).state == WorkState.NEW

    def test_when_one_fails_none_is_decided(
        self,
        database: Database,
        posts: Posts,
        inspector: Actor,
        clock: MovableClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        campaign = posts.campaign()
        copies = [posts(campaign_id=campaign) for _ in range(3)]
        last = copies[-1].id

        def stumble(session: object, post_ids: list[int], *_: object, **__: object) -> None:
            if last in post_ids:
                raise Conflict("somebody was faster")

        monkeypatch.setattr(service, "set_work_state", stumble)
        with pytest.raises(Conflict), database.writing() as session:
            service.keep_campaign(session, inspector, campaign, 3, at=clock.now())
        with database.reading() as session:
            states = session.scalars(select(PostRow.state)).all()
        assert set(states) == {WorkState.NEW}
