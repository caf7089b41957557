"""Where the crawl of Bluesky begins: a search, an account, a feed or a thread of an AppView."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import origin, with_query
from crawler.sources.lists import first

PUBLIC_API = "https://public.api.bsky.app"
WEB = "https://bsky.app"
PER_PAGE = 100
_WEB_HOSTS = frozenset({"bsky.app", "www.bsky.app", "staging.bsky.app"})
_PROFILE = re.compile(r"^/profile/(?P<actor>[^/]+)(?:/(?P<what>post|feed)/(?P<key>[^/]+))?/?$")
_METHODS = {
    "app.bsky.feed.searchPosts": ("search", "q"),
    "app.bsky.feed.getAuthorFeed": ("author", "actor"),
    "app.bsky.feed.getFeed": ("feed", "feed"),
    "app.bsky.feed.getPostThread": ("thread", "uri"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is read, of whom or what, and from which AppView."""

    read: str
    of: str
    api: str = PUBLIC_API


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of what is wanted."""
    what = wanted(plan)
    if not what.of:
        return ()
    if what.read == "search":
        url = method(what.api, "feed.searchPosts", q=what.of, sort="latest", limit=PER_PAGE)
    elif what.read == "author":
        kept = "posts_with_replies" if plan.config.get("replies", True) else "posts_no_replies"
        url = method(what.api, "feed.getAuthorFeed", actor=what.of, filter=kept, limit=PER_PAGE)
    elif what.read == "feed":
        url = method(what.api, "feed.getFeed", feed=what.of, limit=PER_PAGE)
    else:
        return (thread(what.api, what.of, depth=0),)
    return (first(url, what.read),)


def wanted(plan: SourcePlan) -> Wanted:
    """What the options say, else what the address shows."""
    read, of = str(plan.config.get("read") or "address"), str(plan.config.get("of") or "").strip()
    said = of_address(plan.address)
    api = said.api if said else origin(plan.address)
    if read == "address":
        return said or Wanted("search", of, api)
    if read in {"feed", "thread"}:
        shown = of_address(of)
        of = shown.of if shown else of
    return Wanted(read, of.removeprefix("@") if read == "author" else of, api)


def of_address(address: str) -> Wanted | None:
    """What an address of bsky.app, or of an AppView's own interface, shows; None for others."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if found := _METHODS.get(parts.path.rpartition("/")[2]):
        return Wanted(found[0], query.get(found[1], ""), origin(address))
    if (parts.hostname or "").lower() not in _WEB_HOSTS:
        return None
    if parts.path.rstrip("/") == "/search":
        return Wanted("search", query.get("q", ""))
    if parts.path.startswith("/hashtag/"):
        return Wanted("search", "#" + unquote(parts.path.removeprefix("/hashtag/").strip("/")))
    shown = _PROFILE.match(parts.path)
    if not shown:
        return None
    actor = unquote(shown["actor"]).removeprefix("@")
    if shown["what"] == "post":
        return Wanted("thread", f"at://{actor}/app.bsky.feed.post/{shown['key']}")
    if shown["what"] == "feed":
        return Wanted("feed", f"at://{actor}/app.bsky.feed.generator/{shown['key']}")
    return Wanted("author", actor)


def method(api: str, name: str, **parameters: object) -> str:
    """The address of a method of an AppView."""
    return with_query(f"{api}/xrpc/app.bsky.{name}", **parameters)


def thread(api: str, uri: str, *, depth: int) -> Fetch:
    """A post with its replies."""
    url = method(api, "feed.getPostThread", uri=uri, depth=100, parentHeight=20)
    return Fetch(url, step="thread", depth=depth)
