"""The operator's forms and JSON, and the state that survives a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from crawler.practice.app import create_app
from crawler.practice.content import load_posts
from tests.crawler.practice_pages import ids, page, times, words


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state.sqlite3"


@pytest.fixture
def client(data: Path) -> Iterator[FlaskClient]:
    with create_app(data).test_client() as client:
        yield client


def rows(client: FlaskClient, address: str) -> list[str]:
    return page(client, address).css("li.row::attr(id)").getall()


def test_the_desk_lists_closed_and_deleted_posts_as_well(client: FlaskClient) -> None:
    client.post("/quan-tri/api/posts/101", json={"action": "delete"})
    assert str(len(load_posts())) in words(page(client, "/quan-tri"), "h1")
    assert rows(client, "/quan-tri?trang-thai=deleted") == ["bai-101"]
    assert rows(client, "/quan-tri?q=501") == ["bai-501"]


def test_the_desk_is_searched_without_diacritics(client: FlaskClient) -> None:
    assert "bai-101" in rows(client, "/quan-tri?q=thuy+tuyen+dung")
    assert rows(client, "/quan-tri?q=giau+bia+dat+xyz") == []


def test_the_pager_of_a_search_keeps_the_search(client: FlaskClient) -> None:
    address = page(client, "/quan-tri?q=zalo").css("a[rel=next]::attr(href)").get("")
    assert "q=zalo" in address
    assert "trang=2" in address
    assert rows(client, address)


def test_a_form_deletes_and_restores_and_returns_to_the_list(client: FlaskClient) -> None:
    form = {"action": "delete", "back": "list", "q": "zalo"}
    answer = client.post("/quan-tri/bai/101", data=form)
    assert (answer.status_code, answer.location) == (303, "/quan-tri?q=zalo#bai-101")
    assert client.get("/bai/101").status_code == 410
    answer = client.post("/quan-tri/bai/101", data={"action": "restore"})
    assert answer.location == "/quan-tri/bai/101"
    assert client.get("/bai/101").status_code == 200


def test_a_form_edits_and_reverts(client: FlaskClient) -> None:
    before = words(page(client, "/bai/101"), ".post-body")
    client.post("/quan-tri/bai/101", data={"action": "edit", "text": "Một\r\n\r\nHai"})
    post = page(client, "/bai/101")
    assert post.css(".post-body p::text").getall() == ["Một", "Hai"]
    client.post("/quan-tri/bai/101", data={"action": "revert"})
    post = page(client, "/bai/101")
    assert words(post, ".post-body") == before
    assert post.css(".post-edited").get() is None


def test_an_edit_survives_hiding_and_restoring(client: FlaskClient) -> None:
    for form in (
        {"action": "edit", "text": "Bản mới"},
        {"action": "hide"},
        {"action": "restore"},
    ):
        client.post("/quan-tri/bai/101", data=form)
    assert words(page(client, "/bai/101"), ".post-body") == "Bản mới"


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"action": "edit", "text": "  "}, "để trống"),
        ({"action": "edit", "text": "\x00\x07"}, "để trống"),
        ({"action": "edit", "text": "a" * 20_001}, "dài quá"),
        ({"action": "burn"}, "Không có thao tác này"),
        ({}, "Không có thao tác này"),
    ],
)
def test_nonsense_is_refused_with_a_reason_and_changes_nothing(
    client: FlaskClient, form: dict[str, str], says: str
) -> None:
    before = client.get("/quan-tri/api/posts/101").get_json()
    answer = client.post("/quan-tri/bai/101", data=form)
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)
    as_json = client.post("/quan-tri/api/posts/101", json=form)
    assert as_json.status_code == 400
    assert says in as_json.get_json()["error"]
    assert client.get("/quan-tri/api/posts/101").get_json() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://other.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_can_change_nothing(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    for address in ("/quan-tri/bai/101", "/quan-tri/them"):
        form = {"action": "delete", "author": "vy-vy", "group": "viec-lam", "text": "a"}
        assert client.post(address, data=form, headers=headers).status_code == 403
    answer = client.post("/quan-tri/api/posts/101", json={"action": "delete"}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/bai/101").status_code == 200


def test_the_json_wants_an_object(client: FlaskClient) -> None:
    for body in ("[]", "nonsense", ""):
        answer = client.post("/quan-tri/api/posts/101", data=body, content_type="application/json")
        assert (answer.status_code, "JSON" in answer.get_json()["error"]) == (400, True)
    assert client.post("/quan-tri/api/posts/9999", json={"action": "hide"}).status_code == 404


def test_the_json_says_how_the_post_stands(client: FlaskClient) -> None:
    answer = client.post("/quan-tri/api/posts/105", json={"action": "edit", "text": "Mới"})
    after = answer.get_json()
    assert after["url"] == "http://localhost/bai/105"
    assert (after["visibility"], after["text"]) == ("public", "Mới")
    assert after["edited_at"] > after["posted_at"]


def test_a_comment_is_removed_by_itself(client: FlaskClient) -> None:
    client.post("/quan-tri/api/comments/10101", json={"action": "delete"})
    assert client.get("/binh-luan/10101").status_code == 410
    post = page(client, "/bai/101")
    assert post.css("li.comment-removed::attr(id)").getall() == ["binh-luan-10101"]
    assert len(post.css("li.comment")) == 2
    client.post("/quan-tri/binh-luan/10101", data={"action": "restore"})
    client.post("/quan-tri/binh-luan/10102", data={"action": "hide"})
    assert client.get("/binh-luan/10101").status_code == 200
    assert client.get("/binh-luan/10102").status_code == 403


def test_a_re_upload_is_the_newest_post_under_a_new_id(client: FlaskClient) -> None:
    form = {"author": "nick-moi-88", "group": "viec-lam", "title": " Tuyển  gấp ", "text": "Lại"}
    answer = client.post("/quan-tri/them", data=form)
    assert answer.location == "/quan-tri/bai/10000"
    home = page(client, "/")
    assert ids(home)[0] == 10_000
    assert times(home)[0] == max(times(home))
    assert words(page(client, "/bai/10000"), ".post-title") == "Tuyển gấp"
    second = client.post("/quan-tri/api/posts", json={**form, "text": "Nữa"})
    assert (second.status_code, second.get_json()["id"]) == (201, 10_001)
    client.post("/quan-tri/api/posts/10000", json={"action": "delete"})
    assert client.get("/bai/10000").status_code == 410


@pytest.mark.parametrize(
    ("change", "says"),
    [({"author": "ai"}, "thành viên"), ({"group": "dau"}, "nhóm"), ({"text": ""}, "để trống")],
)
def test_a_new_post_that_will_not_do_keeps_what_was_typed(
    client: FlaskClient, change: dict[str, str], says: str
) -> None:
    form = {"author": "vy-vy", "group": "cho-que", "title": "Giữ lại", "text": "Nội dung"}
    answer = client.post("/quan-tri/them", data={**form, **change})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert says in text
    assert "Giữ lại" in text
    assert ids(page(client, "/"))[0] < 10_000


def test_changes_and_dates_survive_a_restart(client: FlaskClient, data: Path) -> None:
    before = times(page(client, "/"))
    client.post("/quan-tri/api/posts/101", json={"action": "delete"})
    client.post("/quan-tri/api/posts/102", json={"action": "edit", "text": "Đã đổi"})
    body = {"author": "vy-vy", "group": "kin", "text": "Thêm"}
    client.post("/quan-tri/api/posts", json=body)
    with create_app(data).test_client() as again:
        assert again.get("/bai/101").status_code == 410
        assert words(page(again, "/bai/102"), ".post-body") == "Đã đổi"
        assert again.get("/quan-tri/api/posts/10000").get_json()["text"] == "Thêm"
        again.post("/quan-tri/api/posts/101", json={"action": "restore"})
        assert times(page(again, "/")) == before
