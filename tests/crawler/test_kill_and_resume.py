"""A crawl that is killed at any moment goes on without loss or double, and its counters stay exact."""

import random
import signal
import time

import pytest

from crawler import runs
from crawler.models import Run, RunState
from crawler.service_runs import stop_run
from foundation.people import SYSTEM
from tests.crawler.forum import OPTIONS, expected, forum
from tests.crawler.office import Office, expired, wait_until
from tests.crawler.sites import serving

pytestmark = pytest.mark.net

POSTS = 60


def counters(run: Run) -> dict[str, int]:
    return {name: getattr(run, name) for name in ("pages", "posts", "kept", "updated", "not_kept")}


def revive(office: Office, run_id: int) -> None:
    """What the crawler service does with a run whose process fell silent."""
    expired(office, run_id)
    with office.database.writing() as session:
        runs.reap(session, at=office.clock.now())


def assert_whole(office: Office, run_id: int) -> None:
    run = office.load(run_id)
    assert (run.state, run.errors, run.reason) == (RunState.DONE, 0, "")
    assert counters(run) == expected(POSTS)
    assert run.known == 0
    posts = office.posts()
    assert len({post.url for post in posts}) == len(posts) == expected(POSTS)["kept"]
    assert office.not_kept() == expected(POSTS)["not_kept"]


@pytest.mark.slow
def test_killed_at_random_moments_it_loses_nothing_and_counts_nothing_twice(
    office: Office,
) -> None:
    moments = random.Random(3)  # noqa: S311 - moments, not secrets
    with serving(forum(POSTS)) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        run_id, kills = office.run(source), 0
        while kills < 5:
            child = office.start(run_id)
            wait_until(lambda: office.load(run_id).state == RunState.RUNNING)
            time.sleep(moments.uniform(0.2, 2.2))
            office.kill(child)
            if office.load(run_id).state == RunState.DONE:
                break
            kills += 1
            revive(office, run_id)
        if office.load(run_id).state != RunState.DONE:
            office.finish(office.start(run_id))
    assert kills >= 2
    assert_whole(office, run_id)


def test_told_to_end_it_writes_what_it_has_and_waits_for_the_next(office: Office) -> None:
    with serving(forum(POSTS)) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        run_id = office.run(source)
        child = office.start(run_id)
        wait_until(lambda: office.load(run_id).pages > 3)
        child.send_signal(signal.SIGTERM)
        assert office.finish(child) == "waiting"
        assert 3 < office.load(run_id).pages < expected(POSTS)["pages"]
        office.finish(office.start(run_id))
    assert_whole(office, run_id)


def test_a_person_stops_a_run_and_what_it_read_stays(office: Office) -> None:
    with serving(forum(POSTS)) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        run_id = office.run(source)
        child = office.start(run_id)
        wait_until(lambda: office.load(run_id).kept > 2)
        with office.database.writing() as session:
            stop_run(session, SYSTEM, run_id, at=office.clock.now())
        assert office.finish(child) == "stopped"
    run = office.load(run_id)
    assert (run.state, run.reason) == (RunState.STOPPED, "stopped_by_person")
    assert len(office.posts()) == run.kept > 2


def test_a_process_that_lost_its_lease_writes_nothing_more(office: Office) -> None:
    with serving(forum(POSTS)) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        run_id = office.run(source)
        slow = office.start(run_id)
        wait_until(lambda: office.load(run_id).pages > 3)
        revive(office, run_id)
        office.finish(office.start(run_id))
        assert office.finish(slow) == "running"
    assert_whole(office, run_id)


def test_a_second_crawl_finds_everything_known(office: Office) -> None:
    with serving(forum(12)) as site:
        source = office.source("html_list", site.address + "/", OPTIONS)
        office.crawl(source)
        again = office.crawl(source)
    assert counters(again) == {"pages": 14, "posts": 36, "kept": 0, "updated": 0, "not_kept": 0}
    assert again.known == 36
