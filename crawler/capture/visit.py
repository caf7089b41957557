"""One visit with the browser: go there, let it come to rest, look. Every step is bounded in time.

A page may hang, grow, redirect or ask without end. Each question to it has its own time; when one is not
answered the page's scripts are ended and it is asked again. What was had until then is kept in any case.
"""

import asyncio
import re
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urldefrag, urlsplit

from crawler.capture import limits, page_scripts
from crawler.capture.certificate import certificates_of
from crawler.capture.model import CaptureFailed, Visit
from crawler.capture.recorder import Recorder
from crawler.capture.screenshots import Photographer
from crawler.capture.watchman import Watchman
from crawler.capture.workers import WorkerTraffic, together

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Dialog, Download, Page, Response

T = TypeVar("T")
_NO_PAGE = ("net::", "Download is starting", "ERR_")


class PageVisit:
    """A visit to one address in a fresh context. `run` gives what it brought, or raises CaptureFailed."""

    def __init__(self, context: "BrowserContext", url: str, watchman: Watchman) -> None:
        self._context = context
        self._watchman = watchman
        self._end = monotonic() + limits.VISIT_SECONDS
        self.found = Visit(url=url, counts=dict.fromkeys(_COUNTED, 0))
        self._page: Page
        self._session: CDPSession
        self._recorder: Recorder
        self._workers: WorkerTraffic
        self._calmed = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self) -> Visit:
        """Go there and look; the context is closed by whoever opened it."""
        await self._open()
        response = await self._go()
        self._watchman.begin(self._too_much)
        try:
            await self._settle()
            await self._hold_still()
            await self._look(response)
        finally:
            self._watchman.end()
            of_workers = await self._workers.stop()
            self.found.exchanges = together(await self._recorder.stop(), of_workers)
            self.found.counts["navigations"] = self._recorder.navigations
            if self._recorder.dropped:
                self.found.note("resources", most=limits.RESOURCES, dropped=self._recorder.dropped)
        self._fill_from_wire()
        self.found.make_sound()
        return self.found

    async def _open(self) -> None:
        self._page = await self._context.new_page()
        self._session = await self._context.new_cdp_session(self._page)
        tree = await self._session.send("Page.getFrameTree")
        self._recorder = Recorder(self._session, tree["frameTree"]["frame"]["id"])
        await self._recorder.start()
        page = self._page
        self._workers = WorkerTraffic(page, self._recorder.asked, self._recorder.told)
        self._workers.start()
        page.on("dialog", self._dialog)
        page.on("download", self._download)
        page.on("crash", lambda _page: self.found.note("crashed"))
        page.on("framenavigated", lambda _frame: self._count_pages())
        self._context.on("page", self._popup)
        await self._context.route_web_socket(re.compile(""), self._socket)

    async def _go(self) -> "Response | None":
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooLate

        until = limits.NAVIGATION_SECONDS * 1000
        try:
            return await self._unless_calmed(
                self._page.goto(self.found.url, wait_until="domcontentloaded", timeout=until)
            )
        except (TooLate, TimeoutError):
            if not self._calmed.is_set():
                self.found.note("navigation", seconds=limits.NAVIGATION_SECONDS)
            await self._calm()
            if not self._recorder.has_answer:
                raise CaptureFailed(f"{self.found.url}: no answer", about=self.found.url) from None
            return None
        except Error as error:
            told = str(error)
            if self._recorder.has_answer and "Download" not in told and "ERR_ABORTED" in told:
                return None  # another navigation of the page's own came between
            raise

    async def _unless_calmed(self, going: Coroutine[Any, Any, T]) -> T:
        """What is waited for; soon given up once the page's scripts had to be ended."""
        task = asyncio.get_running_loop().create_task(going)
        calmed = asyncio.get_running_loop().create_task(self._calmed.wait())
        await asyncio.wait({task, calmed}, return_when=asyncio.FIRST_COMPLETED)
        calmed.cancel()
        return await asyncio.wait_for(task, None if task.done() else limits.CALMED_SECONDS)

    async def _settle(self) -> None:
        """Let scripts and lazy pictures finish; a page that never rests is taken as it is."""
        if self._calmed.is_set():
            self.found.note("not_scrolled")
            return
        with suppress(Exception):
            await self._page.wait_for_load_state(
                "load", timeout=self._left(limits.LOAD_SECONDS) * 1000
            )
        await self._recorder.quiet(self._left(limits.QUIET_SECONDS))
        scroll = [limits.SCROLL_SECONDS - 1, limits.SCROLL_HEIGHT]
        went = await self._ask(page_scripts.SCROLL, scroll, seconds=limits.SCROLL_SECONDS + 1)
        if went is None:
            self.found.note("not_scrolled")
            return
        if went.get("grew") or not went.get("ended"):
            self.found.note("scrolling", height=int(went.get("height") or 0))
        open_images = await self._ask(
            page_scripts.IMAGES_READY, limits.IMAGES_SECONDS, seconds=limits.IMAGES_SECONDS + 1
        )
        if open_images:
            self.found.note("images", count=int(open_images))
        if not await self._recorder.quiet(self._left(limits.QUIET_SECONDS)):
            self.found.note("never_rests")

    async def _hold_still(self) -> None:
        """From here on the page leads nowhere else, so that picture, text and HTML are of one page."""

        async def refuse(event: dict[str, Any]) -> None:
            with suppress(Exception):
                await self._session.send(
                    "Fetch.failRequest",
                    {"requestId": event["requestId"], "errorReason": "Aborted"},
                )

        self._session.on("Fetch.requestPaused", lambda event: self._later(refuse(event)))
        pattern = {"urlPattern": "*", "resourceType": "Document"}
        await self._try(self._session.send("Fetch.enable", {"patterns": [pattern]}))

    async def _look(self, response: "Response | None") -> None:
        found, page = self.found, self._page
        found.final_url = page.url if page.url.startswith("http") else found.url
        html = await self._try(page.content(), again=True)
        found.html = (html or "")[: limits.HTML_BYTES]
        if html is None:
            found.note("no_html")
        text = await self._ask("() => document.body ? document.body.innerText : ''")
        found.text = (text or "")[: limits.TEXT_LENGTH]
        if text is None:
            found.note("no_text")
        found.title = (await self._try(page.title()) or "")[:500]
        wanted = [limits.MEDIA_WIDTH, limits.MEDIA_HEIGHT, limits.MEDIA]
        found.images = await self._ask(page_scripts.IMAGES, wanted) or []
        found.videos = await self._ask(page_scripts.VIDEOS) or []
        found.overlays = [str(one) for one in await self._ask(page_scripts.OVERLAYS) or []]
        if urlsplit(found.final_url).scheme == "https":
            found.certificates, found.security = await certificates_of(
                self._session, response, found.final_url
            )
        height = await self._ask(page_scripts.HEIGHT)
        found.page_height = int(height or 0)
        await Photographer(page, self._session, found, self._calm).photograph(
            self._left(limits.PICTURES_SECONDS)
        )

    def _fill_from_wire(self) -> None:
        """What the page itself did not let be had, from what it was sent."""
        found = self.found
        found.final_url = found.final_url or found.url
        shown = urldefrag(found.final_url).url
        answers = [one for one in found.documents if not one.redirect]
        same = [one for one in answers if urldefrag(one.url).url == shown]
        if not answers:
            raise CaptureFailed(f"{found.url}: no answer", about=found.url)
        found.status = (same or answers)[-1].status

    async def _ask(self, script: str, given: Any = None, *, seconds: float | None = None) -> Any:
        return await self._try(
            self._page.evaluate(script, given),
            seconds=seconds,
            again=seconds is None,
            script=script,
        )

    async def _try(
        self,
        question: Awaitable[T],
        *,
        seconds: float | None = None,
        again: bool = False,
        script: str = "",
    ) -> T | None:
        """The answer, or None. A page that does not answer in time has its scripts ended; then once more."""
        from playwright.async_api import Error

        try:
            return await asyncio.wait_for(question, self._left(seconds or limits.ASK_SECONDS))
        except TimeoutError:
            self.found.note("hangs")
            await self._calm()
        except Error:
            if not again:
                return None
            await asyncio.sleep(0.1)  # the page was on its way elsewhere
        if not again:
            return None
        repeated: Awaitable[Any] = self._page.evaluate(script) if script else self._page.content()
        with suppress(Error, TimeoutError):
            answer: T = await asyncio.wait_for(repeated, self._left(limits.ASK_SECONDS))
            return answer
        return None

    def _left(self, most: float) -> float:
        return max(0.5, min(most, self._end - monotonic()))

    async def _calm(self) -> None:
        """End the page's scripts and let none run any more; Chromium does this even when one never returns."""
        self._calmed.set()
        self.found.note("scripts_stopped")
        off = asyncio.ensure_future(
            self._session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        )
        until = monotonic() + limits.CALMED_SECONDS
        while not off.done() and monotonic() < until:  # each script that begins until then is ended
            with suppress(Exception):
                await asyncio.wait_for(self._session.send("Runtime.terminateExecution"), 1.0)
            await asyncio.wait([off], timeout=0.1)
        off.cancel()
        await self._stop_loading()

    async def _stop_loading(self) -> None:
        """Not before what was received is on the page: what stands behind an ended script belongs to it."""
        with suppress(Exception):
            await self._page.wait_for_load_state(
                "domcontentloaded", timeout=limits.CALMED_SECONDS * 1000
            )
        with suppress(Exception):
            await asyncio.wait_for(self._session.send("Page.stopLoading"), 1.0)

    def _too_much(self, size: int) -> None:
        """The watchman says that the page takes too much memory."""
        self.found.note("memory", mb=size >> 20)
        if not self._calmed.is_set():
            self._later(self._calm())

    def _count_pages(self) -> None:
        if self._recorder.navigations > limits.NAVIGATIONS and not self._calmed.is_set():
            self.found.note("navigations", most=limits.NAVIGATIONS)
            self._calmed.set()
            self._later(self._stay())

    async def _stay(self) -> None:
        await self._hold_still()
        await self._calm()

    async def _dialog(self, dialog: "Dialog") -> None:
        self.found.counts["dialogs"] += 1
        with suppress(Exception):
            await dialog.dismiss()
        if self.found.counts["dialogs"] == limits.DIALOGS:
            await self._calm()

    async def _popup(self, page: "Page") -> None:
        if page is self._page:
            return
        self.found.counts["popups"] += 1
        with suppress(Exception):
            await page.close()

    async def _download(self, download: "Download") -> None:
        self.found.counts["downloads"] += 1
        with suppress(Exception):
            await download.cancel()

    async def _socket(self, socket: Any) -> None:
        self.found.counts["sockets"] += 1
        with suppress(Exception):
            await socket.close()

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_COUNTED = ("dialogs", "popups", "downloads", "sockets", "navigations")
