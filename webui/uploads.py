"""Files that somebody has sent and not yet decided about: a preview, a form with an error beside its picture.

They lie in the data folder under the person's id and a secret name, so that nobody can name another's, and
are deleted after a day. Nothing here is evidence, and nothing here is part of the file store.
"""

import re
import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import IO, BinaryIO

from foundation.errors import NotFound

KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Uploads:
    """The files that wait, in one folder that all web processes share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, user_id: int, stream: IO[bytes]) -> str:
        """Keep the bytes for this person; returns the token that finds them again."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        token = secrets.token_hex(16)
        with self._path(user_id, token).open("xb") as target:
            shutil.copyfileobj(stream, target, 2**20)
        return token

    def open(self, user_id: int, token: str) -> BinaryIO:
        """The bytes; NotFound when there are none of this person by that token (any more)."""
        try:
            return self._path(user_id, token).open("rb")
        except FileNotFoundError as error:
            raise NotFound("no such upload", key="error.upload_gone") from error

    def drop(self, user_id: int, token: str) -> None:
        """Forget the file; nothing happens when it is gone already."""
        self._path(user_id, token).unlink(missing_ok=True)

    def clean(self) -> int:
        """Delete what nobody came back for; returns how many files went."""
        oldest = time.time() - KEPT.total_seconds()
        gone = [path for path in self._folder.glob("*-*") if path.stat().st_mtime < oldest]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _path(self, user_id: int, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise NotFound("no such upload", key="error.upload_gone")
        return self._folder / f"{user_id}-{token}"
