"""The JSON API: the same services and acts, and a document that says what is true."""

import base64
from http import HTTPStatus
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select
from werkzeug.test import TestResponse

from casework.cases import service as cases
from crawler import runs
from crawler.models import RunError, RunState
from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.people import SYSTEM, Role
from foundation.settings import Settings
from search.index.indexer import Indexer
from search.models import Observation, PostRow, Source, WorkState
from search.store import INDEX_CONSUMER
from tests.support.office import Browser, Office, open_office
from tests.support.posts import Posts
from webui.requests import SIGNED_IN, guards_of

LURE = "Tuyển gấp việc nhẹ lương cao sang Campuchia, bao ăn ở, ib Zalo 0900 000 123"
PNG = b"\x89PNG\r\n\x1a\n made up, never decoded here"


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def posts(office: Office) -> Posts:
    return Posts(office.wiring.database, office.wiring.clock)


@pytest.fixture
def inspector(office: Office) -> Browser:
    return office.logged_in(Role.INSPECTOR)


@pytest.fixture
def document(inspector: Browser) -> dict[str, Any]:
    found: dict[str, Any] = inspector.get("/api/openapi.json").get_json()
    return found


def index(office: Office) -> None:
    writer = office.wiring.index(writer=True)
    try:
        Indexer(office.wiring.database, writer, office.wiring.clock).run_until_idle()
    finally:
        writer.close()
    office.wiring.reader.refresh()


def fits(document: dict[str, Any], path: str, answer: TestResponse, method: str = "get") -> Any:
    """The answer, after checking it against what the document says of this status."""
    told = document["paths"][path][method]["responses"][str(answer.status_code)]
    schema = {**told["content"]["application/json"]["schema"], "components": document["components"]}
    problems = [error.message for error in Draft202012Validator(schema).iter_errors(answer.json)]
    assert problems == []
    return answer.get_json()


def send(browser: Browser, body: object, **headers: str) -> TestResponse:
    token = browser.get("/api/me").get_json()["csrf_token"]
    return browser.client.post("/api/entry", json=body, headers={"X-CSRFToken": token, **headers})


def test_the_document_names_every_route_with_its_act(
    office: Office, document: dict[str, Any]
) -> None:
    found = {}
    for rule in office.app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            guards = guards_of(office.app.view_functions[rule.endpoint])
            path = rule.rule.replace("<int:", "{").replace(">", "}")
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
                act = guards["*"]
                found[path, method.lower()] = "" if act == SIGNED_IN else act
    told = {
        (path, method): about["x-act"]
        for path, methods in document["paths"].items()
        for method, about in methods.items()
        if method != "parameters"
    }
    assert told == found
    assert len(found) == 9
    assert document["openapi"] == "3.1.0"


