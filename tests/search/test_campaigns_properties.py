"""Whatever comes in whatever order: posts, edits, splits, undone merges and splits taken back.

Every post is in at most one living campaign, ids keep their meaning, saved links end at a living campaign,
what a person took apart stays apart, and a number that is everywhere glues nothing.
"""

from collections import Counter
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict
from foundation.people import SYSTEM
from search.campaigns import own_contacts, signature
from search.campaigns.splitting import branch, take_out, undo_merge, undo_split
from search.entities import Entity, EntityKind
from search.models import (
    Campaign,
    CampaignMember,
    CampaignMerge,
    CampaignSplit,
    PostContact,
    PostRow,
    PostVersion,
)
from search.post import Post
from search.preparing import Prepared, sha256
from search.rules.judgement import Judgement
from search.store import Intent, store
from search.text import fold
from tests.conftest import empty_tables
from tests.support.posts import Posts

HUB = 5
FULL = 16
WORDS = (  # noqa: SIM905 - a list of words reads better so
    "ba bốn chợ cá cơm dừa gạo hoa hồng khoai lá mận na nhãn ổi quýt rau sen táo thơm tre vải "
    "xoài bưởi cam chanh đào đu đủ gấc hẹ kê lạc mè"
).split()
FAMILIES = [" ".join(WORDS[start:] + WORDS[:start]) for start in (0, 11, 22)]
Step = tuple[Any, ...]

posts = st.tuples(
    st.just("post"),
    st.lists(
        st.tuples(
            st.integers(0, 2),  # which text
            st.integers(0, 3),  # how it was edited
            st.sets(st.integers(0, 2), max_size=2),  # which contacts
            st.booleans(),  # words of its own, like nobody's
        ),
        min_size=1,
        max_size=5,
    ),
)
edits = st.tuples(st.just("edit"), st.integers(0, 40), st.integers(0, 2))
people = st.tuples(st.sampled_from(["take_out", "undo_merge", "undo_split"]), st.integers(0, 40))
steps = st.lists(st.one_of(posts, posts, edits, people), min_size=3, max_size=18)


def text_of(family: int, edit: int, own: int | None) -> str:
    if own is not None:
        return " ".join(f"riêng{own}x{n}" for n in range(12))
    words = FAMILIES[family].split()
    words[edit * 5 : edit * 5 + (1 if edit else 0)] = [f"khác{edit}"] if edit else []
    return " ".join(words)


