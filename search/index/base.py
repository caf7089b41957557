"""What every search engine must do. The database is the record; an index can be thrown away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from foundation.errors import Conflict, InvalidInput, Unavailable
from search.query import WINDOW, Message, Query
from search.text import NORMALISER_VERSION

SCHEMA_VERSION = 1
"""Raise it whenever a column, or the form in which values are compared, changes."""


class IndexUnavailable(Unavailable):
    """The engine does not answer, or there is no index yet; the database has everything."""

    key = "error.index_unavailable"


class IndexOutdated(IndexUnavailable):
    """The index was written by another version of the program and must be rebuilt."""

    key = "error.index_outdated"


class IndexBusy(Conflict):
    """Another process is writing to this index."""

    key = "error.index_busy"


class PageTooDeep(InvalidInput):
    """Beyond the first WINDOW posts nothing is shown: the search must be narrowed."""

    key = "error.search_page_too_deep"


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """What the index knows of one post; ids and codes, no text that could be read back.

    `kept` and `folded` are the normaliser's two forms. `posted_at` (None where the page does not
    say) and `seen_at` are aware. Codes (`platform`, `level`, `state`, `kind`, `groups`) are
    compared, and come back in facets, in lower case.
    """

    id: int
    kept: str
    folded: str
    source_id: int
    source: str
    platform: str
    level: str
    score: int
    kind: str
    state: str
    groups: tuple[str, ...]
    author: str
    contacts: tuple[str, ...]
    urgent: bool
    unit_id: int | None
    case_id: int | None
    posted_at: datetime | None
    seen_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value of a facet and how many posts have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hits:
    """One page: post ids in order, the number of all hits, facets in order, milliseconds taken.

    Facets are ordered by count, then value; `day` from the latest. A facet ignores the filter of
    its own name and obeys all others, so that another value can be chosen beside the chosen one.
    """

    ids: list[int]
    total: int
    facets: dict[str, list[FacetCount]]
    took_ms: float


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """Whether searching works and finds everything; if not, what is wrong and what to do."""

    ok: bool
    detail: Message
    remedy: Message | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """What an index was written with.

    An empty index that was made in the place of one that was lost has the normaliser 0: posts are
    missing from it, and only a rebuild makes it whole.
    """

    schema: int = SCHEMA_VERSION
    normaliser: int = NORMALISER_VERSION

    @property
    def blank(self) -> "Versions":
        """The same, of an index that no rebuild has filled."""
        return Versions(self.schema, 0)


class Rebuild(Protocol):
    """A second index, filled beside the one that is searched; lost if never switched to."""

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        """Adds the documents or replaces those with the same id; kept at the next commit."""

    def delete(self, ids: Iterable[int]) -> None:
        """Removes documents; unknown ids are no error."""

    def commit(self) -> None:
        """Makes what was written so far durable."""

    def count(self) -> int:
        """How many documents were committed."""


class SearchIndex(Protocol):
    """One engine. Writing needs an index opened as writer, of which there is one at a time."""

    def upsert(self, docs: Iterable[IndexDocument]) -> None:
        """Adds or replaces by id; durable when it returns, so an outbox row may go."""

    def delete(self, ids: Iterable[int]) -> None:
        """Removes by id; unknown ids are no error; durable when it returns."""

    def search(self, query: Query, *, unit_ids: Collection[int | None] | None) -> Hits:
        """One page of what the query finds among posts of these units.

        `unit_ids`: None is every post; a set is these units alone, and posts of no unit only if
        None is among them; an empty set finds nothing. Raises PageTooDeep, IndexUnavailable.
        """

    def refresh(self) -> None:
        """Lets searches through this object see all that was written; without it, in a second."""

    def count(self) -> int:
        """How many posts searches see now."""

    def health(self) -> IndexHealth:
        """Tries the index; never raises."""

    @property
    def versions(self) -> Versions | None:
        """What the index was written with; None where there is none."""

    def needs_rebuild(self) -> bool:
        """Whether the index is missing, cannot be read, was made empty in place of a lost one, or
        was written with other versions than this program's. That a first index is empty while the
        database is not (a backup restored elsewhere) only the owner of both can see."""

    def begin_rebuild(self) -> Rebuild:
        """An empty index beside the one that goes on being searched and written."""

    def switch(self, rebuild: Rebuild) -> None:
        """Commits the rebuild and puts it in the place of the old index at once for everybody."""

    def abandon(self, rebuild: Rebuild) -> None:
        """Throws an unfinished rebuild away."""

    def close(self) -> None:
        """Gives up the lock and the connections."""


def health_of(posts: int, *, whole: bool, server: str = "") -> IndexHealth:
    """The health of an index that answers; `whole` is whether it needs no rebuild."""
    if whole:
        detail = Message(
            "%(posts)s posts in the search index%(server)s",
            {"posts": str(posts), "server": f" ({server})" if server else ""},
        )
        return IndexHealth(ok=True, detail=detail)
    return IndexHealth(
        ok=False,
        detail=Message(
            "The search index was lost or is of another version: not all posts are found (%(posts)s are)",
            {"posts": str(posts)},
        ),
        remedy=Message("Run: rasoat index rebuild"),
    )


def check_depth(query: Query) -> None:
    """Raises PageTooDeep where the page ends beyond WINDOW posts."""
    if query.offset + query.size > WINDOW:
        raise PageTooDeep(
            f"only the first {WINDOW} posts of a search can be paged through", window=WINDOW
        )
