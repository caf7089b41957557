"""Which request shows one post of a Discourse forum again: its topic, from that post on."""

import re
from urllib.parse import urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.discourse.spider import place_of

_POST = re.compile(r"/t/(?:[^/]+/)?(?P<topic>\d+)(?:/(?P<post>\d+))?/?$")


def look(_plan: SourcePlan, url: str) -> Fetch | None:
    """The stretch of the topic around the post."""
    found = _POST.search(urlsplit(url).path)
    if not found:
        return None
    root, _ = place_of(url)
    topic, post = int(found["topic"]), int(found["post"] or 1)
    meta = {"chain": f"t{topic}", "n": 1, "topic": topic, "back": False}
    return Fetch(f"{root}/t/{topic}/{post}.json", step="topic", meta=meta)
