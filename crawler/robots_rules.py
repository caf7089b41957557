"""robots.txt inside Scrapy, by RFC 9309: what cannot be had forbids everything, and it has an end."""

from typing import Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    IgnoreRequest,
)
from scrapy.utils.misc import build_from_crawler

from crawler.robots import whole_lines

_FORBIDS = b"User-agent: *\nDisallow: /\n"
_TOLD_BY_THE_PAGE = (CannotResolveHostError, DownloadConnectionRefusedError)


class RobotsForbid(IgnoreRequest):
    """robots.txt asks to leave the page alone; or it could not be had, and `why` says so."""

    def __init__(self, words: str, why: str = "") -> None:
        super().__init__(words)
        self.why = why


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, which would take a robots.txt that the server fails to give for leave to do everything."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._failed: dict[str, str] = {}

    def process_request_2(self, rp: Any, request: Any) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refused:
            site = request.url.partition("//")[2].partition("/")[0]
            raise RobotsForbid(str(refused), self._failed.get(site, "")) from refused

    async def _parse_robots(self, response: Any, netloc: str, request: Any) -> None:
        body = whole_lines(response.body)
        if response.status >= 500:
            self._failed[netloc], body = str(response.status), _FORBIDS
        elif response.status >= 400:
            body = b""
        await super()._parse_robots(response.replace(status=200, body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, _TOLD_BY_THE_PAGE) or _is_ours(exc):
            super()._robots_error(exc, netloc)
            return
        self._failed[netloc] = type(exc).__name__
        waiting = self._parsers[netloc]
        rules = build_from_crawler(self._parserimpl, self.crawler, _FORBIDS)
        self._parsers[netloc] = rules
        waiting.callback(rules)  # type: ignore[union-attr]


def _is_ours(error: Exception) -> bool:
    """Whether the request was held back by this program, or led in a circle: its page is asked, and will tell."""
    return isinstance(error, IgnoreRequest) and "exceed" not in str(error)
