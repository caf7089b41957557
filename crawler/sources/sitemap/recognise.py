"""Whether an address is that of a sitemap."""

import re
from urllib.parse import urlsplit

from crawler.page import Page
from crawler.sources.base import Guess

_NAME = re.compile(r"sitemap[^/]*\.xml(?:\.gz)?$", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")


def recognise(address: str, page: Page | None = None) -> Guess | None:
    """Sure where the answer is a sitemap; by the name of the file alone only a hint."""
    if page is not None and _ROOT.search(page.body[:5000]):
        return Guess("sitemap", address, sure=True, platform="website")
    packed = page is not None and page.body.startswith(b"\x1f\x8b")
    if _NAME.search(urlsplit(address).path) and (page is None or packed):
        return Guess("sitemap", address, sure=packed, platform="website")
    return None
