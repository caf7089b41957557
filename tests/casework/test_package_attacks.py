"""A package in the hands of somebody who wants it to say something else, and of somebody who is careless.

Where only bytes were changed, every change is found. Where all digests were written anew too (`forged`), whatever
contradicts itself is found; what does not is another package, found by the digest in the record of handover.
"""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from casework.evidence import checker, checker_form, custody
from casework.evidence.checker_form import Findings, directory, local_header
from casework.evidence.checker_items import Item
from casework.evidence.models import EvidenceItem
from casework.evidence.packing import Archive
from casework.evidence.service import keep
from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.files import FolderStore
from tests.casework.package_desk import Desk
from tests.support.people import People

Change = Callable[[dict[str, Any], dict[str, bytes]], None]
_MADE: list[bytes] = []


@pytest.fixture
def desk(sqlite_database: Database, files: FolderStore, clock: MovableClock) -> Desk:
    return Desk(sqlite_database, files, clock, People(sqlite_database, clock))


@pytest.fixture
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A package that shows everything, as a file; made once for all tests."""
    path = tmp_path / "package.zip"
    if not _MADE:
        desk = request.getfixturevalue("desk")
        why = "Cơ quan điều tra yêu cầu toàn bộ"
        _MADE.append(fetched(desk, tmp_path, unmasked=True, reason=why).read_bytes())
    path.write_bytes(_MADE[0])
    return path


def fetched(desk: Desk, folder: Path, **more: object) -> Path:
    package = desk.made(**more)
    path = folder / package.filename
    path.write_bytes(desk.files.get(package.digest))
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()[:-1]}


def forged(path: Path, change: Change) -> Path:
    """The package changed by somebody who writes all digests anew, so that nothing but its meaning is wrong."""
    files = parts(path)
    told = json.loads(files["package.json"])
    change(told, files)
    files["package.json"] = as_json(told)
    target = path.with_name("forged.zip")
    with target.open("w+b") as file, Archive(file) as archive:
        for name, data in files.items():
            archive.add(name, data)
        archive.finish()
    return target


def as_json(told: dict[str, Any]) -> bytes:
    items = told.pop("items")
    head = json.dumps(told, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)
    return f'{head},\n "items": [\n{lines}\n ]\n}}'.encode()


def row(told: dict[str, Any], number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = told["items"][0]["custody"][number]
    return found


def rewritten_row(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    row(told)["content"] = row(told)["content"].replace("captured", "exported")


def other_words(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    row(told)["who"] = "Người khác"


def without_a_row(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    del told["items"][0]["custody"][0]


def without_custody(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["custody"] = []


def rows_swapped(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["custody"].reverse()


def rows_of_another(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["custody"] = told["items"][1]["custody"]


def other_moment(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["captured_at"] = "2020-01-01T00:00:00+00:00"


def other_address(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["url"] = "https://khac.example/"


def other_detail(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["detail"]["login"] = True


def other_claim(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    claim = json.loads(told["items"][0]["claim"])
    told["items"][0]["claim"] = json.dumps({**claim, "status": 404})


def no_claim(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    told["items"][0]["claim"] = None


def covered_row(told: dict[str, Any], _files: dict[str, bytes]) -> None:
    row(told)["content"] = None


def file_changed(told: dict[str, Any], files: dict[str, bytes]) -> None:
    files["chung-cu/0001/03-text.txt"] = b"khac"


def files_swapped(told: dict[str, Any], files: dict[str, bytes]) -> None:
    one, two = "chung-cu/0001/03-text.txt", "chung-cu/0002/03-text.txt"
    files[one], files[two] = files[two], files[one]


def file_left_out(told: dict[str, Any], files: dict[str, bytes]) -> None:
    file = told["items"][0]["files"][2]
    del files[file["path"]]
    file["path"] = ""


def file_dropped(told: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[told["items"][0]["files"].pop()["path"]]


def file_added(told: dict[str, Any], files: dict[str, bytes]) -> None:
    files["chung-cu/0001/04-anh.png"] = b"x"


def file_renamed(told: dict[str, Any], files: dict[str, bytes]) -> None:
    files["chung-cu/0001/09-text.txt"] = files.pop("chung-cu/0001/03-text.txt")


def item_dropped(told: dict[str, Any], files: dict[str, bytes]) -> None:
    del told["items"][0]


def item_twice(told: dict[str, Any], files: dict[str, bytes]) -> None:
    told["items"][1] = told["items"][0]


def items_swapped(told: dict[str, Any], files: dict[str, bytes]) -> None:
    told["items"].reverse()


def record_dropped(told: dict[str, Any], files: dict[str, bytes]) -> None:
    del files["chung-cu/0001/phieu-ghi-nhan.html"]


def withheld(told: dict[str, Any], files: dict[str, bytes]) -> None:
    told["items"][0]["withheld"] = True


def stamp_of_another(told: dict[str, Any], files: dict[str, bytes]) -> None:
    files["chung-cu/0001/dau-thoi-gian.tsr"] = b"\x30\x03\x02\x01\x00"
    told["items"][0]["time_stamp"] = "chung-cu/0001/dau-thoi-gian.tsr"


FORGERIES = (
    (rewritten_row, "row 1 of its custody was changed"),
    (other_words, "row 1 of its custody is shown otherwise than it was written"),
    (without_a_row, "row 1 of its custody is missing"),
    (without_custody, "it has no custody"),
    (rows_swapped, "row 1 of its custody is missing"),
    (rows_of_another, "row 1 of its custody does not follow"),
    (other_moment, "not what was recorded of the capture"),
    (other_address, "not what was recorded of the capture"),
    (other_detail, "not what was recorded of the capture"),
    (other_claim, "what was recorded of the capture was changed"),
    (no_claim, "what was recorded of the capture is missing"),
    (covered_row, "is covered although"),
    (file_changed, "is not the file that was captured"),
    (files_swapped, "is not the file that was captured"),
    (file_left_out, "one of its files is left out"),
    (file_dropped, "its files are not those that were recorded"),
    (file_added, "04-anh.png: belongs to no item"),
    (file_renamed, "is not the file that was captured"),
    (item_dropped, "does not stand in its place"),
    (item_twice, "does not stand in its place"),
    (items_swapped, "does not stand in its place"),
    (record_dropped, "its record of capture is missing"),
    (withheld, "left out although"),
    (stamp_of_another, "not the one that custody tells of"),
)


def test_a_forger_who_changes_nothing_makes_the_same_meaning(whole: Path) -> None:
    assert checker.check(forged(whole, lambda *_: None)).problems == []


def test_what_contradicts_itself_is_found_though_all_digests_were_written_anew(whole: Path) -> None:
    unnoticed = []
    for change, expected in FORGERIES:
        problems = checker.check(forged(whole, change)).problems
        if not any(expected in problem for problem in problems):
            unnoticed.append((change.__name__, problems))
    assert unnoticed == []


def test_a_package_written_anew_as_a_whole_is_found_by_its_digest(whole: Path) -> None:
    """The tail of a chain can be cut without a contradiction; the record of handover names another digest."""
    root = checker.check(whole).root

    def tail_cut(told: dict[str, Any], _files: dict[str, bytes]) -> None:
        told["items"][0]["custody"].pop()

    other = forged(whole, tail_cut)
    assert checker.check(other).problems == []
    assert f"another package: its digest is {checker.check(other).root}" in str(
        checker.check(other, root).problems
    )
    assert checker.check(whole, root.upper()).problems == []


def test_whoever_names_no_digest_is_told_that_it_is_still_to_be_compared(
    whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checker.main([str(whole)]) == 0
    assert "not compared with the record" in capsys.readouterr().out
    assert checker.main([str(whole), "--digest", checker.check(whole).root]) == 0
    assert "not compared with the record" not in capsys.readouterr().out
    assert checker.main([str(whole), "--digest", "0" * 64]) == 1


def test_files_in_another_order_are_found(whole: Path) -> None:
    files = parts(whole)
    listed = whole.read_bytes()
    target = whole.with_name("reordered.zip")
    with zipfile.ZipFile(whole) as package:
        sums = package.read("SHA256SUMS")
    entries, data = [], b""
    for name, content in sorted({**files, "SHA256SUMS": sums}.items()):
        crc = crc32(content)
        entries.append((name, len(content), crc, len(data)))
        data += local_header(name, len(content), crc) + content
    target.write_bytes(data + b"".join(directory(entries)))
    assert len(target.read_bytes()) == len(listed)
    assert checker.check(target).problems == [
        "the files stand in another order than the one they were packed in"
    ]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_another_program_packed_anew_is_said_to_be_so(
    whole: Path, tmp_path: Path, how: int
) -> None:
    """By a mail program, or by an officer who unpacked it to look: changed as a file, whole as a folder."""
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(whole, folder)
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(again, "w", how) as package:
        for one in sorted(folder.rglob("*")):
            package.write(one, one.relative_to(folder))
    assert "packed anew by another program" in checker.check(again).problems[0]
    assert checker.check(folder).problems == []


def test_what_lies_in_the_folder_beside_the_package_is_named(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(whole, folder)
    (folder / "__pycache__").mkdir()
    for name in (".DS_Store", "__pycache__/x.pyc", "chung-cu/0001/them.png"):
        (folder / name).write_bytes(b"x")
    moved = folder / "chung-cu" / "0001" / "03-text.txt"
    kept = tmp_path / "elsewhere.txt"
    moved.rename(kept)
    moved.symlink_to(kept)
    assert checker.check(folder).problems[:5] == [
        "chung-cu/0001/03-text.txt: is no ordinary file",
        ".DS_Store: does not belong to the package",
        "__pycache__/x.pyc: does not belong to the package",
        "chung-cu/0001/them.png: does not belong to the package",
        "chung-cu/0001/03-text.txt: is missing",
    ]


def test_the_checker_runs_nothing_that_lies_beside_it(whole: Path, tmp_path: Path) -> None:
    """A hashlib.py in the folder would be asked first, and could say of anything that it is whole."""
    folder = tmp_path / "unpacked"
    shutil.unpack_archive(whole, folder)
    for name in ("hashlib", "json", "argparse", "pathlib", "datetime", "codecs", "__future__"):
        (folder / f"{name}.py").write_text("print('KẾT QUẢ: NGUYÊN VẸN'); raise SystemExit(0)\n")
    for python in [sys.executable, *older_python()]:
        command = [python, str(folder / "kiem-tra.py")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        assert (done.returncode, done.stderr) == (1, "")
        assert "hashlib.py: does not belong to the package" in done.stdout


def older_python() -> list[str]:
    """The oldest Python that the checker promises to run with, where it is installed."""
    found = shutil.which("python3.8")
    if found is None or subprocess.run([found, "-V"], capture_output=True, check=False).returncode:
        return []
    return [found]


def test_a_package_cannot_write_its_own_result_to_the_terminal(
    whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def shout(told: dict[str, Any], _files: dict[str, bytes]) -> None:
        told["items"][0]["files"][0]["path"] = "\x1b[2J\r\nKẾT QUẢ: NGUYÊN VẸN"

    assert checker.main([str(forged(whole, shout))]) == 1
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\nKẾT QUẢ: NGUYÊN VẸN" not in told


@pytest.mark.parametrize(
    "written",
    [
        b"", b"[]", b"{}", b"null", b"\xff\xfe", b'{"format": 2}', b'{\n "format": 2,\n "items": [',
        b'{\n "format": 2,\n "items": [\n 1 ]\n}', b'{\n "format": 99,\n "items": [\n ]\n}',
        b'{\n "format": 2,\n "items": [\n {"id": 1} ]\n}', b'{\n "format": 2,\n "items": [\n {} ]\n} x',
        b'{\n "format": 2,\n "items": [\n' + b"[" * 100_000,
        b'{\n "format": 2,\n "items": [\n' + b'{"a":' * 100_000,
        b'{\n "format": 2,\n "items": [\n {"id": ' + b"9" * 9_000 + b"} ]\n}",
    ],
)  # fmt: skip
def test_a_hostile_content_is_a_problem_and_no_crash(written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile.zip"
    with path.open("w+b") as file, Archive(file) as archive:
        archive.add("package.json", written)
        archive.finish()
    assert checker.check(path).problems


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [[]], {"custody": 1}, {"x": {}}])
@pytest.mark.parametrize("key", ["files", "custody", "claim", "time_stamp", "id", "number"])
def test_an_item_of_odd_make_is_a_problem_and_no_crash(odd: Any, key: str) -> None:
    item = {
        "id": 1, "number": 1, "files": [], "claim": None, "claim_sha256": "0" * 64, "custody": [],
        "time_stamp": "", "withheld": False, key: odd,
    }  # fmt: skip
    found = Findings()
    Item(item, {"victims_masked": False}, {}, {}, found).check(1, set(), set())
    assert found.problems


def test_a_clock_that_was_put_back_is_noted(desk: Desk, tmp_path: Path) -> None:
    with desk.database.writing() as session:
        item = session.get_one(EvidenceItem, 1)
        earlier = desk.clock.now() - timedelta(days=400)
        custody.add(session, item, "viewed", desk.inspector, at=earlier)
    found = checker.check(fetched(desk, tmp_path))
    assert found.problems == []
    (note,) = found.notes
    assert note.startswith("item 1: row 3 of its custody is older than the one before")


class TestBeyondFourGigabytes:
    """What a plain ZIP cannot name goes through as ZIP64, for the checker and for every other program."""

    def test_seventy_thousand_files_are_found_by_other_programs(self, tmp_path: Path) -> None:
        path, one = tmp_path / "many.zip", crc32(b"x")
        entries, data = [], bytearray()
        for number in range(70_000):
            entries.append((name := f"x/{number}", 1, one, len(data)))
            data += local_header(name, 1, one) + b"x"
        path.write_bytes(bytes(data) + b"".join(directory(entries)))
        with zipfile.ZipFile(path) as package:
            assert len(package.namelist()) == 70_000
            assert package.read("x/69999") == b"x"

    def test_a_file_beyond_four_gigabytes_is_found_by_other_programs(self, tmp_path: Path) -> None:
        """Written with a hole before it: only its place is beyond, no bytes are."""
        path, far = tmp_path / "far.zip", 5 * 2**30
        content = b"phia sau"
        crc = crc32(content)
        entries = [("a.txt", 1, crc32(b"a"), 0), ("b.txt", len(content), crc, far)]
        with path.open("wb") as file:
            file.write(local_header("a.txt", 1, entries[0][2]) + b"a")
            file.seek(far)
            file.write(local_header("b.txt", len(content), crc) + content)
            for piece in directory(entries):
                file.write(piece)
        assert path.stat().st_blocks < 1000
        with zipfile.ZipFile(path) as package:
            assert (package.read("a.txt"), package.read("b.txt")) == (b"a", content)
        path.unlink()

    def test_a_small_package_is_a_plain_zip(self, whole: Path) -> None:
        data = whole.read_bytes()
        assert b"PK\6\6" not in data[-200:]
        assert b"PK\6\7" not in data[-200:]

    def test_a_single_file_beyond_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("casework.evidence.packing.MOST_FILE", 1000)
        with (
            (tmp_path / "big.zip").open("w+b") as file,
            Archive(file) as archive,
            pytest.raises(InvalidInput),
        ):
            archive.add("a.txt", bytes(2000))


def test_a_changed_byte_in_the_directory_of_a_zip64_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the parts that only it has, too; the border is drawn lower here, so that no gigabytes are written."""
    monkeypatch.setattr(checker_form, "MOST16", 2)
    path, content = (
        tmp_path / "small.zip",
        b'{\n "format": 2,\n "victims_masked": false,\n "items": [\n ]\n}',
    )
    with path.open("w+b") as file, Archive(file) as archive:
        archive.add("package.json", content)
        archive.finish()
    data = path.read_bytes()
    begins = data.index(b"PK\6\6")
    assert checker.check(path).problems == []
    with zipfile.ZipFile(path) as package:
        assert package.read("package.json") == content
    for place in range(begins, len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert checker.check(path).problems, place


def test_custody_tells_how_a_capture_was_made_and_what_it_left_out(
    desk: Desk, tmp_path: Path
) -> None:
    """What stands in the item's notes stands in the package, and under its digest."""
    notes = [{"what": "never_rests"}, {"what": "images", "count": 3}]
    detail = {"login": False, "asked_by": "Ngô Văn Thử", "notes": notes, "page_height": 900.5}
    with desk.database.writing() as session:
        item = session.get_one(EvidenceItem, 1)
        copy = EvidenceItem(
            case_id=item.case_id, url=item.url, captured_at=item.captured_at, origin="crawler",
            files=item.files, detail=detail, created_at=item.created_at, robots="allowed",
        )  # fmt: skip
        keep(session, copy)
        custody.add(session, copy, "captured", desk.inspector, at=desk.clock.now())
    path = fetched(desk, tmp_path)
    told = json.loads(parts(path)["package.json"])["items"][-1]
    assert (told["detail"], told["robots"]) == (detail, "allowed")
    assert json.loads(told["claim"])["detail"] == detail
    record = parts(path)["chung-cu/0004/phieu-ghi-nhan.html"].decode()
    for words in (
        "Ngô Văn Thử",
        "không đăng nhập, không cookie",
        "Trang tải liên tục",
        "3 ảnh không tải kịp",
    ):
        assert words in record
    assert checker.check(path).problems == []


def test_what_is_said_of_a_capture_is_masked_with_it(desk: Desk, tmp_path: Path) -> None:
    """A banner or an address that was left out may name the victim as well as the page itself."""
    named = [{"url": "https://a.example/le-thi-bong-mai", "why": "404"}]
    for detail in (
        {"banners": ["Tìm cháu LE THI  BONG MAI"]},
        {"left_out": named, "left_out_count": 1},
    ):
        with desk.database.writing() as session:
            item = session.get_one(EvidenceItem, 1)
            copy = EvidenceItem(
                case_id=item.case_id, url="https://dien-dan.example/bai/lan-hai?so=1", title="Tin tìm người",
                captured_at=item.captured_at, origin="crawler", files=item.files, detail=detail,
                created_at=item.created_at,
            )  # fmt: skip
            keep(session, copy)
            custody.add(session, copy, "captured", desk.inspector, at=desk.clock.now())
    path = fetched(desk, tmp_path, purpose="Tìm cháu Lê Thị Bông Mai")
    raw = path.read_bytes().lower()
    for word in ("bong mai", "bong-mai", "bông mai", "lan-hai", "tin tìm người"):
        assert word.encode() not in raw
    told = json.loads(parts(path)["package.json"])
    assert told["purpose"] == "(đã che)"
    assert [one["withheld"] for one in told["items"][-2:]] == [True, True]
    assert told["items"][-1]["url"] == "https://dien-dan.example/(đã che)"
    assert told["items"][-1]["detail"] == {"left_out_count": 1}
    assert checker.check(path).problems == []
