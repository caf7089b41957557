"""Which request shows one post or comment of a WordPress site again: the interface, by its slug or number."""

from urllib.parse import parse_qs, unquote, urldefrag, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.wordpress.spider import route


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """A list that holds the post, or is empty: a slug that is gone leads web pages to other posts."""
    page, anchor = urldefrag(url)
    if anchor.startswith("comment-") and anchor[8:].isdigit():
        one = route(plan.address, "/wp/v2/comments", include=anchor[8:])
        return Fetch(one, step="comments", meta={"n": 1, "chain": "comments"})
    parts = urlsplit(page)
    number = parse_qs(parts.query).get("p", [""])[0]
    if number.isdigit():
        found = route(
            plan.address, "/wp/v2/posts", include=number, _embed="author,wp:featuredmedia"
        )
    else:
        slug = unquote(parts.path).rstrip("/").rpartition("/")[2]
        if not slug:
            return None
        found = route(plan.address, "/wp/v2/posts", slug=slug, _embed="author,wp:featuredmedia")
    return Fetch(found, step="posts", meta={"n": 1, "chain": "posts"})
