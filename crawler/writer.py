"""A thread that commits pages while the crawl goes on; database calls never run on the reactor."""

import logging
import threading
from queue import Empty, SimpleQueue
from time import monotonic

from crawler.ledger import Ledger
from crawler.page import PageResult
from search.store import BATCH

FLUSH_SECONDS = 0.4
BEAT_SECONDS = 1.0
ROOM = 40

log = logging.getLogger(__name__)


class Writer(threading.Thread):
    """Takes pages in order and commits them in batches; beats the lease at least every second."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(name="crawl-writer", daemon=True)
        self._ledger = ledger
        self._pages: SimpleQueue[PageResult | None] = SimpleQueue()
        self._beat_at = 0.0
        self.failure: Exception | None = None
        self.stop_requested = False

    @property
    def full(self) -> bool:
        """Whether the crawl should wait before it reads more."""
        return self._pages.qsize() >= ROOM

    def put(self, page: PageResult) -> None:
        self._pages.put(page)

    def close(self, timeout: float = 60.0) -> None:
        """Commit what is left and end; raises what stopped the writing, if anything did."""
        self._pages.put(None)
        self.join(timeout)
        if self.failure is not None:
            raise self.failure

    def run(self) -> None:
        try:
            while self._step():
                pass
        except Exception as error:  # noqa: BLE001 - handed to the crawl, which ends and says so
            log.warning("writing stopped: %s", error)
            self.failure = error

    def _step(self) -> bool:
        batch, more = self._collect()
        if batch:
            self._ledger.commit(batch)
        if monotonic() >= self._beat_at:
            self.stop_requested = self._ledger.beat() or self.stop_requested
            self._beat_at = monotonic() + BEAT_SECONDS
        return more

    def _collect(self) -> tuple[list[PageResult], bool]:
        """What came within a moment, up to a batch of posts; False with the last of all."""
        batch: list[PageResult] = []
        posts, until = 0, monotonic() + FLUSH_SECONDS
        while posts < BATCH and (left := until - monotonic()) > 0:
            try:
                page = self._pages.get(timeout=left)
            except Empty:
                break
            if page is None:
                return batch, False
            batch.append(page)
            posts += len(page.posts)
        return batch, True
