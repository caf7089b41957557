"""Whether an address is that of a feed, or a page names one."""

import re

from crawler.page import Page
from crawler.sources.addresses import absolute
from crawler.sources.base import Guess
from crawler.sources.pages import link_of

_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_TYPES = ("application/rss", "application/atom", "application/rdf")


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the answer is a feed, or a page names its feed; nothing by the address alone."""
    if page is None:
        return None
    if page.content_type.lower().startswith(_TYPES) or _ROOT.search(page.body[:3000]):
        return Guess("rss", address, sure=True)
    for type_ in _TYPES:
        if (named := link_of(page, "alternate", type_)) and (feed := absolute(page.url, named)):
            return Guess("rss", feed, sure=True)
    return None
