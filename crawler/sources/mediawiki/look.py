"""Which request shows one change of a wiki again: its revision, by the interface."""

from urllib.parse import parse_qs, urlsplit

from crawler.page import Fetch, SourcePlan
from crawler.sources.mediawiki.spider import index_address, revision


def look(plan: SourcePlan, url: str) -> Fetch | None:
    """The revision that the address names, where it is one of the source's own wiki."""
    if urlsplit(url).netloc != urlsplit(index_address(plan.address)).netloc:
        return None
    number = parse_qs(urlsplit(url).query).get("diff", [""])[0]
    return revision(plan, int(number)) if number.isascii() and number.isdigit() else None
