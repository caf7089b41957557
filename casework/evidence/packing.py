"""Writes a package as a ZIP that is the same for the same files, byte for byte, so that any change shows.

Nothing is compressed and no header holds anything that does not follow from the files; `checker` reads it back.
Beyond 4 GB or 65,534 files it is a ZIP64, which every unpacker of the last fifteen years knows.
"""

import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Self

from casework.evidence.checker_form import CHUNK, LOCAL, MOST32, SUMS, directory, local_header
from foundation.errors import InvalidInput

MOST_FILE = MOST32 - 1
"""Bytes of one file: the largest that its header can name."""


class Archive:
    """A package that is being written to a file that can seek; to be closed.

    Neither its files nor their list are held in memory: a case of ten thousand items takes no more than one.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rows = tempfile.TemporaryFile()  # noqa: SIM115 - `close` does it
        self.files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._rows.close()

    def add(self, name: str, data: bytes) -> str:
        """A file; returns its SHA-256."""
        return self.add_stream(name, [data])

    def add_file(self, name: str, source: BinaryIO) -> str:
        """A file of any size from a stream; returns its SHA-256."""
        return self.add_stream(name, pieces(source))

    def add_stream(self, name: str, content: Iterable[bytes]) -> str:
        """A file in pieces; returns its SHA-256. InvalidInput for one that is larger than a ZIP can name."""
        offset = self._file.tell()
        self._file.write(local_header(name, 0, 0))
        size, crc, digest = 0, 0, hashlib.sha256()
        for piece in content:
            size += len(piece)
            if size > MOST_FILE:
                raise InvalidInput("the file is too large", key="error.evidence.package_size")
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
            self._file.write(piece)
        self._file.seek(offset)
        self._file.write(local_header(name, size, crc))
        self._file.seek(offset + LOCAL.size + len(name) + size)
        self._rows.write(f"{digest.hexdigest()} {size} {crc} {offset} {name}\n".encode("ascii"))
        self.files += 1
        return digest.hexdigest()

    def finish(self) -> str:
        """The list of digests and the directory; returns the digest of the package."""
        count = self.files
        listed = (f"{digest}  {name}\n".encode() for name, digest, *_ in self._entries())
        root = self.add_stream(SUMS, listed)
        self.files = count
        for piece in directory((n, size, crc, at) for n, _, size, crc, at in self._entries()):
            self._file.write(piece)
        self._file.flush()
        return root

    def _entries(self) -> Iterator[tuple[str, str, int, int, int]]:
        """What was written so far: name, digest, size, crc, offset."""
        self._rows.seek(0)
        for line in self._rows:
            digest, size, crc, offset, name = line.decode("ascii").split()
            yield name, digest, int(size), int(crc), int(offset)


def pieces(source: BinaryIO) -> Iterator[bytes]:
    """A stream in pieces."""
    while piece := source.read(CHUNK):
        yield piece
