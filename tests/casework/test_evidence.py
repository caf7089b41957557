"""Evidence: from observation to item, custody, and every changed byte found."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import delete, select

from casework.cases.service import open_case
from casework.evidence import custody, service
from casework.evidence.brought import Origin, Upload, bring_files
from casework.evidence.models import Custody, EvidenceItem
from foundation import outbox
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from foundation.files import FolderStore
from foundation.people import Actor, Role, Unit
from search.post import Availability
from search.watch import CAPTURE_CONSUMER, CaptureFile, CaptureFiles, lease, observe
from tests.support.people import People
from tests.support.posts import Posts

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
def inspector(people: People) -> Actor:
    return people.actor(Role.INSPECTOR)


def captured(files: FolderStore, clock: MovableClock, url: str) -> CaptureFiles:
    stored = tuple(
        CaptureFile(role, files.put(data), media, len(data))
        for role, media, data in (
            ("screenshot", "image/png", PNG),
            ("html", "text/html", b"<p>bai dang</p>"),
        )
    )
    moment = clock.now()
    return CaptureFiles(
        url,
        url,
        200,
        moment.isoformat(),
        (moment + timedelta(seconds=3)).isoformat(),
        "t/1",
        stored,
    )


def item_from_crawl(
    database: Database, files: FolderStore, clock: MovableClock, actor: Actor, posts: Posts
) -> EvidenceItem:
    post = posts()
    with database.writing() as session:
        service.ask_capture(session, actor, post.url, at=clock.now(), post=post)
    with database.writing() as session:
        (wish,) = lease(session, at=clock.now())
        observe(
            session,
            wish.url,
            Availability.ONLINE,
            at=clock.now(),
            wish_row=wish,
            capture=captured(files, clock, wish.url),
        )
    assert service.take_captures(database, clock) == 1
    with database.reading() as session:
        return session.scalars(select(EvidenceItem)).one()


@pytest.fixture
def posts(database: Database, clock: MovableClock) -> Posts:
    return Posts(database, clock)


def test_a_wished_capture_becomes_evidence_with_custody(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    assert (item.origin, item.availability, item.status) == ("crawler", "online", 200)
    assert item.created_by_id == inspector.user_id
    assert item.ended_at == clock.now() + timedelta(seconds=3)
    with database.reading() as session:
        (row,) = custody.chain(session, item)
        assert (row.act, row.actor_name, row.previous) == (
            "captured",
            inspector.name,
            item.manifest_digest,
        )


def test_taking_an_observation_twice_makes_one_item(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    with database.writing() as session:
        outbox.put(session, CAPTURE_CONSUMER, [item.observation_id or 0], at=clock.now())
    service.take_captures(database, clock)
    with database.reading() as session:
        assert len(session.scalars(select(EvidenceItem)).all()) == 1
        assert outbox.pending(session, CAPTURE_CONSUMER) == 0


def test_unchanged_files_check_out_and_every_look_is_a_row(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    with database.writing() as session:
        row = session.get_one(EvidenceItem, item.id)
        custody.add(session, row, "viewed", inspector, at=clock.now())
        found = service.check_hashes(session, inspector, files, row, at=clock.now())
        assert (found.ok, found.checked) == (True, 2)
        acts = [one.act for one in custody.chain(session, row)]
    assert acts == ["captured", "viewed", "hash_checked"]


@pytest.mark.parametrize("kind", ["changed", "missing"])
def test_a_changed_or_missing_file_is_found(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    posts: Posts,
    kind: str,
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    digest = item.files[0]["digest"]
    path: Path = next(files.folder.glob(f"*/*/{digest}"))
    if kind == "changed":
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(bytes(data))
    else:
        path.unlink()
    with database.writing() as session:
        row = session.get_one(EvidenceItem, item.id)
        found = service.check_hashes(session, inspector, files, row, at=clock.now())
        assert found.problems == (f"file {digest[:12]} was {kind}",) or found.problems == (
            f"file {digest[:12]} is {kind}",
        )


def test_a_changed_or_missing_row_of_custody_is_found(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    with database.writing() as session:
        row = session.get_one(EvidenceItem, item.id)
        for act in ("viewed", "exported"):
            custody.add(session, row, act, inspector, at=clock.now())
    with database.writing() as session:
        rows = session.scalars(select(Custody).order_by(Custody.sequence)).all()
        rows[1].actor_name = "Ai khác"
        session.flush()
        assert custody.problem(session, item) == "row 2 was changed"
        session.rollback()
    with database.writing() as session:
        session.delete(session.scalars(select(Custody).where(Custody.sequence == 2)).one())
        session.flush()
        assert custody.problem(session, item) == "row 2 is missing"
        session.rollback()
    with database.reading() as session:
        assert custody.problem(session, item) == ""


def test_a_changed_claim_of_the_item_is_found(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    with database.writing() as session:
        row = session.get_one(EvidenceItem, item.id)
        row.captured_at = row.captured_at - timedelta(days=1)
        found = service.check_hashes(session, inspector, files, row, at=clock.now())
        assert "manifest" in found.problems
        session.rollback()


def test_a_screenshot_that_was_brought_is_evidence_with_its_origin(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    post = posts()
    with database.writing() as session:
        case = open_case(session, inspector, "Vụ thử", [post.id], at=clock.now())
        item = bring_files(
            session,
            inspector,
            files,
            [Upload(PNG)],
            Origin("Người dân gửi qua đường dây nóng", url="https://mang.example/nhom/1"),
            at=clock.now(),
            case=case,
        )
        assert (item.origin, item.case_id) == ("officer", case.id)
        assert [row.act for row in custody.chain(session, item)] == ["brought"]
        assert [one.id for one in service.items_for(session, case_id=case.id)] == [item.id]


@pytest.mark.parametrize(
    ("data", "note"),
    [(b"<svg onload=alert(1)>", "ảnh"), (b"RIFFxxxxAVI ", "ảnh"), (PNG, "   "), (b"", "ảnh")],
)
def test_what_is_no_picture_or_has_no_origin_is_refused(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    data: bytes,
    note: str,
) -> None:
    with database.writing() as session, pytest.raises(InvalidInput):
        bring_files(session, inspector, files, [Upload(data)], Origin(note), at=clock.now())


def test_only_web_pages_can_be_wished_for(
    database: Database, clock: MovableClock, inspector: Actor
) -> None:
    with database.writing() as session, pytest.raises(InvalidInput):
        service.ask_capture(session, inspector, "file:///etc/passwd", at=clock.now())


def test_evidence_of_a_post_becomes_the_case_s_when_a_case_is_opened(
    database: Database, files: FolderStore, clock: MovableClock, inspector: Actor, posts: Posts
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    assert item.case_id is None
    with database.writing() as session:
        case = open_case(session, inspector, "Vụ thử", [item.post_id or 0], at=clock.now())
        assert service.put_to_case(session, inspector, case, at=clock.now()) == 1
        row = session.get_one(EvidenceItem, item.id)
        assert row.case_id == case.id
        assert [one.act for one in custody.chain(session, row)] == ["captured", "put_to_case"]


def test_a_capture_that_cannot_be_read_holds_up_no_other(
    database: Database, files: FolderStore, clock: MovableClock, posts: Posts
) -> None:
    for number in range(3):
        post = posts()
        capture = captured(files, clock, post.url)
        with database.writing() as session:
            seen = observe(
                session,
                post.url,
                Availability.ONLINE,
                at=clock.now(),
                post_id=post.id,
                capture=capture,
            )
            if number == 0:
                seen.capture = {**capture.to_dict(), "unknown": 1}
    assert service.take_captures(database, clock) == 2
    assert service.take_captures(database, clock) == 0
    with database.reading() as session:
        assert len(session.scalars(select(EvidenceItem)).all()) == 2
        left = session.scalars(select(outbox.OutboxRow)).all()
        mine = [row for row in left if row.consumer == CAPTURE_CONSUMER]
        assert [row.attempts for row in mine] == [1]
        assert "unknown" in mine[0].last_error


def test_two_who_look_at_an_item_at_once_both_stand_in_its_custody(
    database: Database,
    files: FolderStore,
    clock: MovableClock,
    inspector: Actor,
    posts: Posts,
) -> None:
    item = item_from_crawl(database, files, clock, inspector, posts)
    begun = Event()

    def look() -> None:
        begun.set()
        with database.writing() as session:
            custody.add(session, session.get_one(EvidenceItem, item.id), "viewed", inspector, at=at)

    at = clock.now()
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            row = session.get_one(EvidenceItem, item.id)
            custody.add(session, row, "viewed", inspector, at=at)
            other = pool.submit(look)
            begun.wait(5)
            with pytest.raises(TimeoutError):
                other.result(0.2)  # it waits for this one
        other.result(20)
    with database.reading() as session:
        row = session.get_one(EvidenceItem, item.id)
        assert [one.act for one in custody.chain(session, row)] == ["captured", "viewed", "viewed"]
        assert custody.problem(session, row) == ""


def test_evidence_belongs_to_the_unit_of_its_case_whoever_asked_for_it(
    database: Database, files: FolderStore, clock: MovableClock, people: People, posts: Posts
) -> None:
    mine, other = people.unit("Phòng Một"), people.unit("Phòng Hai")
    working = people.actor(Role.INSPECTOR, unit=mine)
    item = item_from_crawl(database, files, clock, people.actor(Role.INSPECTOR, unit=other), posts)
    assert item.unit_id == other.id
    with database.writing() as session:
        case = open_case(session, working, "Vụ thử", [item.post_id or 0], at=clock.now())
        service.put_to_case(session, working, case, at=clock.now())
        assert service.get_item(session, working, item.id).unit_id == mine.id
    with database.writing() as session:
        # What another unit asks for later is the case's too.
        later = captured(files, clock, item.url)
        seen = observe(
            session,
            item.url,
            Availability.ONLINE,
            at=clock.now(),
            post_id=item.post_id,
            capture=later,
        )
        seen.unit_id = other.id
        assert service.from_observation(session, seen, at=clock.now()).unit_id == mine.id


def test_another_unit_does_not_find_it(
    database: Database, files: FolderStore, clock: MovableClock, people: People
) -> None:
    with database.writing() as session:
        units = [Unit(name=name, created_at=clock.now()) for name in ("Phòng Một", "Phòng Hai")]
        session.add_all(units)
    mine, other = (people.actor(Role.INSPECTOR, unit=unit) for unit in units)
    with database.writing() as session:
        item = bring_files(session, mine, files, [Upload(PNG)], Origin("Tự chụp"), at=clock.now())
    with database.reading() as session:
        assert service.get_item(session, mine, item.id).id == item.id
        with pytest.raises(NotFound):
            service.get_item(session, other, item.id)


class TestACustodyThatWasTamperedWith:
    """By somebody who can write in the database and knows how digests are made."""

    def item(self, database: Database, files: FolderStore, actor: Actor) -> EvidenceItem:
        at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
        with database.writing() as session:
            item = bring_files(session, actor, files, [Upload(PNG)], Origin("Do dân gửi"), at=at)
            custody.add(session, item, "exported", actor, at=at, detail="screenshot")
        return item

    def problem(self, database: Database, item: EvidenceItem) -> str:
        with database.reading() as session:
            return custody.problem(session, session.get_one(EvidenceItem, item.id))

    def test_an_untouched_one_is_whole(
        self, database: Database, files: FolderStore, inspector: Actor
    ) -> None:
        assert self.problem(database, self.item(database, files, inspector)) == ""

    def test_a_cut_tail_is_found(
        self, database: Database, files: FolderStore, inspector: Actor
    ) -> None:
        item = self.item(database, files, inspector)
        with database.writing() as session:
            session.execute(delete(Custody).where(Custody.sequence == 2))
        assert self.problem(database, item) == "row 2 is missing"

    def test_a_chain_rewritten_from_its_start_is_found(
        self, database: Database, files: FolderStore, inspector: Actor
    ) -> None:
        item = self.item(database, files, inspector)
        with database.writing() as session:
            row = session.get_one(EvidenceItem, item.id)
            row.url = "https://another.example/"
            before = row.manifest_digest = service.manifest_digest(row)
            for each in custody.chain(session, row):
                each.previous, each.actor_name = before, "Somebody Else"
                before = each.digest = custody._digest(each)
        assert self.problem(database, item) == "row 1 was changed"
