"""Backup and restore of the embedded stack: one archive with a manifest of SHA-256 digests.

In it are the database (copied while people work, by SQLite's own backup), the files, the secret, the anchors
of the audit log and a summary of the settings. The index is not: it is rebuilt from the database. Nor is the
queue: it is a courier, and what it loses is found again.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from foundation import audit
from foundation.errors import Conflict, IntegrityError, InvalidInput, NotFound, Unavailable
from foundation.people import SYSTEM, Actor
from webui import migrate
from webui.wiring import Wiring

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "rasoat.db"
SMALL = ("secret", "audit.anchor")
_CHUNK = 2**20
_ALLOWED = {DATABASE, "settings.json", *SMALL}


@dataclass(slots=True)
class Made:
    """What a backup holds; `damaged` are files of the store whose bytes are not what they were."""

    path: Path
    files: int = 0
    size: int = 0
    digest: str = ""
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: how many items, written when, by which version."""

    folder: Path
    items: int
    created_at: str
    program: str


def make(wiring: Wiring, target: Path, actor: Actor = SYSTEM) -> Made:
    """Write a backup to a file, or under a name of its own into a folder; an entry point.

    Unavailable where the database is not the embedded one; Conflict when the file is there already.
    """
    if not wiring.database.is_sqlite:
        raise Unavailable(
            "this deployment keeps its database on a server",
            about="database",
            remedy="use pg_dump and a copy of the file store; see docs/operations/backup.md",
        )
    path = _target(wiring, target)
    made = Made(path)
    with tempfile.TemporaryDirectory(prefix=".rasoat-backup-", dir=path.parent) as folder:
        stage = Path(folder)
        # The anchors first: one that is newer than the copied log would look as if its tail was cut.
        _copy_small(wiring, stage)
        _copy_database(wiring, stage / DATABASE)
        (stage / "settings.json").write_text(json.dumps(summary(wiring), indent=1), "utf-8")
        _write_archive(wiring, stage, made)
        (stage / "archive").replace(path)
    path.with_name(path.name + ".sha256").write_text(f"{made.digest}  {path.name}\n", "ascii")
    with wiring.database.writing() as session:
        detail = {"digest": made.digest, "size": made.size, "files": made.files}
        audit.record(session, actor, "backup:make", path.name, at=wiring.clock.now(), **detail)
    return made


def restore(archive: Path, folder: Path) -> Restored:
    """Unpack into an empty folder, which appears only when every digest was right.

    IntegrityError for anything changed or missing, Conflict when the folder is not empty.
    """
    if not archive.is_file():
        raise NotFound(f"{archive} does not exist", about=str(archive))
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(
            f"{folder} is not empty",
            about=str(folder),
            remedy="name a folder that is not there yet",
        )
    _check_sidecar(archive)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".rasoat-restore-", dir=folder.parent) as made:
        stage = Path(made) / "data"
        stage.mkdir(mode=0o700)
        try:
            manifest = _unpack(archive, stage)
        except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as error:
            raise IntegrityError(f"{archive} is damaged: {error}", about=str(archive)) from error
        _check_database(stage / DATABASE)
        if folder.exists():
            folder.rmdir()
        stage.rename(folder)
    return Restored(folder, len(manifest["items"]), manifest["created_at"], manifest["program"])


def summary(wiring: Wiring) -> dict[str, str]:
    """The settings by which it ran, without secrets: to be set again by hand."""
    given = asdict(wiring.settings)
    # What is never printed is never told either: a new secret is left out without a line here.
    secret = {one.name for one in fields(wiring.settings) if not one.repr}
    told = {name: str(value) for name, value in given.items() if name not in secret}
    return told | {f"{name}_was_set": str(bool(given[name])) for name in sorted(secret)}


def _target(wiring: Wiring, target: Path) -> Path:
    if target.is_dir():
        stamp = wiring.clock.now().strftime("%Y%m%d-%H%M%S")
        target = target / f"rasoat-{stamp}.tar.gz"
    elif not target.name.endswith((".tar.gz", ".tgz")):
        told = f"{target} is no folder, and does not end in .tar.gz: make the folder first"
        raise InvalidInput(told, about=str(target))
    if target.exists():
        raise Conflict(f"{target} is there already", about=str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.absolute()


def _copy_small(wiring: Wiring, stage: Path) -> None:
    for name in SMALL:
        if (found := wiring.settings.data_dir / name).exists():
            shutil.copyfile(found, stage / name)


def _copy_database(wiring: Wiring, target: Path) -> None:
    """A consistent copy while others write; it waits for nobody and locks nobody out."""
    source = wiring.database.engine.url.database or ""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=2000, sleep=0.01)


