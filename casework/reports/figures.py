"""Figures of a period, each with the records behind it; every room gives its own through a provider."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

from casework.domain.deadlines import end_of_day
from casework.reports.definitions import DEFINITIONS, Definition

Ref = tuple[str, int]
"""Kind and id of a record: ("post", 12), ("takedown_item", 7), ("payment", 3) ..."""


@dataclass(frozen=True)
class Figure:
    """A value and the records it was counted from.

    `parts` splits it (by platform). `note` is a key that the page words.
    """

    id: str
    value: int
    refs: tuple[Ref, ...] = ()
    parts: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    note: str = ""

    def __add__(self, other: "Figure") -> "Figure":
        """The same figure told by two rooms; parts with the same name are joined."""
        parts = {
            name: (*self.parts.get(name, ()), *other.parts.get(name, ()))
            for name in (*self.parts, *other.parts)
        }
        refs = (*self.refs, *other.refs)
        return Figure(self.id, self.value + other.value, refs, parts, self.note or other.note)

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; the same figure gives the same mapping."""
        return {
            "id": self.id,
            "value": self.value,
            "refs": [list(each) for each in self.refs],
            "parts": {
                name: [list(each) for each in refs] for name, refs in sorted(self.parts.items())
            },
            "note": self.note,
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Figure":
        """From what `plain` gave."""
        return cls(
            data["id"],
            data["value"],
            _refs(data["refs"]),
            {name: _refs(refs) for name, refs in data["parts"].items()},
            data["note"],
        )


@dataclass(frozen=True)
class Scope:
    """A period of a unit: both days belong to it. `unit_id` None is the whole office."""

    first: date
    last: date
    unit_id: int | None = None

    @property
    def since(self) -> datetime:
        """The first moment of the first day in Viet Nam."""
        return end_of_day(self.first - timedelta(days=1))

    @property
    def until(self) -> datetime:
        """The moment at which the last day is over."""
        return end_of_day(self.last)

    def units(self, column: InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
        """Rows of the unit, and those of no unit."""
        if self.unit_id is None:
            return true()
        return or_(column.is_(None), column == self.unit_id)


Provider = Callable[[Session, Scope], Iterable[Figure]]
_PROVIDERS: dict[str, Provider] = {}


def register_figures(room: str, provider: Provider) -> None:
    """A room tells its figures; told again, it replaces."""
    _PROVIDERS[room] = provider


def compute(session: Session, scope: Scope) -> dict[str, Figure]:
    """Every figure of the period by id, in the order of the definitions; 0 where nothing was found."""
    found: dict[str, Figure] = {}
    for provider in _PROVIDERS.values():
        for figure in provider(session, scope):
            found[figure.id] = found[figure.id] + figure if figure.id in found else figure
    missing = set(found) - set(DEFINITIONS)
    if missing:
        raise ValueError(f"figures without a definition: {sorted(missing)}")
    return {name: found.get(name, Figure(name, 0)) for name in DEFINITIONS}


def counted(name: str, kind: str, ids: Iterable[int], **more: Any) -> Figure:
    """A figure that is the number of its records."""
    refs = tuple((kind, each) for each in ids)
    return Figure(name, len(refs), refs, **more)


def by_part(kind: str, pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[Ref, ...]]:
    """Parts from (name, id) pairs."""
    parts: dict[str, list[Ref]] = {}
    for name, each in pairs:
        parts.setdefault(name, []).append((kind, each))
    return {name: tuple(refs) for name, refs in sorted(parts.items())}


def changed(
    frozen: Mapping[str, Figure], live: Mapping[str, Figure]
) -> Sequence[tuple[Definition, Figure, Figure]]:
    """The figures whose value or records differ from what was issued: definition, then, now."""
    return [
        (DEFINITIONS[name], then, live.get(name, Figure(name, 0)))
        for name, then in frozen.items()
        if name in DEFINITIONS and _differs(then, live.get(name, Figure(name, 0)))
    ]


def _differs(then: Figure, now: Figure) -> bool:
    return then.value != now.value or set(then.refs) != set(now.refs)


def _refs(data: Iterable[Sequence[Any]]) -> tuple[Ref, ...]:
    return tuple((str(kind), int(each)) for kind, each in data)
