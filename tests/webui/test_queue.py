"""The queue's routes: what they answer to a browser with and without scripts, to each role, to nonsense."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.triage.models import Claim, Decision
from casework.triage.reasons import REASONS
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import Role
from foundation.settings import Settings
from search.models import WorkState
from tests.support.desk import Desk, open_desk
from webui.views import post_words

HTMX = {"HX-Request": "true", "HX-Target": "work"}


@pytest.fixture
def desk(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Desk:
    return open_desk(settings, sqlite_database, clock)


def open_id(answer: TestResponse) -> int | None:
    found = re.search(r'data-post-id="(\d+)"', answer.text)
    return int(found[1]) if found else None


def listed(answer: TestResponse) -> list[int]:
    return [int(found) for found in re.findall(r'data-post="(\d+)"', answer.text)]


def arguments(answer: TestResponse) -> dict[str, list[str]]:
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def decisions(desk: Desk) -> list[Decision]:
    with desk.wiring.database.reading() as session:
        return list(session.scalars(select(Decision).order_by(Decision.id)))


class TestThePage:
    def test_it_lists_posts_in_order_and_opens_the_first_that_is_free(self, desk: Desk) -> None:
        low, urgent, high = desk.posts(score=10), desk.posts(urgent=True), desk.posts(score=70)
        with desk.wiring.database.writing() as session:
            other = desk.people(Role.POLICE)
            session.add(
                Claim(
                    post_id=urgent.id,
                    user_id=other.id,
                    at=desk.wiring.clock.now(),
                    expires_at=desk.wiring.clock.now() + timedelta(minutes=5),
                )
            )
        answer = desk.client().get("/queue")
        assert listed(answer) == [urgent.id, high.id, low.id]
        assert open_id(answer) == high.id
        assert f"{other.name} is looking at it" in answer.text

    def test_it_narrows_by_the_address_and_keeps_that_in_every_link(self, desk: Desk) -> None:
        post = desk.posts(level="critical", score=90, groups=["destination"])
        desk.posts(level="low", score=10)
        answer = desk.client().get("/queue?level=critical&group=destination")
        assert listed(answer) == [post.id]
        action = re.search(r'action="(/queue/\d+/keep[^"]*)"', answer.text)
        assert action is not None
        assert "level=critical" in action[1]
        assert "group=destination" in action[1]

    def test_words_are_looked_for_in_the_index(self, desk: Desk) -> None:
        post = desk.posts("tuyển thợ may ở xưởng")
        desk.posts("bán rau sạch")
        desk.index()
        assert listed(desk.client().get("/queue?q=tho+may")) == [post.id]

    def test_without_an_index_words_are_looked_for_as_written_and_that_is_said(
        self, desk: Desk
    ) -> None:
        post = desk.posts("tuyển thợ may 100%_ở xưởng")
        desk.posts("bán rau sạch")
        answer = desk.client().get("/queue", query_string={"q": "100%_ở"})
        assert listed(answer) == [post.id]
        assert "exactly as written" in answer.text

    def test_nonsense_in_the_address_is_ignored(self, desk: Desk) -> None:
        post = desk.posts()
        answer = desk.client().get("/queue?tab=nowhere&source=x&after=y&post=z")
        assert answer.status_code == 200
        assert listed(answer) == [post.id]

    def test_htmx_gets_the_right_pane_alone(self, desk: Desk) -> None:
        post = desk.posts()
        headers = {"HX-Request": "true", "HX-Target": "post-pane"}
        answer = desk.client().get(f"/queue?post={post.id}", headers=headers)
        assert "<html" not in answer.text
        assert 'id="work"' not in answer.text
        assert open_id(answer) == post.id

    def test_an_empty_list_says_why_and_what_to_do(self, desk: Desk) -> None:
        client = desk.client()
        assert "Nothing waits here." in client.get("/queue").text
        assert "No post fits this filter." in client.get("/queue?level=high").text
        assert "with the key a" in client.get("/queue?tab=mine").text

    def test_reasons_stand_in_the_language_of_the_page(self, desk: Desk) -> None:
        from tests.support.posts import judgement

        reasons = [["offer", "offer", 30, "Hứa việc nhẹ lương cao.", "Promises easy money."]]
        desk.posts(judgement=judgement(reasons=reasons, hits=[["offer", "offer", 0, 5, "Tuyển"]]))
        english = desk.client(language="en").get("/queue").text
        assert "Promises easy money." in english
        assert "Hứa việc nhẹ" not in english
        vietnamese = desk.client(language="vi").get("/queue").text
        assert "Hứa việc nhẹ lương cao." in vietnamese
        assert "Vì sao được gắn cờ" in vietnamese

    def test_more_than_a_page_is_behind_a_link(self, desk: Desk) -> None:
        made = [desk.posts(score=90 - n % 50) for n in range(45)]
        client = desk.client()
        first = client.get("/queue")
        more = re.search(r'href="(/queue\?after=\d+)"', first.text)
        assert more is not None
        second = client.get(more[1])
        assert sorted(listed(first) + listed(second)) == [post.id for post in made]


class TestDeciding:
    def test_a_form_redirects_to_the_next_post_and_the_toast_undoes(self, desk: Desk) -> None:
        first, second = desk.posts(score=90), desk.posts(score=80)
        client = desk.client()
        answer = client.post(f"/queue/{first.id}/keep?level=medium")
        assert answer.status_code == 303
        assert arguments(answer) == {"level": ["medium"], "post": [str(second.id)]}
        page = client.get(answer.headers["Location"]).text
        undo = re.search(r'action="(/queue/decisions/\d+/undo[^"]*)"', page)
        assert undo is not None
        assert client.post(undo[1]).status_code == 303
        assert desk.posts.load(first.id).state == WorkState.NEW

    def test_htmx_gets_both_panes_with_the_next_post_and_the_new_address(self, desk: Desk) -> None:
        first, second = desk.posts(score=90), desk.posts(score=80)
        answer = desk.client().post(f"/queue/{first.id}/keep", headers=HTMX)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert open_id(answer) == second.id
        assert listed(answer) == [second.id]
        assert answer.headers["HX-Replace-Url"] == f"/queue?post={second.id}"
        assert "Flagged." in answer.text

    def test_dismissing_takes_the_reason_and_the_note(self, desk: Desk) -> None:
        post = desk.posts()
        form = {"reason": "other", "note": "bài thử"}
        desk.client().post(f"/queue/{post.id}/dismiss", data=form)
        (decision,) = decisions(desk)
        assert (decision.decision, decision.reason, decision.note) == (
            "dismiss",
            "other",
            "bài thử",
        )
        kept_until = desk.posts.load(post.id).retain_until
        days = timedelta(days=desk.wiring.settings.retention_days)
        assert kept_until == desk.wiring.clock.now() + days

    @pytest.mark.parametrize("form", [{}, {"reason": "no such"}, {"reason": "other"}])
    def test_without_a_usable_reason_nothing_is_decided(
        self, desk: Desk, form: dict[str, str]
    ) -> None:
        post = desk.posts()
        answer = desk.client().post(f"/queue/{post.id}/dismiss", data=form, headers=HTMX)
        assert answer.status_code == 422
        assert answer.headers["HX-Retarget"] == "#messages"
        assert decisions(desk) == []

    def test_the_last_decision_leaves_an_empty_list_with_the_way_back(self, desk: Desk) -> None:
        post = desk.posts()
        answer = desk.client().post(f"/queue/{post.id}/keep", headers=HTMX)
        assert open_id(answer) is None
        assert 'data-key="KeyU"' in answer.text

    def test_a_colleagues_claim_is_a_conflict_that_names_who(self, desk: Desk) -> None:
        post, other = desk.posts(), desk.people(Role.INSPECTOR)
        assert desk.client(other).post(f"/queue/{post.id}/claim").status_code == 303
        answer = desk.client().post(f"/queue/{post.id}/keep", headers=HTMX)
        assert answer.status_code == 409
        assert f"{other.name} is looking at this post just now." in answer.text
        assert desk.posts.load(post.id).state == WorkState.NEW

    def test_a_claim_walks_on_to_the_next_post(self, desk: Desk) -> None:
        first, second = desk.posts(score=90), desk.posts(score=80)
        client = desk.client()
        client.post(f"/queue/{first.id}/claim")
        client.post(f"/queue/{first.id}/keep")
        with desk.wiring.database.reading() as session:
            assert session.scalars(select(Claim.post_id)).all() == [second.id]

    def test_a_campaign_is_decided_as_one_with_the_count_that_was_shown(self, desk: Desk) -> None:
        campaign = desk.posts.campaign()
        copies = [desk.posts(campaign_id=campaign) for _ in range(3)]
        client = desk.client()
        page = client.get(f"/queue?post={copies[0].id}").text
        assert "Flag all 3 new ones" in page
        address = f"/queue/{copies[0].id}/campaigns/{campaign}/keep"
        assert client.post(address).status_code == 422
        assert client.post(address, data={"count": 2}).status_code == 409
        assert client.post(address, data={"count": 3}).status_code == 303
        assert {desk.posts.load(post.id).state for post in copies} == {WorkState.KEPT}
        first = decisions(desk)[0]
        client.post(f"/queue/decisions/{first.id}/undo")
        assert {desk.posts.load(post.id).state for post in copies} == {WorkState.NEW}

    def test_handing_over_moves_on_and_tells_the_other(self, desk: Desk) -> None:
        first, second = desk.posts(score=90), desk.posts(score=80)
        other = desk.people(Role.POLICE)
        answer = desk.client().post(f"/queue/{first.id}/hand-over", data={"to": other.id})
        assert arguments(answer) == {"post": [str(second.id)]}
        theirs = desk.client(desk.people.load(other.id)).get("/queue?tab=mine")
        assert listed(theirs) == [first.id]
        assert "handed over to you" in theirs.text or "được chuyển cho bạn" in theirs.text

    def test_handing_over_to_nobody_is_refused(self, desk: Desk) -> None:
        post = desk.posts()
        assert desk.client().post(f"/queue/{post.id}/hand-over").status_code == 422

    def test_the_counter_counts_this_sitting(self, desk: Desk, clock: MovableClock) -> None:
        posts = [desk.posts(score=90 - n) for n in range(3)]
        client = desk.client()
        client.get("/queue")
        for post in posts[:2]:
            clock.move(timedelta(seconds=65))
            client.post(f"/queue/{post.id}/keep")
        page = client.get("/queue").text
        assert "2 of 3" in page
        assert "2 min 10 s" in page
        clock.move(timedelta(minutes=16))
        assert "0 of 1" in client.get("/queue").text, "after a pause a new sitting begins"


class TestWhoMay:
    ROUTES = ("/queue/{id}/keep", "/queue/{id}/dismiss", "/queue/{id}/claim", "/queue/{id}/release")

    @pytest.mark.parametrize("route", ROUTES)
    @pytest.mark.parametrize("role", [Role.APPROVER, Role.REPORT_WRITER, Role.ADMINISTRATOR])
    def test_others_do_not_decide(self, desk: Desk, role: Role, route: str) -> None:
        post = desk.posts()
        answer = desk.client(role).post(route.format(id=post.id), data={"reason": "old"})
        assert answer.status_code == 403
        assert decisions(desk) == []

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.INSPECTOR, 200),
            (Role.POLICE, 200),
            (Role.APPROVER, 200),
            (Role.REPORT_WRITER, 403),
            (Role.ADMINISTRATOR, 403),
        ],
    )
    def test_who_sees_the_queue(self, desk: Desk, role: Role, status: int) -> None:
        assert desk.client(role).get("/queue").status_code == status

    def test_an_approver_sees_no_button_that_would_be_refused(self, desk: Desk) -> None:
        desk.posts()
        page = desk.client(Role.APPROVER).get("/queue").text
        assert "/keep" not in page
        assert "/dismiss" not in page
        assert "/claim" not in page

    def test_another_units_post_does_not_exist(self, desk: Desk) -> None:
        north, south = desk.people.unit("Phòng thử A"), desk.people.unit("Phòng thử B")
        post = desk.posts("chuyện của phòng A", unit_id=north.id)
        client = desk.client(desk.people(Role.INSPECTOR, unit=south))
        assert "chuyện của phòng A" not in client.get("/queue").text
        for method, path in (
            ("GET", f"/queue?post={post.id}"),
            ("GET", f"/posts/{post.id}"),
            ("POST", f"/queue/{post.id}/keep"),
            ("POST", f"/queue/{post.id}/claim"),
        ):
            assert client.open(path, method=method).status_code == 404, path


class TestTodayAndTheRail:
    def test_today_says_how_many_undecided_posts_are_about_to_be_deleted(self, desk: Desk) -> None:
        assert "today-leaving-posts" not in desk.client().get("/").text
        desk.posts(retain_until=desk.wiring.clock.now() + timedelta(days=3))
        page = desk.client().get("/").text
        assert "1 post that nobody decided on will be deleted within seven days" in page

    def test_urgent_posts_and_cries_for_help_stand_on_today(self, desk: Desk) -> None:
        urgent = desk.posts("đi ngay tối nay", urgent=True)
        desk.posts("cứu em với", verdict_kind="help")
        desk.posts("bài thường")
        page = desk.client().get("/").text
        assert "đi ngay tối nay" in page
        assert f"/queue?tab=urgent&amp;post={urgent.id}" in page
        assert "cứu em với" in page
        assert "bài thường" not in page

    def test_a_long_lane_says_how_many_more_there_are_and_counts_them(self, desk: Desk) -> None:
        for number in range(12):
            desk.posts(f"đi ngay đêm thứ {number}", urgent=True)
        page = desk.client().get("/").text
        assert "4 more posts in this lane" in page
        assert re.search(r'id="today-urgent-posts">[^<]*</h2><span class="count">12<', page)
        assert ">12<" in desk.client().get("/alerts").text

    def test_those_who_may_not_open_the_queue_see_none_of_it(self, desk: Desk) -> None:
        desk.posts("đi ngay tối nay", urgent=True)
        assert "đi ngay tối nay" not in desk.client(Role.REPORT_WRITER).get("/").text

    def test_the_rail_counts_what_waits(self, desk: Desk) -> None:
        for _ in range(3):
            desk.posts()
        desk.posts(verdict_kind="warning")
        page = desk.client().get("/").text
        assert re.search(r'rail-count"[^>]*>3<', page)


def test_every_reason_has_a_word() -> None:
    assert {reason.code for reason in REASONS} == set(post_words.DISMISSALS)
    assert [reason.key for reason in REASONS] == list(range(1, len(REASONS) + 1))


def test_a_client_is_told_to_log_in(desk: Desk) -> None:
    client: FlaskClient = desk.app.test_client()
    assert client.get("/queue").status_code in {302, 401}
