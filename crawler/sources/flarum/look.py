"""Which request shows one post of a Flarum forum again: its discussion and its number there."""

import re
from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.flarum.spider import place_of

_POST = re.compile(r"/d/(?P<discussion>\d+)[^/]*(?:/(?P<number>\d+))?/?$")


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The one post, where it is one of the source's own forum."""
    found = _POST.search(urlsplit(url).path)
    root, _ = place_of(url)
    if not found or urlsplit(root).netloc != urlsplit(plan.address).netloc:
        return None
    number = int(found["number"] or 1)
    address = with_query(
        f"{root}/api/posts",
        **{
            "filter[discussion]": found["discussion"],
            "filter[number]": number,
            "include": "user,discussion",
        },
    )
    meta = {"topic": int(found["discussion"]), "alone": True}
    return Fetch(address, step="topic", meta=meta)
