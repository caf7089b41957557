"""Budgets, hours, a site's own "later", conditional requests: what a run does, and how it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.budget import Allowance, Limits, last_days
from crawler.manners import backed_off, retry_after
from crawler.models import Run, RunState, SourceCare
from crawler.service import make_due_runs
from foundation.clock import MovableClock, office_time
from foundation.people import SYSTEM
from search.models import Source
from tests.crawler.office import Office
from tests.crawler.sites import Answer, Asked, Handler, page, serving
from tests.crawler.test_manners import OPTIONS, listing, post

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)  # 12:00 at the office


def care(office: Office, source: Source, **values: Any) -> Source:
    with office.database.writing() as session:
        session.add(SourceCare(source_id=source.id, **values))
    return source


def followed(office: Office, run: Run) -> Run:
    return office.load(run.id + 1)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [(22, 5, {22, 23, 0, 4}), (8, 17, {8, 12, 16}), (None, None, {0, 12, 23}), (3, 3, {0, 12})],
)
def test_hours_may_go_past_midnight(begin: int | None, end: int | None, hours: set[int]) -> None:
    limits = Limits(hour_from=begin, hour_to=end)
    midnight = NOON - timedelta(hours=12)
    for hour in hours:
        assert limits.open_at(midnight + timedelta(hours=hour))
    if begin not in (None, end):
        assert not limits.open_at(midnight + timedelta(hours=(begin or 0) - 1))
        assert not limits.open_at(midnight + timedelta(hours=end or 0))
        opens = limits.opens(midnight + timedelta(hours=end or 0))
        assert office_time(opens).hour == begin
        assert opens - NOON < timedelta(hours=24)


def test_a_days_budget_begins_anew_at_midnight_of_the_office() -> None:
    clock = MovableClock(NOON)
    allowance = Allowance(Limits(requests=2, megabytes=1), clock, requests=1)
    assert [allowance.ask(), allowance.ask()] == ["", "budget"]
    resumes = allowance.resumes("budget")
    assert office_time(resumes).isoformat() == "2026-11-24T00:00:00+07:00"
    clock.set(resumes)
    assert allowance.ask() == ""
    allowance.received(2**20)
    assert allowance.ask() == "budget"


def test_a_wait_that_a_site_asks_for_is_capped_at_a_day() -> None:
    clock = MovableClock(NOON)
    allowance = Allowance(Limits(), clock)
    allowance.asked_to_wait(10**9)
    assert allowance.ask() == "retry_after"
    assert allowance.resumes("retry_after") == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 23 Nov 2026 05:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 04:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
        ("Mon, 99 Nov 2026 99:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(header: str, seconds: float) -> None:
    assert retry_after(header, NOON) == seconds


def test_back_off_doubles_with_jitter_up_to_a_minute() -> None:
    for times, whole in ((0, 0.5), (1, 1), (3, 4), (20, 60)):
        waits = {backed_off(times) for _ in range(20)}
        assert len(waits) > 1
        assert all(0.75 * whole <= wait <= 1.25 * whole for wait in waits)


def test_a_source_outside_its_hours_waits_for_them(office: Office) -> None:
    hour = office_time(office.clock.now()).hour
    begin, end = (hour + 2) % 24, (hour + 4) % 24
    source = office.source("rss", "https://tin.example/rss", every_minutes=60)
    care(office, source, hour_from=begin, hour_to=end)
    with office.database.writing() as session:
        assert make_due_runs(session, office.clock) == []
        waits = session.get_one(Source, source.id).next_run_at
    assert waits is not None
    assert office_time(waits).hour == begin
    run = office.load(office.run(source))
    assert run.not_before == waits


@pytest.mark.net
def test_a_run_ends_with_its_budget_and_goes_on_another_day_without_loss(office: Office) -> None:
    many = [f"/{number}" for number in range(12)]
    pages: dict[str, Handler] = {"/": listing(*many), **{path: post(path) for path in many}}
    with serving(pages) as site:
        source = care(
            office, office.source("html_list", site.address + "/", OPTIONS), day_requests=7
        )
        first = office.crawl(source)
        assert (first.state, first.reason) == (RunState.DONE, "budget")
        assert len(site.visits) == 7
        second = followed(office, first)
        assert (second.state, second.pages) == (RunState.WAITING, 0)
        assert second.not_before is not None
        assert office_time(second.not_before).hour == 0
        with office.database.writing() as session:
            (day,) = last_days(session, source.id)
            assert (day.requests, day.bytes > 0) == (7, True)
            session.delete(day)
        office.finish(office.start(second.id))
        second = office.load(second.id)
        assert (second.state, second.reason) == (RunState.DONE, "budget")
        with office.database.writing() as session:
            session.delete(last_days(session, source.id)[0])
        third = followed(office, second)
        office.finish(office.start(third.id))
        paths = [path for path in site.paths() if path != "/robots.txt"]
    runs = [office.load(one.id) for one in (first, second, third)]
    assert runs[2].reason == ""
    assert sum(run.kept for run in runs) == 12
    assert sorted(paths) == sorted(["/", *many])


@pytest.mark.net
def test_a_long_wait_that_a_site_asks_for_ends_the_run_until_then(office: Office) -> None:
    def busy(_: Asked) -> Answer:
        return Answer("chờ", 429, {"Retry-After": "7200"})

    with serving({"/": listing("/1"), "/1": busy}) as site:
        run = office.crawl(office.source("html_list", site.address + "/", OPTIONS))
        assert site.paths().count("/1") == 1
    assert (run.state, run.reason) == (RunState.DONE, "retry_after")
    later = followed(office, run).not_before
    assert later is not None
    assert timedelta(hours=1, minutes=58) < later - office.clock.now() <= timedelta(hours=2)


@pytest.mark.net
def test_pages_of_every_kind_are_sent_again_only_when_they_changed(office: Office) -> None:
    words = {"/1": "một", "/2": "hai"}
    whole: list[str] = []

    def versioned(asked: Asked) -> Answer:
        text = words[asked.path]
        if asked.headers.get("if-none-match") == f'"{len(text)}"':
            return Answer(status=304)
        whole.append(asked.path)
        return Answer(
            f"<article><p>Việc nhẹ {text}</p></article>", headers={"ETag": f'"{len(text)}"'}
        )

    pages: dict[str, Handler] = {"/": listing("/1", "/2"), "/1": versioned, "/2": versioned}
    with serving(pages) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        first = office.crawl(source)
        words["/2"] = "hai đã sửa"
        second = office.crawl(source)
    assert (first.posts, first.errors) == (2, 0)
    assert whole == ["/1", "/2", "/2"] or whole == ["/2", "/1", "/2"]
    assert (second.posts, second.figures["unchanged"], second.errors) == (1, 1, 0)


@pytest.mark.net
def test_a_change_of_format_raises_an_alert_with_the_page(office: Office) -> None:
    from crawler import alerts

    with serving({"/": listing("/1"), "/1": post("một")}) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        office.crawl(source)
        site.pages["/1"] = page("<section>mẫu trang mới</section>")
        run = office.crawl(source)
    with office.database.reading() as session:
        (alert,) = alerts.open_alerts(session, SYSTEM, source.id)
        assert (alert.kind, alert.step, alert.parser, alert.run_id) == (
            "format",
            "detail",
            "html_list",
            run.id,
        )
        assert "mẫu trang mới".encode() in office.files.get(alerts.saved_page(session, alert))
