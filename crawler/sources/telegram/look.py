"""Which request shows one message of a channel again: the page of the preview that ends with it."""

import re
from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin, with_query
from crawler.sources.telegram.spider import HOSTS, channel_of

_MESSAGE = re.compile(r"/(\d+)/?$")


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The preview's page before the next message; the channel's own server where the source names another."""
    name, found = channel_of(url), _MESSAGE.search(urlsplit(url).path)
    if not name or not found:
        return None
    official = (urlsplit(plan.address).hostname or "").lower() in HOSTS
    root = "https://t.me" if official else origin(plan.address)
    return Fetch(
        with_query(f"{root}/s/{name}", before=int(found[1]) + 1), step="list", meta={"n": 1}
    )
