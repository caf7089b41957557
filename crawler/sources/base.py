"""What a kind of source is: a name, a form, where a crawl begins and how a page is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crawler.page import Fetch, Page, Parsed, Problem, SourcePlan
from crawler.sources.forms import Form


class Way(StrEnum):
    """How posts of a kind come in."""

    CRAWL = "crawl"
    FILE = "file"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a pasted address seems to be: the kind, the address and options a source of it would have.

    `sure` is False where only a visit can tell (an address that looks like a forum's). `platform` is a
    value of search.post.Platform, or empty where the kind does not tell it.
    """

    kind: str
    address: str
    options: Mapping[str, Any] = field(default_factory=dict)
    sure: bool = False
    platform: str = ""


def nothing_to_fetch(_plan: SourcePlan) -> tuple[Fetch, ...]:
    """Where nothing is fetched from the network."""
    return ()


def nothing_to_read(_plan: SourcePlan, _page: Page) -> Parsed:
    """Where no page is read."""
    return Parsed()


def nothing_recognised(_address: str, _page: Page | None = None) -> Guess | None:
    """Where no address can be told to be of the kind."""
    return None


def nothing_to_look_at(_plan: SourcePlan, _url: str) -> Fetch | None:
    """Where a post is looked at again by its web page."""
    return None


def nothing_shown(_plan: SourcePlan, _page: Page) -> bool:
    """Where a page with a login form cannot be told from a wall."""
    return False


def nothing_explained(_plan: SourcePlan, _page: Page) -> Problem | None:
    """Where an answer with an error is told by its status alone."""
    return None


def its_address(plan: SourcePlan) -> str:
    """Where the address of a source is also that of its API."""
    return plan.address


def free(_fetch: Fetch) -> int:
    """Where no request costs anything."""
    return 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source. `label` and `help` are msgids; all functions are pure."""

    name: str
    label: str
    help: str
    way: Way
    form: Form
    start: Callable[[SourcePlan], tuple[Fetch, ...]] = nothing_to_fetch
    read: Callable[[SourcePlan, Page], Parsed] = nothing_to_read
    recognise: Callable[..., Guess | None] = nothing_recognised
    """From an address and, where there is one, the page it answered with."""
    platform: str = ""
    """Where its posts were published (search.post.Platform), where the kind tells it."""
    json: bool = False
    """Its answers are JSON: no wall is looked for in the words of posts."""
    look: Callable[[SourcePlan, str], Fetch | None] = nothing_to_look_at
    """The request whose answer holds the post at an address, for looking again; `read` reads it."""
    explain: Callable[[SourcePlan, Page], Problem | None] = nothing_explained
    """What an answer of the API with an error status means; None: its status says it all."""
    shows: Callable[[SourcePlan, Page], bool] = nothing_shown
    """Whether a page that asks for a login shows its entries all the same: a form beside them is no wall."""
    api: Callable[[SourcePlan], str] = its_address
    """Where its API lies for this source: the only server a key is sent to."""
    credential: str = ""
    """The platform whose key or token is added to its requests (crawler.credentials)."""
    needs_credential: bool = False
    granted: bool = False
    """Its requests are allowed by a key with terms of its own, so robots.txt is not asked."""
    cost: Callable[[Fetch], int] = free
    """Units of the day's quota that a request costs."""

    @property
    def needs_address(self) -> bool:
        return self.way == Way.CRAWL
