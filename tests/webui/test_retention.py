"""What goes when its time is over: evidence of dismissed posts, packages, saved pages, unused files."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from casework.evidence import checking, custody
from casework.evidence.models import Custody, EvidenceItem, Sighting
from casework.evidence.models_packages import EvidencePackage, PackageState
from casework.sanctions.models import Sanction
from casework.takedowns.models import TakedownItem, TakedownRequest
from crawler.models import RunError
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput, NotAllowedInState
from foundation.files import FolderStore
from foundation.people import SYSTEM
from search.models import Observation
from search.post import Availability
from search.watch import observe
from tests.support.people import People
from tests.webui.storage_room import DAY, StorageRoom
from webui.storage import retention, terms
from webui.storage.kinds import Kind

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LURE = "Cần gấp 5 bạn trực tin nhắn bên Bavet, lo giấy tờ, ib 0900 000 311"


@pytest.fixture
def clock() -> MovableClock:
    """Today, since the files of a folder know the disk's time."""
    return MovableClock(datetime.now(UTC))


@pytest.fixture
def room(
    database: Database, files: FolderStore, clock: MovableClock, people: People
) -> StorageRoom:
    return StorageRoom(database, files, clock, people)


def items(room: StorageRoom) -> int:
    with room.database.reading() as session:
        return session.scalar(select(func.count(EvidenceItem.id))) or 0


def test_evidence_of_a_dismissed_post_goes_with_its_day_and_its_files_a_week_later(
    room: StorageRoom,
) -> None:
    post_id, item_id = room.dismissed(LURE)
    item = room.item(item_id)
    assert item is not None
    digests = [file["digest"] for file in item.files]
    room.first_count()
    room.pass_days(89)
    assert room.run().counts["evidence"] == {"rows": 0, "bytes": 0, "held": 0}
    room.pass_days(2)
    room.purge_posts()
    assert room.post(post_id) is None
    assert room.item(item_id) is not None, "the post's day was taken over before it went"
    done = room.run()
    size = sum(file["size"] for file in item.files)
    assert done.counts["evidence"] == {"rows": 1, "bytes": size, "held": 0}
    assert room.item(item_id) is None
    assert items(room) == 3, "the case's evidence stays"
    (event,) = room.events("evidence:purge")
    assert event.detail["files"] == digests
    assert event.detail["digest"] == item.manifest_digest
    assert "0900" not in json.dumps(event.detail)
    assert item.url not in json.dumps(event.detail)
    assert all(room.files.exists(one) for one in digests), "files wait a week"
    room.survey()
    assert room.unused() == set(digests)
    room.pass_days(6)
    room.run()
    assert all(room.files.exists(one) for one in digests)
    room.pass_days(1.1)
    assert room.run().counts["unused"]["rows"] == 3
    assert not any(room.files.exists(one) for one in digests)
    assert room.unused() == set()
    with room.database.reading() as session:
        for item in session.scalars(select(EvidenceItem)):
            assert all(room.files.intact(file["digest"]) for file in item.files)


@one_database
def test_nothing_of_the_capture_is_left_in_the_database(room: StorageRoom) -> None:
    _, item_id = room.dismissed(LURE)
    item = room.item(item_id)
    assert item is not None
    with room.database.writing() as session:
        again = observe(session, item.url, Availability.ONLINE, at=room.clock.now())
        session.add(Sighting(observation_id=again.id, item_id=item_id, at=room.clock.now()))
        seen = [again.id, item.observation_id]
    room.first_count()
    room.pass_days(91)
    room.run()
    with room.database.reading() as session:
        assert session.get(EvidenceItem, item_id) is None
        assert session.scalars(select(Custody).where(Custody.item_id == item_id)).all() == []
        assert [session.get(Observation, one) for one in seen] == [None, None]


@one_database
def test_a_dismissal_that_was_taken_back_keeps_the_evidence(room: StorageRoom) -> None:
    post_id, item_id = room.dismissed(LURE)
    room.first_count()
    room.pass_days(80)
    room.run()
    with room.database.writing() as session:
        session.execute(
            text("UPDATE post SET state = 'kept', retain_until = NULL WHERE id = :id"),
            {"id": post_id},
        )
    room.pass_days(30)
    room.run()
    kept = room.item(item_id)
    assert kept is not None
    assert kept.retain_until is None


@one_database
def test_evidence_that_came_into_a_case_stays(room: StorageRoom) -> None:
    _, item_id = room.dismissed(LURE)
    room.first_count()
    room.run()
    with room.database.writing() as session:
        session.get_one(EvidenceItem, item_id).case_id = room.desk.case_id
    room.pass_days(400)
    room.run()
    kept = room.item(item_id)
    assert kept is not None
    assert kept.retain_until is None


