"""Writes the main figures into a page of the documentation, between two marks that stand in it."""

import re
from collections.abc import Iterator, Sequence

from search.evaluation.printed import written
from search.evaluation.tables import Table

#: Tables that stand in the documentation; the page has them all.
_SHOWN = ("figures", "disguises", "length", "diacritics", "lanes")
_BETWEEN = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def with_figures(document: str, tables: Sequence[Table], *, version: str) -> str:
    """The document with the tables of this run between its marks. Raises ValueError without marks."""
    if not _BETWEEN.search(document):
        raise ValueError("no marks <!-- figures --> and <!-- end of figures -->")
    shown = [table for name in _SHOWN for table in tables if table.name == name]
    lines = [f"Rules `{version}`.", "", *(line for table in shown for line in _markdown(table))]
    return _BETWEEN.sub(lambda marks: marks[1] + "\n".join(lines) + marks[2], document)


def _markdown(table: Table) -> Iterator[str]:
    yield f"### {table.title.en}"
    yield ""
    yield _row([column.en for column in table.columns])
    yield "|" + "---|" * len(table.columns)
    for at, row in enumerate(table.rows):
        yield _row([written(cell, per_thousand=at in table.rare) for cell in row])
    yield ""
    if table.note:
        yield table.note.en
        yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
