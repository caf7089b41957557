"""`rasoat serve`: one process tree. A child that dies is started again; one Ctrl-C ends everything cleanly.

The children are in sessions of their own, so that a Ctrl-C reaches the supervisor alone, which then ends them
in order; each asks the kernel to be ended when the supervisor dies. A lock on the data folder keeps a second
supervisor away.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

from foundation.errors import Unavailable
from webui.processes import LISTEN_VARIABLE, PARENT_VARIABLE, Stop

log = structlog.get_logger()
QUICK_DEATH_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 30.0
PATIENCE_SECONDS = 15.0


@dataclass
class Child:
    """One process to keep alive: how it is started, and how its last starts went."""

    name: str
    command: Sequence[str]
    quiet: bool = False
    """Whether what it prints is thrown away (its log is elsewhere)."""
    listener: socket.socket | None = None
    """A socket that listens already and is handed down, so that nobody can take its port between two starts."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_deaths: int = 0
    not_before: float = 0.0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        environment = {**os.environ, PARENT_VARIABLE: str(os.getpid())}
        handed = () if self.listener is None else (self.listener.fileno(),)
        if handed:
            environment[LISTEN_VARIABLE] = str(handed[0])
        self.process = subprocess.Popen(
            list(self.command),
            start_new_session=True,
            pass_fds=handed,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.quiet else None,
            stderr=subprocess.DEVNULL if self.quiet else None,
        )
        self.started = time.monotonic()

    def mourn(self) -> float:
        """It died: how many seconds to wait before the next start (0, then 1, 2, 4 ... when it dies quickly)."""
        quick = time.monotonic() - self.started < QUICK_DEATH_SECONDS
        self.quick_deaths = self.quick_deaths + 1 if quick else 0
        wait = (
            min(2.0 ** (self.quick_deaths - 1), LONGEST_WAIT_SECONDS) if self.quick_deaths else 0.0
        )
        self.not_before = time.monotonic() + wait
        return wait

    def end(self) -> None:
        if self.alive and self.process is not None:
            self.process.terminate()

    def reap(self, patience: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            log.warning("killed after waiting", child=self.name)
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Starts children in order, keeps them alive until told to stop, ends them in the opposite order."""

    children: list[Child]
    stop: Stop = field(default_factory=Stop)

    def start(self, *names: str) -> None:
        for child in self.children:
            if child.name in names and not child.alive:
                child.start()

    def watch(self) -> None:
        """Until told to stop: start again what died."""
        while not self.stop.wait(0.25):
            for child in self.children:
                self._look_after(child)

    def _look_after(self, child: Child) -> None:
        if child.alive or child.process is None:
            return
        if child.not_before == 0.0:
            wait = child.mourn()
            log.warning(
                "died, starting again",
                child=child.name,
                status=child.process.returncode,
                wait=wait,
            )
        if time.monotonic() >= child.not_before:
            child.not_before = 0.0
            child.start()

    def end(self) -> None:
        """Everything but the queue first, together; then the queue, so that nobody's last word is lost."""
        last, rest = self.children[0], self.children[1:]
        for child in rest:
            child.end()
        for child in rest:
            child.reap(PATIENCE_SECONDS)
        last.end()
        last.reap(PATIENCE_SECONDS)


@contextmanager
def folder_lock(folder: Path) -> Iterator[IO[str]]:
    """Hold the data folder for this process, or Unavailable when another supervisor has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise Unavailable(
                f"{folder} is in use by {holder}; stop it first", about="lock"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield file


def command(name: str) -> list[str]:
    """How a child is started: the same interpreter, the same command."""
    return [sys.executable, "-m", "webui.cli", name]
