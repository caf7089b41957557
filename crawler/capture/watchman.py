"""Watches how much memory the browser's page processes take, and can end the browser when nothing else helps."""

import threading
from collections.abc import Callable
from contextlib import suppress

import psutil

from crawler.capture import limits

EVERY_SECONDS = 0.25


class Watchman:
    """Knows the browser's processes by a mark on its command line."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._root: psutil.Process | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def find(self) -> None:
        """Find the browser among this process's descendants; call it after each start."""
        self._root = None
        for one in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                line = one.cmdline()
                if any(self._mark in part for part in line) and not any(
                    part.startswith("--type=") for part in line
                ):
                    self._root = one
                    return

    def begin(self, too_much: Callable[[int], None]) -> None:
        """Watch until `end`: `too_much` is told once, and a page that still grows is ended."""
        import asyncio

        loop = asyncio.get_running_loop()
        self._stop.clear()

        def tell(size: int) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(too_much, size)

        self._thread = threading.Thread(
            target=self._watch, args=(tell,), name="capture-watchman", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2)
            self._thread = None

    def kill(self) -> None:
        """End the browser with everything that belongs to it."""
        if self._root is None:
            return
        with suppress(psutil.Error):
            family = [*self._root.children(recursive=True), self._root]
            for one in family:
                with suppress(psutil.Error):
                    one.kill()

    def memory(self) -> int:
        """Bytes that the browser and its processes take, shared ones counted in each."""
        total = 0
        with suppress(psutil.Error):
            if self._root is not None:
                for one in [self._root, *self._root.children(recursive=True)]:
                    with suppress(psutil.Error):
                        total += one.memory_info().rss
        return total

    def _watch(self, tell: Callable[[int], None]) -> None:
        told = False
        while not self._stop.wait(EVERY_SECONDS):
            for process, size in self._pages():
                if size > limits.KILL_BYTES:
                    with suppress(psutil.Error):
                        process.kill()
                elif size > limits.CALM_BYTES and not told:
                    told = True
                    tell(size)

    def _pages(self) -> list[tuple[psutil.Process, int]]:
        found = []
        with suppress(psutil.Error):
            for one in self._root.children(recursive=True) if self._root else ():
                with suppress(psutil.Error):
                    if "--type=renderer" in one.cmdline():
                        found.append((one, one.memory_info().rss))
        return found
