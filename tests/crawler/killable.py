"""Processes of runs that cost no imports: one process imports everything once and forks a child for each run.

The child does the run as `rasoat crawl` would, in the environment of whoever asked. It can be told to end, or
killed at any moment. The one that forks is started when it is first needed, and ends with its tests.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """One forked process, with what a test wants of `subprocess.Popen`."""

    def __init__(self, nursery: "Nursery", pid: int, output: Path) -> None:
        self._nursery, self.pid, self._output = nursery, pid, output
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, as Popen says it; None while it lives."""
        if self.returncode is None:
            self.returncode = self._nursery.ask(poll=self.pid)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:  # not reaped before we ask, so the number is still its own
            os.kill(self.pid, number)

    def communicate(self, timeout: float = 60.0) -> tuple[str, str]:
        """Wait for its end; what it printed, and its errors."""
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                self.send_signal(signal.SIGKILL)
                raise subprocess.TimeoutExpired("run", timeout)
            time.sleep(0.01)
        return self._output.read_text(), self._output.with_suffix(".err").read_text()


class Nursery:
    """The process that forks."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crawler.killable"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self._outputs = tempfile.TemporaryDirectory(prefix="rasoat-runs-")
        self._count = 0

    def start(self, *arguments: str) -> Child:
        """A child that does `tests.crawler.child` with these arguments."""
        self._count += 1
        output = Path(self._outputs.name) / f"{self._count}.out"
        pid = self.ask(run=list(arguments), environment=dict(os.environ), output=str(output))
        return Child(self, int(pid), output)

    def ask(self, **words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=30)
        self._outputs.cleanup()


@lru_cache(maxsize=1)
def nursery() -> Nursery:
    """The one of this process of tests."""
    made = Nursery()
    atexit.register(made.close)
    return made


def _fork(words: dict[str, Any]) -> int:
    from tests.crawler import child

    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        for number, path in (
            (1, words["output"]),
            (2, words["output"].removesuffix("out") + "err"),
        ):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout = sys.__stdout__
        os.environ.clear()
        os.environ.update(words["environment"])
        sys.argv = ["child", *words["run"]]
        code = child.main()
    except BaseException:  # noqa: BLE001 - the error belongs to the one who asked, not to the nursery
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def main() -> None:
    import scrapy.crawler  # noqa: F401

    import crawler.spider  # noqa: F401
    import tests.crawler.child  # noqa: F401

    answers, sys.stdout = sys.stdout, sys.stderr
    while line := sys.stdin.readline():
        words = json.loads(line)
        print(
            json.dumps(_fork(words) if "run" in words else _ended(words["poll"])),
            file=answers,
            flush=True,
        )


if __name__ == "__main__":
    main()
