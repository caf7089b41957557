"""Which request shows one status of a Mastodon server again: the interface, by its number."""

from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.mastodon.spider import api_of, of_address


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The status, where it is one of the source's own server."""
    found = of_address(url)
    if found is None or found.read != "thread":
        return None
    if urlsplit(url).netloc != urlsplit(api_of(plan)).netloc:
        return None
    return Fetch(f"{api_of(plan)}/api/v1/statuses/{found.of}", step="status")
