"""What a kind of source is: a name, a form, where a crawl begins and how a page is read."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from crawler.page import Fetch, Page, Parsed, SourcePlan
from crawler.sources.forms import Form


class Way(StrEnum):
    """How posts of a kind come in."""

    CRAWL = "crawl"
    FILE = "file"
    HAND = "hand"


def nothing_to_fetch(_plan: SourcePlan) -> tuple[Fetch, ...]:
    """Where nothing is fetched from the network."""
    return ()


def nothing_to_read(_plan: SourcePlan, _page: Page) -> Parsed:
    """Where no page is read."""
    return Parsed()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source. `label` and `help` are msgids; `start` and `read` are pure."""

    name: str
    label: str
    help: str
    way: Way
    form: Form
    start: Callable[[SourcePlan], tuple[Fetch, ...]] = nothing_to_fetch
    read: Callable[[SourcePlan, Page], Parsed] = nothing_to_read

    @property
    def needs_address(self) -> bool:
        return self.way == Way.CRAWL
