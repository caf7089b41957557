"""Files that wait to be imported, in the file store and gone after their import.

They are stored compressed with a name of their own inside, so that their digest is nobody else's and
deleting them can never delete a piece of evidence with the same content.
"""

import gzip
import io
import secrets
import shutil
from typing import BinaryIO

from foundation.files import FileStore


def put(files: FileStore, source: BinaryIO) -> tuple[str, int]:
    """Store a file for its import; returns its digest in the store and its own size in bytes."""
    target = io.BytesIO()
    with gzip.GzipFile(
        filename=secrets.token_hex(16), fileobj=target, mode="wb", mtime=0
    ) as packed:
        shutil.copyfileobj(source, packed, 2**20)
        size = packed.tell()
    return files.put(target.getvalue()), size


def open_file(files: FileStore, digest: str) -> BinaryIO:
    """The file's bytes as a stream, unpacked while they are read; NotFound when it is gone."""
    return gzip.GzipFile(fileobj=io.BytesIO(files.get(digest)), mode="rb")  # type: ignore[return-value]
