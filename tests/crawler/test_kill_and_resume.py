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
from tests.crawler.office import Office, lapse, wait_until
from tests.crawler.sites import serving

pytestmark = pytest.mark.net

POSTS = 60


def counters(run: Run) -> dict[str, int]:
    return {name: getattr(run, name) for name in ("pages", "posts", "kept", "updated", "not_kept")}


def revive(office: Office, run_id: int) -> None:
    """What the crawler service does with a run whose process fell silent.

    In one transaction: a process that lives renews its lease between two.
    """
    with office.database.writing() as session:
        lapse(session, run_id)
        runs.reap(session, at=office.clock.now())


def unhurried(office: Office, run_id: int) -> None:
    """Lives too short to write anything are given up after some; that is not what this is about."""
    with office.database.writing() as session:
        session.get_one(Run, run_id).restarts = 0


def assert_whole_of(office: Office, source_id: int, run_id: int) -> None:
    """The run alone, where the same posts were read for other sources before."""
    run = office.load(run_id)
    assert (run.state, run.errors, run.reason) == (RunState.DONE, 0, "")
    counted, wanted = counters(run), expected(POSTS)
    assert (counted["pages"], counted["posts"]) == (wanted["pages"], wanted["posts"])
    assert counted["kept"] == wanted["kept"]
    posts = [post for post in office.posts() if post.source_id == source_id]
    assert len({post.url for post in posts}) == len(posts) == wanted["kept"]
    assert office.not_kept() == wanted["not_kept"]


def assert_whole(office: Office, run_id: int) -> None:
    run = office.load(run_id)
    assert (run.state, run.errors, run.reason) == (RunState.DONE, 0, "")
    assert counters(run) == expected(POSTS)
    assert run.known == 0
    posts = office.posts()
    assert len({post.url for post in posts}) == len(posts) == expected(POSTS)["kept"]
    assert office.not_kept() == expected(POSTS)["not_kept"]


KILLS = 50
LONGEST_LIFE = 0.5


@pytest.mark.slow
def test_killed_at_fifty_random_moments_it_loses_nothing_and_counts_nothing_twice(
    office: Office,
) -> None:
    """Each life is a process, forked with all its imports done, so that fifty fit into a test."""
    moments = random.Random(3)  # noqa: S311 - moments, not secrets
    kills, whole = 0, 0
    with serving(forum(POSTS)) as site:
        while kills < KILLS:
            source = office.source("html_list", site.address + "/", OPTIONS)
            run_id = office.run(source)
            while office.load(run_id).state != RunState.DONE:
                child = office.start(run_id, "--hurried")
                if kills >= KILLS:
                    office.finish(child)
                    continue
                time.sleep(moments.uniform(0.05, LONGEST_LIFE))
                if child.poll() is None:
                    office.kill(child)
                    kills += 1
                    unhurried(office, run_id)
                    revive(office, run_id)
            whole += 1
            assert_whole_of(office, source.id, run_id)
    assert (kills, whole >= 1) == (KILLS, True)


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