class World:
    """One database that steps are done to, and what was seen of it before."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock = database, clock
        self.source_id = Posts(database, clock).source()
        self.made = 0
        self.ids: set[int] = set()

    def do(self, step: Step) -> None:
        self.clock.move(timedelta(minutes=1))
        getattr(self, step[0])(*step[1:])
        self.check()

    def post(self, given: list[tuple[int, int, set[int], bool]]) -> None:
        batch = []
        for family, edit, contacts, own in given:
            self.made += 1
            text = text_of(family, edit, self.made if own else None)
            batch.append(self.prepared(self.made, text, contacts))
        self.store(batch)

    def edit(self, which: int, family: int) -> None:
        if self.made:
            self.store(
                [self.prepared(which % self.made + 1, text_of(family, 1, None), {which % 3})]
            )

    def store(self, batch: list[Prepared]) -> None:
        at = self.clock.now()
        with self.database.writing() as session:
            store(session, batch, Intent(self.source_id, at, at + timedelta(days=90)))

    def prepared(self, number: int, text: str, contacts: set[int]) -> Prepared:
        url, folded = f"https://dien-dan.example/{number}", fold(text)
        return Prepared(
            Post(url=url, text=text),
            sha256(url),
            sha256(text),
            b"d" * 16,
            Judgement.none(),
            "1",
            text_hash=sha256(folded),
            entities=tuple(
                Entity(EntityKind.PHONE, f"+8490000000{each}", "x", 0, 1) for each in contacts
            ),
            signature=signature(folded),
        )

    def take_out(self, which: int) -> None:
        with self.database.writing() as session:
            ids = session.scalars(select(PostRow.id).where(PostRow.campaign_id.is_not(None))).all()
            if ids:
                self.tried(take_out, session, ids[which % len(ids)], "không liên quan")

    def undo_merge(self, which: int) -> None:
        with self.database.writing() as session:
            ids = session.scalars(select(CampaignMerge.id)).all()
            if ids:
                self.tried(undo_merge, session, ids[which % len(ids)], "hai nhóm khác nhau")

    def undo_split(self, which: int) -> None:
        with self.database.writing() as session:
            ids = session.scalars(select(CampaignSplit.id)).all()
            if ids:
                with session.begin_nested():
                    self.tried(undo_split, session, ids[which % len(ids)])

    def tried(self, act: Any, session: Any, *args: Any) -> None:
        try:
            with session.begin_nested():
                act(session, SYSTEM, *args, at=self.clock.now())
        except Conflict as refused:
            assert refused.message_key in {  # noqa: PT017 - which refusals are right
                "error.campaign.alone",
                "error.campaign.undone_before",
                "error.campaign.other_split",
            }

    # --- what must always hold ----------------------------------------------------------------------

    def check(self) -> None:
        with self.database.reading() as session:
            campaigns = {one.id: one for one in session.scalars(select(Campaign))}
            posts = list(session.scalars(select(PostRow)).unique())
            members = {one.post_id: one for one in session.scalars(select(CampaignMember))}
            assert self.ids <= campaigns.keys(), "an id that was given is never taken away"
            self.ids = set(campaigns)
            roots = {id_: one.root_id or id_ for id_, one in campaigns.items()}
            for id_, one in campaigns.items():
                assert campaigns[roots[id_]].root_id is None, "a link ends at a living campaign"
                assert (one.merged_into_id is None) == (one.root_id is None)
                family = branch(session, id_)
                if one.root_id is None:
                    assert family == {other for other, root in roots.items() if root == id_}
                    assert id_ == min(family), "the oldest keeps its id"
            for post in posts:
                if post.campaign_id is None:
                    assert post.id not in members
                else:
                    assert roots[members[post.id].home_id] == post.campaign_id
            for split in session.scalars(select(CampaignSplit)):
                if split.undone_at is None:
                    assert roots[split.one_id] != roots[split.other_id], "a split stays split"
            self.check_hubs(session, members)

    def check_hubs(self, session: Any, members: dict[int, CampaignMember]) -> None:
        """Fewer than HUB posts are where they are because of one contact; edits may bring it and take it.

        The first that had it is where it is without it. Where an edit took it from that one, one more may come.
        """
        edited = select(PostVersion.post_id)
        most = HUB if session.scalars(edited).first() is not None else HUB - 1
        held = session.execute(
            select(PostContact.post_id, PostContact.value).where(PostContact.post_id.not_in(edited))
        ).all()
        glued = Counter(
            value
            for post_id, value in {(post_id, value) for post_id, value in held}
            if (one := members.get(post_id)) is not None
            and (one.reason, one.contact_value) == ("contact", value)
        )
        assert all(count <= most for count in glued.values()), glued


@pytest.fixture(scope="module")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('campaigns') / 'rasoat.db'}")
    database.create_all()
    return database


def run(database: Database, clock: MovableClock, given: list[Step]) -> None:
    empty_tables(database)
    small = [
        mock.patch("search.campaigns.relatives.HUB", HUB),
        mock.patch("search.campaigns.lookups.HUB", HUB),
        mock.patch("search.campaigns.grouping.FULL", FULL),
    ]
    with small[0], small[1], small[2]:
        world = World(database, clock)
        for step in given:
            world.do(step)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given=steps)
def test_any_order_of_posts_and_of_what_people_do_keeps_the_promises(
    one_database: Database, clock: MovableClock, given: list[Step]
) -> None:
    run(one_database, clock, given)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given=steps)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_keeps_them_too(
    database: Database, clock: MovableClock, given: list[Step]
) -> None:
    run(database, clock, given)


def test_the_made_up_texts_are_what_the_steps_need() -> None:
    """Edits of one text are near copies, two texts are not: else nothing above would merge or stay apart."""
    from search.campaigns import SIMILAR, jaccard

    marks = [signature(fold(text_of(family, edit, None))) for family in range(3) for edit in (0, 1)]
    assert jaccard(marks[0].shingles, marks[1].shingles) >= SIMILAR
    assert own_contacts([("phone", "+84900000001")])
