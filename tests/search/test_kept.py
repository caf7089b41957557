"""Compiled rules in files: the next process judges the same, and nothing damaged or foreign is believed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.rules import kept
from search.rules.matcher import Matcher
from search.rules.model import Pack
from search.rules.pack import load_pack
from tests.search.test_pack import SOUND

TEXTS = (
    "đi xứ lạ, ngày 500k",
    "di xu la, ngay 500k",
    "ngày 500k, đi rồi mới tới xứ lạ",
    "chào cả nhà",
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "compiled"
    kept.keep_in(folder)
    yield folder
    kept.keep_in(None)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(SOUND)


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.rules"))


def test_what_was_read_from_a_file_judges_as_what_was_compiled(folder: Path, pack: Pack) -> None:
    first = Matcher([pack], keep=True)
    (file,) = files_in(folder)
    written = file.stat().st_ino
    second = Matcher([pack], keep=True)
    assert file.stat().st_ino == written  # read, not written again
    for text in TEXTS:
        assert first.match(text) == second.match(text) == Matcher([pack]).match(text)
        assert first.evidence(text) == second.evidence(text)
    assert first.match(TEXTS[0]) is not None


def test_only_those_who_ask_leave_files(folder: Path, pack: Pack) -> None:
    Matcher([pack])
    assert not folder.exists()


def test_a_changed_pack_has_a_file_of_its_own(folder: Path, pack: Pack) -> None:
    Matcher([pack], keep=True)
    Matcher([load_pack(SOUND.replace("weight: 30", "weight: 31"))], keep=True)
    assert len(files_in(folder)) == 2


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 4096])
def test_a_damaged_file_is_made_anew(folder: Path, pack: Pack, damage: bytes) -> None:
    Matcher([pack], keep=True)
    (file,) = files_in(folder)
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert Matcher([pack], keep=True).match(TEXTS[0]) is not None
    assert file.read_bytes() == whole


def test_one_changed_byte_is_noticed(folder: Path, pack: Pack) -> None:
    Matcher([pack], keep=True)
    (file,) = files_in(folder)
    whole = bytearray(file.read_bytes())
    whole[-9] ^= 1
    file.write_bytes(whole)
    assert kept.tables_of([pack], file).watched is False


def test_a_folder_that_others_may_write_to_is_not_believed(folder: Path, pack: Pack) -> None:
    Matcher([pack], keep=True)
    (file,) = files_in(folder)
    assert kept.tables_of([pack], file).watched is True
    folder.chmod(0o777)
    assert kept.tables_of([pack], file).watched is False
    assert Matcher([pack], keep=True).match(TEXTS[0]) is not None


def test_a_folder_that_cannot_be_written_to_stops_nobody(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "compiled").write_text("a file in the way", encoding="utf-8")
    kept.keep_in(tmp_path / "compiled")
    try:
        assert Matcher([pack], keep=True).match(TEXTS[0]) is not None
    finally:
        kept.keep_in(None)


def test_only_the_files_used_last_stay(folder: Path, pack: Pack) -> None:
    for number in range(kept.MOST + 2):
        text = SOUND.replace("weight: 30", f"weight: {30 + number}")
        Matcher([load_pack(text)], keep=True)
        newest = max(files_in(folder), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, ns=(number * 10**9, number * 10**9))
    assert len(files_in(folder)) == kept.MOST


def test_what_was_examined_is_told_to_the_next_process(folder: Path, pack: Pack) -> None:
    first = Matcher([pack], keep=True)
    assert not first.is_sound
    first.tell_sound()
    assert Matcher([pack], keep=True).is_sound
    assert not Matcher([pack]).is_sound
