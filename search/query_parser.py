"""Reads what people type into a search box. It never fails: what it cannot read is words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from search.query_ast import (
    EVERYTHING,
    And,
    FieldTerm,
    Message,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    words,
)
from search.query_fields import field_of, read_date, readable

MAX_LENGTH = 2_000
MAX_PIECES = 100
MAX_DEPTH = 10

_PIECE = re.compile(
    r"""\s*(?:(?P<open>-?\()|(?P<close>\))|(?P<or>\|+|(?:OR|HOẶC)(?=[\s()]|$))|(?P<and>AND(?=[\s(]|$))
    |(?P<minus>-?)(?:(?P<name>[^\s:"“”()|-][^\s:"“”()|]{0,29}):)?
      (?:["“”](?P<quoted>[^"“”]*)["“”]|(?P<bare>[^\s"“”()|]+))
    |(?P<stray>\S))""",
    re.VERBOSE,
)


@dataclass
class _Reading:
    """Where the reader stands, and what it has found that is no word."""

    pieces: list[re.Match[str]]
    at: int = 0
    filters: dict[str, list[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    notes: dict[str, Message] = field(default_factory=dict)

    def note(self, msgid: str, text: str) -> None:
        """Tells the person what was not understood, each thing once."""
        message = Message(msgid, {"text": text})
        self.notes.setdefault(str(message), message)

    def peek(self, kind: str) -> bool:
        """Whether the next piece is of this kind."""
        return self.at < len(self.pieces) and self.pieces[self.at][kind] is not None


def parse(text: str) -> Query:
    """The search that the text asks for, on its first page, by risk, without facets.

    Words (all of them), "phrases", -not, OR, (groups), field:value, from:/to: days. Words bind
    closer than OR. A field outside brackets narrows the whole search; the same field twice widens.
    """
    reading = _Reading(list(_PIECE.finditer(text[:MAX_LENGTH])))
    if len(text) > MAX_LENGTH or len(reading.pieces) > MAX_PIECES:
        del reading.pieces[MAX_PIECES:]
        reading.note("The search was too long; this end was left out: %(text)s", text[-40:])
    alternatives = [_read_all(reading, 0)]
    while reading.at < len(reading.pieces):
        if reading.peek("close"):
            reading.note("A bracket without its partner was left out: %(text)s", ")")
            reading.at += 1
            alternatives[-1] = [*alternatives[-1], *_read_all(reading, 0)]
        else:
            reading.at += 1
            alternatives.append(_read_all(reading, 0))
    node = _either(_lift(alternatives, reading))
    return Query(
        text=node,
        filters={name: tuple(dict.fromkeys(values)) for name, values in reading.filters.items()},
        since=reading.since,
        until=reading.until,
        notes=tuple(reading.notes.values()),
    )


def _lift(alternatives: list[list[Node]], reading: _Reading) -> list[list[Node]]:
    """Takes fields that stand beside words out of the tree: they narrow the whole search.

    An alternative of fields alone stays in the tree, unless all alternatives are one same field.
    """
    found = [nodes for nodes in alternatives if nodes]
    names = {node.name if isinstance(node, FieldTerm) else "" for nodes in found for node in nodes}
    only_fields = len(names) == 1 and "" not in names
    kept: list[list[Node]] = []
    for nodes in found:
        fields = [node for node in nodes if isinstance(node, FieldTerm)]
        if len(found) > 1 and len(fields) == len(nodes) and not only_fields:
            kept.append(nodes)
            continue
        for term in fields:
            reading.filters.setdefault(term.name, []).extend(term.values)
        rest: list[Node] = [node for node in nodes if not isinstance(node, FieldTerm)]
        kept.append(rest)
    return [nodes for nodes in kept if nodes]


def _either(alternatives: list[list[Node]]) -> Node:
    """The tree of alternatives, without needless levels."""
    nodes = [_every(nodes) for nodes in alternatives if nodes]
    if not nodes:
        return EVERYTHING
    return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _every(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _read_all(reading: _Reading, depth: int) -> list[Node]:
    """Pieces up to the next OR, closing bracket or end: all of them must hold."""
    nodes: list[Node] = []
    while reading.at < len(reading.pieces) and not (reading.peek("or") or reading.peek("close")):
        nodes.extend(_read_one(reading, depth))
    return nodes


def _read_one(reading: _Reading, depth: int) -> list[Node]:
    piece = reading.pieces[reading.at]
    reading.at += 1
    if piece["and"]:
        return []
    if piece["stray"]:
        reading.note("Read as plain words, its partner is missing: %(text)s", piece["stray"])
        return []
    if piece["bare"] and piece["name"] is None and not piece["minus"]:
        return _read_bare(reading, piece["bare"])
    if piece["open"]:
        node = _read_group(reading, depth)
    elif piece["name"] is not None:
        node = _read_field(reading, piece)
    else:
        node = _read_words(piece["quoted"] or piece["bare"] or "")
    if node is None:
        return []
    return [Not(node)] if piece["minus"] or piece["open"] == "-(" else [node]


def _read_group(reading: _Reading, depth: int) -> Node | None:
    if depth >= MAX_DEPTH:
        reading.note("A bracket without its partner was left out: %(text)s", "(")
        return None
    alternatives = [_read_all(reading, depth + 1)]
    while reading.peek("or"):
        reading.at += 1
        alternatives.append(_read_all(reading, depth + 1))
    if reading.peek("close"):
        reading.at += 1
    else:
        reading.note("A bracket without its partner was left out: %(text)s", "(")
    node = _either(alternatives)
    return None if node == EVERYTHING else node


def _read_words(raw: str) -> Node | None:
    found = words(raw)
    if len(found) < 2:
        return found[0] if found else None
    return Phrase(found)


def _read_loose(raw: str) -> Node | None:
    """Words that need not stand together: what was meant for a field that cannot be read."""
    found = words(raw)
    return _every(list(found)) if found else None


def _read_bare(reading: _Reading, first: str) -> list[Node]:
    """One word; a run of single letters ("v a y") is read at once, as the normaliser joins it."""
    if first.endswith(":") and field_of(first[:-1]):
        reading.note("There is no value after %(text)s (write it without a space)", first)
    raw = [first]
    while _is_letter(raw[-1]) and reading.peek("bare"):
        following = reading.pieces[reading.at]
        if following["minus"] or following["name"] or not _is_letter(following["bare"]):
            break
        raw.append(following["bare"])
        reading.at += 1
    if len(raw) > 2:
        return list(words(" ".join(raw)))
    return [node for node in map(_read_words, raw) if node is not None]


def _is_letter(raw: str) -> bool:
    return len(raw) == 1 and raw.isalpha()


def _read_field(reading: _Reading, piece: re.Match[str]) -> Node | None:
    value = piece["quoted"] if piece["quoted"] is not None else piece["bare"]
    name = field_of(piece["name"])
    written = f"{piece['name']}:{value}"
    if name is None:
        if piece["name"].isalpha() and not value.startswith("//"):
            reading.note("No such field, searched as words: %(text)s", written)
            return _read_loose(written)
        return _read_words(written)
    if name in {"since", "until", "day"}:
        return _read_day(reading, name, value, written, negated=bool(piece["minus"]))
    if not readable(name, value):
        reading.note("This value cannot be read, searched as words: %(text)s", written)
        return _read_loose(written)
    return FieldTerm(name, (value,))


def _read_day(
    reading: _Reading, name: str, value: str, written: str, *, negated: bool
) -> Node | None:
    """A day narrows the whole search wherever it stands; of two, the narrower."""
    day = read_date(value, end=name == "until")
    if day is None or (negated and name != "day"):
        reading.note("This date cannot be read (write 01/11/2026): %(text)s", written)
        return _read_loose(written)
    if name == "day":
        return FieldTerm("day", (day.isoformat(),))
    pick: Callable[[date, date], date] = max if name == "since" else min
    standing: date | None = getattr(reading, name)
    setattr(reading, name, day if standing is None else pick(standing, day))
    return None
