"""Scrapy's HTTP client with an end to what stands before a page: headers, and answers that announce others."""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

MAX_HEAD_BYTES = 512 * 2**10


class HeadTooLarge(Exception):
    """The headers of an answer go on and on."""


class _Protocol(_LenientHTTP11ClientProtocol):
    """Gives up when MAX_HEAD_BYTES came and the page has not begun; nothing else would, before the memory ends."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._parser is not None and self._parser.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > MAX_HEAD_BYTES:
                self._giveUp(Failure(HeadTooLarge()))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes such connections; for the pool of a download handler."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: ARG002, N802 - Twisted's names
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
