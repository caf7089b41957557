"""A real process tree of `rasoat serve` (or another command) for tests: started, looked at, ended, no orphan."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil

PATIENCE = 90.0
"""Seconds a loaded machine may take for what an idle one does in two."""
T = TypeVar("T")


def until(found: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """Ask until the answer is true; AssertionError with `what` when it never is."""
    end = time.monotonic() + patience
    while not (answer := found()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(0.1)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """The machine's environment without anybody's settings, with ours."""
    common = {"DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"}
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("RASOAT_") and name not in common
    }
    return {**plain, "RASOAT_DATA_DIR": str(data), "RASOAT_PORT": str(port), **more}


def rasoat(
    *arguments: str, env: Mapping[str, str], stdin: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "webui.cli", *arguments],
        env=dict(env), input=stdin, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip


class Tree:
    """A running process and everything it started."""

    def __init__(self, command: list[str], env: Mapping[str, str], log: Path) -> None:
        self.env = dict(env)
        self.log = log
        self.url = f"http://127.0.0.1:{env['RASOAT_PORT']}"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        self.seen: set[psutil.Process] = set()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> dict[str, psutil.Process]:
        """Every living process of the tree by its name: web, worker, valkey ..."""
        found = {}
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess, psutil.ZombieProcess, IndexError):
                    line = child.cmdline()
                    name = "valkey" if "valkey-server" in line[0] else line[3]
                    found[name] = child
                    self.seen.add(child)
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as response:  # noqa: S310
                return bool(response.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def wait_until_up(self, *names: str) -> None:
        """Until the pages answer and the named processes are there."""

        def up() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode}: {self.said()}")
            return self.answers() and set(names) <= set(self.children())

        try:
            until(up, f"{names} up")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said()}") from None

    def orphans(self) -> list[psutil.Process]:
        return [one for one in self.seen if one.is_running() and one.status() != "zombie"]

    def end(self) -> None:
        """Whatever happened: nothing of it lives on."""
        self.children()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(40)
        for left in self.orphans():
            with suppress(psutil.NoSuchProcess):
                left.kill()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@contextmanager
def tree(*arguments: str, data: Path, log: Path, **settings: str) -> Iterator[Tree]:
    """`rasoat serve` (or other arguments) with a data folder and a free port of its own."""
    port = settings.pop("RASOAT_PORT", "") or str(free_port())
    env = environment(data, int(port), **settings)
    started = Tree([sys.executable, "-m", "webui.cli", *(arguments or ("serve",))], env, log)
    try:
        yield started
    finally:
        started.end()
