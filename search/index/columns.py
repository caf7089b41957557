"""A document as both engines store it: the same columns holding the same values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from foundation.clock import office_time
from search.index.base import FacetCount, IndexDocument
from search.query_ast import MAX_TOKEN
from search.query_fields import MAX_VALUE, fold, value_key

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
_CODES = ("platform", "level", "state", "kind")
_TOO_LONG = re.compile(rf"([^ ]{{{MAX_TOKEN}}})[^ ]+")
_LAST_SCORE = _LAST_SECOND = 2**32 - 1
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Columns:
    """One document as both engines store it: the same columns, the same values."""

    texts: dict[str, str]
    keywords: dict[str, tuple[str, ...]]
    numbers: dict[str, int]


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


def clip(text: str) -> str:
    """Cuts words that no person wrote; an engine would split or refuse them."""
    return _TOO_LONG.sub(r"\1", text)


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
