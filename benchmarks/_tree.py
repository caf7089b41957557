"""Starts `rasoat serve` in a folder of its own, for the benchmarks of the whole process tree."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def environment(data: Path) -> dict[str, str]:
    """Nobody's settings but ours, and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    common = {"DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"}
    plain = {k: v for k, v in os.environ.items() if not k.startswith("RASOAT_") and k not in common}
    return {**plain, "RASOAT_DATA_DIR": str(data), "RASOAT_PORT": str(port)}


@contextmanager
def served(data: Path) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    """The running supervisor, and the seconds from its start to the first page."""
    env = environment(data)
    started = time.monotonic()
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "webui.cli", "serve"],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield supervisor, first_page(f"http://127.0.0.1:{env['RASOAT_PORT']}/login", started)
    finally:
        supervisor.send_signal(signal.SIGINT)
        supervisor.wait(60)


def first_page(url: str, started: float) -> float:
    while time.monotonic() - started < 120:
        try:
            with urllib.request.urlopen(url, timeout=120) as response:  # noqa: S310 - our own address
                response.read()
                return time.monotonic() - started
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("no page within two minutes")
