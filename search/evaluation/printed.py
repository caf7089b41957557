"""Tables as lines of a terminal."""

from collections.abc import Iterator

from search.evaluation.figures import Share
from search.evaluation.tables import Cell, Table
from search.rules.model import Words


def lines_of(table: Table) -> Iterator[str]:
    """A title, a line of columns, a line for each row, an empty line. In English."""
    rows = [tuple(column.en for column in table.columns)]
    rows += [
        tuple(written(cell, per_thousand=at in table.rare) for cell in row)
        for at, row in enumerate(table.rows)
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.columns))]
    yield f"== {table.title.en}"
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
        yield "  ".join(cells).rstrip()
    if table.note:
        yield table.note.en
    yield ""


def written(cell: Cell, *, per_thousand: bool = False) -> str:
    """One cell in English."""
    if cell is None:
        return "-"
    if isinstance(cell, Words):
        return cell.en
    if isinstance(cell, float):
        return f"{cell:.1f}"
    return cell if isinstance(cell, str) else share_of(cell, per_thousand=per_thousand)


def share_of(cell: Share, *, per_thousand: bool) -> str:
    """A share with its interval and the numbers it comes from."""
    if not cell.of:
        return "-"
    low, high = cell.interval
    if per_thousand:
        return (
            f"{cell.per_thousand:.2f} ‰ [{1000 * low:.2f}-{1000 * high:.2f}] {cell.found}/{cell.of}"
        )
    return f"{100 * cell.rate:.1f} % [{100 * low:.0f}-{100 * high:.0f}] {cell.found}/{cell.of}"
