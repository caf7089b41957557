"""Whether an address is that of a WordPress site."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.page import Page
from crawler.sources.addresses import absolute
from crawler.sources.api import link_header
from crawler.sources.base import Guess
from crawler.sources.pages import generator, link_of
from crawler.sources.wordpress.spider import route

_API = "https://api.w.org/"
_ROUTE = re.compile(r"/wp-json(?:/|$)")
_OBJECT = re.compile(r"/wp/v2/(?P<what>users|categories|tags|posts)/(?P<id>\d+)$")
_FILTERS = {"users": "author", "categories": "categories", "tags": "tags", "posts": "include"}


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure by the address of the interface itself, or where a page names its interface."""
    parts = urlsplit(address)
    if _ROUTE.search(parts.path) or "rest_route" in dict(parse_qsl(parts.query)):
        return Guess("wordpress", address, sure=True, platform="website")
    if page is None:
        return None
    interface = link_header(page, _API) or link_of(page, _API)
    if interface and (whole := absolute(page.url, interface)):
        shown, options = _shown(whole, address, page)
        return Guess("wordpress", shown, options, sure=True, platform="website")
    if generator(page).lower().startswith("wordpress"):
        return Guess("wordpress", f"{parts.scheme}://{parts.netloc}/", platform="website")
    return None


def _shown(interface: str, address: str, page: Page) -> tuple[str, dict[str, str]]:
    """The part of the site that the page shows, as WordPress names it: an author's, a tag's ..."""
    words = dict(parse_qsl(urlsplit(address).query)).get("s", "")
    named = _OBJECT.search(unquote(link_of(page, "alternate", "application/json")))
    if not named:
        return interface, {"search": words} if words else {}
    return route(interface, "/wp/v2/posts", **{_FILTERS[named["what"]]: named["id"]}), {}
