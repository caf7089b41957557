"""Whether an address is that of a MediaWiki site."""

from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.addresses import absolute
from crawler.sources.base import Guess
from crawler.sources.mediawiki.spider import api_address
from crawler.sources.pages import generator, link_of


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure by api.php, or where the page says what made it and where its interface lies."""
    if urlsplit(address).path.endswith("/api.php"):
        return Guess("mediawiki", api_address(address), sure=True, platform="wiki")
    if page is None:
        return None
    if generator(page).startswith("MediaWiki"):
        interface = link_of(page, "EditURI")
        named = absolute(page.url, interface).partition("?")[0] if interface else ""
        return Guess("mediawiki", named or api_address(page.url), sure=True, platform="wiki")
    return None
