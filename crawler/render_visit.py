"""One visit of the browser to a page that scripts make: what is let through, how long is waited, what is taken."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from crawler.guard_proxy import REFUSED
from foundation.errors import RasoatError

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page, Response

VISIT_SECONDS = 40.0
NAVIGATION_SECONDS = 15.0
WAIT_SECONDS = 10.0
"""For the selector; a page where it does not come is read as it is."""
REST_SECONDS = 4.0
ASK_SECONDS = 5.0
MAX_REQUESTS = 300
MAX_LOADS = 3
"""A page that loads itself again and again is left as it is after so many times."""
_LEFT_OUT = frozenset({"Image", "Font", "Media", "Ping", "Prefetch", "Manifest"})
_STILL = """() => new Promise(done => {
  let timer = setTimeout(done, 300);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 300); })
    .observe(document, {subtree: true, childList: true, characterData: true});
  setTimeout(done, 3000);
})"""


class RenderFailed(RasoatError):
    """The browser showed nothing; `reason` is a key of crawler.reasons."""

    key = "crawler.render_failed"
    status = 502

    def __init__(self, reason: str, error: str = "") -> None:
        super().__init__(error or reason, about=reason)
        self.reason, self.error = reason, error


@dataclass(slots=True)
class Shown:
    """What a page shows. `leads_to` is where it wants to go instead, not gone to."""

    url: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str = ""
    leads_to: str = ""


async def show(context: "BrowserContext", url: str, wait_for: str) -> Shown:
    """Go there and wait, within VISIT_SECONDS; RenderFailed when the page shows nothing."""
    until = monotonic() + VISIT_SECONDS
    page = await context.new_page()
    crash = asyncio.Event()
    page.on("crash", lambda _page: crash.set())
    page.on("dialog", lambda dialog: dialog.dismiss())
    session = await context.new_cdp_session(page)
    gate = _Gate(session, url)
    await gate.open()
    going = asyncio.ensure_future(_go(page, session, gate, url, wait_for, until))
    crashed = asyncio.ensure_future(crash.wait())
    await asyncio.wait({going, crashed}, return_when=asyncio.FIRST_COMPLETED)
    crashed.cancel()
    if not going.done():
        going.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await going
        raise RenderFailed(
            "browser_failed", "the page was ended: it took too much memory or crashed"
        )
    return going.result()


class _Gate:
    """Decides on each request of the page before it is sent, redirects too."""

    def __init__(self, session: "CDPSession", url: str) -> None:
        self._session = session
        self._url = urldefrag(url).url
        self._main = ""
        self._requests = self._loads = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self.leads_to = ""
        self.shut = asyncio.Event()
        """The page wanted to go elsewhere, or to load itself without end, and was held."""

    def wanted(self) -> str:
        """Where the page wanted to go, or an empty string."""
        return self.leads_to

    async def open(self) -> None:
        tree = await self._session.send("Page.getFrameTree")
        self._main = tree["frameTree"]["frame"]["id"]
        self._session.on("Fetch.requestPaused", self._paused)
        await self._session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def _paused(self, told: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._decide(told))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, told: dict[str, Any]) -> None:
        asked = {"requestId": told["requestId"]}
        with suppress(Exception):
            if self._refuses(told):
                reason = "Aborted" if told.get("resourceType") == "Document" else "BlockedByClient"
                await self._session.send("Fetch.failRequest", {**asked, "errorReason": reason})
            else:
                await self._session.send("Fetch.continueRequest", asked)

    def _refuses(self, told: dict[str, Any]) -> bool:
        self._requests += 1
        kind = told.get("resourceType")
        if kind in _LEFT_OUT or self._requests > MAX_REQUESTS:
            return True
        if kind != "Document" or told.get("frameId") != self._main:
            return False
        target = urldefrag(told["request"]["url"]).url
        if target == self._url:
            self._loads += 1
            if self._loads > MAX_LOADS:
                self.shut.set()
            return self._loads > MAX_LOADS
        if target.startswith(("http://", "https://")):
            self.leads_to = self.leads_to or target
            self.shut.set()
        return True


async def _go(
    page: "Page", session: "CDPSession", gate: _Gate, url: str, wait_for: str, until: float
) -> Shown:
    response = await _navigate(page, session, gate, url)
    if where := gate.wanted():
        return Shown(url, leads_to=where)
    if response is not None and (await response.all_headers()).get("proxy-status") == REFUSED:
        raise RenderFailed("connection", "the server could not be reached")
    await _wait(page, wait_for)
    if where := gate.wanted():
        return Shown(url, leads_to=where)
    html = await _html(page, session, until)
    status = response.status if response is not None else 200
    headers = await response.all_headers() if response is not None else {}
    return Shown(url, status, headers, html)


async def _navigate(
    page: "Page", session: "CDPSession", gate: _Gate, url: str
) -> "Response | None":
    from playwright.async_api import Error
    from playwright.async_api import TimeoutError as TooLate

    seconds = NAVIGATION_SECONDS * 1000
    answers: list[Response] = []
    page.on("response", lambda one: _keep(answers, one, page))
    try:
        going = asyncio.ensure_future(
            page.goto(url, wait_until="domcontentloaded", timeout=seconds)
        )
        return await _unless_shut(going, gate, answers)
    except TooLate:
        if not answers:
            raise RenderFailed("timeout") from None
        with suppress(Exception):  # its scripts do not come to an end: they are ended
            await asyncio.wait_for(session.send("Runtime.terminateExecution"), ASK_SECONDS)
        return answers[-1]
    except Error as error:
        if gate.leads_to:
            return None
        if "ERR_ABORTED" in str(error) and answers:
            return answers[-1]
        words = str(error).partition("\n")[0][:200]
        raise RenderFailed("connection", words) from error


async def _unless_shut(
    going: "asyncio.Future[Response | None]", gate: _Gate, answers: "list[Response]"
) -> "Response | None":
    """What is gone to; once the page was held there is nothing more to wait for."""
    shut = asyncio.ensure_future(gate.shut.wait())
    both: set[asyncio.Future[Any]] = {going, shut}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if going.done():
            return going.result()
        return answers[-1] if answers else None
    finally:
        shut.cancel()
        going.add_done_callback(lambda done: done.cancelled() or done.exception())


def _keep(answers: "list[Response]", one: "Response", page: "Page") -> None:
    with suppress(Exception):
        if one.frame == page.main_frame and one.request.is_navigation_request():
            answers.append(one)


async def _wait(page: "Page", wait_for: str) -> None:
    """Until the selector is there, else until the network rests; then until nothing moves."""
    found = False
    if wait_for:
        with suppress(Exception):  # a selector that only this program knows, or that never comes
            await page.wait_for_selector(
                f"css={wait_for}", state="attached", timeout=WAIT_SECONDS * 1000
            )
            found = True
    if not found:
        with suppress(Exception):
            await page.wait_for_load_state("networkidle", timeout=REST_SECONDS * 1000)
    with suppress(Exception):
        await asyncio.wait_for(page.evaluate(_STILL), REST_SECONDS)


async def _html(page: "Page", session: "CDPSession", until: float) -> str:
    """The page as it stands; where a script hangs it is ended and the page asked once more."""
    for _ in range(2):
        try:
            return await asyncio.wait_for(
                page.content(), max(1.0, min(ASK_SECONDS, until - monotonic()))
            )
        except TimeoutError:
            with suppress(Exception):
                await asyncio.wait_for(session.send("Runtime.terminateExecution"), 2)
    raise RenderFailed("timeout")
