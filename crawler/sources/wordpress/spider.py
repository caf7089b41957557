"""Where the crawl of a WordPress site begins: its posts, then its comments, the newest changes first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.api import with_query
from crawler.sources.lists import first, remembered

POSTS, COMMENTS = "wordpress posts", "wordpress comments"
PER_PAGE = 100
_EMBED = "author,wp:featuredmedia"
_OURS = {"rest_route", "page", "per_page", "order", "orderby", "modified_after", "after", "_embed"}


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The first page of posts and, if wanted, of comments; of both only what is new since the last run."""
    words = str(plan.config.get("search") or "") or None
    posts = route(
        plan.address,
        "/wp/v2/posts",
        per_page=PER_PAGE,
        page=1,
        orderby="modified",
        order="desc",
        _embed=_EMBED,
        search=words,
        modified_after=_since(remembered(plan, key_of(plan, POSTS))),
        **_kept(plan.address),
    )
    found = [first(posts, "posts", chain="posts")]
    asked = _kept(plan.address)
    if plan.config.get("comments", True) and (not asked or "include" in asked):
        found.append(comments(plan, asked.get("include")))
    return tuple(found)


def comments(plan: SourcePlan, of: str | None, *, depth: int = 0) -> Fetch:
    """The first page of comments, the newest first: of the whole site, or `of` these posts."""
    url = route(
        plan.address,
        "/wp/v2/comments",
        per_page=PER_PAGE,
        page=1,
        orderby="date",
        order="desc",
        search=str(plan.config.get("search") or "") or None,
        after=_since(remembered(plan, key_of(plan, COMMENTS))),
        post=of,
    )
    made = first(url, "comments", chain=f"comments {of}" if depth else "comments")
    return Fetch(made.url, made.step, depth=depth, priority=made.priority, meta=made.meta)


def comments_of(plan: SourcePlan, numbers: Sequence[int], *, depth: int) -> tuple[Fetch, ...]:
    """The comments of posts that were read; only where the source is a part of its site, such as one author's."""
    apart = _kept(plan.address)
    if not apart or "include" in apart or not numbers or not plan.config.get("comments", True):
        return ()
    return (comments(plan, ",".join(map(str, numbers)), depth=depth),)


def key_of(plan: SourcePlan, name: str) -> str:
    """The list in the source's memory; other search words are another list."""
    words = str(plan.config.get("search") or "")
    return f"{name} {words}".strip()


def route(address: str, path: str, **parameters: Any) -> str:
    """The address of a route of the site's interface, also where the site has no pretty addresses."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    if "rest_route" in query:
        base = urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))
        return with_query(base, rest_route=path, **parameters)
    head = parts.path.partition("/wp-json")[0].rstrip("/")
    return with_query(
        urlunsplit((parts.scheme, parts.netloc, f"{head}/wp-json{path}", "", "")), **parameters
    )


def _kept(address: str) -> dict[str, str]:
    """What a pasted address of the interface itself asks for, such as a category."""
    if "/wp/v2/posts" not in unquote(address):
        return {}
    return {name: value for name, value in parse_qsl(urlsplit(address).query) if name not in _OURS}


def _since(mark: object) -> str | None:
    """The site's own clock, a second earlier: it compares whole seconds, and leaves out the one named."""
    if not isinstance(mark, str):
        return None
    try:
        return (datetime.fromisoformat(mark) - timedelta(seconds=1)).isoformat()
    except ValueError:
        return None
