"""A capture of an ordinary page (2 MB, 30 resources): seconds, and memory of Chromium with everything it starts.

    python -m benchmarks.capture [--captures 3]

Memory is the peak of Chromium's processes, each shared page counted once in parts (PSS, as Linux tells it). The
driver that Playwright speaks to Chromium through (Node.js) is told apart, and so is the sum of resident sizes,
which counts what processes share once for each.
"""

import argparse
import io
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Self

import psutil
from PIL import Image

from crawler.browser import find_browser
from crawler.capture import Camera, camera
from crawler.guard import AddressGuard
from foundation.clock import SystemClock
from foundation.files import FolderStore
from foundation.settings import Settings

PICTURES, SCRIPTS = 24, 5
MOST_SECONDS, MOST_MB = 6.0, 600
TEXT = "Tuyển người đi làm xa, bao ăn ở, lương cao, gọi 0900 000 123. "


def site() -> dict[str, tuple[str, bytes]]:
    """The made-up page's resources by path: their types and bytes."""
    chance = random.Random(5)  # noqa: S311 - the same words each time
    found = {}
    for number in range(PICTURES):
        noise = Image.effect_noise((520, 380), 30 + number).convert("RGB")
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=62)
        found[f"/{number}.jpg"] = ("image/jpeg", out.getvalue())
    for number in range(SCRIPTS):
        words = "".join(chance.choices("abcdefgh ", k=90_000))
        found[f"/{number}.js"] = ("text/javascript", f"var a{number} = {words!r};".encode())
    body = "".join(
        f"<p>{TEXT * 8}</p><img loading=lazy width=520 height=380 src=/{number}.jpg>"
        for number in range(PICTURES)
    )
    scripts = "".join(f"<script src=/{number}.js></script>" for number in range(SCRIPTS))
    head = "<!doctype html><meta charset=utf-8><title>Trang thường</title>"
    found["/"] = ("text/html; charset=utf-8", (head + body + scripts).encode())
    return found


@contextmanager
def served(pages: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Peak:
    """The most that children took while the block ran: Chromium's PSS, the driver's, the sum of resident sizes."""

    def __init__(self) -> None:
        self.chromium = self.driver = self.resident = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.4):
            chromium = driver = resident = 0
            for child in me.children(recursive=True):
                try:
                    told, name = child.memory_full_info(), child.name()
                except psutil.Error:
                    continue
                resident += told.rss
                if "chrom" in name or "headless" in name:
                    chromium += told.pss
                else:
                    driver += told.pss
            self.chromium = max(self.chromium, chromium)
            self.driver = max(self.driver, driver)
            self.resident = max(self.resident, resident)


def measure(shots: Camera, address: str, captures: int) -> dict[str, float]:
    shots.capture(f"{address}/")  # the first visit of a browser loads its own parts
    seconds = []
    with Peak() as peak:
        for _ in range(captures):
            begun = time.perf_counter()
            taken = shots.capture(f"{address}/")
            seconds.append(time.perf_counter() - begun)
    sizes = {file.role: file.size for file in taken.files.files}
    return {
        "seconds": round(sorted(seconds)[len(seconds) // 2], 2),
        "slowest": round(max(seconds), 2),
        "memory_mb": round(peak.chromium / 2**20),
        "driver_mb": round(peak.driver / 2**20),
        "resident_sum_mb": round(peak.resident / 2**20),
        "resources": taken.files.detail["resources"],
        "archive_mb": round(sizes["wacz"] / 2**20, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rasoat-bench-") as folder, served(site()) as address:
        settings = Settings(data_dir=Path(folder))
        if find_browser(settings) is None:
            print("capture: no browser")
            return 0
        pages = site()
        weight = sum(len(body) for _, body in pages.values()) / 2**20
        guard = AddressGuard([ip_network("127.0.0.0/8")])
        begun = time.perf_counter()
        with camera(settings, guard, FolderStore(Path(folder) / "files"), SystemClock()) as shots:
            started = time.perf_counter() - begun
            found = measure(shots, address, given.captures)
    print(f"page of {weight:.1f} MB; the browser starts in {started:.1f} s")
    print(json.dumps(found))
    good = found["seconds"] < MOST_SECONDS and found["memory_mb"] < MOST_MB
    print(f"under {MOST_SECONDS:.0f} s and {MOST_MB} MB: {'yes' if good else 'NO'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
