"""Which request shows one post of Bluesky again: its thread."""

from crawler.page import Fetch, SourcePlan
from crawler.sources.bluesky.spider import of_address, thread, wanted


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The thread of the post that an address of bsky.app names."""
    shown = of_address(url)
    if shown is None or shown.read != "thread":
        return None
    return thread(wanted(plan).api, shown.of, depth=0)
