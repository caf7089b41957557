"""Whether an address is one of YouTube."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.youtube.spider import HOSTS, of_address


def recognise(address: str, _page: Page | None = None) -> Guess | None:
    """Sure by the host, where the address shows a channel, playlist, video or search."""
    if (urlsplit(address).hostname or "").lower() not in HOSTS:
        return None
    found = of_address(address)
    if found is None or not found.of:
        return None
    return Guess("youtube", address, {"read": "address"}, sure=True, platform="youtube")
