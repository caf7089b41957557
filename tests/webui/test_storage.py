"""The page Lưu trữ, the samples behind it, the forecast, the warnings, and what is said when files do not fit."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.evidence.models import EvidenceItem
from foundation.clock import MovableClock
from foundation.database import Base, Database
from foundation.files import FolderStore
from foundation.files_room import Room
from foundation.models_storage import StorageSample
from foundation.people import Role
from foundation.settings import Settings
from search.learning.models import OpinionModel
from tests.support.office import Browser, Office, open_office, password_hash
from tests.webui.storage_room import StorageRoom
from webui.doctor import storage as doctor
from webui.doctor.finding import Status
from webui.storage import standing, terms
from webui.storage.forecast import Forecast, forecast
from webui.storage.kinds import COLUMNS, JSON, NOT_FILES, Kind
from webui.storage.standing import Standing
from webui.storage.survey import taken_on

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
TODAY = date(2026, 11, 23)


@pytest.fixture
def clock() -> MovableClock:
    """Today, since the files of a folder know the disk's time."""
    return MovableClock(datetime.now(UTC))


@pytest.fixture
def office(settings: Settings, sqlite_database: Database, clock: MovableClock) -> Office:
    return open_office(settings, sqlite_database, clock)


@pytest.fixture
def room(office: Office, clock: MovableClock) -> StorageRoom:
    files = office.wiring.files
    assert isinstance(files, FolderStore)
    return StorageRoom(office.wiring.database, files, clock, office.people)


def sit(office: Office, role: Role = Role.ADMINISTRATOR, language: str = "en") -> Browser:
    person = office.people(role, language=language, password=password_hash())
    browser = office.logged_in(person)
    browser.get("/")
    return browser


def limited(office: Office, bytes_: int) -> None:
    """A quota of so many bytes; the setting knows whole GB."""
    count = office.wiring.settings.data_dir / "files.count"
    files = office.wiring.files
    files.room = Room(count, bytes_)


def grown(room: StorageRoom, days: int, per_day: int) -> None:
    """Samples of the days before today, each larger by so much."""
    day = room.clock.now().date()
    with room.database.writing() as session:
        for ago in range(1, days):
            at = room.clock.now() - timedelta(days=ago)
            size = per_day * (days - ago)
            session.add(
                StorageSample(
                    day=day - timedelta(days=ago), kind=Kind.CAPTURES, files=1, bytes=size, at=at
                )
            )


def test_what_is_declared_of_columns_is_there() -> None:
    known = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }
    assert {*COLUMNS, *JSON, *NOT_FILES} <= known
    assert not ({*COLUMNS, *JSON} & NOT_FILES)


def test_a_survey_counts_every_kind_once(room: StorageRoom) -> None:
    package = room.desk.made()
    room.handed_over()
    page = room.broken_page("<p>bộ đọc hỏng</p>")
    model = room.files.put(b"coefficients")
    with room.database.writing() as session:
        session.add(
            OpinionModel(
                digest=model,
                decisions=1,
                kept=1,
                until=room.clock.now(),
                created_at=room.clock.now(),
            )
        )
        item = session.scalars(select(EvidenceItem)).first()
        assert item is not None
        shown = {
            "role": "media",
            "digest": room.files.put(b"jpg"),
            "media_type": "image/jpeg",
            "size": 3,
        }
        both = {
            "role": "media",
            "digest": item.files[0]["digest"],
            "media_type": "image/png",
            "size": 1,
        }
        item.files = [*item.files, shown, both]
    room.files.put(b"stray")
    found = room.survey()
    assert {kind: files for kind, (files, _) in found.items()} == {
        Kind.CAPTURES: 9,
        Kind.MEDIA: 1,
        Kind.PACKAGES: 2,
        Kind.SAVED_PAGES: 1,
        Kind.MODELS: 1,
        Kind.UNUSED: 1,
    }
    assert found[Kind.UNUSED][1] == 5
    assert found[Kind.SAVED_PAGES][1] == room.files.length(page)
    assert found[Kind.PACKAGES][1] >= package.size
    assert sum(size for _, size in found.values()) == room.files.size()
    assert room.files.room is not None
    assert room.files.room.used() == room.files.size()
    with room.database.reading() as session:
        assert taken_on(session, room.clock.now())
        assert not taken_on(session, room.clock.now() + timedelta(days=1))


