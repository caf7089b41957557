"""`rasoat serve` for real: a process tree that mends itself, ends whole, and says plainly why it cannot start."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tree import Tree, environment, free_port, rasoat, tree, until

pytestmark = pytest.mark.net
NAMES = ("valkey", "web", "worker", "indexer", "scheduler", "crawler")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    folder = tmp_path_factory.mktemp("tree")
    with tree(data=folder / "var", log=folder / "log") as started:
        started.wait_until_up(*NAMES)
        yield started


def data(running: Tree) -> Path:
    return Path(running.env["RASOAT_DATA_DIR"])


@pytest.mark.parametrize("name", NAMES)
def test_a_child_that_is_killed_is_started_again(running: Tree, name: str) -> None:
    before = running.children()[name]
    before.kill()

    def again() -> bool:
        now = running.children().get(name)
        return now is not None and now.pid != before.pid

    until(again, f"{name} again")
    running.wait_until_up(*NAMES)
    said = until(lambda: [s for s in running.said().splitlines() if "died" in s], "a line about it")
    assert any(f'"child": "{name}"' in line for line in said)


def test_every_part_tells_that_it_lives(running: Tree) -> None:
    def names() -> set[str]:
        with sqlite3.connect(data(running) / "rasoat.db") as database:
            return {row[0] for row in database.execute("SELECT name FROM heartbeat")}

    until(
        lambda: {"web", "worker", "indexer", "scheduler", "crawler"} <= names(), "five heartbeats"
    )


def test_what_was_written_is_sealed_by_the_scheduler(running: Tree) -> None:
    """The first administrator was recorded at the start; the chain has it, and the anchor outside."""
    anchor = data(running) / "audit.anchor"
    until(anchor.exists, "an anchor")
    done = rasoat("audit", "verify", env=running.env)
    assert done.returncode == 0, done.stderr
    assert "whole; head" in done.stdout


def test_the_start_prints_a_link_for_the_first_administrator(running: Tree) -> None:
    assert "first administrator: quantri@localhost" in running.said()
    assert "/set-password/" in running.said()


def test_a_second_supervisor_is_refused_in_one_line(running: Tree) -> None:
    env = {**running.env, "RASOAT_PORT": str(free_port())}
    done = rasoat("serve", env=env)
    assert done.returncode == 2
    assert f"in use by process {running.process.pid}" in done.stderr
    assert "Traceback" not in done.stderr
    assert running.answers()


def test_a_port_in_use_is_named_with_a_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = rasoat("serve", env=environment(tmp_path / "var", port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in done.stderr
    assert f"RASOAT_PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (
            "RASOAT_PORT",
            "eighty",
            "RASOAT_PORT: wants a whole number from 1 to 65535, not 'eighty'",
        ),
        ("RASOAT_SECRET_KEY", "short", "RASOAT_SECRET_KEY: wants at least 32 characters"),
        ("RASOAT_PROT", "8000", "RASOAT_PROT: no such setting"),
        ("RASOAT_PRIVATE_NETWORKS", "10.0.0.0/99", "RASOAT_PRIVATE_NETWORKS:"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    done = rasoat("serve", env={**environment(tmp_path / "var", 8000), name: value})
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists(), "nothing was begun"


def test_a_database_of_a_newer_version_stops_the_start(tmp_path: Path) -> None:
    env = environment(tmp_path, free_port())
    with sqlite3.connect(tmp_path / "rasoat.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    done = rasoat("serve", env=env)
    assert done.returncode == 2
    assert "revision 9999" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_logs_are_short_lines_of_json_where_no_terminal_looks_on(running: Tree) -> None:
    assert "locals" not in running.said()
    assert "overcommit" not in running.said(), "the queue's own log is in a file of its own"
    assert (data(running) / "queue" / "valkey.log").exists()


def test_one_interrupt_to_the_whole_group_ends_everything(running: Tree) -> None:
    """The last one: it ends the tree that the tests above looked at."""
    assert set(NAMES) <= set(running.children())
    began = time.monotonic()
    os.killpg(running.process.pid, signal.SIGINT)
    running.process.wait(60)
    assert time.monotonic() - began < 40
    until(lambda: not running.orphans(), "no orphan")
    assert "Traceback" not in running.said()


def test_children_die_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    with tree(data=tmp_path / "var", log=tmp_path / "log") as started:
        started.wait_until_up(*NAMES)
        started.process.kill()
        started.process.wait(10)
        until(lambda: not started.orphans(), "no orphan of a killed supervisor")


def test_the_socket_of_the_queue_lies_elsewhere_when_the_folder_is_deep(tmp_path: Path) -> None:
    from webui.processes import LONGEST_SOCKET_PATH, valkey_socket

    deep = tmp_path / ("a" * 60) / ("b" * 60)
    socket_path = valkey_socket(deep)
    assert len(str(socket_path)) <= LONGEST_SOCKET_PATH
    assert valkey_socket(deep) == socket_path
    assert valkey_socket(deep / "c") != socket_path
