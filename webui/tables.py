"""Tables that leave the house as CSV: no cell of them is a formula, and spreadsheets read them as UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""At the start of a file: it is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """The rows as lines of CSV. What people wrote elsewhere is data: Excel runs what begins like a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([_plain(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
