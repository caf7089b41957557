"""Where the crawl of a Discourse forum begins: its topics, one of them, its newest posts, or one person's."""

import re
from urllib.parse import urlsplit, urlunsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.lists import first

TOPIC_PAGE = 20
"""Posts on a page of a topic; Discourse fixes it."""
_TOPIC = re.compile(r"^(?P<root>.*?)/t/(?:[^/]+/)?(?P<id>\d+)(?:[/.].*)?$")
_LIST = re.compile(r"^(?P<root>.*?)/(?P<list>(?:c|tag|tags)/[^?]+?)(?:/l/latest)?(?:\.json)?/?$")
_PERSON = re.compile(r"^(?P<root>.*?)/(?:u|users)/(?P<name>[^/]+?)(?:\.json)?(?:/.*)?$")
_PLACES = re.compile(
    r"/(?:latest|new|top|hot|unread|categories|posts|about|search|tags|faq|tos|privacy|g|badges)(?:\.json)?(?:/.*)?$"
)


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of the list that the address stands for."""
    root, place = place_of(plan.address)
    if place.startswith("t/"):
        number = int(place[2:])
        return (topic_page(root, number, 1),)
    if place.startswith("u/"):
        return (first(f"{root}/{place}/activity.json", "posts"),)
    if plan.config.get("read") == "posts":
        return (first(f"{root}/posts.json", "posts"),)
    if place:
        return (first(f"{root}/{place}/l/latest.json", "list"),)
    return (first(with_query(f"{root}/latest.json", order="activity"), "list"),)


def place_of(address: str) -> tuple[str, str]:
    """The forum's root, and the list (c/…, tag/…), topic (t/ID) or person (u/…) that an address stands for."""
    parts = urlsplit(address)

    def whole(path: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", ""))

    if found := _TOPIC.match(parts.path):
        return whole(found["root"]), f"t/{found['id']}"
    if found := _LIST.match(parts.path):
        return whole(found["root"]), found["list"].removesuffix(".json")
    if found := _PERSON.match(parts.path):
        return whole(found["root"]), f"u/{found['name']}"
    return whole(_PLACES.sub("", parts.path)), ""


def topic_page(root: str, number: int, page: int, *, back: bool = False, depth: int = 1) -> Fetch:
    """One page of a topic; `back`: the pages before it follow, until what is known."""
    address = f"{root}/t/{number}.json" + (f"?page={page}" if page > 1 else "")
    meta = {"chain": f"t{number}", "n": page, "topic": number, "back": back}
    return Fetch(address, step="topic", depth=depth, meta=meta)
