"""Files by content: the SHA-256 of the bytes is the address, so the same bytes are stored once."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from foundation.errors import IntegrityError, NotFound

_HEX = set("0123456789abcdef")
CHUNK = 2**20
"""Bytes that are held in memory at once where a file is read in pieces."""


class FileStore(Protocol):
    """A content-addressed store; digests are 64 lower-case hex digits."""

    def put(self, data: bytes) -> str: ...

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

    def digests(self) -> Iterator[str]: ...

    def size(self) -> int:
        """Bytes stored in all."""
        ...


class FolderStore:
    """A folder of files named by digest, two levels deep; a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            new = Path(file.name)
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                new.replace(path)
            except OSError:
                new.unlink(missing_ok=True)
                raise
        _sync_folder(path.parent)
        return digest

    def put_file(self, path: Path) -> str:
        with path.open("rb") as source:
            digest = digest_of(source)
        kept = self._path(digest)
        if kept.exists():
            return digest
        kept.parent.mkdir(parents=True, exist_ok=True)
        with (
            path.open("rb") as source,
            tempfile.NamedTemporaryFile(dir=kept.parent, prefix=".new-", delete=False) as file,
        ):
            new = Path(file.name)
            try:
                shutil.copyfileobj(source, file, CHUNK)
                file.flush()
                os.fsync(file.fileno())
                new.replace(kept)
            except OSError:
                new.unlink(missing_ok=True)
                raise
        _sync_folder(kept.parent)
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
        self._path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("??/??/*")):
            if is_digest(path.name):
                yield path.name

    def size(self) -> int:
        return sum(self._path(digest).stat().st_size for digest in self.digests())

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


def _sync_folder(folder: Path) -> None:
    """Make the folder's entry durable too: a file whose name is lost is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