def test_a_second_survey_of_a_day_replaces_the_first_and_forgets_what_is_used_again(
    room: StorageRoom,
) -> None:
    stray = room.files.put(b"stray")
    room.survey()
    assert room.unused() == {stray}
    room.broken_page("stray")
    found = room.survey()
    assert Kind.UNUSED not in found
    assert room.unused() == set()
    with room.database.reading() as session:
        assert len(set(session.scalars(select(StorageSample.day)))) == 1


def line(per_day: int, days: int, first: int = 0) -> list[tuple[date, int]]:
    return [
        (TODAY - timedelta(days=days - 1 - number), first + number * per_day)
        for number in range(days)
    ]


def test_a_forecast_follows_the_line_of_the_samples() -> None:
    found = forecast(line(100, 30), 2900, 16_900, TODAY)
    assert found == Forecast(100.0, 140, TODAY + timedelta(days=140))
    assert found.on == date(2027, 4, 12)


@pytest.mark.parametrize(
    ("samples", "capacity", "wanted"),
    [
        (line(100, 2), 10_000, None),
        (line(100, 7), 10_000, None),
        (line(0, 30, 500), 10_000, Forecast(0.0)),
        (line(-5, 30, 500), 10_000, Forecast(-5.0)),
        (line(100, 30), None, Forecast(100.0)),
        (line(1, 30), 10_000, Forecast(1.0, 9971)),
        (line(100, 30), 2000, Forecast(100.0, 0, TODAY)),
    ],
)
def test_a_forecast_says_only_what_can_be_known(
    samples: list[tuple[date, int]], capacity: int | None, wanted: Forecast | None
) -> None:
    used = samples[-1][1]
    assert forecast(samples, used, capacity, TODAY) == wanted


def test_old_samples_do_not_count() -> None:
    quiet = [(day - timedelta(days=100), size) for day, size in line(0, 30, 0)]
    found = forecast([*quiet, *line(100, 30)], 2900, None, TODAY)
    assert found is not None
    assert found.per_day == pytest.approx(100)


def test_the_page_shows_kinds_growth_and_when_it_is_full(office: Office, room: StorageRoom) -> None:
    browser = sit(office)
    empty = browser.get("/system/storage").text
    assert "Nothing has been counted yet" in empty
    room.survey()
    grown(room, 30, 1000)
    limited(office, room.files.size() + 1000 * 140)
    page = browser.get("/system/storage").text
    assert "full after about" in page
    assert "Captures of pages" in page
    assert "90 days after the handover" in page
    assert "data-chart" in page
    assert "nothing is deleted before an administrator" in page
    vietnamese = sit(office, language="vi").get("/system/storage").text
    assert "đầy sau khoảng" in vietnamese
    assert "Bản chụp trang" in vietnamese


def test_no_file_is_looked_at_for_the_page(
    office: Office, room: StorageRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.survey()
    browser = sit(office)

    def never(*_given: object) -> None:
        raise AssertionError("a page view walked the store")

    for name in ("size", "sizes", "digests", "length", "intact", "open"):
        monkeypatch.setattr(FolderStore, name, never)
    for path in ("/system/storage", "/system", "/"):
        assert browser.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.APPROVER, Role.POLICE])
def test_others_do_not_see_it(office: Office, role: Role) -> None:
    browser = sit(office, role)
    assert browser.get("/system/storage").status_code == 403
    assert browser.post("/system/storage/run").status_code == 403
    assert browser.post("/system/storage/terms").status_code == 403


def test_today_and_the_doctor_warn_from_eighty_per_cent_on(
    office: Office, room: StorageRoom
) -> None:
    browser = sit(office)
    inspector = sit(office, Role.INSPECTOR)
    room.survey()
    used = room.files.size()
    limited(office, int(used / 0.79))
    assert "The store of files is" not in browser.get("/").text
    assert doctor.files(office.wiring).status is Status.OK
    limited(office, int(used / 0.81))
    assert "The store of files is 81% full" in browser.get("/").text
    assert "The store of files is" not in inspector.get("/").text
    assert doctor.files(office.wiring).status is Status.WARN
    limited(office, used)
    assert "The store of files is 100% full: full" in browser.get("/").text
    assert "The store of files is full" in browser.get("/system/storage").text
    assert doctor.files(office.wiring).status is Status.FAIL


