"""Wishes of casework are served: looked at, captured, put off when the visit itself fails."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.browser import REMEDY, find_browser
from crawler.wishes import serve_wishes
from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.files import FolderStore
from foundation.files_room import Room
from foundation.people import SYSTEM
from foundation.settings import Settings
from search import watch
from search.ingest import Ingestor
from search.models import Observation, PostRow, Source, Wish, WishKind
from search.post import Post
from search.watch import CAPTURE_CONSUMER, LOOK_CONSUMER, CaptureFiles, wish
from tests.crawler.child import KEY, RETENTION, settings_of
from tests.crawler.sites import Answer, Site, page, serving
from tests.crawler.test_capture_parts import certificate
from tests.crawler.test_services import GIVEN
from tests.crawler.words import KEPT_WORD, WordMatcher

pytestmark = pytest.mark.browser
TEXT = f"Tuyển gấp lao động sang bên kia biên giới {KEPT_WORD}, bao ăn ở, gọi 0900 000 101"

Wisher = Callable[[WishKind, str], int]


@pytest.fixture
def settings(tmp_path: object) -> Settings:
    made = settings_of(tmp_path)  # type: ignore[arg-type]
    if find_browser(made) is None:
        pytest.skip(REMEDY)
    return made


@pytest.fixture
def wisher(sqlite_database: Database, clock: MovableClock) -> Wisher:
    """Makes a post at an address and a wish for it; gives the wish's id."""
    from crawler.service_sources import create_source

    ingestor = Ingestor(sqlite_database, WordMatcher, clock, KEY, RETENTION)

    def make(kind: WishKind, url: str) -> int:
        with sqlite_database.writing() as session:
            name = f"nguồn {clock.now().timestamp()} {url}"
            source = create_source(session, SYSTEM, replace(GIVEN, name=name), at=clock.now())
        ids = ingestor.ingest([Post(url, TEXT)], source_id=source.id).kept
        with sqlite_database.writing() as session:
            post = session.get_one(PostRow, ids[0])
            return wish(
                session, kind, url, SYSTEM, at=clock.now(), post=post, asked_kind="x", asked_id=7
            ).id

    return make


def seen(database: Database) -> list[Observation]:
    with database.reading() as session:
        return list(session.scalars(select(Observation).order_by(Observation.id)))


def load(database: Database, wish_id: int) -> Wish:
    with database.reading() as session:
        return session.get_one(Wish, wish_id)