def test_every_schema_of_the_document_is_a_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_posts_are_found_as_the_search_page_finds_them(
    office: Office, inspector: Browser, posts: Posts, document: dict[str, Any]
) -> None:
    post = posts(LURE, contacts=[("phone", "+84900000123")], score=74, level="high")
    posts("Bán rau sạch", platform="zalo")
    send(inspector, {"text": LURE, "url": "https://mxh.example/9", "platform": "facebook"})
    with office.wiring.database.writing() as session:
        ids = session.scalars(select(PostRow.id)).all()
        outbox.put(session, INDEX_CONSUMER, ids, at=office.wiring.clock.now())
    index(office)
    answer = inspector.get("/api/posts?q=lương cao&platform=forum")
    found = fits(document, "/api/posts", answer)
    assert found["total"] == 1
    (line,) = found["posts"]
    assert (line["id"], line["text"], line["level"]) == (post.id, LURE, "high")
    assert line["contacts"] == [{"kind": "phone", "value": "+84900000123"}]
    assert line["page"] == f"/posts/{post.id}"
    assert inspector.get("/api/posts?size=1&page=2").get_json()["posts"][0]["id"] in ids


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("size=9999", "size"),
        ("page=một", "page"),
        ("sort=nhanh", "sort"),
        ("platform=orkut", "platform"),
        ("day=hôm qua", "day"),
    ],
)
def test_a_wrong_question_names_its_field(
    inspector: Browser, document: dict[str, Any], query: str, field: str
) -> None:
    answer = inspector.get(f"/api/posts?{query}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    told = fits(document, "/api/posts", answer)
    assert list(told["error"]["fields"]) == [field]


def test_one_post_comes_with_its_evidence(inspector: Browser, document: dict[str, Any]) -> None:
    made = send(inspector, {"text": LURE}).get_json()
    found = fits(document, "/api/posts/{post_id}", inspector.get(f"/api/posts/{made['id']}"))
    assert found == made
    assert {hit["text"] for hit in found["hits"]} == {
        found["text"][hit["start"] : hit["end"]] for hit in found["hits"]
    }
    assert any(reason["weight"] > 10 for reason in found["reasons"])


def test_what_is_not_there_is_told_in_json(inspector: Browser, document: dict[str, Any]) -> None:
    for path, wanted in (
        ("/api/posts/99", "/api/posts/{post_id}"),
        ("/api/runs/9", "/api/runs/{run_id}"),
    ):
        answer = inspector.get(path)
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert fits(document, wanted, answer)["error"]["key"] == "error.not_found"


def test_cases_are_listed_without_their_people(
    office: Office, inspector: Browser, posts: Posts, document: dict[str, Any]
) -> None:
    post = posts(state=WorkState.KEPT)
    actor = office.known[Role.INSPECTOR].actor()
    with office.wiring.database.writing() as session:
        cases.open_case(session, actor, "Nhóm tuyển người", [post.id], at=office.wiring.clock.now())
    found = fits(document, "/api/cases", inspector.get("/api/cases?state=open"))
    assert found["total"] == 1
    assert found["cases"][0]["title"] == "Nhóm tuyển người"
    assert found["cases"][0]["posts"] == 1
    assert "subjects" not in found["cases"][0]
    assert inspector.get("/api/cases?state=not_closed").get_json()["total"] == 1
    assert inspector.get("/api/cases?state=in_progress").get_json()["total"] == 0
    assert inspector.get("/api/cases?state=closed").get_json()["total"] == 0
    assert inspector.get("/api/cases?state=mở").status_code == 422


def test_the_page_of_cases_offers_new_ones_apart_from_all_that_are_not_closed(
    office: Office, inspector: Browser, posts: Posts
) -> None:
    actor, at = office.known[Role.INSPECTOR].actor(), office.wiring.clock.now()
    with office.wiring.database.writing() as session:
        post = posts(state=WorkState.KEPT)
        begun = cases.open_case(session, actor, "Nhóm tuyển người", [post.id], at=at)
        cases.start(session, actor, begun, at=at)
    page = inspector.get("/cases").text
    assert page.count(" selected") == 1
    assert '<option value="not_closed" selected>' in page
    assert "Nhóm tuyển người" in page
    assert "Nhóm tuyển người" not in inspector.get("/cases?state=open").text


def test_a_run_tells_its_figures_and_errors(
    office: Office, inspector: Browser, document: dict[str, Any]
) -> None:
    at = office.wiring.clock.now()
    with office.wiring.database.writing() as session:
        source = Source(name="Trang tin", kind="rss", purpose="Thử nghiệm", created_at=at)
        session.add(source)
        session.flush()
        run = runs.create(session, source, at=at, actor=SYSTEM)
        run.state, run.posts, run.kept, run.not_kept, run.errors = RunState.DONE, 9, 2, 6, 1
        session.add(
            RunError(run_id=run.id, at=at, step="fetch", reason="timeout", url="https://x/")
        )
        number = run.id
    found = fits(document, "/api/runs/{run_id}", inspector.get(f"/api/runs/{number}"))
    assert (found["posts"], found["kept"], found["not_kept"], found["known"]) == (9, 2, 6, 1)
    assert found["first_errors"][0]["message"] == "Máy chủ không trả lời kịp thời gian chờ."
    assert found["source"] == "Trang tin"


def test_a_post_is_entered_with_its_picture(
    office: Office, inspector: Browser, document: dict[str, Any]
) -> None:
    body = {
        "text": LURE,
        "url": "https://mxh.example/1",
        "posted_at": "2026-11-20T08:30:00+07:00",
        "screenshot": base64.b64encode(PNG).decode(),
    }
    answer = send(inspector, body)
    assert answer.status_code == HTTPStatus.CREATED
    made = fits(document, "/api/entry", answer, "post")
    assert (made["origin"], made["posted_at"]) == ("manual", "2026-11-20T01:30:00+00:00")
    with office.wiring.database.reading() as session:
        seen = session.scalars(select(Observation)).one()
    assert office.wiring.files.get(seen.capture["files"][0]["digest"]) == PNG
    again = send(inspector, body)
    assert again.status_code == HTTPStatus.CONFLICT
    assert fits(document, "/api/entry", again, "post")["posts"] == [made["id"]]
    assert send(inspector, {**body, "anyway": True}).get_json()["id"] == made["id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "x", "url": "không phải"}, "url"),
        ({"text": "x", "posted_at": "hôm qua"}, "posted_at"),
        ({"text": "x", "screenshot": "***"}, "screenshot"),
        ({"text": "x", "screenshot": base64.b64encode(b"<html>").decode()}, "screenshot"),
        ({"text": "x", "score": 100}, "score"),
        ({"text": "x", "how": "nghe nói"}, "how"),
    ],
)
def test_nonsense_is_refused_field_by_field_and_nothing_is_stored(
    office: Office, inspector: Browser, document: dict[str, Any], body: object, field: str
) -> None:
    answer = send(inspector, body)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    told = fits(document, "/api/entry", answer, "post")
    assert list(told["error"]["fields"]) == [field]
    with office.wiring.database.reading() as session:
        assert session.scalars(select(PostRow)).first() is None


@pytest.mark.parametrize("data", [b"{", b"[1]", b"", b"\xff\xfe"])
def test_what_is_no_json_object_is_refused(inspector: Browser, data: bytes) -> None:
    token = inspector.get("/api/me").get_json()["csrf_token"]
    answer = inspector.client.post(
        "/api/entry", data=data, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code in {400, 422}
    assert answer.get_json()["error"]["request_id"]


def test_another_site_cannot_use_the_session_of_a_person(
    office: Office, inspector: Browser, document: dict[str, Any]
) -> None:
    answer = inspector.client.post("/api/entry", json={"text": LURE})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert fits(document, "/api/entry", answer, "post")["error"]["key"] == "error.form_expired"
    with office.wiring.database.reading() as session:
        assert session.scalars(select(PostRow)).first() is None


def test_who_may_not_is_told_which_roles_may_and_nobody_must_log_in(
    office: Office, document: dict[str, Any]
) -> None:
    writer = office.logged_in(Role.REPORT_WRITER)
    refused = send(writer, {"text": LURE})
    assert refused.status_code == HTTPStatus.FORBIDDEN
    fits(document, "/api/entry", refused, "post")
    nobody = office.browser()
    answer = nobody.get("/api/posts")
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    fits(document, "/api/posts", answer)
