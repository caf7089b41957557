"""Captures of a case's addresses, at flagging, unchanged ones, and files that people bring."""

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.service import open_case
from casework.evidence import capturing, custody, service
from casework.evidence.brought import (
    PICTURES_CONSUMER,
    Bringer,
    Origin,
    Upload,
    bring_files,
    read_pictures,
)
from casework.evidence.models import EvidenceItem, Sighting
from casework.triage.service import keep
from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.files import FolderStore
from foundation.people import Actor, Role
from search import watch
from search.models import Observation, PostRow, Wish, WorkState
from search.pictures.store import pictures_of
from search.post import Availability
from search.watch import CaptureFile, CaptureFiles
from tests.support.people import People
from tests.support.posts import Posts


def picture(words: str = "Tuyen gap") -> bytes:
    drawn = Image.linear_gradient("L").resize((640, 360)).convert("RGB")
    ImageDraw.Draw(drawn).text((40, 60), words, fill="red")
    ImageDraw.Draw(drawn).ellipse((300, 80, 600, 340), fill="yellow")
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


PNG = picture()


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


class Crawler:
    """Does what the crawler does with a wish, with a page that is what the test says."""

    def __init__(self, database: Database, files: FolderStore, clock: MovableClock) -> None:
        self.database, self.files, self.clock = database, files, clock

    def serve(self, shown: str = "như cũ") -> list[Observation]:
        with self.database.writing() as session:
            wishes = watch.lease(session, at=self.clock.now(), limit=50)
            return [self._observe(session, wish, shown) for wish in wishes]

    def _observe(self, session: Session, wish: Wish, shown: str) -> Observation:
        known = watch.last_capture(session, wish)
        detail: dict[str, object] = {"compared": shown}
        data, moment = shown.encode(), self.clock.now().isoformat()
        stored = (CaptureFile("html", self.files.put(data), "text/html", len(data)),)
        unchanged = known is not None and known.compared == shown
        if known is not None and unchanged:
            stored = known.files.files
            detail["unchanged_since"] = {"observation": known.observation_id, "at": moment}
        url, at = wish.url, self.clock.now()
        capture = CaptureFiles(url, url, 200, moment, moment, "t/1", stored, detail=detail)
        seen = watch.observe(
            session, url, Availability.ONLINE, at=at, wish_row=wish, capture=capture
        )
        if not unchanged:
            watch.remember_capture(session, seen, shown)
        return seen


@pytest.fixture
def crawler(database: Database, files: FolderStore, clock: MovableClock) -> Crawler:
    return Crawler(database, files, clock)


def items(database: Database) -> list[EvidenceItem]:
    with database.reading() as session:
        return list(session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)))


def case_of(database: Database, actor: Actor, clock: MovableClock, *found: PostRow) -> Case:
    with database.writing() as session:
        return open_case(session, actor, "Vụ thử", [post.id for post in found], at=clock.now())


def test_an_unchanged_page_is_a_row_of_custody_and_no_new_item(
    database: Database,
    clock: MovableClock,
    inspector: Actor,
    posts: Posts,
    crawler: Crawler,
) -> None:
    post = posts()
    for shown in ("như cũ", "như cũ", "như cũ", "đã sửa", "đã sửa"):
        clock.move(timedelta(hours=1))
        with database.writing() as session:
            service.ask_capture(session, inspector, post.url, at=clock.now(), post=post)
        crawler.serve(shown)
        service.take_captures(database, clock)
    first, second = items(database)
    with database.reading() as session:
        acts = [[row.act for row in custody.chain(session, one)] for one in (first, second)]
        assert acts == [["captured", *["seen_unchanged"] * 2], ["captured", "seen_unchanged"]]
        assert custody.problem(session, first) == ""
        assert len(session.scalars(select(Sighting)).all()) == 3
        rows = session.scalars(select(Observation).order_by(Observation.id)).all()
        found = [service.item_of(session, row.id) for row in rows]
        assert [one.id for one in found if one] == [first.id] * 3 + [second.id] * 2
    assert service.take_captures(database, clock) == 0


def test_taking_an_unchanged_capture_twice_notes_it_once(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts, crawler: Crawler
) -> None:
    post = posts()
    for _ in range(2):
        with database.writing() as session:
            service.ask_capture(session, inspector, post.url, at=clock.now(), post=post)
        (seen,) = crawler.serve()
        service.take_captures(database, clock)
    with database.writing() as session:
        outbox.put(session, watch.CAPTURE_CONSUMER, [seen.id], at=clock.now())
    service.take_captures(database, clock)
    (item,) = items(database)
    with database.reading() as session:
        assert [row.act for row in custody.chain(session, item)] == ["captured", "seen_unchanged"]


def test_the_same_address_under_another_post_has_an_item_of_its_own(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts, crawler: Crawler
) -> None:
    one, other = posts(), posts()
    for post in (one, other):
        with database.writing() as session:
            service.ask_capture(session, inspector, one.url, at=clock.now(), post=post)
        crawler.serve()
        service.take_captures(database, clock)
    assert [item.post_id for item in items(database)] == [one.id, other.id]


