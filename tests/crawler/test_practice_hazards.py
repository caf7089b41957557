"""The pages that go wrong on purpose really do."""

from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from crawler.practice.app import create_app
from tests.crawler.practice_pages import ids, page, words


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    with create_app(tmp_path / "state.sqlite3").test_client() as client:
        yield client


def test_the_broken_page_claims_two_wrong_charsets_and_is_utf8(client: FlaskClient) -> None:
    answer = client.get("/hong/")
    assert answer.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert b"charset=big5" in answer.data
    assert "rau muống" in answer.data.decode("utf-8")
    assert "rau muống" not in answer.data.decode("cp1252", errors="replace")


def test_the_broken_page_still_holds_items_some_without_id_or_text(client: FlaskClient) -> None:
    items = page(client, "/hong/").css("article.post")
    assert len(items) == 4
    assert items.xpath("@data-post-id").getall() == ["hong-1", "hong-2", "hong-3"]
    assert items[1].css("time.post-time::attr(datetime)").get() == "hôm qua"


def test_the_broken_feed_is_not_well_formed_but_its_first_item_is_whole(
    client: FlaskClient,
) -> None:
    feed = feedparser.parse(client.get("/hong/rss.xml").data)
    assert feed.bozo
    assert feed.entries[0].title == "Mục lành"


def test_the_large_page_is_as_large_as_asked_with_a_post_at_its_head(client: FlaskClient) -> None:
    data = client.get("/hong/lon?mb=3").data
    assert 2.9 * 2**20 < len(data) < 3.1 * 2**20
    assert b'data-post-id="lon-1"' in data[:2_000]
    assert data.endswith(b"</html>")


@pytest.mark.parametrize(
    ("address", "status"), [("/hong/chan", 403), ("/hong/qua-tai", 429), ("/hong/loi", 503)]
)
def test_a_block_and_a_failure_do_not_look_like_a_removal(
    client: FlaskClient, address: str, status: int
) -> None:
    text = words(page(client, address, status), "body")
    assert "gỡ bỏ" not in text
    assert "không khả dụng" not in text


def test_an_overloaded_site_says_when_to_come_back(client: FlaskClient) -> None:
    assert client.get("/hong/qua-tai").headers["Retry-After"] == "1"


@pytest.mark.parametrize("number", [1, 2, 500, 99_999])
def test_the_endless_pager_always_has_a_next_page_with_other_items(
    client: FlaskClient, number: int
) -> None:
    here = page(client, f"/vo-han/?trang={number}")
    following = here.css("a.pager-next::attr(href)").get("")
    assert following == f"/vo-han/?trang={number + 1}"
    items = set(here.css("article.post::attr(data-post-id)").getall())
    assert len(items) == 3
    if number < 99_999:
        after = page(client, following).css("article.post::attr(data-post-id)").getall()
        assert not items & set(after)


def test_the_trap_is_linked_from_every_page_but_shown_nowhere_else(client: FlaskClient) -> None:
    home = page(client, "/")
    assert home.css("a[href='/rieng-tu/']").get()
    assert "BẪY-ROBOTS-7341" in words(page(client, "/rieng-tu/"), ".post-body")
    assert "BẪY-ROBOTS" not in client.get("/").get_data(as_text=True)
    assert "BẪY-ROBOTS" not in client.get("/rss.xml").get_data(as_text=True)
    assert ids(home)


def test_visits_show_where_a_crawler_went_and_who_it_was(client: FlaskClient) -> None:
    client.get("/rieng-tu/", headers={"User-Agent": "dieu-tra/1"})
    client.get("/quan-tri")
    visits = client.get("/quan-tri/api/visits").get_json()
    assert visits["paths"] == {"/rieng-tu/": 1}
    assert visits["agents"] == {"dieu-tra/1": 1}
    client.post("/quan-tri/api/visits/forget")
    assert client.get("/quan-tri/api/visits").get_json() == {"paths": {}, "agents": {}}
