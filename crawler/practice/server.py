"""Starts the practice site as a process of its own and waits until it answers."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

_PATIENCE_SECONDS = 30.0


class DidNotStart(RuntimeError):
    """The practice site ended or stayed silent; the message holds what it said."""


@contextmanager
def running(data: Path, port: int = 0) -> Iterator[str]:
    """Serve the site with its state in ``data``; yields the address without a final slash.

    Port 0 takes a free one. The process is ended on leaving; what it logged is beside ``data``.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    log_path = data.with_name(f"{data.name}.log")
    command = [sys.executable, "-m", "crawler.practice", "--port", str(port), "--data", str(data)]
    with (
        log_path.open("ab") as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd=_root()
        ) as process,
    ):
        try:
            yield _answering(process, log_path)
        finally:
            _end(process)


def _answering(process: subprocess.Popen[bytes], log_path: Path) -> str:
    until = time.monotonic() + _PATIENCE_SECONDS
    address = _first_line(process, _PATIENCE_SECONDS)
    while address and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/robots.txt", timeout=5):  # noqa: S310 - our own
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    said = log_path.read_text(encoding="utf-8", errors="replace")[-2_000:]
    raise DidNotStart(f"The practice site did not answer. {said}")


def _first_line(process: subprocess.Popen[bytes], seconds: float) -> str:
    """What the process prints first, or nothing if it ends or says nothing in time."""
    if process.stdout is None:
        return ""
    lines: Queue[bytes] = Queue()
    Thread(target=_read_line, args=(process.stdout, lines), daemon=True).start()
    try:
        return lines.get(timeout=seconds).decode().strip()
    except Empty:
        return ""


def _read_line(stream: IO[bytes], lines: "Queue[bytes]") -> None:
    lines.put(stream.readline())


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _root() -> Path:
    return Path(__file__).resolve().parents[2]
