"""A browser for some captures: each visit in a context of its own, behind the guard's proxy.

A fresh context has no cookies, no store and no history, and nothing of it is left afterwards. Downloads,
permissions, service workers, web sockets and further windows are refused. Where a browser hangs or has gone,
another is started for the next visit.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.agent import tool_version, user_agent
from crawler.browser import BrowserMissing, find_browser, launch_options, sandboxed
from crawler.capture import limits
from crawler.capture.assembly import Assembly, Circumstances
from crawler.capture.loop import Loop
from crawler.capture.model import Capture, CaptureFailed, Known, Visit
from crawler.capture.visit import PageVisit
from crawler.capture.watchman import Watchman
from crawler.guard import AddressGuard
from crawler.guard_proxy import GuardProxy, guard_proxy
from crawler.robots import robots_decision
from foundation.clock import Clock
from foundation.files import FileStore
from foundation.settings import Settings

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright


@contextmanager
def camera(
    settings: Settings, guard: AddressGuard, files: FileStore, clock: Clock
) -> Iterator["Camera"]:
    """A browser for some captures. BrowserMissing when there is none, CaptureFailed when it does not start."""
    path = find_browser(settings)
    if path is None:
        raise BrowserMissing
    with guard_proxy(guard) as proxy:
        opened = Camera(path, proxy, settings, guard, files, clock)
        try:
            opened.start()
            yield opened
        finally:
            opened.close()


class Camera:
    """Takes captures, one address after the other, each in a fresh context. May be used from any thread."""

    def __init__(
        self,
        path: Path,
        proxy: GuardProxy,
        settings: Settings,
        guard: AddressGuard,
        files: FileStore,
        clock: Clock,
    ) -> None:
        self._path = path
        self._proxy = proxy
        self._settings = settings
        self._agent = user_agent(settings)
        self._guard = guard
        self._files = files
        self._clock = clock
        self._loop = Loop()
        self._mark = f"--rasoat-camera={uuid.uuid4().hex}"
        self.watchman = Watchman(self._mark)
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def start(self) -> None:
        """Start the browser. CaptureFailed when it does not start."""
        from playwright.async_api import Error

        try:
            self._loop.run(self._start(), 60)
        except (Error, OSError, TimeoutError) as error:
            raise CaptureFailed(
                f"{self._path} does not start: {_first_line(error)}", about=str(self._path)
            ) from error

    def close(self) -> None:
        """End the browser and everything that belongs to it."""
        with suppress(Exception):
            self._loop.run(self._end(), 15)
        self.watchman.kill()
        self._loop.close()

    def capture(self, url: str, known: Known | None = None, asked_by: str = "") -> Capture:
        """Visit the address and store what is publicly shown.

        Where it shows the same as the capture `known`, nothing is stored and that one's files are given.
        CaptureFailed when nothing could be shown.
        """
        self._proxy.begin_visit(limits.PROXY_BYTES)
        robots = robots_decision(url, self._guard, self._agent)
        started = self._clock.now()
        visit = self._visited(url)
        circumstances = Circumstances(
            started=started,
            ended=self._clock.now(),
            tool=f"rasoat {tool_version()}, {self._browser_name()}",
            agent=self._agent,
            robots=robots,
            asked_by=asked_by,
            sandboxed=sandboxed(),
            refused=tuple(self._proxy.take_refused()),
            addresses=self._proxy.reached(),
            cut_off=self._proxy.is_over(),
        )
        assembly = Assembly(self._files, self._settings, self._guard, self._proxy)
        return assembly.assemble(visit, circumstances, known)

    def _visited(self, url: str) -> Visit:
        from playwright.async_api import Error

        try:
            return self._loop.run(self._visit(url), limits.VISIT_SECONDS + limits.GRACE_SECONDS)
        except TimeoutError as error:
            self._give_up_browser()
            raise CaptureFailed(f"{url}: the browser hangs", about=url) from error
        except (Error, OSError, CaptureFailed) as error:
            if self._proxy.refused(urlsplit(url).hostname or ""):
                raise CaptureFailed(f"{url} lies on a private network", about=url) from error
            if isinstance(error, CaptureFailed):
                raise
            raise CaptureFailed(f"{url}: {_first_line(error)}", about=url) from error

    async def _visit(self, url: str) -> Visit:
        from playwright.async_api import Error

        try:
            context = await self._fresh_context()
        except Error:  # the browser is gone, or was ended after a visit that hung
            await self._end()
            await self._start()
            context = await self._fresh_context()
        try:
            visit = PageVisit(context, url, self.watchman)
            found = await visit.run()
        finally:
            with suppress(Exception):
                await _within(context.close(), 5)
        if self._proxy.refused(urlsplit(url).hostname or ""):
            raise CaptureFailed(f"{url} lies on a private network", about=url)
        return found

    async def _fresh_context(self) -> "BrowserContext":
        if self._browser is None:
            await self._start()
        if self._browser is None:
            raise CaptureFailed("no browser")
        width, height = limits.VIEWPORT
        return await self._browser.new_context(
            accept_downloads=False,
            service_workers="block",
            user_agent=self._agent,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            # A page is shown although its certificate is not trusted, as visitors are who click on; that it
            # is not trusted stands in the capture.
            ignore_https_errors=True,
            permissions=[],
        )

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        with _small_driver():
            self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(
            **launch_options(self._path, self._proxy.address, self._mark)
        )
        self.watchman.find()

    async def _end(self) -> None:
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            with suppress(Exception):
                await _within(browser.close(), 5)
        if playwright is not None:
            with suppress(Exception):
                await _within(playwright.stop(), 5)

    def _give_up_browser(self) -> None:
        self.watchman.kill()
        with suppress(Exception):
            self._loop.run(self._end(), 12)

    def _browser_name(self) -> str:
        return f"Chromium {self._browser.version}" if self._browser else "Chromium"


@contextmanager
def _small_driver() -> Iterator[None]:
    """The driver between us and the browser is a Node.js that else lets its heap grow by hundreds of megabytes."""
    before = os.environ.get("NODE_OPTIONS")
    os.environ["NODE_OPTIONS"] = f"{before or ''} {limits.DRIVER_HEAP}".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["NODE_OPTIONS"]
        else:
            os.environ["NODE_OPTIONS"] = before


async def _within(work: object, seconds: float) -> None:
    import asyncio

    await asyncio.wait_for(work, seconds)  # type: ignore[arg-type]


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:300]
