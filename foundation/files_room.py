"""How much room the store of files has: counted as files come and go, refused when it is full (hạn mức lưu trữ).

The count stands in one small file that every process of a machine shares. A process that is killed between file
and count leaves it a little wrong; the daily survey of the store puts it right.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import Unavailable

RESERVE = 200 * 2**20
"""Bytes of the disk that files leave alone: the database on it has to be able to write."""
_FULL = {errno.ENOSPC, errno.EDQUOT}
_DIGITS = 20


class StorageFull(Unavailable):
    """The store of files has no room for one more; nothing of it was stored."""

    key = "error.storage.full"
    status = 507


@dataclass(frozen=True, slots=True)
class Room:
    """The room of one store: a quota in bytes (0: none), and the disk that holds it where that is ours to see."""

    count: Path
    """The file with the count."""
    quota: int = 0
    disk: Path | None = None

    def used(self) -> int | None:
        """Bytes stored, as counted; None before the first survey."""
        try:
            return int(self.count.read_bytes() or b"x")
        except (FileNotFoundError, ValueError):
            return None

    def capacity(self) -> int | None:
        """Bytes that fit in all: the quota, and no more than the disk takes; None where nobody can tell."""
        left = self._left_on_disk()
        on_disk = None if left is None else (self.used() or 0) + max(0, left)
        known = [limit for limit in (self.quota or None, on_disk) if limit is not None]
        return min(known, default=None)

    @contextmanager
    def taken(self, size: int, stored: Callable[[], int]) -> Iterator[None]:
        """Room for a file that is stored within; given back when that fails. StorageFull.

        `stored` counts what is stored, for a quota that nobody has counted against yet.
        """
        if self.quota and self.used() is None:
            self.add(stored())
        self._take(size)
        try:
            yield
        except OSError as error:
            self.add(-size)
            if error.errno in _FULL:
                raise self._full(size) from error
            raise
        except BaseException:
            self.add(-size)
            raise

    def add(self, size: int) -> None:
        """Count bytes that came, or (below 0) went."""
        with self._counting() as handle:
            _write(handle, max(0, (_read(handle) or 0) + size))

    def _take(self, size: int) -> None:
        left = self._left_on_disk()
        if left is not None and size > left:
            raise self._full(size)
        with self._counting() as handle:
            used = _read(handle)
            if used is None:
                return  # nobody has counted yet: a count that begins here would be wrong
            if self.quota and used + size > self.quota:
                raise self._full(size)
            _write(handle, used + size)

    def _left_on_disk(self) -> int | None:
        return None if self.disk is None else shutil.disk_usage(self.disk).free - RESERVE

    def _full(self, size: int) -> StorageFull:
        return StorageFull(f"the store of files is full: {size} bytes do not fit", about="files")

    @contextmanager
    def _counting(self) -> Iterator[int]:
        handle = os.open(self.count, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def _read(handle: int) -> int | None:
    written = os.pread(handle, _DIGITS, 0).strip()
    return int(written) if written.isdigit() else None


def _write(handle: int, used: int) -> None:
    os.pwrite(handle, f"{used:{_DIGITS}}".encode("ascii"), 0)
