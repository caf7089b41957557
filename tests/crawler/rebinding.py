"""A resolver of names that changes its mind, below the guard's own: what DNS rebinding looks like to a crawl.

`doi-dia-chi.test` leads to 127.0.0.1 for its first two questions (robots.txt and the first page) and to 127.0.0.2
from then on. `hai-mat.test` leads to both at once, the forbidden one first. Other
names under `.test` lead to 127.0.0.1, numbers to themselves.
"""

from collections import Counter
from typing import Any, ClassVar

GOOD, BAD = "127.0.0.1", "127.0.0.2"
CHANGES, BOTH = "doi-dia-chi.test", "hai-mat.test"
HONEST_ANSWERS = 2


def answers(host: str, asked: int) -> tuple[str, ...]:
    """The addresses of a host when it is asked for the n-th time, counted from 1."""
    if host == BOTH:
        return BAD, GOOD
    if host == CHANGES:
        return (GOOD,) if asked <= HONEST_ANSWERS else (BAD,)
    return (GOOD,) if host.endswith(".test") else (host,)


def install() -> None:
    """Let this process's reactor resolve by `answers`; the crawl puts its guard above."""
    from scrapy.utils.reactor import install_reactor
    from twisted.internet.address import IPv4Address
    from twisted.internet.interfaces import IHostnameResolver
    from zope.interface import implementer  # type: ignore[import-untyped]

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor

    @implementer(IHostnameResolver)
    class _Resolver:
        asked: ClassVar[Counter[str]] = Counter()

        def resolveHostName(  # noqa: N802 - Twisted's name
            self, receiver: Any, host: str, port: int = 0, *_: Any
        ) -> Any:
            self.asked[host] += 1
            receiver.resolutionBegan(self)
            for address in answers(host, self.asked[host]):
                receiver.addressResolved(IPv4Address("TCP", address, port))
            receiver.resolutionComplete()
            return self

        def cancel(self) -> None:
            """It has answered already."""

    reactor.installNameResolver(_Resolver())