def takedown(room: StorageRoom, post_id: int, **refers: int | None) -> None:
    now = room.clock.now()
    with room.database.writing() as session:
        request = TakedownRequest(
            number="1/YC", case_id=room.desk.case_id, state="sent", target="platform", recipient="Nền tảng",
            platform="forum", sender="so", regime_id="r", pinned={}, law_day=now.date(), legal_basis=[],
            wanted=["remove"], hours=24, deadline_source="-", channel="letter", created_at=now,
        )  # fmt: skip
        session.add(request)
        session.flush()
        session.add(
            TakedownItem(
                request_id=request.id,
                post_id=post_id,
                url="https://dien-dan.example/1",
                normalised="x",
                normalised_key="k",
                quote="q",
                state="online",
                created_at=now,
                **refers,
            )
        )


@pytest.mark.parametrize("by", ["post", "evidence", "before", "after", "sighting"])
@one_database
def test_what_a_takedown_request_refers_to_stays(room: StorageRoom, by: str) -> None:
    post_id, item_id = room.dismissed(LURE)
    other = room.posts("Bài khác", retain_until=None)
    item = room.item(item_id)
    assert item is not None
    with room.database.writing() as session:
        again = observe(session, item.url, Availability.ONLINE, at=room.clock.now())
        session.add(Sighting(observation_id=again.id, item_id=item_id, at=room.clock.now()))
        sighting = again.id
    refers: dict[str, int | None] = {
        "post": None,
        "evidence": item_id,
        "before": item.observation_id,
        "after": item.observation_id,
        "sighting": sighting,
    }
    column = {
        "evidence": "before_evidence_id",
        "before": "before_observation_id",
        "after": "after_observation_id",
        "sighting": "after_observation_id",
    }.get(by)
    more = {column: refers[by]} if column else {}
    takedown(room, post_id if by == "post" else other.id, **more)
    room.first_count()
    room.pass_days(91)
    room.purge_posts()
    with room.database.reading() as session:
        assert terms.due(session, room.clock.now())["evidence"].rows == 0
    assert room.run().counts["evidence"] == {"rows": 0, "bytes": 0, "held": 1}
    assert room.item(item_id) is not None


def test_a_dry_run_counts_and_deletes_nothing_and_comes_before_the_first_real_one(
    room: StorageRoom,
) -> None:
    _, item_id = room.dismissed(LURE)
    package_id = room.handed_over()
    page = room.broken_page("<p>hỏng</p>")
    stray = room.files.put("không ai nhắc tới".encode())
    room.survey()
    room.pass_days(91)
    with (
        pytest.raises(NotAllowedInState),
        room.database.writing() as session,
    ):
        retention.ask(session, room.admin, real=True, at=room.clock.now())
    counted = room.first_count()
    assert {step: one["rows"] for step, one in counted.counts.items()} == {
        "evidence": 1,
        "packages": 1,
        "saved_pages": 1,
        "unused": 1,
    }
    assert counted.counts["unused"]["bytes"] == len("không ai nhắc tới".encode())
    assert (counted.total, counted.done) == (4, 4)
    assert room.item(item_id) is not None
    assert room.files.exists(stray)
    assert room.files.exists(page)
    assert not room.events("evidence:purge")
    assert [one.detail["unused"] for one in room.events("retention:counted")] == [1]
    done = room.run()
    assert done.counts == counted.counts
    assert room.item(item_id) is None
    assert not room.files.exists(stray)
    with room.database.reading() as session:
        package = session.get_one(EvidencePackage, package_id)
        assert (package.state, package.digest) == (PackageState.EXPIRED, "")
        assert len(package.root) == 64
        assert set(session.scalars(select(RunError.saved_page))) == {""}


@one_database
def test_the_duty_counts_once_and_deletes_only_after_a_person_has_begun(room: StorageRoom) -> None:
    _, item_id = room.dismissed(LURE)
    room.pass_days(91)

    def waits() -> bool:
        with room.database.reading() as session:
            return retention.waits(session, room.clock.now())

    assert waits()
    first = room.run(by_duty=True)
    assert (first.real, first.created_by_id) == (False, None)
    room.pass_days(2)
    assert not waits()
    assert retention.work(room.database, room.files, room.clock) == 0
    assert room.item(item_id) is not None
    room.run()
    assert room.item(item_id) is None
    assert not waits()
    room.pass_days(1.1)
    assert waits()
    daily = room.run(by_duty=True)
    assert (daily.real, daily.created_by_id) == (True, None)


@one_database
def test_a_run_that_is_interrupted_goes_on_where_it_was(room: StorageRoom) -> None:
    made = [room.dismissed(f"{LURE} {number}")[1] for number in range(7)]
    room.first_count()
    room.pass_days(91)
    piece, retention.PIECE = retention.PIECE, 2
    try:
        with room.database.writing() as session:
            retention.ask(session, room.admin, real=True, at=room.clock.now())
        left = []
        for _ in range(30):
            retention.work(room.database, room.files, room.clock, seconds=0.0001)
            left.append(sum(room.item(one) is not None for one in made))
        assert {5, 3, 1, 0} <= set(left), "in slices of two"
        assert left == sorted(left, reverse=True)
    finally:
        retention.PIECE = piece
    with room.database.reading() as session:
        done = retention.latest(session)
    assert done is not None
    assert done.ended_at is not None
    assert done.counts["evidence"]["rows"] == 7
    assert len(room.events("evidence:purge")) == 7


