"""Files are found by what they hold, appear whole, and betray a change."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from foundation.errors import IntegrityError, NotFound
from foundation.files import FolderStore, Swept


def test_a_file_is_found_by_its_digest(files: FolderStore) -> None:
    data = "Ảnh chụp màn hình".encode()
    digest = files.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert files.get(digest) == data
    assert files.exists(digest)


def test_the_same_bytes_are_stored_once(files: FolderStore) -> None:
    first, second = files.put(b"same"), files.put(b"same")
    assert first == second
    assert list(files.digests()) == [first]
    assert files.size() == 4


def test_an_empty_file_is_a_file(files: FolderStore) -> None:
    assert files.get(files.put(b"")) == b""


def test_what_is_not_there_is_not_found(files: FolderStore) -> None:
    with pytest.raises(NotFound):
        files.get("0" * 64)
    assert not files.exists("0" * 64)


@pytest.mark.parametrize(
    "digest", ["", "abc", "../../../../etc/passwd", "A" * 64, "0" * 63 + "/", "0" * 65]
)
def test_only_a_digest_is_an_address(files: FolderStore, digest: str) -> None:
    with pytest.raises(NotFound):
        files.get(digest)
    with pytest.raises(NotFound):
        files.exists(digest)
    with pytest.raises(NotFound):
        files.delete(digest)


def test_one_changed_byte_is_noticed(files: FolderStore) -> None:
    digest = files.put(b"evidence")
    path = files.folder / digest[:2] / digest[2:4] / digest
    path.write_bytes(b"Evidence")
    with pytest.raises(IntegrityError):
        files.get(digest)


def test_deleting_twice_is_no_error(files: FolderStore) -> None:
    digest = files.put(b"gone")
    files.delete(digest)
    files.delete(digest)
    assert not files.exists(digest)
    assert list(files.digests()) == []


def test_what_a_crash_left_half_written_is_neither_listed_nor_counted(files: FolderStore) -> None:
    digest = files.put(b"whole")
    (files.folder / digest[:2] / digest[2:4] / ".new-abc").write_bytes(b"half")
    assert list(files.digests()) == [digest]
    assert files.size() == 5


def test_a_file_that_was_put_aside_when_its_discarding_was_killed_comes_back(
    files: FolderStore,
) -> None:
    """Nobody knows whether it was wanted again meanwhile; whoever discards comes again."""
    digest, other = files.put(b"put aside"), files.put(b"stored again")
    for one in (digest, other):
        path = files.folder / one[:2] / one[2:4] / one
        path.rename(path.with_name(f".gone-{one}"))
    files.put(b"stored again")
    assert files.sweep(datetime.now(UTC) - timedelta(days=1)) == Swept()
    assert files.sweep(datetime.now(UTC) + timedelta(days=1)) == Swept(1, 12)
    assert (files.get(digest), files.get(other)) == (b"put aside", b"stored again")
    assert list(files.folder.rglob(".*")) == []


def test_a_disk_that_fails_leaves_no_remains(
    files: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foundation.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put(b"too much")
    assert [path for path in files.folder.rglob("*") if path.is_file()] == []


def test_many_may_put_the_same_file_at_once(tmp_path: Path) -> None:
    store, data, digests = FolderStore(tmp_path), b"x" * 200_000, set[str]()
    threads = [
        threading.Thread(target=lambda: digests.add(FolderStore(tmp_path).put(data)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(digests) == 1
    assert store.get(digests.pop()) == data
    assert [path.name[:5] for path in tmp_path.rglob(".new-*")] == []
