"""Whether an address is one of a Facebook page."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.base import Guess
from crawler.sources.facebook.spider import WEB_HOSTS, of_address


def recognise(address: str, _page: Page | None = None) -> Guess | None:
    """Sure by the host; whether the page granted access only a try tells."""
    host = (urlsplit(address).hostname or "").lower()
    if host not in WEB_HOSTS and host != "graph.facebook.com":
        return None
    found = of_address(address)
    return (
        Guess("facebook", address, {"of": found}, sure=True, platform="facebook") if found else None
    )
