"""Pictures of a whole page: one, or several that follow each other where it is higher than one can be drawn."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.capture import limits
from crawler.capture.model import Visit

if TYPE_CHECKING:
    from playwright.async_api import Page


async def photograph(
    page: "Page", found: Visit, seconds: float, calm: Callable[[], Awaitable[None]]
) -> None:
    """Fill `found.screenshots` from top to bottom; what is left out is noted with the rows it has."""
    until = monotonic() + seconds
    width = limits.VIEWPORT[0]
    height = max(found.page_height, 1)
    bottom = min(height, limits.PAGE_HEIGHT)
    for top in range(0, bottom, limits.PICTURE_HEIGHT):
        end = min(top + limits.PICTURE_HEIGHT, bottom)
        clip = {"x": 0, "y": top, "width": width, "height": end - top}
        whole = top == 0 and end == height
        picture = await _one(page, None if whole else clip, until, calm)
        if picture is None:
            found.note("pictures", from_px=top, to_px=height)
            return
        found.screenshots.append((picture, top, end))
    if bottom < height:
        found.note("pictures", from_px=bottom, to_px=height)


async def _one(
    page: "Page", clip: Any, until: float, calm: Callable[[], Awaitable[None]]
) -> bytes | None:
    from playwright.async_api import Error

    for attempt in (1, 2):
        left = min(limits.SCREENSHOT_SECONDS, until - monotonic())
        if left <= 0.2:
            return None
        shot = page.screenshot(
            full_page=True,
            clip=clip,
            animations="disabled",
            caret="hide",
            scale="css",
            timeout=left * 1000,
        )
        try:
            return await asyncio.wait_for(shot, left + 0.5)
        except (Error, TimeoutError):
            if attempt == 1:
                await calm()
    return None
