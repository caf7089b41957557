"""Where the crawl of a sitemap begins: the sitemap, or the list of sitemaps."""

from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin
from crawler.sources.lists import LIST_PRIORITY

KEY = "sitemap"


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The sitemap itself; of a site's root the one that most sites have."""
    path = urlsplit(plan.address).path
    address = plan.address if path not in {"", "/"} else f"{origin(plan.address)}/sitemap.xml"
    return (sitemap(address, depth=0),)


def sitemap(address: str, *, depth: int) -> Fetch:
    """One sitemap, packed or not."""
    meta = {"packed": True, "level": depth}
    return Fetch(address, step="sitemap", priority=LIST_PRIORITY, meta=meta)
