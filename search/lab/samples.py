"""Labelled samples and plain texts that somebody gives for a back-test, read line by line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.lab.compare import Text, meaning_of
from search.query import Message
from search.rules.model import Pack
from search.rules.reading import Problem

MOST_LINES = 50_000
LONGEST_LINE = 200_000


@dataclass(frozen=True, slots=True)
class Samples:
    """The texts that could be read, and the lines that could not, each with its number."""

    texts: tuple[Text, ...] = ()
    bad: tuple[Problem, ...] = ()


def read_samples(lines: Iterable[str]) -> Samples:
    """JSONL lines {"id", "text", "label"}; a bad line is told and the rest is taken."""
    texts, bad = [], []
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            bad.append(Problem(number, Message("lines from here on are not read: too many")))
            break
        if not line.strip():
            continue
        found = _sample(line, number)
        if isinstance(found, Text):
            texts.append(found)
        else:
            bad.append(found)
    return Samples(tuple(texts), tuple(bad))


def read_texts(lines: Iterable[str]) -> Samples:
    """Plain texts, one a line; or JSONL lines {"id", "text"}, when the first line is such a one."""
    given = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    as_json = bool(given) and given[0][1].lstrip().startswith("{")
    texts, bad = [], []
    for number, line in given[:MOST_LINES]:
        row = _row(line) if as_json else {"text": line.strip()}
        if row is None:
            bad.append(Problem(number, Message('no object with "id" and "text"')))
        else:
            name = str(row.get("id", number))[:80]
            texts.append(Text("texts", name, row["text"][:LONGEST_LINE]))
    return Samples(tuple(texts), tuple(bad))


def own_examples(pack: Pack) -> Samples:
    """The pack's own examples as labelled samples."""
    told = ((True, pack.examples.positive), (False, pack.examples.negative))
    return Samples(
        tuple(
            Text("own", f"{'+' if right else '-'}{number}", text, right)
            for right, texts in told
            for number, text in enumerate(texts, 1)
        )
    )


def _sample(line: str, number: int) -> Text | Problem:
    row = _row(line)
    if row is None:
        return Problem(number, Message('no object with "id", "text" and "label"'))
    right = meaning_of(row.get("label"))
    if right is None:
        label = {"label": str(row.get("label"))[:40]}
        return Problem(
            number, Message("the label %(label)s says neither lure, help nor innocent", label)
        )
    return Text("samples", str(row.get("id", number))[:80], row["text"][:LONGEST_LINE], right)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) and isinstance(row.get("text"), str) else None


def to_lines(texts: Iterable[Text]) -> str:
    """Texts as lines for a run to keep until it has judged them."""
    rows = ({"s": t.section, "i": t.id, "t": t.text, "r": t.right} for t in texts)
    return "\n".join(json.dumps(row) for row in rows)


def from_lines(given: str) -> list[Text]:
    """The texts that `to_lines` wrote."""
    rows = (json.loads(line) for line in given.splitlines() if line)
    return [Text(row["s"], row["i"], row["t"], row["r"]) for row in rows]
