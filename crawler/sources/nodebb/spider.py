"""Where the crawl of a NodeBB forum begins: its recent topics, a category, one topic, or what one person wrote."""

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.lists import first

_PLACE = re.compile(
    r"^(?P<root>.*?)/(?:api/)?"
    r"(?P<place>(?:category|topic|tags|user)/[^?]+|recent|unread|popular|top|world)/?$"
)
_LISTS = frozenset(["unread", "popular", "top", "world"])
"""Other orders of the same topics; the newest activity first is what a crawl needs."""


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of the list that the address stands for."""
    root, place = place_of(plan.address)
    if place.startswith("topic/"):
        return (topic_page(root, place.removeprefix("topic/"), 1),)
    if place.startswith("user/"):
        return (first(f"{root}/api/{place}/posts", "posts"),)
    return (first(f"{root}/api/{place}", "list"),)


def place_of(address: str) -> tuple[str, str]:
    """The forum's root, and the list (recent, category/…) topic (topic/…) or person (user/…) of an address."""
    parts = urlsplit(address)
    found = _PLACE.match(parts.path)
    path, place = (found["root"], found["place"]) if found else (parts.path, "recent")
    path = re.sub(r"/api(?:/config)?/?$", "", path)
    root = urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))
    if place.startswith(("category/", "topic/")):
        place = "/".join(place.split("/")[:3])
    if place.startswith(("user/", "tags/")):
        place = "/".join(place.split("/")[:2])
    return root, "recent" if place in _LISTS else place.rstrip("/")


def topic_page(root: str, slug: str, page: int, *, back: bool = False, depth: int = 1) -> Fetch:
    """One page of a topic; `back`: the pages before it follow, until what is known."""
    address = f"{root}/api/topic/{slug}" + (f"?page={page}" if page > 1 else "")
    meta = {"chain": f"topic {slug}", "n": page, "topic": slug, "back": back}
    return Fetch(address, step="topic", depth=depth, meta=meta)
