"""The search language, engine-neutral and pure: the one place to import it from."""

from search.query_ast import (
    EVERYTHING,
    FACETS,
    FILTERS,
    MAX_SIZE,
    WINDOW,
    And,
    FieldTerm,
    Message,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Sort,
    Word,
    positive,
    words,
)
from search.query_parser import parse
from search.query_words import describe

__all__ = [
    "EVERYTHING",
    "FACETS",
    "FILTERS",
    "MAX_SIZE",
    "WINDOW",
    "And",
    "FieldTerm",
    "Message",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "Sort",
    "Word",
    "describe",
    "parse",
    "positive",
    "words",
]
