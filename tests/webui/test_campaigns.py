"""The page of a campaign: why its posts belong, where old ids lead, taking apart, what was decided before."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.triage import service
from foundation.audit import AuditEvent
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role, Unit
from foundation.settings import Settings
from search import campaigns
from search.campaigns import HUB, signature
from search.models import CampaignMerge, CampaignSplit, PostRow, WorkState
from search.preparing import sha256
from search.text import fold
from tests.support.desk import Desk, open_desk

LONG = (
    "tuyển người đi làm xa nhà lương cao việc nhẹ bao ăn ở xe đón tận nơi liên hệ sớm không cần "
    "bằng cấp tuổi từ mười tám đến ba mươi ưu tiên bạn trẻ chịu khó chăm chỉ thật thà hòa đồng vui vẻ"
)
EDITED = LONG.replace("xe đón tận nơi", "xe đưa đón tận nhà")
OTHER = (
    "bán lô rau sạch vườn nhà trồng giao tận chợ mỗi sáng thứ bảy giá phải chăng mời cô bác ghé mua"
)
PHONE = ("phone", "+84900000321")


@pytest.fixture
def desk(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Desk:
    return open_desk(settings, sqlite_database, clock)


def placed(desk: Desk, text: str, **values: object) -> int:
    """A post as ingest leaves it: in its campaign."""
    post = desk.posts(text, text_hash=sha256(fold(text)), **values)
    with desk.wiring.database.writing() as session:
        row = session.get_one(PostRow, post.id)
        campaigns.place(session, row, signature(fold(row.body)), at=desk.wiring.clock.now())
    return post.id


def campaign_of(desk: Desk, post_id: int) -> int:
    found = desk.posts.load(post_id).campaign_id
    assert found is not None
    return found


def merged(desk: Desk) -> tuple[int, int, int]:
    """Two campaigns that a third text made one: the ids of both, and of the merge."""
    left, right = placed(desk, LONG), placed(desk, OTHER)
    placed(desk, LONG)
    placed(desk, OTHER, contacts=[PHONE])
    kept, gone = campaign_of(desk, left), campaign_of(desk, right)
    placed(desk, EDITED, contacts=[PHONE])
    with desk.wiring.database.reading() as session:
        (merge,) = session.scalars(select(CampaignMerge))
    assert (merge.kept_id, merge.gone_id) == (kept, gone)
    return kept, gone, merge.id


class TestThePage:
    def test_it_says_of_each_post_why_it_belongs(self, desk: Desk) -> None:
        first = placed(desk, LONG, contacts=[PHONE])
        placed(desk, LONG)
        placed(desk, EDITED)
        placed(desk, OTHER, contacts=[PHONE])
        page = desk.client().get(f"/campaigns/{campaign_of(desk, first)}").text
        for said in (
            f"Campaign {campaign_of(desk, first)} began with it",
            f"Same text as post {first}",
            f"% alike to post {first}",
            f"Shares telephone 0900 000 321 with post {first}",
        ):
            assert said in page, said

    def test_an_id_that_was_merged_leads_to_the_one_that_lives(self, desk: Desk) -> None:
        kept, gone, _ = merged(desk)
        answer = desk.client().get(f"/campaigns/{gone}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/campaigns/{kept}")
        page = desk.client().get(f"/campaigns/{kept}").text
        assert f"Campaign {gone} became part of campaign {kept}" in page

    def test_an_unknown_id_is_not_found_and_an_empty_campaign_says_so(self, desk: Desk) -> None:
        assert desk.client().get("/campaigns/4711").status_code == 404
        empty = desk.posts.campaign()
        assert "has no posts any more" in desk.client().get(f"/campaigns/{empty}").text

    def test_a_thousand_posts_come_in_pages(self, desk: Desk) -> None:
        campaign = desk.posts.campaign()
        for n in range(60):
            desk.posts(f"bài số {n} trong chùm", campaign_id=campaign)
        client = desk.client()
        first, second = (client.get(f"/campaigns/{campaign}?page={page}").text for page in (1, 2))
        assert len(re.findall(r'id="post-\d+"', first)) == 50
        assert len(re.findall(r'id="post-\d+"', second)) == 10
        assert client.get(f"/campaigns/{campaign}?page=99").status_code == 200

    def test_a_number_that_is_everywhere_is_shown_as_what_ties_nobody(self, desk: Desk) -> None:
        for n in range(HUB + 2):
            desk.posts(f"cửa hàng {n} bán rau", contacts=[PHONE])
        first = placed(desk, LONG, contacts=[PHONE])
        placed(desk, LONG, contacts=[PHONE])
        said = f"in {HUB + 4} posts in all, not used to form campaigns"
        assert said in desk.client().get(f"/campaigns/{campaign_of(desk, first)}").text
        assert said in desk.client().get(f"/posts/{first}").text

    def test_another_units_campaign_is_not_there(self, desk: Desk) -> None:
        with desk.wiring.database.writing() as session:
            unit = Unit(name="Phòng khác", short_name="PK", created_at=desk.wiring.clock.now())
            session.add(unit)
            session.flush()
            unit_id = unit.id
        own = Unit(id=unit_id, name="Phòng khác", short_name="PK")
        first = placed(desk, LONG)
        placed(desk, LONG)
        visitor = desk.client(desk.people(Role.INSPECTOR, unit=own))
        assert visitor.get(f"/campaigns/{campaign_of(desk, first)}").status_code == 200
        hidden = desk.posts.campaign()
        desk.posts("bài của đơn vị một", campaign_id=hidden, unit_id=unit_id)
        assert visitor.get(f"/campaigns/{hidden}").status_code == 200


class TestTakingApart:
    def test_a_post_that_was_taken_out_stays_out_and_it_can_be_taken_back(self, desk: Desk) -> None:
        first, second = placed(desk, LONG), placed(desk, EDITED)
        campaign = campaign_of(desk, first)
        client = desk.client()
        address = f"/campaigns/{campaign}/posts/{second}/take-out"
        assert client.post(address, data={"reason": "Bài của báo"}).status_code == 303
        assert campaign_of(desk, second) != campaign
        third = placed(desk, LONG.replace("vui vẻ", "vui tính"))
        assert campaign_of(desk, third) == campaign
        assert campaign_of(desk, second) != campaign
        page = client.get(f"/campaigns/{campaign}").text
        assert "Bài của báo" in page
        undo = re.search(r'action="(/campaigns/splits/\d+/undo)"', page)
        assert undo is not None
        assert client.post(undo[1]).status_code == 303
        assert campaign_of(desk, second) == campaign
        with desk.wiring.database.reading() as session:
            acts = session.scalars(
                select(AuditEvent.action).where(AuditEvent.subject_kind == "campaign")
            ).all()
        assert acts == ["campaign:split", "campaign:join"]

    def test_a_merge_is_undone_with_its_reason_and_both_ids_live(self, desk: Desk) -> None:
        kept, gone, merge_id = merged(desk)
        client = desk.client()
        assert client.post(f"/campaigns/merges/{merge_id}/undo", data={}).status_code == 422
        given = {"reason": "Hai nhóm khác nhau"}
        answer = client.post(f"/campaigns/merges/{merge_id}/undo", data=given)
        assert answer.headers["Location"] == f"/campaigns/{gone}"
        assert client.get(f"/campaigns/{gone}").status_code == 200
        assert client.get(f"/campaigns/{kept}").status_code == 200
        assert client.post(f"/campaigns/merges/{merge_id}/undo", data=given).status_code == 409
        placed(desk, LONG + " nhé", contacts=[PHONE])
        with desk.wiring.database.reading() as session:
            assert len(session.scalars(select(CampaignMerge)).all()) == 1, "no second merge"

    def test_only_who_decides_about_posts_may_split(self, desk: Desk) -> None:
        first = placed(desk, LONG)
        placed(desk, LONG)
        writer = desk.client(desk.people(Role.REPORT_WRITER))
        campaign = campaign_of(desk, first)
        assert writer.get(f"/campaigns/{campaign}").status_code == 200
        assert "take-out" not in writer.get(f"/campaigns/{campaign}").text
        address = f"/campaigns/{campaign}/posts/{first}/take-out"
        assert writer.post(address, data={"reason": "không"}).status_code == 403

    def test_a_post_of_another_campaign_is_not_taken_out_of_this_one(self, desk: Desk) -> None:
        first, alone = placed(desk, LONG), placed(desk, OTHER)
        placed(desk, LONG)
        address = f"/campaigns/{campaign_of(desk, first)}/posts/{alone}/take-out"
        assert desk.client().post(address, data={"reason": "không liên quan"}).status_code == 404
        with desk.wiring.database.reading() as session:
            assert session.scalars(select(CampaignSplit)).all() == []


class TestWhatWasDecidedBefore:
    def dismissed(self, desk: Desk) -> int:
        first = placed(desk, LONG)
        with desk.wiring.database.writing() as session:
            who = desk.people.actor(Role.INSPECTOR)
            service.dismiss(
                session, who, first, "old", timedelta(days=90), at=desk.wiring.clock.now()
            )
        return first

    def test_a_late_member_is_not_decided_by_itself_but_offered_the_same(self, desk: Desk) -> None:
        self.dismissed(desk)
        late = placed(desk, EDITED)
        assert desk.posts.load(late).state == WorkState.NEW
        page = desk.client().get(f"/queue?post={late}").text
        assert "This post joined a campaign of which 1 post was dismissed" in page
        assert "its campaign was dismissed" in page
        assert 'data-key="KeyY"' in page
        form = re.search(
            rf'action="(/queue/{late}/alike)".*?name="decision" value="(\d+)"', page, re.DOTALL
        )
        assert form is not None
        answer = desk.client().post(form[1], data={"decision": form[2]})
        assert answer.status_code == 303
        assert desk.posts.load(late).state == WorkState.DISMISSED

    def test_what_is_no_longer_decided_so_is_not_done(self, desk: Desk) -> None:
        self.dismissed(desk)
        late = placed(desk, EDITED)
        client = desk.client()
        assert client.post(f"/queue/{late}/alike", data={"decision": 999}).status_code == 409
        assert client.post(f"/queue/{late}/alike", data={}).status_code == 422
        assert desk.posts.load(late).state == WorkState.NEW

    def test_nothing_is_offered_where_nothing_was_decided(self, desk: Desk) -> None:
        placed(desk, LONG)
        late = placed(desk, EDITED)
        page = desk.client().get(f"/queue?post={late}").text
        assert "joined a campaign" not in page
        assert 'data-key="KeyY"' not in page

    def test_a_call_for_help_is_neither_decided_along_nor_offered_the_same(
        self, desk: Desk
    ) -> None:
        self.dismissed(desk)
        call = placed(desk, EDITED, verdict_kind="help")
        others = [placed(desk, LONG) for _ in range(2)]
        page = desk.client().get(f"/queue?tab=help&post={call}").text
        assert "joined a campaign" not in page
        page = desk.client().get(f"/queue?post={others[0]}").text
        assert "Dismiss all 2 new ones" in page
        address = f"/queue/{others[0]}/campaigns/{campaign_of(desk, call)}/dismiss"
        given = {"count": 2, "reason": "old"}
        assert desk.client().post(address, data=given).status_code == 303
        states = [desk.posts.load(post).state for post in (call, *others)]
        assert states == [WorkState.NEW, WorkState.DISMISSED, WorkState.DISMISSED]
