"""Taking campaigns apart: what moves, what stays, what is refused, and chains of merges."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.people import SYSTEM
from search import campaigns
from search.campaigns import pruning, reading, signature
from search.campaigns.splitting import take_out, undo_merge, undo_split
from search.models import CampaignMember, CampaignMerge, CampaignSplit, PostBand, PostRow
from search.preparing import sha256
from search.text import fold
from tests.support.posts import Posts

NAMES = ("bưởi", "cam", "chanh")
TEXTS = [" ".join(f"{name}{n}" for n in range(30)) for name in NAMES]


def contact(number: int) -> tuple[str, str]:
    return ("phone", f"+8490000060{number}")


class Room:
    """Posts that come one after the other, each placed as it comes."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.database, self.clock, self.posts = database, clock, Posts(database, clock)

    def post(self, text: str, *contacts: tuple[str, str]) -> int:
        row = self.posts(text, text_hash=sha256(fold(text)), contacts=list(contacts))
        with self.database.writing() as session:
            stored = session.get_one(PostRow, row.id)
            campaigns.place(session, stored, signature(fold(stored.body)), at=self.clock.now())
        return row.id

    def of(self, post_id: int) -> int:
        found = self.posts.load(post_id).campaign_id
        assert found is not None
        return found

    def pair(self, number: int, *contacts: tuple[str, str]) -> int:
        """A campaign of two copies; its id."""
        self.post(TEXTS[number])
        return self.of(self.post(TEXTS[number], *contacts))

    def chain(self) -> tuple[int, int, int]:
        """Three campaigns: the last became part of the second, and that of the first."""
        first, second, third = (
            self.pair(0, contact(1)),
            self.pair(1, contact(2)),
            self.pair(2, contact(3)),
        )
        self.post("một bài nối chùm hai với chùm ba", contact(2), contact(3))
        self.post("một bài khác nối chùm một với chùm hai", contact(1), contact(2))
        return first, second, third

    def merges(self) -> list[CampaignMerge]:
        with self.database.reading() as session:
            return list(session.scalars(select(CampaignMerge).order_by(CampaignMerge.id)))

    def undo_merge(self, merge_id: int, why: str = "khác nhóm") -> CampaignSplit:
        with self.database.writing() as session:
            return undo_merge(session, SYSTEM, merge_id, why, at=self.clock.now())

    def undo_split(self, split_id: int) -> int:
        with self.database.writing() as session:
            return undo_split(session, SYSTEM, split_id, at=self.clock.now())

    def take_out(self, post_id: int, why: str = "bài của báo") -> CampaignSplit:
        with self.database.writing() as session:
            return take_out(session, SYSTEM, post_id, why, at=self.clock.now())

    def leads(self, campaign_id: int) -> int | None:
        with self.database.reading() as session:
            return campaigns.living(session, campaign_id)


@pytest.fixture
def room(database: Database, clock: MovableClock) -> Room:
    return Room(database, clock)


class TestMerges:
    def test_a_chain_of_merges_leads_every_id_to_the_oldest(self, room: Room) -> None:
        first, second, third = room.chain()
        assert [room.leads(one) for one in (first, second, third)] == [first] * 3
        assert [(one.kept_id, one.gone_id, one.reason) for one in room.merges()] == [
            (second, third, "contact"),
            (first, second, "contact"),
        ]
        assert room.merges()[0].contact_value == "+84900000603"

    def test_undoing_the_later_merge_keeps_the_earlier_one(self, room: Room) -> None:
        first, second, third = room.chain()
        split = room.undo_merge(room.merges()[1].id)
        assert (split.one_id, split.other_id, split.posts) == (first, second, 5)
        assert [room.leads(one) for one in (first, second, third)] == [first, second, second]
        with room.database.reading() as session:
            assert len(campaigns.members(session, second)) == 5

    def test_undoing_the_earlier_merge_takes_its_part_out_of_the_whole(self, room: Room) -> None:
        first, second, third = room.chain()
        room.undo_merge(room.merges()[0].id)
        assert [room.leads(one) for one in (first, second, third)] == [first, first, third]
        room.post("bài nối lần nữa chùm hai với chùm ba", contact(2), contact(3))
        assert room.leads(third) == third, "what was split stays split"

    def test_posts_that_came_since_go_with_the_side_they_joined_by(self, room: Room) -> None:
        first, second, _ = room.chain()
        late = room.post(TEXTS[1])
        assert room.of(late) == first
        room.undo_merge(room.merges()[1].id)
        assert room.of(late) == second

    def test_it_is_refused_twice_without_a_reason_and_for_an_unknown_one(self, room: Room) -> None:
        room.chain()
        merge_id = room.merges()[0].id
        with pytest.raises(InvalidInput):
            room.undo_merge(merge_id, "  ")
        room.undo_merge(merge_id)
        with pytest.raises(Conflict):
            room.undo_merge(merge_id)
        with pytest.raises(NotFound):
            room.undo_merge(4711)


