"""The room of the store of files: the count that processes share, quotas, full disks, files stored again."""

import errno
import os
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from foundation.files import FolderStore
from foundation.files_room import RESERVE, Room, StorageFull

Disk = namedtuple("Disk", "total used free")  # noqa: PYI024 - what shutil gives


def aged(store: FolderStore, digest: str, days: int) -> None:
    then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(store.folder / digest[:2] / digest[2:4] / digest, (then, then))


def test_nobody_has_counted_before_the_first_survey(tmp_path: Path) -> None:
    room = Room(tmp_path / "count")
    store = FolderStore(tmp_path / "files", room)
    store.put(b"first")
    assert room.used() is None
    room.add(5)
    store.put(b"second")
    assert room.used() == 11


def test_a_quota_begins_with_what_is_there(tmp_path: Path) -> None:
    FolderStore(tmp_path / "files").put(b"x" * 90)
    store = FolderStore(tmp_path / "files", Room(tmp_path / "count", quota=100))
    with pytest.raises(StorageFull):
        store.put(b"y" * 11)
    store.put(b"y" * 10)
    assert [size for _digest, size in store.sizes()] in ([90, 10], [10, 90])


def test_threads_do_not_pass_the_quota_together(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files", Room(tmp_path / "count", quota=10_000))
    refused = []

    def keep(number: int) -> None:
        for each in range(10):
            try:
                store.put(f"{number}-{each}".encode().ljust(250))
            except StorageFull:
                refused.append(number)

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.size() == 10_000 == (store.room and store.room.used())
    assert len(refused) == 40


def test_a_disk_keeps_its_reserve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(tmp_path / "count", disk=tmp_path)
    store = FolderStore(tmp_path / "files", room)
    room.add(0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(0, 0, RESERVE + 100))
    store.put(b"z" * 100)
    assert room.capacity() == 200
    with pytest.raises(StorageFull) as refused:
        store.put(b"w" * 101)
    assert (refused.value.status, refused.value.message_key) == (507, "error.storage.full")


@pytest.mark.parametrize("quota", [0, 1000])
def test_a_disk_that_fills_while_a_file_is_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quota: int
) -> None:
    room = Room(tmp_path / "count", quota=quota)
    store = FolderStore(tmp_path / "files", room)
    room.add(0)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        store.put(b"does not fit")
    assert room.used() == 0
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_the_smaller_of_quota_and_disk_is_the_capacity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk(0, 0, RESERVE + 100))
    assert Room(tmp_path / "a", quota=50, disk=tmp_path).capacity() == 50
    assert Room(tmp_path / "a", quota=500, disk=tmp_path).capacity() == 100
    assert Room(tmp_path / "a").capacity() is None


def test_what_is_stored_again_is_not_discarded(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    week = datetime.now(UTC) - timedelta(days=7)
    path = tmp_path / "again"
    path.write_bytes(b"again")
    ways: list[Callable[[], str]] = [lambda: store.put(b"again"), lambda: store.put_file(path)]
    for keep in ways:
        digest = store.put(b"again")
        aged(store, digest, 30)
        keep()
        assert not store.discard(digest, week)
        aged(store, digest, 30)
        assert store.discard(digest, week)
        assert [one for one in store.folder.rglob("*") if one.is_file()] == []


def test_storing_and_discarding_at_once_loses_nothing(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files", Room(tmp_path / "count", quota=10**6))
    digest = store.put(b"wanted and not wanted")
    stop = threading.Event()

    def discard() -> None:
        while not stop.is_set():
            aged_or_gone(store, digest)
            store.discard(digest, datetime.now(UTC) - timedelta(days=7))

    thread = threading.Thread(target=discard)
    thread.start()
    try:
        for _ in range(300):
            store.put(b"wanted and not wanted")
    finally:
        stop.set()
        thread.join()
    store.put(b"wanted and not wanted")
    assert store.get(digest) == b"wanted and not wanted"
    assert store.room is not None
    assert store.room.used() == store.size()


def aged_or_gone(store: FolderStore, digest: str) -> None:
    try:
        aged(store, digest, 30)
    except FileNotFoundError:
        return
