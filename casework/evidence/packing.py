"""Writes a package as a ZIP that is the same for the same files, byte for byte, so that any change shows.

Nothing is compressed and no header holds anything that does not follow from the files; `checker` reads it back.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from casework.evidence.checker import CHUNK, LOCAL, SUMS, directory, local_header
from foundation.errors import InvalidInput

MOST_BYTES = 2**32 - 2**26
"""A plain ZIP names sizes and places with 32 bits; a little is left for its directory."""
MOST_FILES = 60_000


class Archive:
    """A package that is being written to a file that can seek; nothing of it is held in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries: list[tuple[str, int, int, int]] = []
        self._sums: list[tuple[str, str]] = []

    @property
    def files(self) -> int:
        return len(self._sums)

    def add(self, name: str, data: bytes) -> str:
        """A file; returns its SHA-256."""
        return self.add_stream(name, [data])

    def add_file(self, name: str, source: BinaryIO) -> str:
        """A file of any size from a stream; returns its SHA-256."""
        return self.add_stream(name, pieces(source))

    def add_stream(self, name: str, content: Iterable[bytes]) -> str:
        """A file in pieces; returns its SHA-256. InvalidInput beyond what a ZIP can name."""
        offset = self._file.tell()
        self._file.write(local_header(name, 0, 0))
        size, crc, digest = 0, 0, hashlib.sha256()
        for piece in content:
            size += len(piece)
            if offset + size > MOST_BYTES or len(self._entries) >= MOST_FILES:
                raise InvalidInput("the package is too large", key="error.evidence.package_size")
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
            self._file.write(piece)
        self._file.seek(offset)
        self._file.write(local_header(name, size, crc))
        self._file.seek(offset + LOCAL.size + len(name) + size)
        self._entries.append((name, size, crc, offset))
        self._sums.append((name, digest.hexdigest()))
        return digest.hexdigest()

    def finish(self) -> str:
        """The list of digests and the directory; returns the digest of the package."""
        listed = "".join(f"{digest}  {name}\n" for name, digest in self._sums).encode("ascii")
        root = self.add(SUMS, listed)
        self._sums.pop()
        self._file.write(directory(self._entries))
        self._file.flush()
        return root


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """A stream in pieces."""
    while piece := source.read(CHUNK):
        yield piece
