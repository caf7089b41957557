"""Evidence of one address with Playwright and Chromium (bản chụp): picture, HTML, headers, text, digests.

Every visit has a context of its own: no cookies, no downloads, no service workers. All of the browser's
connections go through the guard's proxy.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.agent import tool_version, user_agent
from crawler.browser import BrowserMissing, find_browser
from crawler.guard import AddressGuard
from crawler.guard_proxy import GuardProxy, guard_proxy
from crawler.robots import robots_decision
from foundation.clock import Clock
from foundation.errors import Unavailable
from foundation.files import FileStore
from foundation.settings import Settings
from search.watch import CaptureFile, CaptureFiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

NAVIGATION_MS = 25_000
SETTLE_MS = 3_000
SCREENSHOT_MS = 20_000
VIEWPORT = {"width": 1280, "height": 900}
MAX_HEIGHT = 16_000
"""Pixels; Chromium cannot draw taller pictures in one piece."""
_FLAGS = (
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)
_SCROLL = """async () => {
  const step = window.innerHeight, end = Date.now() + 4000;
  for (let y = 0; y < document.body.scrollHeight && Date.now() < end; y += step) {
    window.scrollTo(0, y); await new Promise(done => setTimeout(done, 60));
  }
  window.scrollTo(0, 0);
}"""


class CaptureFailed(Unavailable):
    """The browser could not show the page; nothing is said about the page itself."""

    key = "crawler.capture_failed"


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture: what was stored, and the rendered page for whoever judges it."""

    files: CaptureFiles
    html: str
    text: str


@contextmanager
def camera(
    settings: Settings, guard: AddressGuard, files: FileStore, clock: Clock
) -> Iterator["Camera"]:
    """A browser for some captures. BrowserMissing when there is none, CaptureFailed when it does not start."""
    path = find_browser(settings)
    if path is None:
        raise BrowserMissing
    from playwright.sync_api import Error, sync_playwright

    arguments = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with guard_proxy(guard) as proxy, sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=str(path),
                args=arguments,
                chromium_sandbox=os.geteuid() != 0,
                proxy={"server": proxy.address, "bypass": "<-loopback>"},
                handle_sigint=False,
                handle_sigterm=False,
            )
        except Error as error:
            raise CaptureFailed(
                f"{path} does not start: {_first_line(error)}", about=str(path)
            ) from error
        try:
            yield Camera(browser, proxy, settings, guard, files, clock)
        finally:
            browser.close()


class Camera:
    """Takes captures, one address after the other, each in a fresh context."""

    def __init__(
        self,
        browser: "Browser",
        proxy: GuardProxy,
        settings: Settings,
        guard: AddressGuard,
        files: FileStore,
        clock: Clock,
    ) -> None:
        self._browser = browser
        self._proxy = proxy
        self._agent = user_agent(settings)
        self._guard = guard
        self._files = files
        self._clock = clock

    def capture(self, url: str) -> Capture:
        """Visit the address and store what is publicly shown. CaptureFailed when nothing could be shown."""
        from playwright.sync_api import Error

        self._proxy.take_refused()
        robots = robots_decision(url, self._guard, self._agent)
        started = self._clock.now()
        context = self._browser.new_context(
            accept_downloads=False,
            service_workers="block",
            user_agent=self._agent,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport=VIEWPORT,  # type: ignore[arg-type]
        )
        try:
            return self._visit(context, url, robots, started)
        except Error as error:
            if self._proxy.refused(urlsplit(url).hostname or ""):
                raise CaptureFailed(f"{url} lies on a private network", about=url) from error
            raise CaptureFailed(f"{url}: {_first_line(error)}", about=url) from error
        finally:
            context.close()

    def _visit(
        self, context: "BrowserContext", url: str, robots: str, started: datetime
    ) -> Capture:
        page = context.new_page()
        page.set_default_timeout(NAVIGATION_MS)
        response = page.goto(url, wait_until="domcontentloaded", timeout=NAVIGATION_MS)
        if response is None:
            raise CaptureFailed(f"{url}: no answer", about=url)
        if self._proxy.refused(urlsplit(url).hostname or ""):
            raise CaptureFailed(f"{url} lies on a private network", about=url)
        _settle(page)
        picture, cut = _picture(page)
        html, text = page.content(), page.locator("body").inner_text()
        headers = _headers(response)
        stored = (
            self._store("screenshot", "image/png", picture),
            self._store("html", "text/html; charset=utf-8", html.encode("utf-8", "replace")),
            self._store("text", "text/plain; charset=utf-8", text.encode("utf-8", "replace")),
            self._store("headers", "application/json", headers),
        )
        found = CaptureFiles(
            url=url,
            final_url=page.url,
            status=response.status,
            started_at=started.isoformat(),
            ended_at=self._clock.now().isoformat(),
            tool=f"rasoat {tool_version()}, Chromium {self._browser.version}",
            files=stored,
            title=page.title()[:500],
            robots=robots,
            detail=self._circumstances(cut=cut),
        )
        return Capture(found, html, text)

    def _circumstances(self, *, cut: bool) -> dict[str, Any]:
        """How the page was publicly visible: by whom it was asked for, and what was left out."""
        detail: dict[str, Any] = {"login": False, "cookies": False, "user_agent": self._agent}
        if refused := self._proxy.take_refused():
            detail["refused_hosts"] = refused[:50]
        if cut:
            detail["screenshot_cut_at_px"] = MAX_HEIGHT
        return detail

    def _store(self, role: str, media_type: str, data: bytes) -> CaptureFile:
        return CaptureFile(role, self._files.put(data), media_type, len(data))


def _settle(page: "Page") -> None:
    """Let scripts and lazy pictures finish; a page that never rests is taken as it is."""
    from playwright.sync_api import Error

    for wait in (
        lambda: page.wait_for_load_state("networkidle", timeout=SETTLE_MS),
        lambda: page.evaluate(_SCROLL),
        lambda: page.wait_for_load_state("networkidle", timeout=SETTLE_MS),
    ):
        try:
            wait()
        except Error:
            continue


def _picture(page: "Page") -> tuple[bytes, bool]:
    """The whole page as PNG, and whether it had to be cut at MAX_HEIGHT."""
    height = int(page.evaluate("() => document.documentElement.scrollHeight") or 0)
    if height <= MAX_HEIGHT:
        return page.screenshot(full_page=True, timeout=SCREENSHOT_MS, animations="disabled"), False
    clip: Any = {"x": 0, "y": 0, "width": VIEWPORT["width"], "height": MAX_HEIGHT}
    return page.screenshot(full_page=True, clip=clip, timeout=SCREENSHOT_MS), True


def _headers(response: "Response") -> bytes:
    """The chain of answers with their headers as they came, as JSON."""
    chain: list[Mapping[str, Any]] = []
    step: Any = response
    while step is not None:
        entries = [[one["name"], one["value"]] for one in step.headers_array()]
        chain.append({"url": step.url, "status": step.status, "headers": entries})
        before = step.request.redirected_from
        step = before.response() if before is not None else None
    return json.dumps(chain[::-1], ensure_ascii=False, indent=1).encode()


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:300]
