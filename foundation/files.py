"""Files by content: the SHA-256 of the bytes is the address, so the same bytes are stored once."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from foundation.errors import IntegrityError, NotFound
from foundation.files_room import Room

_HEX = set("0123456789abcdef")
_NEW, _GONE = ".new-", ".gone-"
CHUNK = 2**20
"""Bytes that are held in memory at once where a file is read in pieces."""


class FileStore(Protocol):
    """A content-addressed store; digests are 64 lower-case hex digits."""

    room: Room | None
    """What counts and limits it; None: nothing does."""

    def put(self, data: bytes) -> str:
        """Keep the bytes; what was there already counts as stored now. StorageFull when there is no room."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes, checked against their digest. NotFound, or IntegrityError when they were changed."""
        ...

    def put_file(self, path: Path) -> str:
        """Keep a file of any size without loading it; the file at `path` stays."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """The bytes as a stream, not checked (see `intact`); to be closed. NotFound."""
        ...

    def intact(self, digest: str) -> bool:
        """Whether the stored bytes still are what their digest says, read in pieces. NotFound."""
        ...

    def length(self, digest: str) -> int:
        """Bytes of one file. NotFound."""
        ...

    def exists(self, digest: str) -> bool: ...

    def delete(self, digest: str) -> None: ...

    def discard(self, digest: str, before: datetime) -> bool:
        """Delete a file unless somebody stored it at or after that moment; whether it is gone."""
        ...

    def digests(self) -> Iterator[str]: ...

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Digest and bytes of every file, in the order of the digests; none is read."""
        ...

    def size(self) -> int:
        """Bytes stored in all."""
        ...

    def sweep(self, before: datetime) -> "Swept":
        """Take away what writes left that ended in the middle, begun before that moment; no file is touched."""
        ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away: how many leftovers, and their bytes as far as they are known."""

    files: int = 0
    bytes: int = 0


class FolderStore:
    """A folder of files named by digest, two levels deep; a file appears whole or not at all."""

    def __init__(self, folder: Path, room: Room | None = None) -> None:
        self.folder = folder
        self.room = room

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        if not _stored_again(self._path(digest)):
            with self._taken(len(data)):
                self._write(self._path(digest), lambda file: file.write(data))
        return digest

    def put_file(self, path: Path) -> str:
        with path.open("rb") as source:
            digest = digest_of(source)
        if not _stored_again(self._path(digest)):
            with self._taken(path.stat().st_size), path.open("rb") as source:
                self._write(
                    self._path(digest), lambda file: shutil.copyfileobj(source, file, CHUNK)
                )
        return digest

    def open(self, digest: str) -> BinaryIO:
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound(f"no file {digest}", about=digest) from None

    def intact(self, digest: str) -> bool:
        with self.open(digest) as file:
            return digest_of(file) == digest

    def length(self, digest: str) -> int:
        try:
            return self._path(digest).stat().st_size
        except FileNotFoundError:
            raise NotFound(f"no file {digest}", about=digest) from None

    def get(self, digest: str) -> bytes:
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotFound(f"no file {digest}", about=digest) from None
        if hashlib.sha256(data).hexdigest() != digest:
            raise IntegrityError(f"file {digest} was changed", about=digest)
        return data

    def exists(self, digest: str) -> bool:
        return self._path(digest).exists()

    def delete(self, digest: str) -> None:
        self._drop(self._path(digest))

    def discard(self, digest: str, before: datetime) -> bool:
        path = self._path(digest)
        aside = path.with_name(f"{_GONE}{digest}")
        try:
            if path.stat().st_mtime >= before.timestamp():
                return False
            # Out of the way first: whoever stores the same bytes from here on finds nothing and writes anew.
            path.replace(aside)
        except FileNotFoundError:
            return True
        if aside.stat().st_mtime < before.timestamp():
            self._drop(aside)
            return True
        if not path.exists():
            aside.replace(path)
        else:
            self._drop(aside)
        return False

    def digests(self) -> Iterator[str]:
        for entry in self._entries():
            yield entry.name

    def sizes(self) -> Iterator[tuple[str, int]]:
        for entry in self._entries():
            try:
                yield entry.name, entry.stat().st_size
            except FileNotFoundError:
                continue  # deleted meanwhile

    def size(self) -> int:
        return sum(size for _digest, size in self.sizes())

    def sweep(self, before: datetime) -> Swept:
        files = size = 0
        for entry in self._all():
            if not entry.name.startswith((_NEW, _GONE)):
                continue
            try:
                told = entry.stat(follow_symlinks=False)
                # Not the time of its bytes: a file that was put aside keeps that of when it was stored.
                if told.st_ctime >= before.timestamp():
                    continue
                whole = Path(entry).with_name(entry.name.removeprefix(_GONE))
                if is_digest(whole.name) and not whole.exists():
                    Path(entry).replace(whole)  # whoever wanted it discarded will come again
                    continue
                Path(entry).unlink()
            except FileNotFoundError:
                continue
            files, size = files + 1, size + told.st_size
        return Swept(files, size)

    def _entries(self) -> Iterator["os.DirEntry[str]"]:
        """Every file."""
        return (entry for entry in self._all() if is_digest(entry.name))

    def _all(self) -> Iterator["os.DirEntry[str]"]:
        """Everything that lies where files do, a folder of the second level at a time."""
        for first in _sorted(self.folder):
            for second in _sorted(Path(first)) if len(first.name) == 2 else ():
                yield from _sorted(Path(second)) if len(second.name) == 2 else ()

    def _write(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        """The file under its name, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_NEW, delete=False) as file:
            new = Path(file.name)
            try:
                write(file.file)
                file.flush()
                os.fsync(file.fileno())
                new.replace(path)
            except OSError:
                new.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)

    def _taken(self, size: int) -> AbstractContextManager[None]:
        return self.room.taken(size, self.size) if self.room else nullcontext()

    def _drop(self, path: Path) -> None:
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return
        if self.room:
            self.room.add(-size)

    def _path(self, digest: str) -> Path:
        if not is_digest(digest):
            raise NotFound(f"{digest!r} is not a digest", about=digest)
        return self.folder / digest[:2] / digest[2:4] / digest


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 in lower-case hex."""
    return len(text) == 64 and set(text) <= _HEX


def digest_of(source: BinaryIO) -> str:
    """SHA-256 of what is left of a stream, in pieces."""
    found = hashlib.sha256()
    while piece := source.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def _stored_again(path: Path) -> bool:
    """Whether the file is there; it counts as stored now, so that nobody discards it meanwhile."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _sorted(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _sync_folder(folder: Path) -> None:
    """Make the folder's entry durable too: a file whose name is lost is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
