"""Lowers a query to the few steps that every engine has, so that all engines mean the same."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from search.index.columns import FACET_COLUMNS, NOBODY
from search.query import FieldTerm, Node, Not, Or, Phrase, Query, Sort, Word, positive
from search.query_fields import value_key


@dataclass(frozen=True, slots=True)
class Tokens:
    """These tokens of a text column, next to each other."""

    column: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A keyword column holds at least one of the values; without values, nothing."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number column lies between both ends, each included, None being open."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Every:
    """All steps; without steps, every document."""

    steps: tuple["Step", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one step; without steps, nothing."""

    steps: tuple["Step", ...]


@dataclass(frozen=True, slots=True)
class Never:
    """Documents that the step does not find."""

    step: "Step"


Step: TypeAlias = Tokens | AnyOf | Between | Every | Either | Never


@dataclass(frozen=True, slots=True)
class Plan:
    """`words` give the relevance; `always` and `chosen` (by facet) only narrow.

    A facet is counted over `words`, `always` and all of `chosen` but its own.
    """

    words: Step
    always: tuple[Step, ...]
    chosen: dict[str, Step]
    facets: dict[str, str]
    sort: Sort

    def others(self, facet: str) -> tuple[Step, ...]:
        """What narrows this facet, apart from `words` and `always`."""
        return tuple(step for name, step in self.chosen.items() if name != facet)


def plan(query: Query, unit_ids: Collection[int | None] | None) -> Plan:
    """The plan of a query for somebody who may see posts of these units (None: all)."""
    chosen: dict[str, Step] = {}
    always: list[Step] = []
    for name, values in query.filters.items():
        if values and name in query.facets:
            chosen[name] = _field(name, values)
        elif values:
            always.append(_field(name, values))
    if query.since is not None or query.until is not None:
        low = query.since.toordinal() if query.since else None
        high = query.until.toordinal() if query.until else None
        always.append(Between("day_number", low, high))
    if unit_ids is not None:
        always.append(
            AnyOf("unit", tuple(sorted(NOBODY if u is None else str(u) for u in unit_ids)))
        )
    has_words = any(True for _ in positive(query.text))
    sort = Sort.RISK if query.sort is Sort.RELEVANCE and not has_words else query.sort
    facets = {name: FACET_COLUMNS[name] for name in query.facets}
    return Plan(_lower(query.text), tuple(always), chosen, facets, sort)


def _field(name: str, values: tuple[str, ...]) -> AnyOf:
    return AnyOf(name, tuple(value_key(name, value) for value in values))


def _lower(node: Node) -> Step:
    if isinstance(node, Word):
        return _text((node,), accented=node.accented)
    if isinstance(node, Phrase):
        return _text(node.words, accented=node.accented)
    if isinstance(node, FieldTerm):
        return _field(node.name, node.values)
    if isinstance(node, Not):
        return Never(_lower(node.node))
    steps = tuple(_lower(child) for child in node.nodes)
    return Either(steps) if isinstance(node, Or) else Every(steps)


def _text(words: tuple[Word, ...], *, accented: bool) -> Step:
    """With diacritics: as written, or wholly without them. Without: the folded column."""
    folded = tuple(word.folded for word in words)
    if not accented:
        return Tokens("folded", folded)
    return Either((Tokens("kept", tuple(word.kept for word in words)), Tokens("kept", folded)))
