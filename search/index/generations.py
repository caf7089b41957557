"""Folders of an index on disk: one is current, named by a small file that is replaced atomically."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from search.index.base import IndexBusy, Versions

POINTER = "CURRENT"
LOCK = "writer.lock"
_PREFIX = "index-"


@dataclass(frozen=True, slots=True)
class Generation:
    """One folder with a whole index, and what it was written with."""

    path: Path
    versions: Versions


class Generations:
    """The folders below `root`. Readers look at the pointer; one writer holds the lock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock: IO[bytes] | None = None

    def untouched(self) -> bool:
        """Whether no writer was ever here: only then is an empty index a whole one."""
        return not (self.root / LOCK).exists()

    def current(self) -> Generation | None:
        """The generation that searches use, or None where there is none that can be read."""
        try:
            said = json.loads((self.root / POINTER).read_bytes())
            versions = Versions(int(said["schema"]), int(said["normaliser"]))
            return Generation(self.root / Path(said["folder"]).name, versions)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever the pointer is replaced; cheap enough to ask at each search."""
        try:
            status = (self.root / POINTER).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def create(self, versions: Versions) -> Generation:
        """A new empty folder that nobody reads yet."""
        path = self.root / f"{_PREFIX}{secrets.token_hex(6)}"
        path.mkdir(parents=True)
        return Generation(path, versions)

    def point_to(self, generation: Generation) -> None:
        """Makes it the current one, for every process, in one step that survives a power cut."""
        said = {
            "folder": generation.path.name,
            "schema": generation.versions.schema,
            "normaliser": generation.versions.normaliser,
        }
        fresh = self.root / f"{POINTER}.new"
        with fresh.open("w") as file:
            json.dump(said, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.root / POINTER)
        folder = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, generation: Generation) -> None:
        """Deletes a folder; readers that still have its files open keep them until they let go."""
        shutil.rmtree(generation.path, ignore_errors=True)

    def remove_others(self) -> None:
        """Deletes what interrupted rebuilds left behind. Only for the holder of the lock."""
        current = self.current()
        for path in self.root.glob(f"{_PREFIX}*"):
            if current is None or path.name != current.path.name:
                shutil.rmtree(path, ignore_errors=True)

    def lock(self) -> None:
        """Becomes the writer until `unlock` or the end of the process. Raises IndexBusy."""
        self.root.mkdir(parents=True, exist_ok=True)
        file = (self.root / LOCK).open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise IndexBusy(
                "another process is writing to this search index; only the indexer may",
                about=str(self.root),
            ) from error
        self._lock = file

    def unlock(self) -> None:
        """Lets another process become the writer."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                self._lock.close()
            self._lock = None
