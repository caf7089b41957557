"""Whether an address is one of Bluesky."""

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.bluesky.spider import of_address


def recognise(address: str, _page: Page | None = None) -> Guess | None:
    """Sure by the address alone: bsky.app, or a method of an AppView."""
    found = of_address(address)
    if found is None or not found.of:
        return None
    return Guess("bluesky", address, {"read": "address"}, sure=True, platform="bluesky")