def test_what_does_not_fit_is_refused_in_words_and_nothing_is_half_stored(
    office: Office, room: StorageRoom, tmp_path: Path
) -> None:
    room.survey()
    limited(office, room.files.size() + 100)
    browser = sit(office, Role.INSPECTOR, "vi")
    before = room.files.size()
    with room.database.reading() as session:
        items = len(session.scalars(select(EvidenceItem)).all())
    path = tmp_path / "anh.png"
    path.write_bytes(PNG)
    with path.open("rb") as file:
        answer = browser.post(
            "/evidence/bring",
            {
                "case": str(room.desk.case_id),
                "note": "Người dân gửi",
                "url": "https://dien-dan.example/1",
                "file": (file, "anh.png"),
            },
            content_type="multipart/form-data",
        )
    assert answer.status_code == 507
    assert "kho tệp đã đầy" in answer.text
    assert "Chưa lưu gì của tệp này" in answer.text
    assert room.files.size() == before
    with room.database.reading() as session:
        assert len(session.scalars(select(EvidenceItem)).all()) == items


def test_an_administrator_counts_then_begins_and_sees_how_far_it_is(
    office: Office, room: StorageRoom
) -> None:
    _, item_id = room.dismissed("Tuyển gấp sang Bavet, lo vé, ib 0900 000 312")
    room.survey()
    room.pass_days(91)
    browser = sit(office)
    assert browser.post("/system/storage/run").status_code == 409
    assert browser.post("/system/storage/count").status_code == 303
    going = browser.get("/system/storage").text
    assert "Counting, nothing is deleted" in going
    assert "hx-get" in browser.get("/system/storage/progress", headers={"HX-Request": "true"}).text
    room.run(real=False)
    counted = browser.get("/system/storage").text
    assert "Last count, nothing was deleted" in counted
    assert "1 thing is due and will be deleted" in counted
    assert "1 things are due" in browser.get("/").text
    assert browser.post("/system/storage/run").status_code == 303
    room.run()
    done = browser.get("/system/storage").text
    assert "Last run:" in done
    assert "On: once a day" in done
    assert "waits for an administrator" not in browser.get("/").text
    assert room.item(item_id) is None
    log = browser.get("/audit").text
    assert "Evidence deleted whose time was over" in log


def test_terms_are_set_within_limits(office: Office, room: StorageRoom) -> None:
    browser = sit(office)
    given = {"packages": "120", "saved_pages": "14", "unused": "10"}
    browser.post("/system/storage/terms", given)
    page = browser.get("/system/storage").text
    assert "Saved; it counts" in page
    with room.database.reading() as session:
        assert [terms.days_of(session, step) for step in given] == [120, 14, 10]
    for wrong in ("3", "", "bảy", "99999999999999999999999"):
        browser.post("/system/storage/terms", given | {"packages": "200", "unused": wrong})
        assert "Not saved" in browser.get("/system/storage").text
    with room.database.reading() as session:
        assert terms.days_of(session, "packages") == 120, "all or nothing"


def test_a_package_whose_file_is_gone_says_so(office: Office, room: StorageRoom) -> None:
    package_id = room.handed_over()
    room.first_count()
    room.pass_days(91)
    room.run()
    browser = sit(office, Role.INSPECTOR)
    page = browser.get(f"/packages/{package_id}").text
    assert "It can be made again from the evidence" in page
    assert "Download" not in page
    assert browser.post(f"/packages/{package_id}/download").status_code == 409
    assert "handed over, file deleted" in browser.get(f"/cases/{room.desk.case_id}").text


def test_how_full_it_is() -> None:
    assert not Standing(79, 100).is_low
    assert Standing(80, 100).is_low
    assert not Standing(10**12, None).is_low
    assert Standing(100, 100).is_full
    assert standing.kinds_of(None) == []
