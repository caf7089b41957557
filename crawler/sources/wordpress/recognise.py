"""Whether an address is that of a WordPress site."""

import re
from urllib.parse import parse_qsl, urlsplit

from crawler.page import Page
from crawler.sources.addresses import absolute
from crawler.sources.api import link_header
from crawler.sources.base import Guess
from crawler.sources.pages import generator, link_of

_API = "https://api.w.org/"
_ROUTE = re.compile(r"/wp-json(?:/|$)")


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure by the address of the interface itself, or where a page names its interface."""
    parts = urlsplit(address)
    if _ROUTE.search(parts.path) or "rest_route" in dict(parse_qsl(parts.query)):
        return Guess("wordpress", address, sure=True, platform="website")
    if page is None:
        return None
    interface = link_header(page, _API) or link_of(page, _API)
    if interface and (whole := absolute(page.url, interface)):
        return Guess("wordpress", whole, sure=True, platform="website")
    if generator(page).lower().startswith("wordpress"):
        return Guess("wordpress", f"{parts.scheme}://{parts.netloc}/", platform="website")
    return None
