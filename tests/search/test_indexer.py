"""The indexer over real databases and real engines: the outbox, replays, rebuilds while people work."""

import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from foundation import outbox
from foundation.clock import MovableClock, SystemClock
from foundation.database import Database
from foundation.people import SYSTEM
from search.index import IndexOutdated, SearchIndex, Versions, open_index
from search.index.base import IndexUnavailable
from search.index.indexer import Indexer
from search.index.requests import RETRY, latest_request, open_request, request_rebuild
from search.models import PostContact, PostRow, WorkState
from search.models_index import RequestState
from search.query import Query, parse
from search.store import INDEX_CONSUMER, set_work_state
from tests.support.posts import Posts

ELASTICSEARCH = os.environ.get("ELASTICSEARCH_URL", "http://127.0.0.1:9200")
OpenIndex = Callable[..., SearchIndex]


def _answers() -> bool:
    try:
        urllib.request.urlopen(ELASTICSEARCH, timeout=3).close()  # noqa: S310 - http on this machine
    except (urllib.error.URLError, OSError):
        return False
    return True


@pytest.fixture(params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.net)])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenIndex]:
    """Opens the same index as often as asked; everything is closed and removed at the end."""
    kind, prefix = request.param, f"test-{secrets.token_hex(5)}"
    if kind == "elasticsearch" and not _answers():
        pytest.skip(f"no Elasticsearch at {ELASTICSEARCH}")
    opened: list[SearchIndex] = []

    def open_(*, writer: bool = False, expected: Versions | None = None) -> SearchIndex:
        place = tmp_path / "index"
        index = open_index(
            kind, path=place, url=ELASTICSEARCH, prefix=prefix, writer=writer, expected=expected
        )
        opened.append(index)
        return index

    yield open_
    for index in opened:
        index.close()
    if kind == "elasticsearch":
        from elasticsearch import Elasticsearch

        with Elasticsearch(ELASTICSEARCH) as client:
            for name in client.indices.get(index=f"{prefix}*"):
                client.indices.delete(index=name)


@pytest.fixture
def tantivy(tmp_path: Path) -> Iterator[SearchIndex]:
    index = open_index("tantivy", path=tmp_path / "index", writer=True)
    yield index
    index.close()


@pytest.fixture
def posts(sqlite_database: Database, clock: MovableClock) -> Posts:
    return Posts(sqlite_database, clock)


def tell(database: Database, clock: MovableClock, *post_ids: int) -> None:
    with database.writing() as session:
        outbox.put(session, INDEX_CONSUMER, post_ids, at=clock.now())


def found(index: SearchIndex, text: str = "", unit_ids: set[int | None] | None = None) -> list[int]:
    index.refresh()
    hits = index.search(replace(parse(text), size=500), unit_ids=unit_ids)
    return sorted(hits.ids)


def waiting(database: Database) -> int:
    with database.reading() as session:
        return outbox.pending(session, INDEX_CONSUMER)


def ask(database: Database, clock: MovableClock) -> int:
    with database.writing() as session:
        return request_rebuild(session, SYSTEM, at=clock.now()).id