def test_a_package_goes_ninety_days_after_its_handover_unless_prosecutors_have_the_file(
    room: StorageRoom,
) -> None:
    never = room.desk.made().id
    room.clock.move(timedelta(seconds=1))
    package_id = room.handed_over()
    with room.database.reading() as session:
        digest = session.get_one(EvidencePackage, package_id).digest
        subject = session.scalar(text("SELECT min(id) FROM subject"))
    room.first_count()
    now = room.clock.now()
    with room.database.writing() as session:
        file = Sanction(
            number="1/XP", case_id=room.desk.case_id, subject_id=subject, state="draft",
            subject_kind="individual", conduct="c", act_text="a", detected_on=now.date(), provision_id="p",
            cited="c", law_version="1", crime_at=now, created_at=now,
        )  # fmt: skip
        session.add(file)
        session.flush()
        sanction_id = file.id
    room.pass_days(91)
    assert room.run().counts["packages"]["rows"] == 0
    with room.database.writing() as session:
        session.get_one(Sanction, sanction_id).returned_on = now.date()
    room.pass_days(1)
    assert room.run().counts["packages"]["rows"] == 1
    (event,) = room.events("evidence:package_expired")
    assert event.detail["digest"] == digest
    room.pass_days(1)
    room.survey()
    room.pass_days(8)
    room.run()
    assert not room.files.exists(digest)
    with room.database.reading() as session:
        assert session.get_one(EvidencePackage, never).state == PackageState.DONE


@one_database
def test_an_administrator_says_how_long_within_limits_and_the_log_keeps_it(
    room: StorageRoom,
) -> None:
    with room.database.writing() as session:
        terms.set_days(session, room.admin, "saved_pages", 3, at=room.clock.now())
    with pytest.raises(InvalidInput), room.database.writing() as session:
        terms.set_days(session, room.admin, "unused", 6, at=room.clock.now())
    (event,) = room.events("retention:set")
    assert (event.subject_id, event.detail) == ("saved_pages", {"before": 30, "days": 3})
    room.broken_page("<p>hỏng</p>")
    room.pass_days(3.1)
    with room.database.reading() as session:
        assert terms.due(session, room.clock.now())["saved_pages"].rows == 1
        assert terms.days_of(session, "unused") == 7


@one_database
def test_a_file_that_is_stored_again_or_referred_to_again_stays(room: StorageRoom) -> None:
    room.first_count()
    again = room.files.put(b"stored again later")
    named = room.files.put(b"named again later")
    room.survey()
    assert {again, named} <= room.unused()
    room.pass_days(20)
    room.put_now(b"stored again later")
    room.desk.capture("https://dien-dan.example/x", room.posts("x").id, "named again later")
    with room.database.writing() as session:
        page = RunError(run_id=run_id(room), at=room.clock.now(), reason="x", saved_page=named)
        session.add(page)
    done = room.run()
    assert done.counts["unused"] == {"rows": 0, "bytes": 0, "held": 1}
    assert room.files.exists(again)
    assert room.files.exists(named)
    assert room.unused() == {again}


def run_id(room: StorageRoom) -> int:
    room.broken_page("<p>khác</p>")
    with room.database.reading() as session:
        return session.scalars(select(RunError.run_id)).first() or 0


@one_database
def test_a_column_that_nobody_declared_keeps_its_files(
    room: StorageRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webui.storage import kinds

    digest = room.broken_page("<p>hỏng</p>")
    columns = {name: kind for name, kind in kinds.COLUMNS.items() if "saved_page" not in name}
    monkeypatch.setattr(kinds, "COLUMNS", columns)
    found = {one for one in kinds.JSON if one != "evidence_item.files"}
    monkeypatch.setattr(kinds, "JSON", {name: kinds.JSON[name] for name in found})
    counted = room.survey()
    assert counted[Kind.OTHER][0] >= 1
    assert digest not in room.unused()
    assert room.unused() == set()


@one_database
def test_what_is_left_is_whole(room: StorageRoom) -> None:
    for number in range(3):
        room.dismissed(f"{LURE} {number}")
    room.first_count()
    room.pass_days(91)
    room.run()
    with room.database.writing() as session:
        checking.ask_check(session, SYSTEM, at=room.clock.now())
    checking.work(room.database, room.files, room.clock)
    with room.database.reading() as session:
        checked = checking.latest(session)
        assert checked is not None
        assert (checked.checked, checked.broken) == (3, 0)
        for item in session.scalars(select(EvidenceItem)):
            assert custody.problem(session, item) == ""
    assert room.clock.now() - checked.created_at < DAY
