"""What every search engine must do. The database is the record; an index can be thrown away."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from foundation.clock import office_time
from foundation.errors import Conflict, InvalidInput, Unavailable
from search.query import WINDOW, Message, Query
from search.query_ast import MAX_TOKEN
from search.query_fields import MAX_VALUE, fold, value_key
from search.text import NORMALISER_VERSION

SCHEMA_VERSION = 1
"""Raise it whenever a column, or the form in which values are compared, changes."""

FACET_SIZES = {
    "source": 100, "platform": 50, "level": 20, "state": 50, "group": 100, "kind": 50, "day": 366,
}  # fmt: skip
"""How many values of each facet are given back: the most frequent; of `day` the latest."""

TEXTS = ("kept", "folded")
KEYWORDS = (
    "source", "source_name", "platform", "level", "state", "group", "kind",
    "author", "contact", "urgent", "case", "day", "unit",
)  # fmt: skip
NUMBERS = ("id", "score", "at", "day_number", "version")
FACET_COLUMNS = {name: name for name in FACET_SIZES} | {"source": "source_name"}
NOBODY = "none"
"""Stands in `unit` and `case` for a post that has none."""
_LAST_SCORE = _LAST_SECOND = 2**32 - 1
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


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

    An empty index that was made because none was found has the normaliser 0: nobody can know
    whether posts are missing from it, so only a rebuild makes it whole.
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
        """Whether the index is missing, cannot be read, was made empty in place of a lost one (so
        a first index too), or was written with other versions than this program's."""

    def begin_rebuild(self) -> Rebuild:
        """An empty index beside the one that goes on being searched and written."""

    def switch(self, rebuild: Rebuild) -> None:
        """Commits the rebuild and puts it in the place of the old index at once for everybody."""

    def abandon(self, rebuild: Rebuild) -> None:
        """Throws an unfinished rebuild away."""

    def close(self) -> None:
        """Gives up the lock and the connections."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One document as both engines store it: the same columns, the same values."""

    texts: dict[str, str]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int] = field(default_factory=dict)


def published(doc: IndexDocument) -> datetime:
    """When it was posted, or first seen where the page says nothing or nonsense."""
    posted = doc.posted_at
    return posted if posted is not None and _FIRST <= posted < _LAST else doc.seen_at


def columns(doc: IndexDocument) -> Columns:
    """The columns of a document, with every value in the form in which it is compared."""
    moment = published(doc)
    day = office_time(moment).date()
    single = {
        "source_name": doc.source[:MAX_VALUE],
        "day": day.isoformat(),
        "urgent": "yes" if doc.urgent else "no",
        "unit": NOBODY if doc.unit_id is None else str(doc.unit_id),
        **{name: value_key(name, getattr(doc, name)) for name in _CODES},
    }
    keywords: dict[str, tuple[str, ...]] = {
        **{name: (value,) for name, value in single.items() if value},
        "source": (value_key("source", doc.source), str(doc.source_id)),
        "group": tuple(value_key("group", group) for group in doc.groups),
        "author": _author_keys(doc.author),
        "contact": tuple(key for contact in doc.contacts for key in _contact_keys(contact)),
        "case": (NOBODY,) if doc.case_id is None else (str(doc.case_id), "any"),
    }
    return Columns(
        texts={"kept": clip(doc.kept), "folded": clip(doc.folded)},
        keywords={name: tuple(dict.fromkeys(values)) for name, values in keywords.items()},
        numbers={
            "id": doc.id,
            "score": min(max(doc.score, 0), _LAST_SCORE),
            "at": min(max(int(moment.timestamp()), 0), _LAST_SECOND),
            "day_number": day.toordinal(),
            "version": doc.version,
        },
    )


_CODES = ("platform", "level", "state", "kind")


def clip(text: str) -> str:
    """Cuts words that no person wrote; an engine would split or refuse them."""
    if len(text) <= MAX_TOKEN:
        return text
    return " ".join(token[:MAX_TOKEN] for token in text.split(" "))


def _author_keys(author: str) -> tuple[str, ...]:
    return tuple(key for key in (value_key("author", author),) if key)


def _contact_keys(contact: str) -> tuple[str, ...]:
    """The contact as a whole and, for `phone:0900...`, without its kind."""
    kind, colon, rest = contact.partition(":")
    whole = value_key("contact", contact)
    bare = value_key("contact", rest) if colon and fold(kind).isalpha() else ""
    return tuple(key for key in (whole, bare) if key)


def ordered_facet(name: str, counts: Iterable[tuple[str, int]]) -> list[FacetCount]:
    """The values of one facet in their order (see Hits), cut at FACET_SIZES."""
    found = [FacetCount(value, count) for value, count in counts if count]
    if name == "day":
        found.sort(key=lambda one: one.value, reverse=True)
    else:
        found.sort(key=lambda one: (-one.count, one.value))
    return found[: FACET_SIZES[name]]


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
            "The search index is new or of another version: not all posts are found (%(posts)s are)",
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