class TestTheOutbox:
    def test_what_changed_is_found_and_what_is_gone_is_not(
        self, sqlite_database: Database, posts: Posts, clock: MovableClock, tantivy: SearchIndex
    ) -> None:
        kept, gone = posts("việc nhẹ lương cao"), posts("việc nhẹ ở xa")
        tell(sqlite_database, clock, kept.id, gone.id)
        indexer = Indexer(sqlite_database, tantivy, clock)
        assert indexer.run_once() == 2
        assert found(tantivy, "việc nhẹ") == [kept.id, gone.id]
        with sqlite_database.writing() as session:
            session.execute(delete(PostRow).where(PostRow.id == gone.id))
            outbox.put(session, INDEX_CONSUMER, [gone.id], at=clock.now())
        assert indexer.run_once() == 1
        assert found(tantivy, "việc nhẹ") == [kept.id]
        assert waiting(sqlite_database) == 0
        assert indexer.run_once() == 0

    def test_a_document_carries_contacts_state_case_and_unit(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        post = posts("gọi số này", contacts=[("phone", "0900000123")], groups=["off_platform"])
        with sqlite_database.writing() as session:
            set_work_state(session, [post.id], WorkState.IN_CASE, at=clock.now(), case_id=12)
        Indexer(sqlite_database, tantivy, clock).run_once()
        for text in (
            "contact:0900000123",
            "contact:+84900000123",
            "state:in_case",
            "case:12",
            "group:off_platform",
        ):
            assert found(tantivy, text) == [post.id], text
        assert found(tantivy, "state:new") == []
        assert found(tantivy, "", {7}) == [], "a post of no unit is not one of unit 7"

    def test_batches_are_small_and_all_is_done_in_the_end(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        made = [posts(f"bài số {n}").id for n in range(7)]
        tell(sqlite_database, clock, *made)
        indexer = Indexer(sqlite_database, tantivy, clock, batch=3)
        assert [indexer.run_once() for _ in range(4)] == [3, 3, 1, 0]
        assert found(tantivy) == made

    def test_killed_between_writing_and_forgetting_it_writes_again_without_doubles(
        self,
        sqlite_database: Database,
        clock: MovableClock,
        posts: Posts,
        tantivy: SearchIndex,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        post = posts("chỉ một lần")
        tell(sqlite_database, clock, post.id)

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(outbox, "done", killed)
            with pytest.raises(KeyboardInterrupt):
                Indexer(sqlite_database, tantivy, clock).run_once()
        assert waiting(sqlite_database) == 1
        assert Indexer(sqlite_database, tantivy, clock).run_once() == 1
        assert tantivy.count() == 1
        assert found(tantivy, '"chỉ một lần"') == [post.id]

    def test_a_change_during_the_work_stays_for_the_next_round(
        self,
        sqlite_database: Database,
        clock: MovableClock,
        posts: Posts,
        tantivy: SearchIndex,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        post = posts("bản đầu")
        tell(sqlite_database, clock, post.id)
        upsert = tantivy.upsert

        def change_meanwhile(docs: object) -> None:
            upsert(docs)  # type: ignore[arg-type]
            monkeypatch.undo()
            with sqlite_database.writing() as session:
                session.get_one(PostRow, post.id).text = "bản sau"
                outbox.put(session, INDEX_CONSUMER, [post.id], at=clock.now())

        monkeypatch.setattr(tantivy, "upsert", change_meanwhile)
        indexer = Indexer(sqlite_database, tantivy, clock)
        indexer.run_once()
        assert waiting(sqlite_database) == 1
        indexer.run_once()
        assert found(tantivy, '"bản sau"') == [post.id]
        assert found(tantivy, '"bản đầu"') == []

    def test_one_post_that_cannot_be_read_does_not_keep_the_others_out(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        good, bad = posts("tốt"), posts("hỏng")
        with sqlite_database.writing() as session:
            session.get_one(PostRow, bad.id).groups = None  # type: ignore[assignment]
            session.flush()
        tell(sqlite_database, clock, good.id, bad.id)
        indexer = Indexer(sqlite_database, tantivy, clock)
        assert indexer.run_once() == 2
        assert found(tantivy) == [good.id]
        with sqlite_database.reading() as session:
            row = session.get_one(outbox.OutboxRow, (INDEX_CONSUMER, bad.id))
            assert row.attempts == 1
            assert "TypeError" in row.last_error
        assert indexer.run_once() == 0, "put off, not tried in a circle"

    def test_an_engine_that_does_not_answer_loses_nothing(
        self,
        sqlite_database: Database,
        clock: MovableClock,
        posts: Posts,
        tantivy: SearchIndex,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        tell(sqlite_database, clock, posts().id)
        indexer = Indexer(sqlite_database, tantivy, clock)

        def silent(_: object) -> None:
            raise IndexUnavailable("no answer")

        with monkeypatch.context() as patch:
            patch.setattr(tantivy, "upsert", silent)
            with pytest.raises(IndexUnavailable):
                indexer.run_once()
        assert waiting(sqlite_database) == 1
        assert indexer.run_once() == 1


_INDEX_FOR_EVER = """
import sys
from pathlib import Path
from foundation.clock import SystemClock
from foundation.database import Database
from search.index import open_index
from search.index.indexer import Indexer
index = open_index("tantivy", path=Path(sys.argv[2]), writer=True)
indexer = Indexer(Database(sys.argv[1]), index, SystemClock(), batch=3)
print("ready", flush=True)
while True:
    indexer.run_once()
"""


@pytest.mark.slow
def test_killed_for_real_again_and_again_it_loses_and_doubles_nothing(
    sqlite_database: Database, clock: MovableClock, posts: Posts, tmp_path: Path
) -> None:
    """kill -9 at any moment of writing and of a rebuild; the next start goes on from what is there."""
    made = [posts(f"việc nhẹ bài {n}").id for n in range(120)]
    place = tmp_path / "index"
    command = [sys.executable, "-c", _INDEX_FOR_EVER, sqlite_database.url, str(place)]
    for round_ in range(4):
        tell(sqlite_database, clock, *made)
        if round_ % 2:
            ask(sqlite_database, clock)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.03 + 0.05 * round_)
            process.kill()
    index = open_index("tantivy", path=place, writer=True)
    Indexer(sqlite_database, index, SystemClock()).run_until_idle()
    assert found(index) == made
    assert index.count() == len(made)
    assert waiting(sqlite_database) == 0
    with sqlite_database.reading() as session:
        assert open_request(session) is None
    index.close()


class TestRequests:
    def test_asking_twice_is_one_request(
        self, sqlite_database: Database, clock: MovableClock
    ) -> None:
        assert ask(sqlite_database, clock) == ask(sqlite_database, clock)

    def test_another_version_of_the_normaliser_asks_by_itself(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, opening: OpenIndex
    ) -> None:
        post = posts("cũ thành mới")
        old = opening(writer=True, expected=Versions(normaliser=0))
        tell(sqlite_database, clock, post.id)
        Indexer(sqlite_database, old, clock).run_until_idle()
        old.close()
        index = opening(writer=True)
        assert index.needs_rebuild()
        Indexer(sqlite_database, index, clock).run_until_idle()
        assert not index.needs_rebuild()
        assert found(index, "thành") == [post.id]
        with sqlite_database.reading() as session:
            request = latest_request(session)
            assert request is not None
            assert (request.reason, request.state) == ("outdated", RequestState.DONE)
            assert (request.done, request.total, request.by_id) == (1, 1, None)

    def test_an_index_of_another_schema_is_rebuilt_though_it_cannot_be_written(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, opening: OpenIndex
    ) -> None:
        opening(writer=True, expected=Versions(schema=0)).close()
        index = opening(writer=True)
        post = posts("sau khi nâng cấp")
        tell(sqlite_database, clock, post.id)
        if index.versions is not None:
            with pytest.raises(IndexOutdated):
                index.search(Query(), unit_ids=None)
        Indexer(sqlite_database, index, clock).run_until_idle()
        assert found(index, "nâng") == [post.id]
        assert waiting(sqlite_database) == 0

    def test_an_index_that_was_lost_is_noticed(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        made = [posts().id for _ in range(3)]
        Indexer(sqlite_database, tantivy, clock).run_until_idle()
        assert found(tantivy) == made

    def test_a_rebuild_that_failed_says_why_and_is_not_asked_for_again_at_once(
        self,
        sqlite_database: Database,
        clock: MovableClock,
        posts: Posts,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        posts()
        old = open_index(
            "tantivy", path=tmp_path / "i", writer=True, expected=Versions(normaliser=0)
        )
        old.close()
        index = open_index("tantivy", path=tmp_path / "i", writer=True)
        indexer = Indexer(sqlite_database, index, clock)

        def full(_: object) -> None:
            raise OSError("no space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(index, "switch", full)
            with pytest.raises(OSError, match="no space"):
                indexer.run_until_idle()
        with sqlite_database.reading() as session:
            request = latest_request(session)
            assert request is not None
            assert request.state == RequestState.FAILED
            assert "no space" in request.error
        assert indexer.run_once() == 0
        with sqlite_database.reading() as session:
            assert open_request(session) is None
        clock.move(RETRY)
        indexer.run_until_idle()
        assert not index.needs_rebuild()
        index.close()


class TestRebuilding:
    def test_it_brings_back_everything_and_shows_how_far_it_is(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        made = [posts(f"bài {n}").id for n in range(5)]
        request_id = ask(sqlite_database, clock)
        indexer = Indexer(sqlite_database, tantivy, clock, batch=2)
        progress = []
        while indexer.run_once():
            with sqlite_database.reading() as session:
                request = latest_request(session)
                assert request is not None
                progress.append((request.done, request.total, request.state))
        assert progress == [
            (2, 5, "running"),
            (4, 5, "running"),
            (5, 5, "running"),
            (5, 5, "done"),
        ]
        assert found(tantivy) == made
        with sqlite_database.reading() as session:
            finished = latest_request(session)
            assert finished is not None
            assert finished.id == request_id
            assert finished.finished_at == clock.now()

    def test_what_changes_while_it_runs_is_in_the_new_index_too(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, tantivy: SearchIndex
    ) -> None:
        first, second, third = posts("một"), posts("hai"), posts("ba")
        ask(sqlite_database, clock)
        indexer = Indexer(sqlite_database, tantivy, clock, batch=2)
        indexer.run_once()
        with sqlite_database.writing() as session:
            session.get_one(PostRow, first.id).text = "một đã sửa"
            session.execute(delete(PostContact))
            session.execute(delete(PostRow).where(PostRow.id == second.id))
            outbox.put(session, INDEX_CONSUMER, [first.id, second.id], at=clock.now())
        indexer.run_until_idle()
        assert found(tantivy) == [first.id, third.id]
        assert found(tantivy, '"đã sửa"') == [first.id]

    def test_one_that_was_cut_off_begins_anew(
        self, sqlite_database: Database, clock: MovableClock, posts: Posts, opening: OpenIndex
    ) -> None:
        made = [posts(f"bài {n}").id for n in range(4)]
        request_id = ask(sqlite_database, clock)
        index = opening(writer=True)
        Indexer(sqlite_database, index, clock, batch=2).run_once()
        index.close()  # the process was killed: its Indexer never closes
        again = opening(writer=True)
        Indexer(sqlite_database, again, clock, batch=2).run_until_idle()
        assert found(again) == made
        with sqlite_database.reading() as session:
            request = latest_request(session)
            assert request is not None
            assert (request.id, request.state, request.done) == (request_id, "done", 4)

    def test_people_search_and_posts_come_in_meanwhile(
        self, database: Database, clock: MovableClock, opening: OpenIndex
    ) -> None:
        """One thread searches, one brings posts in, the indexer rebuilds twice: no error, no post missing."""
        posts = Posts(database, clock)
        made = [posts(f"tuyển người bài {n}").id for n in range(60)]
        writer, reader = opening(writer=True), opening()
        indexer = Indexer(database, writer, clock, batch=7)
        tell(database, clock, *made)
        indexer.run_until_idle()
        stop = threading.Event()
        totals: list[int] = []
        problems: list[BaseException] = []

        def guarded(work: Callable[[], None]) -> threading.Thread:
            def run() -> None:
                try:
                    work()
                except BaseException as error:  # noqa: BLE001 - told by the assertion below
                    problems.append(error)

            return threading.Thread(target=run)

        def search() -> None:
            while not stop.is_set():
                reader.refresh()
                totals.append(reader.search(parse("tuyển người"), unit_ids=None).total)

        def bring_in() -> None:
            for n in range(40):
                post = posts(f"tuyển người bài mới {n}")
                made.append(post.id)
                tell(database, clock, post.id)

        threads = [guarded(search), guarded(bring_in)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            ask(database, clock)
            indexer.run_until_idle()
        threads[1].join(60)
        indexer.run_until_idle()
        stop.set()
        threads[0].join(60)
        assert problems == []
        assert totals
        assert min(totals) >= 60, "the index people search is never half empty"
        assert found(writer) == sorted(made)
        assert found(reader) == sorted(made)
