"""Thousands of posts are judged by processes of their own: alike, in order, whatever becomes of these."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing

import psutil
import pytest
from sqlalchemy import select

from foundation.clock import MovableClock
from foundation.database import Database
from search import ingest
from search.ingest import Ingestor, Judging
from search.judges import Judges, cores, wanted
from search.models import PostRow
from search.post import Post
from search.preparing import Prepared, prepare_all
from search.rules.matcher import Matcher
from search.rules.pack import load_pack, shipped_packs
from search.store import BATCH
from tests.search.test_pack import SOUND
from tests.search.test_store import DULL, KEY, LURE, RETENTION
from tests.support.posts import Posts


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(shipped_packs())


@pytest.fixture
def helped(
    database: Database, clock: MovableClock, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> Ingestor:
    monkeypatch.setattr(ingest, "MANY", BATCH)
    return Ingestor(database, lambda: matcher, clock, KEY, RETENTION, judges=2)


def batches(count: int, size: int = 20) -> list[list[Post]]:
    """Every third is a lure, each with words of its own."""
    texts = [f"{DULL if n % 3 else LURE} lần {n}" for n in range(count * size)]
    posts = [Post(url=f"https://x.example/{n}", text=text) for n, text in enumerate(texts)]
    return [posts[start : start + size] for start in range(0, len(posts), size)]


def children() -> list[psutil.Process]:
    """The processes that judge; there are others, which wait until these are to be begun."""
    return [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]


def told(found: list[Prepared]) -> list[tuple[object, ...]]:
    return [(one.post, one.judgement, one.entities, one.signature, one.digest) for one in found]


def test_what_other_processes_judge_is_what_this_one_would(helped: Ingestor) -> None:
    given = batches(14)
    expected = [told(helped.prepare(batch)) for batch in given]
    assert any(judgement for batch in expected for _, judgement, *_ in batch)
    with closing(helped.judged(given)) as judged:
        first = [told(next(judged)()) for _ in range(5)]
        assert not children()
        assert first + [told(judging()) for judging in judged] == expected
    assert not children()


def test_they_judge_while_the_first_batches_are_stored(helped: Ingestor) -> None:
    with closing(helped.judged(iter(batches(20)))) as judged:
        for _ in range(6):
            next(judged)()
        assert len(children()) == 2
    assert not children()


def test_many_posts_are_stored_once_and_what_was_not_kept_is_known(
    helped: Ingestor, database: Database, clock: MovableClock
) -> None:
    posts = [post for batch in batches(20) for post in batch]
    source_id = Posts(database, clock).source()
    first = helped.ingest(posts, source_id=source_id)
    assert (first.seen, len(first.kept), first.not_kept) == (400, 134, 266)
    again = helped.ingest(posts, source_id=source_id)
    assert (len(again.kept), again.unchanged, again.known) == (0, 134, 266)
    with database.reading() as session:
        urls = session.scalars(select(PostRow.url).order_by(PostRow.id)).all()
    assert urls == [post.url for number, post in enumerate(posts) if number % 3 == 0]


def test_processes_that_are_killed_cost_nothing(helped: Ingestor) -> None:
    given = batches(30)
    expected = [told(helped.prepare(batch)) for batch in given]
    found = []
    with closing(helped.judged(given)) as judged:
        for number, judging in enumerate(judged):
            found.append(told(judging()))
            if number == 8:
                for child in children():
                    child.kill()
    assert found == expected


def test_rules_that_change_meanwhile_are_followed(
    helped: Ingestor, matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Matcher([load_pack(SOUND)])
    versions = []
    with closing(helped.judged(batches(30))) as judged:
        for number, judging in enumerate(judged):
            versions.append(judging()[0].matcher_version)
            if number == 10:
                monkeypatch.setattr(helped, "_matcher", lambda: other)
    assert versions[:11] == [matcher.version] * 11
    assert versions[-12:] == [other.version] * 12


def test_a_post_that_cannot_be_judged_costs_its_batch_only(helped: Ingestor) -> None:
    given = batches(12)
    given[9][3] = None  # type: ignore[call-overload]
    failed, found = [], 0

    def take(judging: Judging) -> int:
        try:
            return len(judging())
        except AttributeError:
            failed.append(judging)
            return 0

    with closing(helped.judged(given, keep_all=True)) as judged:
        found = sum(take(judging) for judging in judged)
    assert (found, len(failed)) == (11 * 20, 1)


@pytest.fixture
def judges(matcher: Matcher) -> Iterator[Judges]:
    opened = Judges(matcher, 1)
    yield opened
    opened.close()


def test_a_process_judges_with_the_rules_it_was_given(judges: Judges, matcher: Matcher) -> None:
    post = Post(url="https://x.example/1", text=LURE)
    (answer,) = judges.ask(prepare_all, [post], KEY).result(timeout=60)
    assert answer.judgement == matcher.match(LURE)
    assert answer.matcher_version == matcher.version


def test_how_many_is_a_setting() -> None:
    assert wanted(1) == 0
    assert wanted(3) == 3
    assert wanted(0) == (min(cores(), 4) if cores() > 1 else 0)


def test_they_end_with_the_process_that_began_them() -> None:
    command = [sys.executable, "-m", "tests.search.judging"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    until = time.monotonic() + 20
    while runs(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not runs(child)


def runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