class TestOnePost:
    def test_it_gets_a_campaign_of_its_own_and_its_copies_follow_the_older(
        self, room: Room
    ) -> None:
        campaign = room.pair(0)
        third = room.post(TEXTS[0])
        split = room.take_out(third)
        assert (split.one_id, split.other_id) == (campaign, room.of(third))
        assert room.of(room.post(TEXTS[0])) == campaign
        assert room.of(third) != campaign

    def test_a_post_that_is_alone_is_not_taken_out(self, room: Room) -> None:
        alone = room.post(TEXTS[0])
        with pytest.raises(Conflict):
            room.take_out(alone)
        campaign = room.pair(1)
        with room.database.reading() as session:
            first, _ = campaigns.members(session, campaign)
        room.take_out(first.id)
        with pytest.raises(Conflict):
            room.take_out(first.id)

    def test_taking_a_split_back_makes_one_of_both_and_is_written_down(self, room: Room) -> None:
        campaign = room.pair(0)
        third = room.post(TEXTS[0])
        split = room.take_out(third)
        assert room.undo_split(split.id) == campaign
        assert room.of(third) == campaign
        assert room.leads(split.other_id) == campaign
        with pytest.raises(Conflict):
            room.undo_split(split.id)
        with room.database.reading() as session:
            acts = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
            assert acts == ["campaign:split", "campaign:join"]
            assert "bài của báo" not in str(session.scalars(select(AuditEvent.detail)).all())

    def test_a_split_is_not_taken_back_over_another_that_stands(self, room: Room) -> None:
        room.pair(0)
        one, two = room.post(TEXTS[0]), room.post(TEXTS[0])
        left = room.take_out(one)
        room.take_out(two)
        with room.database.writing() as session:  # the two that were taken out find each other
            sides = sorted((room.of(one), room.of(two)))
            campaigns.placing.merge(
                session, sides[0], sides[1], {"reason": "copy", "share": 0.0}, at=room.clock.now()
            )
        with pytest.raises(Conflict) as refused:
            room.undo_split(left.id)
        assert refused.value.message_key == "error.campaign.other_split"


class TestHubs:
    def test_a_number_that_became_one_ties_no_more_posts(self, room: Room) -> None:
        for n in range(campaigns.HUB):
            room.post(f"bài {n} " + " ".join(f"riêng{n}x{w}" for w in range(9)), contact(9))
        with room.database.reading() as session:
            tied = session.scalar(select(func.count()).select_from(CampaignMember))
            assert tied == campaigns.HUB
            assert reading.hubs(session, [contact(9)]) == {}
        late = room.post(TEXTS[0], contact(9))
        assert room.posts.load(late).campaign_id is None
        with room.database.reading() as session:
            assert reading.hubs(session, [contact(9)]) == {contact(9): campaigns.HUB + 1}


class TestPruning:
    def test_bands_older_than_the_window_go_and_younger_ones_stay(self, room: Room) -> None:
        old = room.post(TEXTS[0])
        room.clock.move(timedelta(days=31))
        young = room.post(TEXTS[1])
        assert pruning.prune_bands(room.database, room.clock) == 16
        assert pruning.prune_bands(room.database, room.clock) == 0
        with room.database.reading() as session:
            left = set(session.scalars(select(PostBand.post_id)))
        assert (old in left, young in left) == (False, True)

    def test_a_merge_whose_post_is_gone_forgets_the_contact(self, room: Room) -> None:
        room.chain()
        merge = room.merges()[0]
        with room.database.writing() as session:
            session.delete(session.get_one(PostRow, merge.post_id))
        assert pruning.forget_contacts(room.database) == 1
        assert room.merges()[0].contact_value == ""
        assert room.merges()[1].contact_value != ""

    def test_copies_that_go_on_for_months_keep_bands_of_their_own(self, room: Room) -> None:
        room.post(TEXTS[0])
        for _ in range(6):
            room.clock.move(timedelta(days=10))
            room.post(TEXTS[0])
            pruning.prune_bands(room.database, room.clock)
        near = room.post(TEXTS[0] + " thêm một chữ")
        with room.database.reading() as session:
            assert session.get_one(CampaignMember, near).reason == "near"


@pytest.mark.parametrize(
    ("kind", "value", "ties"),
    [
        ("phone", "+84900000123", True),
        ("phone", "111", False),
        ("phone", "19001234", False),
        ("phone", "18001234", False),
        ("zalo", "+84900000123", True),
        ("zalo", "zalo", False),
        ("facebook", "groups", False),
        ("facebook", "nguoi.thu", True),
        ("facebook", "https://facebook.com/", False),
        ("telegram", "nguoithu", True),
        ("email", "nguoi.thu@thu.example", True),
        ("email", "no-reply@thu.example", False),
        ("email", "support@facebook.com", False),
        ("link", "https://lua.example/a", False),
        ("hotline", "111", False),
        ("wage", "20000000", False),
        ("bank_account", "0000001234567", True),
    ],
)
def test_only_what_leads_to_somebody_ties(kind: str, value: str, ties: bool) -> None:
    assert campaigns.ties(kind, value) is ties
