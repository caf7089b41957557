"""Where the crawl of a Flarum forum begins: discussions, those of a tag, one of them, what one person wrote."""

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.lists import first

PER_PAGE = 50
"""Entries of one answer; Flarum gives no more."""
_PLACE = re.compile(r"^(?P<root>.*?)/(?P<place>(?:d/\d+|t/[^/]+|u/[^/]+))(?:[-/].*)?$")
_REST = re.compile(r"/(?:api(?:/.*)?|all|tags|following|settings|index\.php)/?$")


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of what the address stands for."""
    root, place = place_of(plan.address)
    if place.startswith("d/"):
        return (discussion(root, int(place[2:])),)
    if place.startswith("u/"):
        return (first(person_address(root, unquote(place[2:])), "posts"),)
    return (first(list_address(root, unquote(place[2:])), "list"),)


def place_of(address: str) -> tuple[str, str]:
    """The forum's root, and the discussion (d/ID), tag (t/…) or person (u/…) that an address stands for."""
    parts = urlsplit(address)
    found = _PLACE.match(parts.path)
    path, place = (found["root"], found["place"]) if found else (_REST.sub("", parts.path), "")
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/"), "", "")), place


def list_address(root: str, tag: str) -> str:
    """The discussions, the newest activity first; of one tag where it is named."""
    named = {"filter[tag]": tag} if tag else {}
    return with_query(
        f"{root}/api/discussions",
        **{"sort": "-lastPostedAt", "include": "user", "page[limit]": PER_PAGE, **named},
    )


def person_address(root: str, name: str) -> str:
    """What one person wrote, the newest first."""
    return with_query(
        f"{root}/api/posts",
        **{
            "filter[author]": name,
            "filter[type]": "comment",
            "sort": "-createdAt",
            "include": "user,discussion",
            "page[limit]": PER_PAGE,
        },
    )


def discussion(root: str, number: int, *, back: bool = False, depth: int = 1) -> Fetch:
    """The first page of a discussion; `back`: its newest posts first, until what is known."""
    address = with_query(
        f"{root}/api/posts",
        **{
            "filter[discussion]": number,
            "sort": "-number" if back else "number",
            "include": "user,discussion",
            "page[limit]": PER_PAGE,
        },
    )
    meta = {"chain": f"d{number}", "n": 1, "topic": number, "back": back}
    return Fetch(address, step="topic", depth=depth, meta=meta)
