"""Where the crawl of a list begins: its first page."""

from crawler.page import Fetch, SourcePlan

LIST_PRIORITY = 10


def start(plan: SourcePlan) -> tuple[Fetch, ...]:
    """The address of the source as the first page of the list."""
    return (Fetch(plan.address, step="list", priority=LIST_PRIORITY, meta={"n": 1}),)
