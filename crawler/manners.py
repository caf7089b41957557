"""Inside Scrapy: a request counts against its source's budget, and a site in trouble is asked ever more slowly."""

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.guard import REFUSED_HOSTS

BACK_OFF_FIRST_SECONDS = 0.5
BACK_OFF_MOST_SECONDS = 60.0
JITTER = 0.25


class Paused(IgnoreRequest):
    """The source may not be asked now; the request was not sent. `reason` is one of crawler.budget.PAUSES."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BudgetMiddleware:
    """Counts every request that is sent, retries and robots.txt too, against the source's day."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> "BudgetMiddleware":
        return cls(crawler)

    def process_request(self, request: Any) -> None:  # noqa: ARG002 - Scrapy's signature
        allowance = self._crawler.spider.allowance
        if allowance is not None and (reason := allowance.ask()):
            raise Paused(reason)


class BackOff(RetryMiddleware):
    """Scrapy's retries; each one doubles the host's delay, with jitter, until answers are good again.

    A host that leads into a private network is not asked for again.
    """

    def _retry(self, request: Any, reason: Any) -> Any:
        if (urlsplit(request.url).hostname or "") in REFUSED_HOSTS:
            return None
        again = super()._retry(request, reason)
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot"))
        if again is not None and slot is not None:
            slot.delay = max(slot.delay, backed_off(int(request.meta.get("retry_times", 0))))
        return again


def backed_off(times: int) -> float:
    """Seconds to wait before the next try, after so many: 0.5, 1, 2 ... 60, each a quarter more or less."""
    whole = min(BACK_OFF_FIRST_SECONDS * 2.0**times, BACK_OFF_MOST_SECONDS)
    return whole * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def retry_after(header: str, now: datetime | None = None) -> float:
    """Seconds that a Retry-After header asks for, as a number or as a date; 0 where it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    whole = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (whole - (now or datetime.now(UTC))).total_seconds())
