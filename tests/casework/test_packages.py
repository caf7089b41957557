"""Evidence packages: what is in them, who is hidden, that one changed byte shows, that custody tells of them."""

import json
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.evidence import checker, custody, looking, packages
from casework.evidence.models import EvidenceItem
from casework.evidence.models_packages import EvidencePackage, PackageState
from casework.evidence.waiting import waits
from crawler.capture.archive import PageRecord, make_wacz
from crawler.capture.model import Exchange
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput, NeedsMissing, NotAllowedInState, NotFound
from foundation.files import FolderStore
from foundation.people import Role
from tests.casework.package_desk import OFFICE, Desk
from tests.support.people import People

BYTES_CHANGED = 200


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(database: Database, files: FolderStore, clock: MovableClock, people: People) -> Desk:
    return Desk(database, files, clock, people)


def unpacked(desk: Desk, package: EvidencePackage, folder: Path) -> Path:
    """The package as a file, as somebody who received it has it."""
    path = folder / package.filename
    path.write_bytes(desk.files.get(package.digest))
    return path


def content(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as package:
        return dict(json.loads(package.read("package.json")))


def test_a_package_holds_every_capture_and_is_whole(desk: Desk, tmp_path: Path) -> None:
    package = desk.made(unmasked=True, reason="Cơ quan điều tra yêu cầu toàn bộ")
    assert (package.state, package.items, package.withheld) == (PackageState.DONE, 3, 0)
    path = unpacked(desk, package, tmp_path)
    found = checker.check(path, package.root)
    assert found.problems == []
    assert (found.items, found.root, found.files) == (3, package.root, package.files)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "chung-cu/0001/01-screenshot.png"
        assert names[-1] == "SHA256SUMS"
        # A captured page must not run when somebody opens it.
        assert "chung-cu/0001/02-html.html.txt" in names
        index = archive.read("MUC-LUC.html").decode()
        record = archive.read("chung-cu/0002/phieu-ghi-nhan.html").decode()
    assert "Công an tỉnh" in index
    assert "Nhóm đưa người sang Bavet" in index
    assert "<script" not in index + record
    assert 'src="01-screenshot.png"' in record
    assert "Nhật ký bảo quản" in record


@one_database
def test_the_checker_needs_nothing_but_python(desk: Desk, tmp_path: Path) -> None:
    path = unpacked(desk, desk.made(), tmp_path)
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(path, folder)
    alone = [sys.executable, "-I", "-S", "-B", str(folder / "kiem-tra.py")]
    done = subprocess.run(alone, capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stderr) == (0, "")
    assert "NGUYÊN VẸN" in done.stdout
    (folder / "MUC-LUC.html").write_text("<p>khác", encoding="utf-8")
    done = subprocess.run([*alone, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MUC-LUC.html: was changed" in done.stdout


@one_database
def test_every_one_of_two_hundred_changed_bytes_is_found(desk: Desk, tmp_path: Path) -> None:
    path = unpacked(desk, desk.made(), tmp_path)
    whole = path.read_bytes()
    dice = random.Random(20261123)  # noqa: S311 - the same places each time
    places = {0, 4, 10, len(whole) - 1, len(whole) - 12}
    places |= {dice.randrange(len(whole)) for _ in range(BYTES_CHANGED)}
    changed = tmp_path / "changed.zip"
    for place in sorted(places):
        data = bytearray(whole)
        data[place] ^= dice.choice((1, 2, 4, 8, 16, 32, 64, 128, 255))
        changed.write_bytes(data)
        assert checker.check(changed).problems, f"byte {place} was changed unnoticed"


@one_database
@pytest.mark.parametrize("harm", ["cut", "longer", "extra", "missing", "another"])
def test_what_was_added_or_taken_away_is_found(desk: Desk, tmp_path: Path, harm: str) -> None:
    path = unpacked(desk, desk.made(), tmp_path)
    data = path.read_bytes()
    if harm == "cut":
        path.write_bytes(data[:-500])
    elif harm == "longer":
        path.write_bytes(data + b"\n")
    elif harm == "another":
        assert "another package" in checker.check(path, "0" * 64).problems[0]
        return
    else:
        folder = tmp_path / "unpacked"
        shutil.unpack_archive(path, folder)
        strange = folder / "chung-cu" / "0001" / "01-screenshot.png"
        strange.rename(folder / "khac.png") if harm == "extra" else strange.unlink()
        path = folder
    assert checker.check(path).problems


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", bytes(5000)])
def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(checker.Unreadable):
        checker.check(path)
    assert checker.main([str(path)]) == 2
    assert checker.main([str(tmp_path / "nowhere.zip")]) == 2


def test_a_victim_is_hidden_from_whoever_may_not_see(desk: Desk, tmp_path: Path) -> None:
    package = desk.made()
    assert package.withheld == 1
    path = unpacked(desk, package, tmp_path)
    raw = path.read_bytes()
    for word in ("Bông Mai", "0900.000.777", "900 000 777"):
        assert word.encode() not in raw
    told = content(path)
    assert told["victims_masked"] is True
    withheld = [item for item in told["items"] if item["withheld"]]
    assert [file["path"] for file in withheld[0]["files"]] == ["", "", ""]
    # Its digests stay: handed over later, the files can still be proven.
    assert all(len(file["sha256"]) == 64 for file in withheld[0]["files"])
    assert checker.check(path).problems == []


def test_an_item_marked_as_showing_a_victim_is_withheld(desk: Desk, tmp_path: Path) -> None:
    with desk.database.writing() as session:
        session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first().shows_victim = True  # type: ignore[union-attr]
    package = desk.made()
    assert package.withheld == 2
    assert content(unpacked(desk, package, tmp_path))["items"][0]["withheld"] is True


def web_archive(body: bytes, media_type: str = "application/json") -> bytes:
    """A WACZ as the camera makes it, with one answer that the page fetched."""
    at = datetime(2026, 11, 1, tzinfo=UTC)
    page_at = PageRecord("https://x.example/", "Trang", "Chữ", at)
    script = Exchange("https://x.example/s.js", "GET", at, status=200, body=b"let a = 1;")
    sent = Exchange(
        "https://x.example/api",
        "GET",
        at,
        status=200,
        headers=(("Content-Type", media_type),),
        body=body,
    )
    return make_wacz([script, sent, script], page_at, {"software": "t/1"}, {})


NAMED = "Cháu Lê Thị Bông Mai ở quê"
WHERE: dict[str, tuple[str, bytes, bool]] = {
    "far behind in a page": ("text/html", b"<p>x</p>" * 530_000 + NAMED.encode(), True),
    "across two pieces": ("text/plain", b"x" * (looking.PIECE - 15) + f" {NAMED}".encode(), True),
    "in an attribute": ("text/html", f'<img alt="{NAMED}">'.encode(), True),
    "as entities": ("text/html", b"<p>L&ecirc; Th&#7883; B&ocirc;ng Mai</p>", True),
    "in an address": ("text/html", b'<a href="/L%C3%AA%20Th%E1%BB%8B%20B%C3%B4ng%20Mai">', True),
    "in an answer": ("application/wacz", web_archive(json.dumps([NAMED]).encode()), True),
    "in a damaged archive": ("application/wacz", web_archive(b"{}")[:400], True),
    "nowhere": ("application/wacz", web_archive(b'{"a": "Tuy\\u1ec3n"}'), False),
    "in bytes of a font": ("application/wacz", web_archive(NAMED.encode(), "font/woff2"), False),
}


@one_database
@pytest.mark.parametrize("where", WHERE)
def test_a_victim_is_found_wherever_a_file_names_one(desk: Desk, where: str) -> None:
    media_type, data, found = WHERE[where]
    with desk.database.writing() as session:
        item = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
        assert item is not None
        stored = {"role": "x", "digest": desk.files.put(data), "size": len(data)}
        item.files = [*item.files, {**stored, "media_type": media_type}]
    assert desk.made().withheld == 1 + found


def test_whoever_may_see_victims_needs_a_reason(desk: Desk) -> None:
    with pytest.raises(NeedsMissing) as refused:
        desk.ask("", unmasked=True, reason="ngắn")
    assert refused.value.detail["missing"] == ["recipient", "reason"]


def test_a_case_without_evidence_makes_no_package(desk: Desk) -> None:
    with desk.database.writing() as session:
        for item in session.scalars(select(EvidenceItem)):
            item.case_id = None
    with pytest.raises(InvalidInput):
        desk.ask()


def test_custody_tells_of_export_and_handover(desk: Desk) -> None:
    package = desk.made()
    with desk.database.writing() as session:
        row = session.get_one(EvidencePackage, package.id)
        with pytest.raises(NeedsMissing):
            packages.hand_over(session, desk.inspector, row, " ", at=desk.clock.now())
        packages.hand_over(
            session, desk.inspector, row, "Đội 3, PA05", "Biên bản số 12", at=desk.clock.now()
        )
        with pytest.raises(NotAllowedInState):
            packages.hand_over(session, desk.inspector, row, "người khác", at=desk.clock.now())
    packages.work(desk.database, desk.files, desk.clock, OFFICE)
    packages.work(desk.database, desk.files, desk.clock, OFFICE)
    with desk.database.reading() as session:
        assert not waits(session)
        for item in session.scalars(select(EvidenceItem)):
            rows = custody.chain(session, item)
            assert [row.act for row in rows[-2:]] == ["exported", "handed_over"]
            assert package.root[:16] in rows[-1].detail
            assert "Đội 3, PA05" in rows[-1].detail
            assert custody.problem(session, item) == ""


@one_database
def test_a_changed_file_makes_no_package_and_says_which(desk: Desk) -> None:
    with desk.database.reading() as session:
        item = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
        assert item is not None
        digest = item.files[0]["digest"]
    next(desk.files.folder.glob(f"*/*/{digest}")).write_bytes(b"something else")
    package = desk.made()
    assert package.state == PackageState.FAILED
    assert f"evidence {item.id}" in package.error
    assert package.digest == ""


@one_database
def test_an_item_that_cannot_be_read_fails_its_package_and_no_other(desk: Desk) -> None:
    with desk.database.writing() as session:
        item = session.scalars(select(EvidenceItem).order_by(EvidenceItem.id)).first()
        assert item is not None
        whole, item.files = item.files, [{"role": "screenshot"}]
    broken = desk.ask()
    made = packages.work(desk.database, desk.files, desk.clock, OFFICE)
    with desk.database.writing() as session:
        row = session.get_one(EvidencePackage, broken)
        assert (made, row.state) == (1, PackageState.FAILED)
        assert "KeyError" in row.error
        session.get_one(EvidenceItem, item.id).files = whole
    assert desk.made().state == PackageState.DONE


@one_database
def test_nothing_in_a_package_depends_on_the_machine_that_made_it(desk: Desk) -> None:
    first = desk.made(unmasked=True, reason="Cơ quan điều tra yêu cầu")
    with desk.files.open(first.digest) as file, zipfile.ZipFile(file) as archive:
        names = archive.infolist()
    assert {info.date_time for info in names} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.compress_type for info in names} == {zipfile.ZIP_STORED}


def test_another_unit_does_not_know_of_a_package(desk: Desk, people: People) -> None:
    package = desk.made()
    mine, other = people.unit("Đơn vị 1"), people.unit("Đơn vị 2")
    stranger = people.actor(Role.INSPECTOR, unit=other)
    with desk.database.writing() as session:
        session.get_one(EvidencePackage, package.id).unit_id = mine.id
    with desk.database.reading() as session, pytest.raises(NotFound):
        packages.get_package(session, stranger, package.id)
