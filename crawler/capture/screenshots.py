"""Pictures of a whole page: one, or several that follow each other where it is higher than one should be."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING

from crawler.capture import limits
from crawler.capture.model import Visit

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page


class Photographer:
    """Fills `found.screenshots` from top to bottom; what is left out is noted with the rows it has."""

    def __init__(
        self,
        page: "Page",
        session: "CDPSession",
        found: Visit,
        calm: Callable[[], Awaitable[None]],
    ) -> None:
        self._page = page
        self._session = session
        self._found = found
        self._calm = calm
        self._plainly = False
        """Ask Chromium itself: Playwright waits for fonts, which a page that was stopped never has."""

    async def photograph(self, seconds: float) -> None:
        """Take all pictures of the page within this time."""
        until = monotonic() + seconds
        found = self._found
        height = max(found.page_height, limits.VIEWPORT[1])
        bottom = min(height, limits.PAGE_HEIGHT)
        for top in range(0, bottom, limits.PICTURE_HEIGHT):
            end = min(top + limits.PICTURE_HEIGHT, bottom)
            picture = await self._rows(top, end, until)
            if picture is None and top == 0:
                end = min(limits.VIEWPORT[1], end)
                picture = await self._rows(0, end, monotonic() + limits.ASK_SECONDS)
            if picture is not None:
                found.screenshots.append((picture, top, end))
            if picture is None or end < min(top + limits.PICTURE_HEIGHT, bottom):
                found.note("pictures", from_px=top if picture is None else end, to_px=height)
                return
        if bottom < height:
            found.note("pictures", from_px=bottom, to_px=height)

    async def _rows(self, top: int, end: int, until: float) -> bytes | None:
        from playwright.async_api import Error

        for take in (self._nicely, self._from_chromium):
            left = min(limits.SCREENSHOT_SECONDS, until - monotonic())
            if left <= 0.2:
                return None
            if take == self._nicely and self._plainly:
                continue
            try:
                return await asyncio.wait_for(take(top, end, left), left + 0.5)
            except (Error, TimeoutError):
                if not self._plainly:
                    self._plainly = True
                    await self._calm()
        return None

    async def _nicely(self, top: int, end: int, left: float) -> bytes:
        """With animations stopped and the caret hidden."""
        return await self._page.screenshot(
            full_page=True,
            clip={"x": 0, "y": top, "width": limits.VIEWPORT[0], "height": end - top},
            animations="disabled",
            caret="hide",
            scale="css",
            timeout=left * 1000,
        )

    async def _from_chromium(self, top: int, end: int, _left: float) -> bytes:
        clip = {"x": 0, "y": top, "width": limits.VIEWPORT[0], "height": end - top, "scale": 1}
        taken = await self._session.send(
            "Page.captureScreenshot",
            {"format": "png", "clip": clip, "captureBeyondViewport": True},
        )
        return base64.b64decode(taken["data"])
