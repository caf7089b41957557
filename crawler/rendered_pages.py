"""Inside Scrapy: pages that are to be rendered are fetched by the browser, all others as ever."""

import asyncio
from time import monotonic
from typing import Any

from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError
from scrapy.http import Response

from crawler.api_access import KeyedHandler
from crawler.guard import NoAddress, PrivateAddress
from crawler.middlewares import PrivateHost
from crawler.page import Fetch
from crawler.render_visit import RenderFailed
from crawler.rendering import RENDER, Rendered, Renderer, is_rendered


class RenderingHandler(KeyedHandler):
    """Scrapy's handler with a browser beside it; both ask through the same manners."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._renderer: Renderer | None = None

    async def download_request(self, request: Any) -> Any:
        fetch: Fetch | None = request.meta.get("fetch")
        if fetch is None or not is_rendered(fetch):
            return await super().download_request(request)
        began = monotonic()
        try:
            found = await asyncio.to_thread(
                self._render, request.url, str(fetch.meta[RENDER] or "")
            )
        except PrivateAddress as error:
            raise PrivateHost(str(error)) from error
        except NoAddress as error:
            raise CannotResolveHostError(str(error)) from error
        except RenderFailed as error:
            if error.reason == "timeout":
                raise DownloadTimeoutError(str(error)) from error
            raise
        finally:
            request.meta["download_latency"] = monotonic() - began  # for the throttle
        return _response(found, request)

    async def close(self) -> None:
        if self._renderer is not None:
            await asyncio.to_thread(self._renderer.close)
        await super().close()

    def _render(self, url: str, wait_for: str) -> Rendered:
        if self._renderer is None:
            self._renderer = Renderer(self._crawler.settings["RASOAT_SETTINGS"])
        return self._renderer.render(url, wait_for)


def _response(found: Rendered, request: Any) -> Response:
    flags = ["download_stopped"] if found.truncated else []
    return Response(
        found.url,
        status=found.status,
        headers={name: value.encode("utf-8", "replace") for name, value in found.headers.items()},
        body=found.body,
        flags=flags,
        request=request,
    )
