"""Which request shows one video again: the interface, by its number."""

from urllib.parse import parse_qs, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.youtube.spider import api_of, videos


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """A list that holds the video, or is empty; comments are not asked for one by one."""
    query = parse_qs(urlsplit(url).query)
    number = query.get("v", [""])[0]
    if not number or "lc" in query:
        return None
    return videos(api_of(plan), [number])
