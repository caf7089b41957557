"""Where the crawl of a feed begins: its address, asked for only if it has changed."""

from crawler.page import Fetch, SourcePlan


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The feed itself, with the validators that it gave last time."""
    known = plan.state.get("validators", {}).get(plan.address, {})
    headers = {}
    if etag := known.get("etag"):
        headers["If-None-Match"] = etag
    if modified := known.get("last_modified"):
        headers["If-Modified-Since"] = modified
    return (Fetch(plan.address, step="feed", headers=headers, meta={"n": 1}),)
