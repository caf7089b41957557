"""Comments under their post, what they answer, and the wordings that a post had."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework.triage.thread import LISTED, MOST, Thread, answering, comment_counts, thread
from casework.triage.versions import Version, at_time, shown_in, versions_of
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Actor, Role
from search.models import PostRow, PostVersion, WorkState
from search.preparing import sha256
from tests.support.people import People
from tests.support.posts import Posts

TOPIC = "https://dien-dan.example/t/viec-lam/12"


class Forum:
    """Posts by their address, each answering another."""

    def __init__(self, database: Database, posts: Posts) -> None:
        self.database, self.posts = database, posts

    def post(self, url: str, answers: str = "", **values: Any) -> PostRow:
        return self.posts(url=url, url_key=sha256(url), reply_to=answers, **values)

    def seen(self, actor: Actor, post: PostRow) -> Thread:
        with self.database.reading() as session:
            return thread(session, actor, session.get_one(PostRow, post.id))


@pytest.fixture
def forum(database: Database, clock: MovableClock) -> Forum:
    return Forum(database, Posts(database, clock))


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def ids(found: Thread) -> list[tuple[int, int]]:
    return [(one.post.id, one.depth) for one in found.answers]


class TestThread:
    def test_answers_stand_below_what_they_answer_in_the_order_of_their_time(
        self, forum: Forum, inspector: Actor
    ) -> None:
        hour = timedelta(hours=1)
        topic = forum.post(TOPIC, age=9 * hour)
        late = forum.post(f"{TOPIC}/4", TOPIC, age=5 * hour)
        early = forum.post(f"{TOPIC}/2", TOPIC, age=8 * hour, state=WorkState.KEPT)
        under = forum.post(f"{TOPIC}/3", f"{TOPIC}/2", age=1 * hour, state=WorkState.IN_CASE)
        forum.post("https://dien-dan.example/t/khac/13")
        found = forum.seen(inspector, topic)
        assert ids(found) == [(early.id, 1), (under.id, 2), (late.id, 1)]
        assert (found.total, found.flagged, found.waiting, found.more) == (3, 2, 1, False)
        assert [one.flagged for one in found.answers] == [True, True, False]
        assert found.above is None

    def test_a_comment_knows_the_post_above_it_and_where_the_thread_began(
        self, forum: Forum, inspector: Actor
    ) -> None:
        topic = forum.post(TOPIC)
        first = forum.post(f"{TOPIC}/2", TOPIC)
        second = forum.post(f"{TOPIC}/3", f"{TOPIC}/2")
        third = forum.post(f"{TOPIC}/4", f"{TOPIC}/2")
        found = forum.seen(inspector, second)
        assert found.above is not None
        assert found.above.id == first.id
        assert found.top is not None
        assert found.top.id == topic.id
        assert found.beside == 1
        assert forum.seen(inspector, first).top is None
        assert forum.seen(inspector, third).total == 0

    def test_what_is_answered_may_not_be_stored(self, forum: Forum, inspector: Actor) -> None:
        one = forum.post(f"{TOPIC}/2", TOPIC)
        others = [forum.post(f"{TOPIC}/{number}", TOPIC) for number in range(3, 10)]
        found = forum.seen(inspector, one)
        assert (found.above, found.beside, found.total) == (None, 7, 0)
        assert [other.id for other in found.others] == [other.id for other in others[:5]]

    def test_a_last_slash_makes_no_other_post(self, forum: Forum, inspector: Actor) -> None:
        page = "https://tin.example/bai-viet"
        post = forum.post(f"{page}/")
        comment = forum.post(f"{page}#comment-3", page)
        assert ids(forum.seen(inspector, post)) == [(comment.id, 1)]
        above = forum.seen(inspector, comment).above
        assert above is not None
        assert above.id == post.id

    def test_posts_that_answer_each_other_end(self, forum: Forum, inspector: Actor) -> None:
        one = forum.post(f"{TOPIC}/1", f"{TOPIC}/2")
        two = forum.post(f"{TOPIC}/2", f"{TOPIC}/1")
        own = forum.post(f"{TOPIC}/3", f"{TOPIC}/3")
        found = forum.seen(inspector, one)
        assert ids(found) == [(two.id, 1)]
        assert found.above is not None
        assert found.above.id == two.id
        assert forum.seen(inspector, own) == Thread()

    def test_other_units_comments_are_not_shown(self, forum: Forum, people: People) -> None:
        mine, others = people.unit("Đội 1"), people.unit("Đội 2")
        topic = forum.post(TOPIC, unit_id=mine.id)
        forum.post(f"{TOPIC}/2", TOPIC, unit_id=others.id)
        shared = forum.post(f"{TOPIC}/3", TOPIC)
        found = forum.seen(people.actor(Role.INSPECTOR, unit=mine), topic)
        assert ids(found) == [(shared.id, 1)]

    def test_an_endless_thread_is_cut_and_says_so(
        self, database: Database, forum: Forum, inspector: Actor
    ) -> None:
        topic = forum.post(TOPIC)
        pattern = forum.post(f"{TOPIC}/2", TOPIC)
        names = [c.key for c in PostRow.__table__.columns if c.key != "id"]
        with database.writing() as session:
            for number in range(3, MOST + 5):
                url = f"{TOPIC}/{number}"
                values = {name: getattr(pattern, name) for name in names}
                session.add(PostRow(**{**values, "url": url, "url_key": sha256(url)}))
        found = forum.seen(inspector, topic)
        assert (len(found.answers), found.total, found.more) == (LISTED, MOST, True)

    def test_comments_are_found_without_reading_every_post(
        self, database: Database, forum: Forum, inspector: Actor
    ) -> None:
        if database.is_sqlite:
            asked = select(PostRow.id).where(*answering([TOPIC, f"{TOPIC}/"]))
            plain = asked.compile(database.engine, compile_kwargs={"literal_binds": True})
            with database.engine.connect() as connection:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plain}").all()
            assert "INDEX ix_post_reply_to (reply_to=?)" in str(plan)
        long = f"{TOPIC}/{'x' * 9000}"
        under = forum.post(f"{TOPIC}/2", long)
        assert ids(forum.seen(inspector, forum.post(long))) == [(under.id, 1)]

    def test_lists_ask_once_how_many_answer_each_post(
        self, database: Database, forum: Forum, inspector: Actor
    ) -> None:
        topic, other = forum.post(TOPIC), forum.post("https://tin.example/a")
        for number in (2, 3):
            forum.post(f"{TOPIC}/{number}", TOPIC)
        with database.reading() as session:
            assert comment_counts(session, inspector, [topic, other]) == {topic.id: 2}
            assert comment_counts(session, inspector, []) == {}


AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
FIRST = "Tuyển gấp việc nhẹ lương cao, bao ăn ở, liên hệ 0900 000 123"
SECOND = "Tuyển gấp việc nhẹ lương cao, bao ăn ở, liên hệ 0900 000 456"
THIRD = f"{SECOND}. Không cần bằng cấp, bay ngay trong tuần"


def wordings() -> tuple[Version, ...]:
    """Three wordings, last seen 10, 20 and 30 hours after the first sighting."""
    hours = [AT + timedelta(hours=10 * number) for number in range(4)]
    rows = [
        PostVersion(id=7, title="", text=FIRST, content_key="a", seen_until=hours[1]),
        PostVersion(id=9, title="", text=SECOND, content_key="b", seen_until=hours[2]),
    ]
    post = PostRow(title="", text=THIRD, content_key="c", seen_at=AT, last_seen_at=hours[3])
    return versions_of(post, list(reversed(rows)))


class TestVersions:
    def test_they_are_numbered_from_the_oldest_each_with_its_time(self) -> None:
        one, two, three = wordings()
        assert [each.text for each in (one, two, three)] == [FIRST, SECOND, THIRD]
        assert [each.number for each in (one, two, three)] == [1, 2, 3]
        assert (one.since, one.last_seen) == (AT, AT + timedelta(hours=10))
        assert (two.since, two.last_seen) == (one.last_seen, AT + timedelta(hours=20))
        assert [each.current for each in (one, two, three)] == [False, False, True]

    @pytest.mark.parametrize(("text", "number"), [(FIRST, 1), (SECOND, 2), (THIRD, 3)])
    def test_a_capture_shows_the_version_whose_words_stand_in_it(
        self, text: str, number: int
    ) -> None:
        page = f"Diễn đàn · Đăng nhập\n{text.upper()}\n\nTrả lời   Thích"
        found = shown_in(wordings(), page)
        assert found is not None
        assert found.number == number

    @pytest.mark.parametrize("page", ["", "Trang này không còn tồn tại", "Tuyển gấp việc"])
    def test_a_page_that_shows_none_is_of_no_version(self, page: str) -> None:
        assert shown_in(wordings(), page) is None

    def test_where_only_what_all_share_is_seen_nothing_is_guessed(self) -> None:
        assert shown_in(wordings()[:2], "Tuyển gấp việc nhẹ lương cao, bao ăn ở, liên hệ…") is None

    @pytest.mark.parametrize(
        ("hours", "number"), [(0, 1), (10, 1), (11, None), (20, None), (25, None), (31, 3)]
    )
    def test_the_time_alone_tells_only_where_no_edit_may_lie_between(
        self, hours: int, number: int | None
    ) -> None:
        found = at_time(wordings(), AT + timedelta(hours=hours))
        assert (found.number if found else None) == number
