"""Whether an address is that of a MediaWiki site, and which of its pages it shows."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.addresses import absolute
from crawler.sources.base import Guess
from crawler.sources.mediawiki.spider import api_address
from crawler.sources.pages import generator, link_of

_SHOWN = re.compile(
    rb'"wgNamespaceNumber":\s*(-?\d+).{0,300}?"wgPageName":\s*("(?:[^"\\]|\\.)*")', re.DOTALL
)
_MAIN_PAGE = re.compile(rb'"wgIsMainPage":\s*(?:true|!0)')
_SPECIAL = -1
_HEAD_BYTES = 20_000


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure by api.php, or where the page says what made it and where its interface lies."""
    if urlsplit(address).path.endswith("/api.php"):
        return Guess("mediawiki", api_address(address), sure=True, platform="wiki")
    if page is None:
        return None
    if generator(page).startswith("MediaWiki"):
        interface = link_of(page, "EditURI")
        named = absolute(page.url, interface).partition("?")[0] if interface else ""
        kept = named or api_address(page.url)
        return Guess("mediawiki", kept, _wanted(page), sure=True, platform="wiki")
    return None


def _wanted(page: Page) -> dict[str, Any]:
    """One page of the wiki is read by its history; the main page and special pages stand for all changes."""
    head = page.body[:_HEAD_BYTES]
    found = _SHOWN.search(head)
    if not found or int(found[1]) <= _SPECIAL or _MAIN_PAGE.search(head):
        return {"read": "changes"}
    try:
        title = str(json.loads(found[2])).replace("_", " ")
    except ValueError:
        return {"read": "changes"}
    return {"read": "page", "title": title}
