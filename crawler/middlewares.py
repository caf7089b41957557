"""Politeness and the private-address guard, inside Scrapy and Twisted.

Connections are made to the addresses that the reactor's resolver hands out, so that is where addresses are
checked: after redirects, for robots.txt, and whatever a name resolved to a moment ago.
"""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.guard import REFUSED_HOSTS, AddressGuard
from crawler.manners import retry_after
from crawler.pipeline import MAX_BODY_BYTES
from crawler.robots import MAX_ROBOTS_BYTES

MAX_RETRY_AFTER_SECONDS = 120.0


class PrivateHost(IgnoreRequest):
    """The host of a request is a private address, written out."""


@implementer(IResolutionReceiver)
class _CheckedReceiver:
    """Passes on the addresses that may be connected to."""

    def __init__(self, receiver: Any, host: str, guard: AddressGuard) -> None:
        self._receiver, self._host, self._guard = receiver, host, guard
        self._good = self._bad = 0

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's name
        if self._guard.allows(str(address.host)):
            self._good += 1
            self._receiver.addressResolved(address)
        else:
            self._bad += 1

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        if self._bad and not self._good:
            REFUSED_HOSTS.add(self._host.lower())
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """The system's resolver; addresses that the guard refuses are not handed on. Nothing is cached."""

    def __init__(self, reactor: Any, guard: AddressGuard) -> None:
        self._reactor, self._guard = reactor, guard
        self._inner = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        return cls(reactor, AddressGuard(crawler.settings["RASOAT_GUARD"]))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Any = None,  # noqa: N803 - Twisted's name
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's name
    ) -> Any:
        checked = _CheckedReceiver(resolutionReceiver, hostName, self._guard)
        return self._inner.resolveHostName(
            checked, hostName, portNumber, addressTypes, transportSemantics
        )


class GuardMiddleware:
    """Refuses requests whose host is a private address written out, and anything but http(s)."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Any) -> "GuardMiddleware":
        return cls(AddressGuard(crawler.settings["RASOAT_GUARD"]))

    def process_request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"}:
            raise IgnoreRequest(f"not a web address: {request.url}")
        try:
            address = ip_address((parts.hostname or "").partition("%")[0])
        except ValueError:
            return
        if not self._guard.allows(address):
            raise PrivateHost(str(address))


class Decompression(HttpCompressionMiddleware):
    """Scrapy's, with the limit of a page for what it unpacks to."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._max_size = MAX_BODY_BYTES


class Redirects(RedirectMiddleware):
    """Scrapy's, for requests that never say where they come from."""

    def handle_referer(self, request: Any, response: Any) -> None:
        """Nothing was said, so nothing is taken away."""

    def _engine_started(self) -> None:
        """Scrapy's looks for what writes referrers, and warns where there is none."""


class Manners:
    """Crawl-delay of robots.txt, Retry-After, and the end of pages that are too large."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = {}
        self._received: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        connect = crawler.signals.connect
        connect(self._robots_parsed, signal=signals.robots_parsed)
        connect(self._response, signal=signals.response_downloaded)
        connect(self._bytes, signal=signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Manners":
        return cls(crawler)

    def _robots_parsed(self, robotparser: Any, request: Any) -> None:
        delay = robotparser.crawl_delay("RaSoat")
        if delay:
            host = urlsplit(request.url).hostname or ""
            self._delays[host] = float(delay)
            self._slow_down(host, float(delay))

    def _response(self, response: Any, request: Any) -> None:
        """After AutoThrottle has set its delay: never below what the site asks for."""
        host = urlsplit(request.url).hostname or ""
        wait = retry_after((response.headers.get("Retry-After") or b"").decode("latin-1"))
        if response.status in {429, 503} and wait:
            if wait > MAX_RETRY_AFTER_SECONDS and self._crawler.spider.allowance is not None:
                self._crawler.spider.allowance.asked_to_wait(wait)
            self._slow_down(host, min(wait, MAX_RETRY_AFTER_SECONDS))
        elif host in self._delays:
            self._slow_down(host, self._delays[host])

    def _slow_down(self, host: str, delay: float) -> None:
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, delay)
            slot.jitter = 0.0

    def _bytes(self, data: bytes, request: Any) -> None:
        if self._crawler.spider.allowance is not None:
            self._crawler.spider.allowance.received(len(data))
        received = self._received.get(request, 0) + len(data)
        self._received[request] = received
        if received > (MAX_ROBOTS_BYTES if request.url.endswith("/robots.txt") else MAX_BODY_BYTES):
            raise StopDownload(fail=False)
