"""The search page over a real embedded index: hits, facets, deleted rows, units, and no index at all."""

import re

import pytest
from sqlalchemy import delete

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import SYSTEM, Role
from foundation.settings import Settings
from search.index.requests import request_rebuild
from search.models import PostRow, WorkState
from search.models_index import IndexRequest
from tests.support.desk import Desk, open_desk


@pytest.fixture
def desk(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Desk:
    return open_desk(settings, sqlite_database, clock)


def hits(text: str) -> list[int]:
    return [int(found) for found in re.findall(r'data-open href="/posts/(\d+)"', text)]


def test_hits_are_marked_where_the_words_stand_in_the_original(desk: Desk) -> None:
    post = desk.posts("Cần người làm VIỆC NHẸ, lương cao")
    desk.posts("bán rau sạch")
    desk.index()
    page = desk.client().get("/search?q=việc+nhẹ").text
    assert hits(page) == [post.id]
    assert "<mark>VIỆC</mark>" in page
    assert "<mark>NHẸ</mark>" in page


def test_it_says_what_was_searched_and_what_could_not_be_read(desk: Desk) -> None:
    desk.index()
    page = desk.client().get("/search", query_string={"q": "việc from:hômqua"}).text
    assert "Searched for:" in page
    assert "việc" in page
    assert "hômqua" in page
    assert "alert-warning" in page


def test_facets_narrow_and_can_be_taken_away_again(desk: Desk) -> None:
    first = desk.posts("việc nhẹ", groups=["destination"], level="high", score=70)
    second = desk.posts("việc nhẹ", groups=["offer"])
    desk.index()
    client = desk.client()
    page = client.get("/search?q=việc").text
    assert sorted(hits(page)) == [first.id, second.id]
    link = re.search(r'href="(/search\?[^"]*group=destination)"', page)
    assert link is not None
    narrowed = client.get(link[1].replace("&amp;", "&")).text
    assert hits(narrowed) == [first.id]
    chosen = re.search(r'class="facet-value is-chosen" href="([^"]*)"', narrowed)
    assert chosen is not None
    assert "group=" not in chosen[1]
    assert ">promise<" in narrowed, "the other values of the facet can still be chosen"


def test_states_follow_what_was_decided_once_the_indexer_has_seen_it(desk: Desk) -> None:
    post = desk.posts("việc nhẹ")
    desk.index()
    client = desk.client()
    client.post(f"/queue/{post.id}/keep")
    desk.index()
    assert hits(client.get("/search?state=kept").text) == [post.id]
    assert hits(client.get("/search?state=new").text) == []


def test_a_row_that_was_deleted_disappears_though_the_index_still_has_it(desk: Desk) -> None:
    gone, stays = desk.posts("việc nhẹ"), desk.posts("việc nhẹ")
    desk.index()
    with desk.wiring.database.writing() as session:
        session.execute(delete(PostRow).where(PostRow.id == gone.id))
    page = desk.client().get("/search?q=việc").text
    assert hits(page) == [stays.id]
    assert "1 post on this page was deleted meanwhile." in page


def test_another_units_posts_are_not_found_nor_counted(desk: Desk) -> None:
    north, south = desk.people.unit("Phòng thử A"), desk.people.unit("Phòng thử B")
    desk.posts("việc nhẹ của A", unit_id=north.id)
    common = desk.posts("việc nhẹ chung")
    desk.index()
    person = desk.people(Role.INSPECTOR, unit=south, language="en")
    page = desk.client(person).get("/search?q=việc").text
    assert hits(page) == [common.id]
    assert ">1 post<" in page


def test_pages_and_order_stand_in_the_address(desk: Desk) -> None:
    made = [desk.posts(f"việc nhẹ {n}", score=n) for n in range(30)]
    desk.index()
    client = desk.client()
    first = hits(client.get("/search?q=việc").text)
    second = hits(client.get("/search?q=việc&page=2").text)
    assert first + second == [post.id for post in reversed(made)]
    assert client.get("/search?q=việc&sort=sideways&size=7&page=-3").status_code == 200


def test_a_page_that_is_too_deep_says_so(desk: Desk) -> None:
    desk.index()
    answer = desk.client().get("/search?page=5000")
    assert answer.status_code == 422
    assert "Narrow the search" in answer.text


def test_nothing_found_says_what_to_try(desk: Desk) -> None:
    desk.posts("bán rau")
    desk.index()
    assert "No post was found." in desk.client().get("/search?q=xekhongcoday").text


def test_without_an_index_it_says_so_and_offers_the_list_by_date(desk: Desk) -> None:
    old_state = WorkState.DISMISSED
    first, second = desk.posts("bài cũ", state=old_state), desk.posts("bài mới")
    client = desk.client()
    answer = client.get("/search?q=bài")
    assert answer.status_code == 503
    assert "Nothing was lost" in answer.text
    assert "/search?list=date" in answer.text
    listed = client.get("/search?list=date")
    assert listed.status_code == 200
    assert hits(listed.text) == [second.id, first.id]


def test_a_rebuild_that_runs_is_told(desk: Desk) -> None:
    desk.index()
    with desk.wiring.database.writing() as session:
        request = request_rebuild(session, SYSTEM, at=desk.wiring.clock.now())
        request.state, request.done, request.total = "running", 120, 1500
        assert isinstance(request, IndexRequest)
    page = desk.client().get("/search").text
    assert "The index is being rebuilt (120 of 1,500)" in page


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_search(desk: Desk, role: Role) -> None:
    desk.index()
    assert desk.client(role).get("/search").status_code == 200