def test_every_address_of_a_case_is_captured_by_one_act(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts, crawler: Crawler
) -> None:
    case = case_of(database, inspector, clock, posts(), posts(), posts(url="urn:giay:1"))
    with database.writing() as session:
        case = session.get_one(Case, case.id)
        assert len(capturing.ask_case(session, inspector, case, at=clock.now())) == 2
        assert capturing.ask_case(session, inspector, case, at=clock.now()) == [], "on their way"
        assert [one.open for one in capturing.progress(session, case)] == [True, True]
    crawler.serve()
    service.take_captures(database, clock)
    with database.reading() as session:
        done = capturing.progress(session, session.get_one(Case, case.id))
        assert [one.item.case_id for one in done if one.item] == [case.id, case.id]
        assert [(one.open, one.unchanged) for one in done] == [(False, False)] * 2
    with database.writing() as session:
        again = session.get_one(Case, case.id)
        capturing.ask_case(session, inspector, again, at=clock.now())
    crawler.serve()
    service.take_captures(database, clock)
    with database.reading() as session:
        done = capturing.progress(session, session.get_one(Case, case.id))
        assert [one.unchanged for one in done] == [True, True]
        assert all(one.item for one in done)
    assert len(items(database)) == 2


def test_a_case_without_an_address_says_so(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    case = case_of(database, inspector, clock, posts(url="urn:giay:1"))
    with database.writing() as session, pytest.raises(InvalidInput) as caught:
        capturing.ask_case(session, inspector, session.get_one(Case, case.id), at=clock.now())
    assert caught.value.message_key == "error.evidence.no_address"


def kept(database: Database, clock: MovableClock, actor: Actor, post: PostRow) -> None:
    with database.writing() as session:
        keep(session, actor, post.id, at=clock.now())


def wishes(database: Database) -> list[Wish]:
    with database.reading() as session:
        return list(session.scalars(select(Wish)))


def test_a_post_that_is_kept_is_captured_in_the_name_of_who_kept_it(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    post = posts()
    kept(database, clock, inspector, post)
    assert capturing.take_flagged(database, clock, wanted=True) == 1
    (wish,) = wishes(database)
    assert (wish.kind, wish.url, wish.post_id) == ("capture", post.url, post.id)
    assert wish.created_by_id == inspector.user_id
    assert capturing.take_flagged(database, clock, wanted=True) == 0


def test_nothing_is_captured_at_flagging_where_the_setting_says_so(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    kept(database, clock, inspector, posts())
    assert capturing.take_flagged(database, clock, wanted=False) == 0
    with database.reading() as session:
        assert outbox.pending(session, "evidence.flagged") == 0
    assert wishes(database) == []


def test_a_post_that_has_a_capture_or_was_let_go_again_is_not_captured_at_flagging(
    database: Database, clock: MovableClock, inspector: Actor, posts: Posts, crawler: Crawler
) -> None:
    done, undone, paper = posts(), posts(), posts(url="urn:giay:2")
    with database.writing() as session:
        service.ask_capture(session, inspector, done.url, at=clock.now(), post=done)
    crawler.serve()
    service.take_captures(database, clock)
    for post in (done, undone, paper):
        kept(database, clock, inspector, post)
    with database.writing() as session:
        session.get_one(PostRow, undone.id).state = WorkState.NEW
    assert capturing.take_flagged(database, clock, wanted=True) == 0


def test_several_files_of_a_citizen_are_one_item_with_when_they_were_seen(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    posts: Posts,
) -> None:
    post, seen_at = posts(), clock.now() - timedelta(days=2)
    uploads = [Upload(PNG, "man-hinh.png"), Upload(b"%PDF-1.7 don trinh bao", "don.pdf")]
    origin = Origin("Chị B. gửi qua Zalo của phòng", Bringer.CITIZEN, seen_at=seen_at)
    with database.writing() as session:
        item = bring_files(session, inspector, files, uploads, origin, at=clock.now(), post=post)
    assert [file["role"] for file in item.files] == ["screenshot", "document"]
    assert [file["name"] for file in item.files] == ["man-hinh.png", "don.pdf"]
    assert (item.captured_at, item.created_at) == (seen_at, clock.now())
    assert item.detail == {"bringer": "citizen", "seen": True}
    assert (item.url, item.origin) == (post.url, "officer")
    with database.writing() as session:
        row = session.get_one(EvidenceItem, item.id)
        assert service.check_hashes(session, inspector, files, row, at=clock.now()).ok
        first = custody.chain(session, row)[0]
        assert (first.act, first.detail.partition(":")[0]) == ("brought", "citizen")


@pytest.mark.parametrize(
    ("uploads", "origin", "key"),
    [
        ([], Origin("ai đó"), "error.evidence.count"),
        ([Upload(PNG)] * 21, Origin("ai đó"), "error.evidence.count"),
        ([Upload(PNG)], Origin("  "), "error.evidence.origin"),
        ([Upload(PNG), Upload(b"MZ")], Origin("ai đó"), "error.evidence.media_type"),
    ],
)
def test_what_is_brought_without_file_or_origin_is_refused(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    uploads: list[Upload],
    origin: Origin,
    key: str,
) -> None:
    with database.writing() as session, pytest.raises(InvalidInput) as caught:
        bring_files(session, inspector, files, uploads, origin, at=clock.now())
    assert caught.value.message_key == key
    assert items(database) == []


def test_nobody_has_seen_anything_tomorrow(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor
) -> None:
    later = Origin("ai đó", seen_at=clock.now() + timedelta(minutes=1))
    with database.writing() as session, pytest.raises(InvalidInput):
        bring_files(session, inspector, files, [Upload(PNG)], later, at=clock.now())


def test_a_picture_that_was_brought_is_known_again(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    posts: Posts,
) -> None:
    post = posts()
    with database.writing() as session:
        bring_files(
            session, inspector, files, [Upload(PNG)], Origin("tự chụp"), at=clock.now(), post=post
        )
    assert read_pictures(database, files, clock) == 1
    with database.reading() as session:
        (noted,) = pictures_of(session, post.id)
        assert (noted.width, noted.height) == (640, 360)
        assert outbox.pending(session, PICTURES_CONSUMER) == 0
    assert read_pictures(database, files, clock) == 0
