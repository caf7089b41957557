"""Inside Scrapy: the key of an API joins a request when it is sent, and its quota is spent just before."""

import asyncio
from typing import Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest

from crawler.bounded_http import BoundedFactory
from crawler.credentials import Credential


class QuotaSpent(IgnoreRequest):
    """The day's quota does not allow the request; it was not sent."""


class QuotaMiddleware:
    """Spends what a request costs, retries too; the last of the middlewares, so that only sent ones count."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> "QuotaMiddleware":
        return cls(crawler)

    async def process_request(self, request: Any) -> None:
        meter, cost = self._crawler.spider.meter, request.meta.get("cost", 0)
        if meter is not None and cost and not await asyncio.to_thread(meter.spend, cost):
            raise QuotaSpent(str(cost))


class KeyedHandler(HTTP11DownloadHandler):
    """Sends requests with the source's key. Whoever sees request, answer or error sees them without it."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001 - there is no other way to it

    async def download_request(self, request: Any) -> Any:
        spider: Any = self._crawler.spider
        credential: Credential | None = spider.credential
        if credential is None or not credential.belongs_to(request.url):
            return await super().download_request(request)
        keyed = request.replace(url=credential.on(request.url), meta=request.meta)
        for name, value in credential.headers().items():
            keyed.headers[name] = value
        try:
            response: Any = await super().download_request(keyed)
        except Exception as error:
            error.args = tuple(_hidden(credential, one) for one in error.args)
            raise
        finally:
            request.meta.update(keyed.meta)  # how long it took, for the throttle
        for name, values in list(response.headers.items()):
            response.headers[name] = [credential.hide_in(value) for value in values]
        return response.replace(url=request.url, body=credential.hide_in(response.body))


def _hidden(credential: Credential, argument: object) -> object:
    return credential.hide(argument) if isinstance(argument, str) else argument