def _write_archive(wiring: Wiring, stage: Path, made: Made) -> None:
    small = {name: stage / name for name in sorted(_ALLOWED) if (stage / name).exists()}
    items = {name: _described(path) for name, path in small.items()}
    digests = []
    # A bucket is kept by those who keep the server it is on; of a folder nobody else has a copy.
    for digest in () if wiring.settings.s3_url else wiring.files.digests():
        try:
            data = wiring.files.get(digest)
        except NotFound:
            continue  # deleted meanwhile
        except IntegrityError:
            made.damaged.append(digest)
            continue
        items[_file_name(digest)] = {"sha256": digest, "size": len(data)}
        digests.append(digest)
    manifest = {
        "format": FORMAT,
        "program": version("rasoat"),
        "revision": migrate.current(wiring.database),
        "created_at": wiring.clock.now().isoformat(),
        "items": items,
    }
    with (stage / "archive").open("xb") as raw:
        os.fchmod(raw.fileno(), 0o600)
        counted = _Hashing(raw)
        with (
            gzip.GzipFile(
                filename="", fileobj=counted, mode="wb", compresslevel=6, mtime=0
            ) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
            for name, path in small.items():
                tar.add(path, name, filter=_plain)
            for digest in digests:
                _add(tar, _file_name(digest), wiring.files.get(digest))
        os.fsync(raw.fileno())
        made.size, made.digest, made.files = raw.tell(), counted.digest.hexdigest(), len(digests)


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them on the way."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return self._target.write(data)


def _file_name(digest: str) -> str:
    return f"files/{digest[:2]}/{digest[2:4]}/{digest}"


def _described(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
            "size": path.stat().st_size,
        }


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = _plain(tarfile.TarInfo(name))
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def _check_sidecar(archive: Path) -> None:
    """The digest beside the archive, where it lies there."""
    sidecar = archive.with_name(archive.name + ".sha256")
    if not sidecar.is_file():
        return
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if sidecar.read_text("ascii").split()[:1] != [found]:
        raise IntegrityError(f"{archive} is not what {sidecar.name} says", about=str(archive))


def _unpack(archive: Path, stage: Path) -> dict[str, Any]:
    with tarfile.open(archive, "r|gz") as tar:
        members = _members(tar)
        first, file = next(members, (None, None))
        if first != MANIFEST or file is None:
            raise IntegrityError(f"{archive} is no backup of Rà Soát", about=str(archive))
        manifest: dict[str, Any] = json.loads(file.read())
        if manifest.get("format") != FORMAT:
            raise IntegrityError(
                f"{archive} has format {manifest.get('format')}", about=str(archive)
            )
        missing = dict(manifest["items"])
        for name, content in members:
            _write_item(stage, name, content, missing.pop(name, None))
    if missing:
        raise IntegrityError(
            f"{len(missing)} items are missing: {min(missing)}", about=str(archive)
        )
    return manifest


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if not member.isfile() or content is None:
            raise IntegrityError(f"{member.name} is no plain file", about=member.name)
        yield member.name, content


def _write_item(
    stage: Path, name: str, content: IO[bytes], wanted: Mapping[str, object] | None
) -> None:
    digest = str((wanted or {}).get("sha256", ""))
    if wanted is None or name not in {*_ALLOWED, _file_name(digest)}:
        raise IntegrityError(f"{name} does not belong into the archive", about=name)
    path = stage / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = hashlib.sha256()
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        while chunk := content.read(_CHUNK):
            found.update(chunk)
            file.write(chunk)
    if found.hexdigest() != digest:
        raise IntegrityError(f"{name} was changed", about=name)


def _check_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
        revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if found != "ok":
        raise IntegrityError(f"the database in the archive is damaged: {found}", about=DATABASE)
    if revision is None or revision[0] not in migrate.revisions():
        raise Conflict(
            f"the backup is at revision {revision and revision[0]}, which this version does not know",
            about=DATABASE,
            remedy="restore it with the version that wrote it",
        )
