"""Campaigns: exact copies, near copies and shared contacts find each other, on both databases."""

import random

import pytest
from sqlalchemy import select

from foundation.clock import MovableClock
from foundation.database import Database
from search import campaigns
from search.campaigns import HUB, SIMILAR, jaccard, shingles, signature
from search.models import Campaign, PostBand, PostRow
from search.preparing import sha256
from search.text import fold
from tests.support.posts import Posts

LONG = (
    "tuyển người đi làm xa nhà lương cao việc nhẹ bao ăn ở xe đón tận nơi liên hệ sớm không cần "
    "bằng cấp tuổi từ mười tám đến ba mươi ưu tiên bạn trẻ chịu khó chăm chỉ thật thà hòa đồng vui vẻ"
)
EDITED = LONG.replace("xe đón tận nơi", "xe đưa đón tận nhà")
OTHER = (
    "bán lô rau sạch vườn nhà trồng giao tận chợ mỗi sáng thứ bảy giá phải chăng mời cô bác ghé mua"
)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def place(
    database: Database, clock: MovableClock, posts: Posts, *texts: str, **values: object
) -> list[int]:
    """Posts with these texts, put into their campaigns one after the other, as ingest does; their ids."""
    made = [posts(text, text_hash=sha256(fold(text)), **values) for text in texts]
    for post in made:
        with database.writing() as session:
            row = session.get_one(PostRow, post.id)
            campaigns.place(session, row, signature(fold(row.body)), at=clock.now())
    return [post.id for post in made]


def campaign_of(database: Database, *ids: int) -> list[int | None]:
    with database.reading() as session:
        return [session.get_one(PostRow, id_).campaign_id for id_ in ids]


class TestSignature:
    def test_it_is_the_same_in_every_process(self) -> None:
        first = signature("a b c d e").bands[0]
        assert first == signature("a b c d e").bands[0] == -231219316927464635
        assert len(set(signature("a b c d e").bands)) == 16
        assert all(-(2**63) <= band < 2**63 for band in signature("một hai ba bốn").bands)

    def test_short_texts_have_one_shingle_and_empty_ones_none(self) -> None:
        assert shingles("một hai") == {"một hai"}
        assert signature("") == campaigns.Signature(frozenset(), ())

    def test_jaccard_is_the_share_of_common_shingles(self) -> None:
        assert jaccard(shingles("a b c d"), shingles("a b c e")) == pytest.approx(1 / 3)
        assert jaccard(frozenset(), frozenset()) == 0

    @pytest.mark.parametrize("seed", range(40))
    def test_nearly_the_same_texts_share_a_band(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - texts, not secrets
        words = [f"từ{chance.randrange(400)}" for _ in range(120)]
        other = list(words)
        other[chance.randrange(120)] = "khác"
        one, two = signature(" ".join(words)), signature(" ".join(other))
        assert jaccard(one.shingles, two.shingles) > 0.9
        assert set(one.bands) & set(two.bands)


class TestPlacing:
    def test_exact_and_near_copies_share_a_campaign_and_others_do_not(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        ids = place(database, clock, posts, LONG, LONG, EDITED, OTHER)
        first, exact, near, other = campaign_of(database, *ids)
        assert first is not None
        assert first == exact == near
        assert other is None

    def test_copies_in_other_spelling_are_exact(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        first, second = campaign_of(
            database, *place(database, clock, posts, LONG, LONG.upper() + " !!!")
        )
        assert first is not None
        assert first == second

    def test_a_shared_telephone_number_ties_different_texts(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        ids = place(database, clock, posts, LONG, OTHER, contacts=[("phone", "0900000321")])
        first, second = campaign_of(database, *ids)
        assert first is not None
        assert first == second

    def test_a_shared_link_does_not(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        ids = place(database, clock, posts, LONG, OTHER, contacts=[("link", "https://a.example")])
        assert campaign_of(database, *ids) == [None, None]

    def test_a_number_that_stands_everywhere_ties_nothing(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        hub = [("phone", "0900000322")]
        for n in range(HUB + 1):
            posts(f"bài của cửa hàng {n}", contacts=hub, text_hash=sha256(f"hub{n}"))
        ids = place(database, clock, posts, LONG, contacts=hub)
        assert campaign_of(database, *ids) == [None]

    def test_a_post_that_joins_two_campaigns_makes_them_one(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        left = place(database, clock, posts, LONG, LONG)
        right = place(database, clock, posts, OTHER, OTHER, contacts=[("phone", "0900000323")])
        older, younger = campaign_of(database, left[0], right[0])
        assert older != younger
        bridge = place(database, clock, posts, EDITED, contacts=[("phone", "0900000323")])
        assert set(campaign_of(database, *left, *right, *bridge)) == {older}
        with database.reading() as session:
            assert session.get_one(Campaign, younger).merged_into_id == older

    def test_placing_again_after_an_edit_replaces_the_bands(
        self, database: Database, clock: MovableClock, posts: Posts
    ) -> None:
        (post_id,) = place(database, clock, posts, LONG)
        with database.writing() as session:
            row = session.get_one(PostRow, post_id)
            campaigns.forget_bands(session, row)
            row.text = OTHER
            campaigns.place(session, row, signature(fold(OTHER)), at=clock.now())
        with database.reading() as session:
            bands = set(session.scalars(select(PostBand.band).where(PostBand.post_id == post_id)))
        assert bands == set(signature(fold(OTHER)).bands)


def test_near_copies_come_the_most_alike_first_and_never_the_post_itself(
    database: Database, clock: MovableClock, posts: Posts
) -> None:
    ids = place(database, clock, posts, LONG, EDITED, LONG, OTHER)
    with database.reading() as session:
        found = campaigns.near_copies(session, session.get_one(PostRow, ids[0]))
    assert [(row.id, share == 1.0) for row, share in found] == [(ids[2], True), (ids[1], False)]
    assert all(share >= SIMILAR for _, share in found)


def test_members_are_all_posts_of_a_campaign(
    database: Database, clock: MovableClock, posts: Posts
) -> None:
    ids = place(database, clock, posts, LONG, LONG, EDITED)
    (campaign_id,) = set(campaign_of(database, *ids))
    assert campaign_id is not None
    with database.reading() as session:
        assert [row.id for row in campaigns.members(session, campaign_id)] == ids
