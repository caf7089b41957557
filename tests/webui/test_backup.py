"""Backup while the stack runs, restore elsewhere, start there; an archive that was changed is refused."""

import gzip
import io
import json
import re
import shutil
import sqlite3
import tarfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from foundation.clock import MovableClock
from foundation.database import Database
from foundation.errors import Conflict, IntegrityError, InvalidInput, NotFound, Unavailable
from foundation.settings import Settings
from tests.support.tree import Tree, rasoat, tree, until
from webui import backup, migrate
from webui.wiring import Wiring, build

EMAIL, PASSWORD = "quantri@office.example", "một-mật-khẩu-đủ-dài-7153"
LURES = Path(__file__).parents[1] / "data" / "import_sample.csv"


@pytest.fixture
def wiring(tmp_path: Path, clock: MovableClock) -> Iterator[Wiring]:
    """A deployment with a migrated database and two files, nothing running."""
    made = build(Settings(data_dir=tmp_path / "var", demo=True), clock)
    migrate.upgrade(made.database)
    made.files.put(b"evidence one")
    made.files.put(b"evidence two")
    assert len(made.secret) == 64
    yield made
    made.close()


@pytest.fixture
def archive(wiring: Wiring, tmp_path: Path) -> Path:
    return backup.make(wiring, tmp_path / "made.tar.gz").path


def test_a_backup_restored_elsewhere_has_everything_but_the_index(
    wiring: Wiring, archive: Path, tmp_path: Path
) -> None:
    done = backup.restore(archive, tmp_path / "new")
    assert sorted(path.name for path in done.folder.iterdir()) == [
        "files", "rasoat.db", "secret", "settings.json",
    ]  # fmt: skip
    again = build(Settings(data_dir=done.folder))
    assert again.secret == wiring.secret
    assert sorted(again.files.get(digest) for digest in again.files.digests()) == [
        b"evidence one",
        b"evidence two",
    ]
    assert migrate.is_ready(again.database)
    again.close()


def test_a_backup_is_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    folder = backup.restore(archive, tmp_path / "new").folder
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*") if path.is_file())


def test_the_settings_are_told_without_secrets(wiring: Wiring, tmp_path: Path) -> None:
    secrets: dict[str, Any] = {
        one.name: f"hush-{one.name}" for one in fields(Settings) if not one.repr
    }
    addresses = {"database_url", "redis_url", "elasticsearch_url", "smtp_url"}
    known = {"secret_key", "youtube_key", "facebook_token", "mastodon_token", "s3_secret_key"}
    assert addresses | known <= secrets.keys()
    given = Settings(data_dir=wiring.settings.data_dir, **secrets)
    told = backup.summary(replace(wiring, settings=given))
    assert "hush-" not in json.dumps(told)
    assert {name for name in secrets if told[f"{name}_was_set"] == "True"} == secrets.keys()
    assert backup.summary(wiring)["youtube_key_was_set"] == "False"
    assert told["port"] == "8000"


def test_a_backup_is_recorded_with_its_digest(wiring: Wiring, archive: Path) -> None:
    from sqlalchemy import select

    from foundation.audit import AuditEvent

    with wiring.database.reading() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert event.action == "backup:make"
    sidecar = archive.with_name(archive.name + ".sha256").read_text()
    assert sidecar == f"{event.detail['digest']}  made.tar.gz\n"


