"""What a source remembers moves only after a run without a hole; walls and errors are told apart from posts."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler import cursors
from crawler.models import Run, RunError, SourceState
from crawler.page import Fetch, Page, PageResult, Parsed, Problem, SourcePlan
from crawler.pipeline import QUIET_PAGES, Pipeline
from crawler.sources import KINDS
from foundation.clock import MovableClock
from foundation.database import Database
from search.models import Source
from search.post import Platform, Post

A = "https://mang.example/@bay_xe"


@pytest.fixture
def run_id(database: Database, clock: MovableClock) -> int:
    with database.writing() as session:
        source = Source(name="x", kind="mastodon", created_at=clock.now())
        session.add(source)
        session.flush()
        run = Run(source_id=source.id, created_at=clock.now())
        session.add(run)
        session.flush()
        return run.id


def remembered(database: Database) -> dict[str, Any]:
    with database.reading() as session:
        row = session.query(SourceState).first()
        return dict(row.state) if row else {}


def test_cursors_are_kept_at_the_end_of_a_whole_run(
    database: Database, clock: MovableClock, run_id: int
) -> None:
    with database.writing() as session:
        cursors.note(session, run_id, {"a": 1}, hole=False)
        cursors.note(session, run_id, {"b": "2"}, hole=False)
    assert remembered(database) == {}
    with database.writing() as session:
        assert cursors.settle(session, run_id, at=clock.now())
        cursors.keep(session, session.get_one(Run, run_id).source_id, {"c": 3}, at=clock.now())
    assert remembered(database) == {"a": 1, "b": "2", "c": 3}


def test_after_a_hole_nothing_moves(database: Database, clock: MovableClock, run_id: int) -> None:
    with database.writing() as session:
        cursors.note(session, run_id, {"a": 1}, hole=False)
        cursors.note(session, run_id, {}, hole=True)
        cursors.note(session, run_id, {"b": 1}, hole=False)
        assert not cursors.settle(session, run_id, at=clock.now())
    assert set(remembered(database)) == {"_holes"}


def run_with_holes(
    database: Database, run_id: int, at: Any, pages: list[str]
) -> tuple[bool, list[str]]:
    """A further run of the source in which these pages fail: whether its cursors moved, and what it tells."""
    with database.writing() as session:
        run = Run(source_id=session.get_one(Run, run_id).source_id, created_at=at)
        session.add(run)
        session.flush()
        cursors.note(session, run.id, {"a": run.id}, hole=False)
        for page in pages:
            cursors.note(session, run.id, {}, hole=True, page=(page, f"{A}/{page}"))
        moved = cursors.settle(session, run.id, at=at)
        told = [one.url for one in session.query(RunError).filter_by(run_id=run.id)]
        session.flush()
        assert run.errors == len(told)
        return moved, told


def test_a_page_that_fails_for_good_is_passed_over_and_named(
    database: Database, clock: MovableClock, run_id: int
) -> None:
    def run(*pages: str) -> tuple[bool, list[str]]:
        return run_with_holes(database, run_id, clock.now(), list(pages))

    assert run("x", "y") == (False, [])
    assert run("x") == (False, [])
    assert "a" not in remembered(database)
    assert run("x", "y") == (False, []), "y came back in between: its count begins anew"
    assert run("x", "y") == (False, [])
    assert run("x", "y") == (True, [f"{A}/x", f"{A}/y"])
    assert remembered(database)["_holes"] == {}
    assert run("x") == (False, [])
    assert run() == (True, [])
    assert run("x") == (False, [])


def test_only_a_page_that_is_itself_broken_is_ever_passed_over(
    database: Database, clock: MovableClock, run_id: int
) -> None:
    def page(*reasons: str) -> PageResult:
        return PageResult("f", problems=tuple(Problem(one, A) for one in reasons), hole=True)

    assert cursors.failed_page(page("bad_time", "api_failed")) == ("f", A)
    for told in (page(), page("quota"), page("api_limit"), page("blocked"), page("entry_failed")):
        assert cursors.failed_page(told) == ("", "")
    for _ in range(cursors.PATIENCE + 1):
        assert run_with_holes(database, run_id, clock.now(), ["x", ""]) == (False, [])


def test_a_run_that_only_counted_its_holes_moves_nothing(
    database: Database, clock: MovableClock, run_id: int
) -> None:
    with database.writing() as session:
        session.get_one(Run, run_id).checkpoint = {"at_end": {"a": 1}, "holes": 2}
        session.flush()
        cursors.note(session, run_id, {"b": 1}, hole=False)
        assert not cursors.settle(session, run_id, at=clock.now())
    assert set(remembered(database)) == {"_holes"}


def test_where_everything_fails_nothing_is_passed_over(
    database: Database, clock: MovableClock, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursors, "MOST_HOLES", 4)
    for _ in range(cursors.PATIENCE + 1):
        assert run_with_holes(database, run_id, clock.now(), list("abcdefg")) == (False, [])
    assert run_with_holes(database, run_id, clock.now(), list("abcd"))[0]


def answer(
    body: str,
    status: int = 200,
    content_type: str = "application/json",
    step: str = "statuses",
    **meta: Any,
) -> Page:
    fetch = Fetch(f"{A}/api?n={meta.get('n', 1)}", step, meta={"chain": "list", "n": 1, **meta})
    headers = {"content-type": content_type}
    return Page(
        fetch, fetch.url, status, headers, body.encode(), datetime(2026, 11, 23, tzinfo=UTC)
    )


def pipeline(kind: str = "mastodon") -> Pipeline:
    return Pipeline(KINDS[kind], SourcePlan(1, A, Platform.MASTODON, KINDS[kind].form.read({})), [])


def test_words_of_posts_are_no_wall() -> None:
    status = {
        "id": "1", "url": f"{A}/1", "created_at": "2026-11-20T01:00:00Z", "account": {"acct": "x"},
        "content": "<p>Vui lòng đăng nhập để tiếp tục. Are you a robot? g-recaptcha</p>",
    }  # fmt: skip
    read = pipeline().read(answer(json.dumps([status], ensure_ascii=False)))
    assert [post.url for post in read.posts] == [f"{A}/1"]
    assert read.problems == ()


@pytest.mark.parametrize(
    ("status", "body", "content_type", "reason", "hole"),
    [
        (403, "<title>Just a moment...</title>Checking your browser", "text/html", "blocked", True),
        (
            200,
            "<form>Vui lòng đăng nhập để xem <input type=password></form>",
            "text/html",
            "login_wall",
            False,
        ),
        (200, "<p>Bảo trì</p>", "text/html", "not_json", True),
        (429, '{"error": "Too many requests"}', "application/json", "api_limit", True),
        (401, '{"error": "The access token is invalid"}', "application/json", "api_login", False),
        (404, '{"error": "Record not found"}', "application/json", "gone", False),
        (502, '{"error": "bad gateway"}', "application/json", "api_failed", True),
        (502, "<h1>Bad gateway</h1>", "text/html", "http_status", True),
    ],
)
def test_what_is_no_answer_of_the_interface_is_told_for_what_it_is(
    status: int, body: str, content_type: str, reason: str, hole: bool
) -> None:
    read = pipeline().read(answer(body, status, content_type))
    assert [one.reason for one in read.problems] == [reason]
    assert read.hole is hole
    assert read.posts == ()


def test_a_list_that_brings_nothing_new_is_left_after_a_few_pages() -> None:
    made = [
        Parsed(
            (Post(f"{A}/1", "x"),),
            (Fetch(f"{A}/api?n={n + 1}", "statuses", meta={"chain": "list", "n": n + 1}),),
        )
        for n in range(1, 20)
    ]
    reader = pipeline()
    reader.kind = replace(reader.kind, read=lambda _plan, page: made[int(page.fetch.meta["n"]) - 1])
    told = [reader.read(answer("[]", n=n)) for n in range(1, 7)]
    assert [len(read.follow) for read in told[: QUIET_PAGES + 1]] == [1] * QUIET_PAGES + [0]
    last = told[QUIET_PAGES]
    assert [one.reason for one in last.problems] == ["endless"]
    assert (last.hole, len(last.posts)) == (True, 1)


def test_a_list_that_leads_back_to_a_page_it_has_been_on_is_left() -> None:
    reader = pipeline()
    first = Fetch(f"{A}/api?n=1", "statuses", meta={"chain": "list", "n": 1})
    second = Fetch(f"{A}/api?n=2", "statuses", meta={"chain": "list", "n": 2})
    answers = {1: (second, "1"), 2: (first, "2")}
    reader.kind = replace(
        reader.kind,
        read=lambda _plan, page: Parsed(
            (Post(f"{A}/{answers[page.fetch.meta['n']][1]}", "x"),),
            (answers[page.fetch.meta["n"]][0],),
        ),
    )
    reader._known.add(first.fingerprint)
    assert len(reader.read(answer("[]", n=1)).follow) == 1
    back = reader.read(answer("[]", n=2))
    assert back.follow == ()
    assert [one.reason for one in back.problems] == ["endless"]
