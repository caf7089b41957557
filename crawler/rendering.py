"""Pages as a browser shows them, for sources whose posts are made by scripts.

Each visit is that of a stranger: a context of its own without cookies, behind the guard's proxy, without
downloads, windows, pictures, fonts and films. The page may not lead anywhere: where it wants to go is told
like a redirect, so that robots.txt is asked and the steps are counted. Time, traffic and memory are bounded.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.agent import user_agent
from crawler.browser import BrowserMissing, context_options, find_browser, launch_options
from crawler.capture.loop import Loop
from crawler.capture.watchman import Watchman
from crawler.guard import AddressGuard
from crawler.guard_proxy import guard_proxy
from crawler.page import Fetch, Page, SourcePlan
from crawler.pipeline import MAX_BODY_BYTES
from crawler.render_visit import VISIT_SECONDS, RenderFailed, Shown, show
from foundation.settings import Settings

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

GRACE_SECONDS = 10.0
START_SECONDS = 60.0
PROXY_BYTES = 60 * 2**20
"""What one page may load at all."""
MAX_STEPS = 5
RENDER = "render"
"""Name in Fetch.meta: the page is to be rendered; its value is a CSS selector to wait for, or empty."""
_NOT_PASSED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "location"})


def browser_wanted(plan: SourcePlan) -> bool:
    """Whether the source's pages are to be rendered."""
    return bool(plan.config.get("javascript"))


def is_rendered(fetch: Fetch | None) -> bool:
    """Whether this page is to be rendered."""
    return fetch is not None and RENDER in fetch.meta


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the browser shows, as if a server had answered so. A page that leads on is a 302 with `location`."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False


class Renderer:
    """One browser, started when the first page is asked for. Any thread may ask; one page at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = AddressGuard(settings.private_networks)
        self._agent = user_agent(settings)
        self._mark = f"--rasoat-pages={uuid.uuid4().hex}"
        self._watchman = Watchman(self._mark)
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._proxy: Any = None
        self._loop: Loop | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def render(self, url: str, wait_for: str = "") -> Rendered:
        """What the page shows once `wait_for` is there and nothing moves.

        BrowserMissing, RenderFailed, PrivateAddress or NoAddress when there is nothing to show.
        """
        host = urlsplit(url).hostname or ""
        if urlsplit(url).scheme not in {"http", "https"} or not host:
            raise RenderFailed("connection", "not a web address")
        self._guard.resolve(host, urlsplit(url).port or 443)
        with self._lock:
            self._open()
            self._proxy.begin_visit(PROXY_BYTES)
            shown = self._shown(url, wait_for)
            if self._proxy.refused(host):
                self._guard.resolve(host, urlsplit(url).port or 443)
                raise RenderFailed("connection", f"{host} lies on a private network")
        return _rendered(url, shown)

    def page(self, fetch: Fetch, allowed: Callable[[str], bool]) -> Page | None:
        """The page with the steps it leads to; None where `allowed` (robots.txt) refuses one of them."""
        address = fetch.url
        for _ in range(MAX_STEPS + 1):
            if not allowed(address):
                return None
            found = self.render(address, str(fetch.meta.get(RENDER) or ""))
            if found.status != 302:
                now = datetime.now(UTC)
                return Page(
                    fetch, found.url, found.status, found.headers, found.body, now, found.truncated
                )
            address = urljoin(address, found.headers["location"])
        raise RenderFailed("redirects")

    def close(self) -> None:
        """End the browser and everything that belongs to it."""
        if self._loop is None:
            return
        with suppress(Exception):
            self._loop.run(self._end(), 10)
        self._watchman.kill()
        self._loop.close()
        self._loop = None
        self._stack.close()

    def _open(self) -> None:
        if self._loop is None:
            self._loop = Loop()
            self._proxy = self._stack.enter_context(guard_proxy(self._guard))
        if self._browser is None or not self._browser.is_connected():
            try:
                self._loop.run(self._start(), START_SECONDS)
            except BrowserMissing:
                raise
            except Exception as error:
                raise RenderFailed("browser_failed", _first_line(error)) from error

    async def _start(self) -> None:
        from playwright.async_api import async_playwright

        path = find_browser(self._settings)
        if path is None:
            raise BrowserMissing
        await self._end()
        self._playwright = await async_playwright().start()
        options = launch_options(path, self._proxy.address, self._mark)
        self._browser = await self._playwright.chromium.launch(**options)
        self._watchman.find()

    async def _end(self) -> None:
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            with suppress(Exception):
                await browser.close()
        if playwright is not None:
            with suppress(Exception):
                await playwright.stop()

    def _shown(self, url: str, wait_for: str) -> Shown:
        if self._loop is None:
            raise RenderFailed("browser_failed", "no browser")
        try:
            return self._loop.run(self._visit(url, wait_for), VISIT_SECONDS + GRACE_SECONDS)
        except TimeoutError as error:
            self._give_up_browser()
            raise RenderFailed("timeout") from error
        except RenderFailed as failed:
            if failed.reason == "browser_failed":
                self._give_up_browser()
            raise
        except Exception as error:
            raise RenderFailed("browser_failed", _first_line(error)) from error

    async def _visit(self, url: str, wait_for: str) -> Shown:
        if self._browser is None:
            raise RenderFailed("browser_failed", "no browser")
        context = await self._browser.new_context(**context_options(self._agent))
        self._watchman.begin(lambda _size: None)
        try:
            return await show(context, url, wait_for)
        finally:
            self._watchman.end()
            with suppress(Exception):
                import asyncio

                await asyncio.wait_for(context.close(), 5)

    def _give_up_browser(self) -> None:
        """What hangs is ended; the next page gets a new browser."""
        self._watchman.kill()
        if self._loop is not None:
            with suppress(Exception):
                self._loop.run(self._end(), 12)


def _rendered(url: str, shown: Shown) -> Rendered:
    if shown.leads_to:
        return Rendered(url, 302, {"location": shown.leads_to}, b"")
    headers = {
        name.lower(): value
        for name, value in shown.headers.items()
        if name.lower() not in _NOT_PASSED_ON
    }
    if "html" in headers.get("content-type", "html"):
        headers["content-type"] = "text/html; charset=utf-8"
    body = shown.html.encode("utf-8", "replace")
    truncated = len(body) > MAX_BODY_BYTES
    return Rendered(shown.url, shown.status, headers, body[:MAX_BODY_BYTES], truncated)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:200]
