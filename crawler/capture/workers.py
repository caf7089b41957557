"""What a page's workers load: dedicated workers speak to the network in a session of their own.

The driver follows them, so what it tells of and the page's own session does not is theirs. A body is asked for as
soon as it is there: a worker that ends takes its traffic with it. Of a worker's own script the page's session
tells the beginning only.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.capture import limits
from crawler.capture.model import Exchange

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

FRAME = "worker"
LATER = 0.2
"""Seconds after which the page's session has told of an end that the driver tells of."""
Key = tuple[str, str]


class WorkerTraffic:
    """The requests of a page that its own session did not tell of; `stop` gives them as exchanges."""

    def __init__(self, page: "Page", asked: Mapping[Key, int], told: Mapping[Key, int]) -> None:
        self._page = page
        self._asked, self._told = asked, told
        """How many requests of each method and address the page's session has told of, and of how many ends."""
        self._ended: Counter[Key] = Counter()
        self._found: list[Exchange] = []
        self._bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen from now on."""
        self._page.on("requestfinished", self._over)
        self._page.on("requestfailed", self._over)

    async def stop(self) -> list[Exchange]:
        """What was had; what is not there soon is left out."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=limits.ASK_SECONDS)
        for task in self._tasks:
            task.cancel()
        return self._found

    def _over(self, request: "Request") -> None:
        key = request.method, urldefrag(request.url).url
        if not key[1].startswith(("http://", "https://")):
            return
        self._ended[key] += 1
        if self._asked.get(key, 0) and self._told.get(key, 0) >= self._ended[key]:
            return
        task = asyncio.get_running_loop().create_task(self._theirs(request, key, self._ended[key]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _theirs(self, request: "Request", key: Key, number: int) -> None:
        if self._asked.get(key, 0) >= number:
            await asyncio.sleep(LATER)
            if self._told.get(key, 0) >= number:
                return
        if len(self._found) < limits.RESOURCES:
            await self._take(request)

    async def _take(self, request: "Request") -> None:
        started = request.timing["startTime"]
        one = Exchange(
            url=request.url,
            method=request.method,
            sent_at=datetime.fromtimestamp(started / 1000, UTC)
            if started > 0
            else datetime.now(UTC),
            kind=request.resource_type.capitalize(),
            frame=FRAME,
            request_headers=tuple(request.headers.items()),
            request_body=request.post_data_buffer or b"",
            missing=request.failure or "",
        )
        self._found.append(one)
        if not one.missing:
            await self._answer(request, one)

    async def _answer(self, request: "Request", one: Exchange) -> None:
        from playwright.async_api import Error

        one.missing = "the worker had ended"
        try:
            response = await request.response()
            if response is None:
                return
            one.status, one.reason = response.status, response.status_text
            one.headers = tuple(
                (pair["name"], pair["value"]) for pair in await response.headers_array()
            )
            one.redirect = request.redirected_to is not None
            if one.redirect:
                one.body, one.missing = b"", ""
                return
            size = (await request.sizes())["responseBodySize"]
            if size > min(limits.BODY_BYTES, limits.VISIT_BYTES - self._bytes):
                one.missing = f"larger than {limits.BODY_BYTES >> 20} MB"
                return
            one.body = await response.body()
            self._bytes += len(one.body)
            one.missing = ""
        except Error:
            return


def together(of_page: Iterable[Exchange], of_workers: Sequence[Exchange]) -> list[Exchange]:
    """Both in the order of their requests; of what both tell of, the one that is whole."""
    whole = {(one.method, one.url) for one in of_workers if not one.missing}
    kept = [one for one in of_page if not (one.missing and (one.method, one.url) in whole)]
    return sorted([*kept, *of_workers], key=lambda one: one.sent_at)
