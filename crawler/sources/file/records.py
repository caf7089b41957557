"""Records of a file with the line each begins at; a broken one costs only itself.

A quote that is never closed would swallow the rest of a CSV. Such a record is reported at its first line,
and reading goes on at the next.
"""

import csv
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from crawler.page import Problem

MAX_RECORD_LINES = 300
MAX_FIELD = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first and last line (counted from 1), and its fields by name, or what is wrong."""

    line: int
    last_line: int
    fields: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None


class _Runaway(Exception):
    """A record that does not end where one should."""


class _Lines:
    """Physical lines with their numbers; some can be put back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES:
            raise _Runaway
        line = self._again.popleft() if self._again else self._stream.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line.replace("\x00", "")

    def put_back_all_but_first(self) -> None:
        rest = self.taken[1:]
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.taken = self.taken[:1]


def csv_records(stream: TextIO, delimiter: str, skip_to: int = 0) -> Iterator[Record]:
    """The records of a CSV below its header; those up to line `skip_to` were read before."""
    csv.field_size_limit(MAX_FIELD)
    lines = _Lines(stream)
    header = _header(lines, delimiter)
    while lines.number < skip_to:
        lines.taken = []
        if next(lines, None) is None:
            return
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken, first = [], lines.number + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except (csv.Error, _Runaway) as error:
            lines.put_back_all_but_first()
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            words = "a quote is not closed" if isinstance(error, _Runaway) else str(error)
            problem = Problem("bad_row", "", "row", {"line": first, "error": words})
            yield Record(first, lines.number, problem=problem)
            continue
        if values:
            if len(header) == 1:  # one text a line: what looks like a delimiter belongs to it
                values = [delimiter.join(values)]
            yield _record(first, lines.number, header, values)


def csv_header(stream: TextIO, delimiter: str) -> list[str]:
    """The names of the columns."""
    return _header(_Lines(stream), delimiter)


def json_records(stream: TextIO, skip_to: int = 0) -> Iterator[Record]:
    """The objects of a JSON lines file."""
    for number, line in enumerate(stream, 1):
        if number <= skip_to or not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            yield Record(number, number, problem=_not_json(number, str(error)))
            continue
        if isinstance(value, dict):
            yield Record(number, number, value)
        else:
            yield Record(number, number, problem=_not_json(number, type(value).__name__))


def _header(lines: _Lines, delimiter: str) -> list[str]:
    for values in csv.reader(lines, delimiter=delimiter):
        if any(value.strip() for value in values):
            return [value.strip().lstrip("\ufeff") for value in values]
        lines.taken = []
    return []


def _record(first: int, last: int, header: list[str], values: list[str]) -> Record:
    if len(values) > len(header) and any(values[len(header) :]):
        detail = {"line": first, "found": len(values), "wanted": len(header)}
        return Record(first, last, problem=Problem("row_fields", "", "row", detail))
    return Record(first, last, dict(zip(header, values, strict=False)))


def _not_json(line: int, error: str) -> Problem:
    return Problem("row_json", "", "row", {"line": line, "error": error[:200]})
