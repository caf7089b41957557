"""The one spider: asks for the pages of the frontier, reads each by the pipeline, hands it to the writer."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest

from crawler.api_access import QuotaSpent
from crawler.bounded_http import MAX_HEAD_BYTES, HeadTooLarge
from crawler.budget import Allowance
from crawler.credentials import Credential
from crawler.guard import REFUSED_HOSTS
from crawler.manners import Paused
from crawler.middlewares import PrivateHost
from crawler.page import Fetch, Page, PageResult
from crawler.pipeline import MAX_BODY_BYTES, Pipeline, host_of
from crawler.quota import Meter
from crawler.robots_rules import RobotsForbid
from crawler.writer import Writer

_REASONS = {
    "DownloadTimeoutError": "timeout",
    "TimeoutError": "timeout",
    "TCPTimedOutError": "timeout",
    "CannotResolveHostError": "dns",
    "DNSLookupError": "dns",
}


class SourceSpider(Spider):
    """Crawls one source. Its errors are results too: nothing that a server does ends the run."""

    name = "source"

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        writer: Writer,
        waiting: list[Fetch],
        credential: Credential | None = None,
        meter: Meter | None = None,
        allowance: Allowance | None = None,
        validators: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self.credential = credential
        self.meter = meter
        self.allowance = allowance
        self._validators = validators or {}
        self._pipeline = pipeline
        self._writer = writer
        self._waiting = waiting

    async def start(self) -> AsyncIterator[Request]:
        for fetch in self._waiting:
            yield self._request(fetch)

    def page(self, response: Any) -> Iterable[Request] | AsyncIterator[Request]:
        """One answer: what it gives is handed to the writer before what it leads to is asked for."""
        result = self._pipeline.read(_page(response))
        return self._taken_later(result) if self._writer.full else self._take(result)

    async def _taken_later(self, result: PageResult) -> AsyncIterator[Request]:
        """When the writer has caught up."""
        while self._writer.full and self._writer.failure is None:  # noqa: ASYNC110 - the writer is a thread
            await asyncio.sleep(0.02)
        for request in self._take(result):
            yield request

    def failed(self, failure: Any) -> Iterator[Request]:
        """No answer: the reason is recorded, the page is done."""
        if isinstance(failure.value, Paused):  # the page still waits, for the run that goes on
            raise CloseSpider(failure.value.reason)
        fetch: Fetch = failure.request.cb_kwargs.get("fetch") or failure.request.meta["fetch"]
        reason, detail = _why(failure.value, failure.request.url)
        return self._take(self._pipeline.failed(fetch, reason, detail))

    def _take(self, result: PageResult) -> Iterator[Request]:
        if self._writer.failure is not None:
            raise CloseSpider("writer_failed")
        self._writer.put(result)
        if self._writer.stop_requested:
            raise CloseSpider("stop_requested")
        for fetch in result.follow:
            yield self._request(fetch)

    def _request(self, fetch: Fetch) -> Request:
        return Request(
            fetch.url,
            callback=self.page,
            errback=self.failed,
            method=fetch.method,
            headers={**self._conditions(fetch), **fetch.headers},
            body=fetch.body,
            priority=fetch.priority,
            dont_filter=True,
            meta=self._meta(fetch),
        )

    def _conditions(self, fetch: Fetch) -> dict[str, str]:
        """What lets the server say that the page is as it was."""
        etag, modified = self._validators.get(fetch.fingerprint, ("", ""))
        named = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in named.items() if value}

    def _meta(self, fetch: Fetch) -> dict[str, Any]:
        kind, meta = self._pipeline.kind, {"fetch": fetch, "cost": self._pipeline.kind.cost(fetch)}
        # What a key was granted for is asked for by the terms of the key, at its platform's own hosts only.
        if kind.granted and self.credential and self.credential.belongs_to(fetch.url):
            meta["dont_obey_robotstxt"] = True
        return meta


def _page(response: Any) -> Page:
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    return Page(
        fetch=response.meta["fetch"],
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=datetime.now(UTC),
        truncated="download_stopped" in response.flags,
    )


def _why(error: BaseException, url: str) -> tuple[str, dict[str, Any]]:
    """The reason and its detail for a page that no answer came from."""
    host = host_of(url)
    if isinstance(error, PrivateHost) or host.lower() in REFUSED_HOSTS:
        return "private_address", {"host": host}
    if isinstance(error, RobotsForbid):
        return ("robots_failed", {"why": error.why}) if error.why else ("robots", {})
    if isinstance(error, QuotaSpent):
        return "quota", {}
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    if HeadTooLarge.__name__ in str(error):
        return "endless_headers", {"limit_kb": MAX_HEAD_BYTES // 2**10}
    reason = next(
        (_REASONS[base.__name__] for base in type(error).__mro__ if base.__name__ in _REASONS),
        "connection",
    )
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return reason, {"host": host, "error": words[:200]}


def _ignored(words: str) -> tuple[str, dict[str, Any]]:
    if "redirect" in words:
        return "redirects", {}
    if "exceed" in words:  # a compressed answer that unpacks to more than is allowed
        return "too_large", {"limit_mb": MAX_BODY_BYTES // 2**20}
    return "connection", {"error": words[:200]}
