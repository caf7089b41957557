"""Which request shows one status of a Mastodon server again: the interface, by its number."""

import re
from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.mastodon.spider import api_of

_STATUS = re.compile(r"/@[^/]+/(\d+)/?$")


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The status, where it is one of the source's own server."""
    found = _STATUS.search(urlsplit(url).path)
    if not found or urlsplit(url).netloc != urlsplit(api_of(plan)).netloc:
        return None
    return Fetch(f"{api_of(plan)}/api/v1/statuses/{found[1]}", step="status")
