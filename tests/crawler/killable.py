"""Lives of a run's process that can be ended at any moment without paying for imports each time.

One process imports everything once and then forks a child for each line it is told on standard input; the
child does the run as `rasoat crawl` would. kill -9 goes to the child.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crawler.office import ROOT, Office


class Lives:
    """The process that forks."""

    def __init__(self, folder: Path) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.crawler.killable", str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def live(self, run_id: int, *, kill_after: float | None = None) -> int:
        """One life: to its end, or until it is killed after so many seconds; its wait status, 0: it ended."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{run_id}\n")
        pid = int(self._nursery.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)  # not reaped before we ask, so the number is still its own
        self._nursery.stdin.write("wait\n")
        return int(self._nursery.stdout.readline())

    def close(self) -> None:
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(30)
        assert self._nursery.stdout is not None
        self._nursery.stdout.close()


@contextmanager
def killable(office: Office) -> Iterator[Lives]:
    """Lives for the runs of an office."""
    lives = Lives(office.folder)
    try:
        yield lives
    finally:
        lives.close()


def main() -> None:
    import scrapy.crawler  # noqa: F401

    import crawler.spider  # noqa: F401
    from tests.crawler import child

    folder = sys.argv[1]
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            sys.argv = ["child", folder, line.strip()]
            sys.stdout = sys.stderr
            os._exit(child.main())
        print(pid, flush=True)
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
