"""A source that breaks is noticed: what, at which step, with the page; and when it is well again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crawler import alerts
from crawler.models import Run, RunError, RunState, SourceAlert, SourceCare
from crawler.watchfulness import RunSeen, signs, usual
from foundation.errors import InvalidInput, NotAllowedInState
from foundation.people import SYSTEM
from search.models import Source
from tests.crawler.office import Office

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)


def seen(posts: int, day: int = 0, **more: Any) -> RunSeen:
    figures = {
        "requests": 2,
        "posts": posts,
        "steps": {"list": [1, 0], "detail": [1, posts]},
        **more.pop("figures", {}),
    }
    pages, seconds = more.pop("pages", 2), more.pop("seconds", 2.0)
    return RunSeen(
        MONDAY + timedelta(days=day), posts, pages, seconds, figures, "html_list", **more
    )


USUAL = [seen(10, -day) for day in range(1, 6)]


def kinds(run: RunSeen, before: list[RunSeen] | None = None, **more: str) -> list[str]:
    return [one.kind for one in signs(run, USUAL if before is None else before, **more)]


def test_what_is_usual_is_the_median_of_the_same_weekday_where_there_are_enough() -> None:
    mondays = [seen(3, -7 * week) for week in range(1, 5)]
    assert usual([*mondays, *USUAL], MONDAY) == 3
    assert usual(USUAL, MONDAY) == 10
    assert usual(USUAL[:2], MONDAY) is None


def test_a_run_as_usual_gives_no_sign() -> None:
    assert kinds(seen(9)) == []
    assert kinds(seen(0), before=USUAL[:2]) == []


def test_zero_results_are_told_but_not_where_nothing_is_new() -> None:
    nothing = {"steps": {"feed": [1, 0]}}
    assert kinds(seen(0, figures=nothing)) == ["zero"]
    assert kinds(seen(0, figures={**nothing, "unchanged": 1})) == []
    assert kinds(seen(0, figures=nothing), before=[seen(0, -day) for day in range(1, 6)]) == []


def test_a_step_that_always_gave_posts_and_gives_none_is_named() -> None:
    (found,) = signs(seen(0, figures={"steps": {"list": [1, 0], "detail": [4, 0]}}), USUAL)
    assert (found.kind, found.reason, found.step) == ("format", "alert_step_empty", "detail")
    assert found.detail["parser"] == "html_list"


def test_a_parser_that_breaks_is_named_even_on_its_first_run() -> None:
    figures = {"reasons": {"list|no_items": 1}, "steps": {"list": [1, 0]}}
    (found,) = signs(seen(0, figures=figures), [])
    assert (found.kind, found.step, found.detail["why"]) == ("format", "list", "no_items")


@pytest.mark.parametrize("field", ["no_text", "no_time", "no_author"])
def test_a_field_that_disappears_is_told(field: str) -> None:
    (found,) = signs(seen(10, figures={field: 8}), USUAL)
    assert (found.reason, found.detail["share"]) == ("alert_field", "80%")
    always = [seen(10, -day, figures={field: 9}) for day in range(1, 6)]
    assert signs(seen(10, figures={field: 8}), always) == []


def test_a_wall_is_a_block_and_not_a_change_of_format() -> None:
    figures = {"reasons": {"list|login_wall": 1, "list|no_items": 1}, "requests": 1}
    assert kinds(seen(0, figures=figures)) == ["blocked"]
    assert kinds(seen(0, figures={"reasons": {"feed|dns": 2}})) == ["unreachable"]
    assert kinds(seen(9, figures={"reasons": {"detail|forbidden": 1}, "requests": 10})) == []


def test_a_slow_site_is_told_by_what_is_usual_for_it() -> None:
    assert kinds(seen(10, seconds=20.0)) == ["slow"]
    slow = [seen(10, -day, seconds=18.0) for day in range(1, 6)]
    assert kinds(seen(10, seconds=20.0), before=slow) == []


def test_the_canary_has_to_be_found() -> None:
    assert kinds(seen(10), canary="việc nhẹ") == ["canary"]
    assert kinds(seen(10, figures={"canary": True}), canary="việc nhẹ") == []
    assert kinds(seen(10), newest="https://x.example/1") == ["canary"]
    assert kinds(seen(10, figures={"last": True}), newest="https://x.example/1") == []
    assert kinds(seen(3, cursored=True), newest="https://x.example/1") == []


@pytest.fixture
def source(office: Office) -> Source:
    return office.source("rss", "https://tin.example/rss")


def ran(office: Office, source: Source, posts: int, **figures: Any) -> Run:
    """A run that has ended, as if it had crawled."""
    whole = {"requests": 1, "posts": posts, "steps": {"feed": [1, posts]}, **figures}
    now = office.clock.now()
    with office.database.writing() as session:
        run = Run(
            source_id=source.id,
            state=RunState.DONE,
            created_at=now,
            started_at=now,
            ended_at=now + timedelta(seconds=1),
            pages=1,
            posts=posts,
            figures=whole,
        )
        session.add(run)
        session.flush()
        samples = {"feed": ("https://tin.example/rss", b"<rss/>")}
        alerts.judge(session, run.id, samples, office.files, at=now)
        return run


def told(office: Office) -> list[SourceAlert]:
    with office.database.reading() as session:
        return list(session.scalars(select(SourceAlert).order_by(SourceAlert.id)).unique())


def test_an_alert_names_step_and_parser_holds_the_page_and_ends_by_itself(
    office: Office, source: Source
) -> None:
    for _ in range(4):
        ran(office, source, 8)
    assert told(office) == []
    ran(office, source, 0)
    run = ran(office, source, 0)
    (alert,) = told(office)
    assert (alert.kind, alert.step, alert.parser, alert.runs) == ("format", "feed", "rss", 2)
    assert alert.run_id == run.id
    assert "Step feed of parser rss found nothing" in alert.message
    with office.database.reading() as session:
        digest = alerts.saved_page(session, alert)
        error = session.get_one(RunError, alert.error_id)
        assert alerts.counts(session) == {"format": 1}
    assert office.files.get(digest) == b"<rss/>"
    assert error.url == "https://tin.example/rss"
    ran(office, source, 7)
    (alert,) = told(office)
    assert alert.ended_at is not None
    assert alert.ended_by_id is None


def test_one_that_a_person_ended_stays_quiet_until_all_was_well(
    office: Office, source: Source
) -> None:
    for _ in range(4):
        ran(office, source, 8)
    ran(office, source, 0)
    (alert,) = told(office)
    with office.database.writing() as session:
        with pytest.raises(InvalidInput):
            alerts.end_alert(session, SYSTEM, alert.id, " ", at=office.clock.now())
        alerts.end_alert(session, SYSTEM, alert.id, "Trang nghỉ Tết", at=office.clock.now())
    with office.database.writing() as session, pytest.raises(NotAllowedInState):
        alerts.end_alert(session, SYSTEM, alert.id, "lần nữa", at=office.clock.now())
    ran(office, source, 0)
    with office.database.reading() as session:
        assert alerts.open_alerts(session, SYSTEM) == []
    ran(office, source, 6)
    ran(office, source, 0)
    with office.database.reading() as session:
        assert len(alerts.open_alerts(session, SYSTEM)) == 1


def test_the_newest_known_post_is_what_the_next_run_looks_for(
    office: Office, source: Source
) -> None:
    with office.database.writing() as session:
        session.add(SourceCare(source_id=source.id, newest=True))
    ran(office, source, 2, newest=["2026-11-23", "https://tin.example/9"])
    ran(office, source, 2, newest=["2026-11-24", "https://tin.example/10"], last=True)
    assert told(office) == []
    ran(office, source, 2, newest=["2026-11-25", "https://tin.example/11"])
    assert [(one.kind, one.detail["canary"]) for one in told(office)] == [
        ("canary", "https://tin.example/10")
    ]
