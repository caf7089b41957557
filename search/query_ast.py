"""What a search is, free of any engine: the tree of words and everything that narrows it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from search.text import normalise

FILTERS = (
    "source", "platform", "level", "state", "group", "kind",
    "author", "contact", "urgent", "case", "day",
)  # fmt: skip
FACETS = ("source", "platform", "level", "state", "group", "kind", "day")
WINDOW = 10_000
"""How deep paging goes, in posts; both engines refuse the same page."""
MAX_SIZE = 500
MAX_TOKEN = 200
"""Characters of one word that are indexed and searched; a longer one is junk of a page."""


def untranslated(msgid: str) -> str:
    """The translator of those who want English."""
    return msgid


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: an English msgid with named places; places may hold messages."""

    msgid: str
    places: Mapping[str, "str | Message"] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = untranslated) -> str:
        """The sentence in the language of `translate` (gettext)."""
        filled = {
            name: place if isinstance(place, str) else place.text(translate)
            for name, place in self.places.items()
        }
        return translate(self.msgid) % filled if filled else translate(self.msgid)

    def __str__(self) -> str:
        return self.text()


class Sort(StrEnum):
    """The order of hits. Ties always fall to the id, so that pages neither repeat nor skip."""

    RISK = "risk"
    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class Word:
    """One normalised syllable or word in both forms."""

    kept: str
    folded: str

    @property
    def accented(self) -> bool:
        """Whether it carries a diacritic, and so must be found with it or wholly without."""
        return self.kept != self.folded


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words or more, next to each other in this order."""

    words: tuple[Word, ...]

    @property
    def accented(self) -> bool:
        """Whether any word carries a diacritic: then the phrase is found as written or bare."""
        return any(word.accented for word in self.words)


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A property of the post inside the tree of words; any of the values will do."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Posts that the node does not find."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Posts that every node finds; without nodes, every post."""

    nodes: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """Posts that at least one node finds."""

    nodes: tuple["Node", ...]


Node: TypeAlias = Word | Phrase | FieldTerm | Not | And | Or
EVERYTHING = And()


def words(text: str) -> tuple[Word, ...]:
    """The words of a text as the normaliser reads it, each cut at MAX_TOKEN characters."""
    normal = normalise(text)
    pairs = zip(normal.kept.split(), normal.folded.split(), strict=True)
    return tuple(Word(kept[:MAX_TOKEN], folded[:MAX_TOKEN]) for kept, folded in pairs)


def positive(node: Node) -> Iterator[Word | Phrase]:
    """The words and phrases that make a post a hit: all but those behind a `not`."""
    if isinstance(node, Word | Phrase):
        yield node
    elif isinstance(node, And | Or):
        for child in node.nodes:
            yield from positive(child)


@dataclass(frozen=True)
class Query:
    """One search.

    `filters` maps a name of FILTERS to values of which any will do; different names must all hold.
    `since` and `until` are days in the office's zone, both included; they, and the facet `day`,
    look at when the post was published, or first seen where the page does not say.
    `page` counts from 1. `facets` are names of FACETS. `notes` say what could not be read.
    Raises ValueError for a page, a size or a name that cannot be.
    """

    text: Node = EVERYTHING
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.RISK
    page: int = 1
    size: int = 20
    facets: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        if self.page < 1 or not 1 <= self.size <= MAX_SIZE:
            raise ValueError(f"page {self.page} of {self.size} posts cannot be shown")
        unknown = (set(self.filters) - set(FILTERS)) | (set(self.facets) - set(FACETS))
        if unknown:
            raise ValueError(f"the index knows no {', '.join(sorted(unknown))}")

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.size

    def narrowed(self, filters: Mapping[str, tuple[str, ...]]) -> "Query":
        """The same search, with the values of these filters added to those it has."""
        merged = dict(self.filters)
        for name, values in filters.items():
            merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), *values)))
        return replace(self, filters=merged)