def test_a_look_before_and_after_shows_the_removal_with_pictures(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    with serving({"/bai/1": page(f"<p>{TEXT}</p>")}) as site:
        wisher(WishKind.LOOK, f"{site.address}/bai/1")
        assert serve_wishes(sqlite_database, files, clock, settings) == 1
        del site.pages["/bai/1"]
        clock.move(timedelta(hours=1))
        with sqlite_database.writing() as session:
            wish(session, WishKind.LOOK, f"{site.address}/bai/1", SYSTEM, at=clock.now())
        serve_wishes(sqlite_database, files, clock, settings)
    before, after = seen(sqlite_database)
    assert (before.availability, after.availability) == ("online", "removed")
    assert (before.status, after.status) == (200, 404)
    assert (before.asked_kind, before.asked_id, before.origin) == ("x", 7, "crawler")
    for one in (before, after):
        capture = CaptureFiles.from_dict(one.capture)
        assert files.get(capture.digest_of("screenshot")).startswith(b"\x89PNG")
    with sqlite_database.reading() as session:
        assert outbox.pending(session, CAPTURE_CONSUMER) == 2
        assert outbox.pending(session, LOOK_CONSUMER) == 1
    assert serve_wishes(sqlite_database, files, clock, settings) == 0


def test_text_that_scripts_write_is_seen(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    script = f"<div id=a></div><script>a.textContent = {TEXT!r}</script>"
    with serving({"/bai/1": page(script)}) as site:
        wisher(WishKind.LOOK, f"{site.address}/bai/1")
        serve_wishes(sqlite_database, files, clock, settings)
    assert [one.availability for one in seen(sqlite_database)] == ["online"]


def test_a_post_that_scripts_show_behind_a_404_is_not_removed(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    script = f"<div id=a></div><script>a.textContent = {TEXT!r}</script>"
    pages = {
        "/con": page(script, status=404),
        "/het": page("<div id=a></div><script>a.textContent = 'Không có trang này'</script>", status=404),
    }  # fmt: skip
    with serving(pages) as site:
        for path in pages:
            wisher(WishKind.LOOK, site.address + path)
        serve_wishes(sqlite_database, files, clock, settings)
    found = {
        one.url.rpartition("/")[2]: (one.availability, one.status) for one in seen(sqlite_database)
    }
    assert found == {
        "con": ("online", 404),
        "het": ("removed", 404),
    }


def test_what_the_interface_says_is_gone_and_its_page_shows_is_not_removed(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    gone = page("[]", content_type="application/json")
    pages = {
        "/wp-json/wp/v2/posts": gone,
        "/con": page(f"<p>{TEXT}</p>"),
        "/het": page("<p>Hết</p>"),
    }
    with serving(pages) as site:
        for path in ("/con", "/het"):
            wisher(WishKind.LOOK, site.address + path)
        with sqlite_database.writing() as session:
            for source in session.scalars(select(Source)):
                source.kind, source.address = "wordpress", f"{site.address}/"
        serve_wishes(sqlite_database, files, clock, settings)
    assert "/wp-json/wp/v2/posts" in site.paths()
    found = {one.url.rpartition("/")[2]: one.availability for one in seen(sqlite_database)}
    assert found == {"con": "online", "het": "removed"}


def test_a_page_whose_certificate_nobody_trusts_is_captured_and_judged(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
    tmp_path: Path,
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(tmp_path)[0])
    with serving({"/con": page(f"<p>{TEXT}</p>")}, tls=tls) as site:
        wisher(WishKind.CAPTURE, f"{site.address}/con")
        wisher(WishKind.LOOK, f"{site.address}/het")
        serve_wishes(sqlite_database, files, clock, settings)
    there, gone = seen(sqlite_database)
    assert (there.availability, there.status) == ("online", 200)
    assert (gone.availability, gone.status) == ("removed", 404)
    for one in (there, gone):
        capture = CaptureFiles.from_dict(one.capture)
        assert files.get(capture.digest_of("screenshot")).startswith(b"\x89PNG")
        assert capture.detail["tls"]["trusted"] is False
        assert "self-signed" in capture.detail["tls"]["distrust"]


def test_where_nothing_answers_and_where_nobody_may_go_nothing_was_seen(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    with serving({}) as site:
        closed = site.address
    for url in (f"{closed}/1", "http://10.1.2.3/1", "http://khong-co.invalid/1"):
        wisher(WishKind.LOOK, url)
    serve_wishes(sqlite_database, files, clock, settings)
    found = seen(sqlite_database)
    assert {(one.availability, one.status, bool(one.capture)) for one in found} == {
        ("unreachable", None, False)
    }
    assert [one.detail.split(":")[0] for one in found] == ["No answer", "Not visited", "No answer"]


def test_several_wishes_each_get_what_is_theirs(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    def pages(site: Site) -> None:
        site.pages.update(
            {
                "/sua": page("<p>Đã bán, cảm ơn mọi người.</p>"),
                "/an": page("<h1>Nội dung này hiện không khả dụng</h1>", status=403),
                "/kin": lambda _: Answer(status=302, headers={"Location": "/login"}),
                "/login": page("<p>Xin chào</p><input type=password>"),
            }
        )

    with serving({}) as site:
        pages(site)
        for path in ("/sua", "/an", "/kin"):
            wisher(WishKind.LOOK, site.address + path)
        assert serve_wishes(sqlite_database, files, clock, settings) == 3
    found = {one.url.rpartition("/")[2]: one.availability for one in seen(sqlite_database)}
    assert found == {"sua": "edited", "an": "restricted", "kin": "login_wall"}


def test_without_a_browser_a_look_is_written_and_a_capture_is_put_off(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    without = replace(settings, browser_path="/nowhere/chromium")
    with serving({"/1": page(f"<p>{TEXT}</p>"), "/2": page(f"<p>{TEXT}</p>")}) as site:
        look = wisher(WishKind.LOOK, f"{site.address}/1")
        capture = wisher(WishKind.CAPTURE, f"{site.address}/2")
        serve_wishes(sqlite_database, files, clock, without)
        (one,) = seen(sqlite_database)
        assert (one.wish_id, one.availability, one.capture) == (look, "online", {})
        assert "apt install chromium" in one.detail
        waiting = load(sqlite_database, capture)
        assert (waiting.state, waiting.attempts) == ("waiting", 1)
        assert "apt install chromium" in waiting.last_error
        clock.set(waiting.due_at)
        serve_wishes(sqlite_database, files, clock, settings)
    assert load(sqlite_database, capture).state == "done"
    assert CaptureFiles.from_dict(seen(sqlite_database)[1].capture).digest_of("screenshot")


def test_wishes_that_wait_behind_slow_ones_are_served_once(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    """Another crawler comes by after each slow visit, and after the time that one lease has."""
    without = replace(settings, browser_path="/nowhere/chromium")
    taken: list[int] = []

    def slow(_: object) -> Answer:
        clock.move(watch.LEASE - timedelta(minutes=1))
        with sqlite_database.writing() as session:
            taken.extend(one.id for one in watch.lease(session, at=clock.now(), limit=1))
        return Answer(f"<p>{TEXT}</p>")

    with serving({f"/{number}": slow for number in range(4)}) as site:
        mine = [wisher(WishKind.LOOK, f"{site.address}/{number}") for number in range(4)]
        serve_wishes(sqlite_database, files, clock, without)
        visits = site.paths()
    assert len(visits) == len(set(visits))
    served = [one.wish_id for one in seen(sqlite_database)]
    assert served[:2] == mine[:2]
    assert sorted([*served, *taken]) == mine
    assert taken


def test_a_wish_that_another_took_over_is_not_answered_twice(
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    wisher: Wisher,
) -> None:
    def slow(_: object) -> Answer:
        with (
            sqlite_database.writing() as session
        ):  # meanwhile the lease ran out and another took it
            row = session.scalars(select(Wish)).one()
            row.attempts += 1
        return Answer(f"<p>{TEXT}</p>")

    with serving({"/1": slow}) as site:
        wisher(WishKind.LOOK, f"{site.address}/1")
        serve_wishes(sqlite_database, files, clock, settings)
    assert seen(sqlite_database) == []


def test_a_capture_for_which_there_is_no_room_waits_and_leaves_nothing(
    wisher: Wisher,
    sqlite_database: Database,
    files: FolderStore,
    clock: MovableClock,
    settings: Settings,
    tmp_path: Path,
) -> None:
    with serving({"/bai": page(f"<p>{TEXT}</p>")}) as site:
        wish_id = wisher(WishKind.CAPTURE, f"{site.address}/bai")
        full = FolderStore(files.folder, Room(tmp_path / "count", quota=100))
        for _ in range(2):
            serve_wishes(sqlite_database, full, clock, settings)
            clock.move(timedelta(minutes=11))
        with sqlite_database.reading() as session:
            row = session.get_one(Wish, wish_id)
            assert (row.state, row.attempts) == ("waiting", 0)
            assert "the store of files is full" in row.last_error
            assert session.scalars(select(Observation)).all() == []
        full.room = None
        serve_wishes(sqlite_database, full, clock, settings)
        with sqlite_database.reading() as session:
            assert session.get_one(Wish, wish_id).state == "done"
            assert session.scalars(select(Observation)).one().capture["files"]