def test_any_changed_byte_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        changed = bytearray(whole)
        changed[place] ^= 1
        archive.write_bytes(bytes(changed))
        with pytest.raises(IntegrityError):
            backup.restore(archive, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_changed_item_is_refused_though_the_archive_is_whole(
    archive: Path, tmp_path: Path
) -> None:
    """Packed anew by somebody, with a fitting digest beside it or none: the manifest still tells."""
    archive.with_name(archive.name + ".sha256").unlink()
    repack(archive, lambda name, data: b"0" * 64 if name == "secret" else data)
    with pytest.raises(IntegrityError, match="secret was changed"):
        backup.restore(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_missing_item_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.with_name(archive.name + ".sha256").unlink()
    repack(archive, lambda name, data: None if name.startswith("files/") else data)
    with pytest.raises(IntegrityError, match="2 items are missing"):
        backup.restore(archive, tmp_path / "new")


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside", "index/x"])
def test_an_item_that_would_land_elsewhere_is_refused(
    archive: Path, tmp_path: Path, name: str
) -> None:
    archive.with_name(archive.name + ".sha256").unlink()
    repack(archive, lambda _name, data: data, more={name: b"x"})
    with pytest.raises(IntegrityError, match="does not belong"):
        backup.restore(archive, tmp_path / "new")
    assert not (tmp_path / "outside").exists()


def test_a_tail_that_was_cut_off_is_refused(archive: Path, tmp_path: Path) -> None:
    archive.with_name(archive.name + ".sha256").unlink()
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(IntegrityError):
        backup.restore(archive, tmp_path / "new")


def test_something_else_than_a_backup_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.add(__file__, "holiday.jpg")
    with pytest.raises(IntegrityError, match="no backup"):
        backup.restore(other, tmp_path / "new")
    with pytest.raises(NotFound):
        backup.restore(tmp_path / "nothing.tar.gz", tmp_path / "new")


def test_a_folder_that_is_not_empty_is_not_touched(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        backup.restore(archive, tmp_path / "full")
    assert (tmp_path / "full" / "mine").read_text() == "mine"


def test_a_backup_never_overwrites_another(wiring: Wiring, archive: Path) -> None:
    with pytest.raises(Conflict, match="there already"):
        backup.make(wiring, archive)
    with pytest.raises(InvalidInput, match="make the folder first"):
        backup.make(wiring, archive.with_name("made.zip"))


def test_a_folder_as_target_gets_a_name_with_the_time(wiring: Wiring, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    made = backup.make(wiring, tmp_path / "backups")
    assert made.path.name == "rasoat-20261123-020000.tar.gz"
    assert made.files == 2
    assert made.size == made.path.stat().st_size


def test_a_damaged_file_is_told_and_left_out(wiring: Wiring, tmp_path: Path) -> None:
    digest = wiring.files.put(b"to be damaged")
    path = next((wiring.settings.data_dir / "files").rglob(digest))
    path.write_bytes(b"damaged")
    made = backup.make(wiring, tmp_path / "made.tar.gz")
    assert made.damaged == [digest]
    assert made.files == 2
    assert backup.restore(made.path, tmp_path / "new").folder.exists()


def test_a_server_database_is_pointed_to_its_own_tools(
    postgres: str, tmp_path: Path, clock: MovableClock
) -> None:
    made = build(Settings(data_dir=tmp_path), clock)
    made.__dict__["database"] = Database(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with pytest.raises(Unavailable) as caught:
        backup.make(made, tmp_path / "made.tar.gz")
    assert "pg_dump" in str(caught.value.detail["remedy"])
    made.close()


def test_the_anchors_in_a_backup_are_never_newer_than_its_log(
    wiring: Wiring, tmp_path: Path
) -> None:
    """A log whose anchors run ahead would look as if its tail had been cut off."""
    from foundation import audit
    from foundation.people import SYSTEM
    from webui.schedule import seal_audit

    for number in range(3):
        with wiring.database.writing() as session:
            audit.record(session, SYSTEM, "test:write", number, at=wiring.clock.now())
        seal_audit(wiring)
    folder = backup.restore(
        backup.make(wiring, tmp_path / "a.tar.gz").path, tmp_path / "new"
    ).folder
    again = build(Settings(data_dir=folder))
    assert audit.verify(again.database, again.audit_anchor).ok
    again.close()


@dataclass
class Visitor:
    """A person with a browser that knows cookies and forms."""

    url: str

    def __post_init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        with self.opener.open(f"{self.url}{path}", timeout=60) as response:
            return str(response.read().decode())

    def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> str:
        """Where the login leads."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/login"))
        assert token is not None
        form = {"csrf_token": token[1], "email": email, "password": password}
        data = urllib.parse.urlencode(form).encode()
        with self.opener.open(f"{self.url}/login", data, timeout=60) as response:
            return str(response.url)


def administrator() -> dict[str, str]:
    return {
        "RASOAT_ADMIN_EMAIL": EMAIL,
        "RASOAT_ADMIN_PASSWORD": PASSWORD,
        "RASOAT_CONTACT": "a@b.example",
    }


@pytest.mark.net
def test_a_running_stack_is_backed_up_and_lives_on_elsewhere(tmp_path: Path) -> None:
    """Imported posts, a person, the log: all of it is there after the restore, and searching finds it again."""
    with tree(data=tmp_path / "first", log=tmp_path / "log", **administrator()) as first:
        first.wait_until_up("valkey", "worker", "indexer", "scheduler")
        imported = rasoat("import", str(LURES), "--json", env=first.env)
        assert json.loads(imported.stdout)["kept"] == 2, imported.stderr
        made = rasoat("backup", str(tmp_path / "made.tar.gz"), env=first.env)
        assert made.returncode == 0, made.stderr
    shutil.rmtree(tmp_path / "first")
    done = rasoat(
        "restore", str(tmp_path / "made.tar.gz"), "--to", str(tmp_path / "second"), env=first.env
    )
    assert done.returncode == 0, done.stderr
    assert sqlite3.connect(tmp_path / "second" / "rasoat.db").execute(
        "SELECT count(*) FROM post"
    ).fetchone() == (2,)
    with tree(data=tmp_path / "second", log=tmp_path / "log2", **administrator()) as second:
        second.wait_until_up("valkey", "web", "worker", "indexer", "scheduler", "crawler")
        visitor = Visitor(second.url)
        assert "/login" not in visitor.log_in()
        until(lambda: is_well(second), "a doctor without complaint")
        until(lambda: "2 posts" in rasoat("index", "status", env=second.env).stdout, "the index")


def is_well(running: Tree) -> bool:
    told = json.loads(rasoat("doctor", "--json", "--lang", "en", env=running.env).stdout)
    # Root, as in CI, runs the browser without its sandbox, which the doctor rightly says.
    parts = [one for one in told["parts"] if one["part"] != "sandbox"]
    return bool(told["ok"]) and {"ok"} == {one["status"] for one in parts}


def repack(archive: Path, change, more: dict[str, bytes] | None = None) -> None:  # type: ignore[no-untyped-def]
    """Write the archive anew with items changed, left out (None) or added."""
    out = io.BytesIO()
    with (
        tarfile.open(archive, "r:gz") as source,
        gzip.GzipFile(fileobj=out, mode="wb") as packed,
        tarfile.open(fileobj=packed, mode="w|") as target,
    ):
        items = [(member.name, source.extractfile(member).read()) for member in source]  # type: ignore[union-attr]
        for name, data in [*items, *(more or {}).items()]:
            if (changed := change(name, data)) is not None:
                member = tarfile.TarInfo(name)
                member.size = len(changed)
                target.addfile(member, io.BytesIO(changed))
    archive.write_bytes(out.getvalue())
