"""Labelled samples and plain texts that somebody gives for a back-test, read line by line."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from search.lab.compare import Text, meaning_of
from search.query import Message
from search.rules.model import Pack
from search.rules.reading import Problem

MOST_LINES = 50_000
LONGEST_LINE = 200_000
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
TOO_MANY = Message("lines from here on are not read: too many")


@dataclass(frozen=True, slots=True)
class Samples:
    """The texts that could be read, and the lines that could not, each with its number."""

    texts: tuple[Text, ...] = ()
    bad: tuple[Problem, ...] = ()


def lines_of(content: bytes) -> list[str]:
    """The lines of a file. Only line feeds part them: JSON and posts may hold U+2028 and its like as they are."""
    text = content.decode("utf-8-sig", "replace")
    return [line.removesuffix("\r") for line in text.split("\n")]


def read_samples(lines: Iterable[str]) -> Samples:
    """JSONL lines {"id", "text", "label"}; a bad line is told and the rest is taken."""
    texts: list[Text] = []
    bad: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            bad.append(Problem(number, TOO_MANY))
            break
        if not line.strip():
            continue
        found = _sample(line, number)
        if isinstance(found, Text):
            texts.append(_cut(found, number, bad))
        else:
            bad.append(found)
    return Samples(tuple(texts), tuple(bad))


def read_texts(lines: Iterable[str]) -> Samples:
    """Plain texts, one a line; or JSONL lines {"id", "text"}, when the first line is such a one."""
    given = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    as_json = bool(given) and given[0][1].lstrip().startswith("{")
    texts: list[Text] = []
    bad: list[Problem] = []
    for number, line in given[:MOST_LINES]:
        row = _row(line) if as_json else {"text": _clean(line.strip())}
        if row is None:
            bad.append(Problem(number, Message('no object with "id" and "text"')))
        else:
            name = str(row.get("id", number))[:80]
            texts.append(_cut(Text("texts", name, row["text"]), number, bad))
    if len(given) > MOST_LINES:
        bad.append(Problem(given[MOST_LINES][0], TOO_MANY))
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


def _cut(text: Text, number: int, bad: list[Problem]) -> Text:
    """The text as it is judged; one that is longer than that is told."""
    if len(text.text) <= LONGEST_LINE:
        return text
    most = {"most": str(LONGEST_LINE)}
    bad.append(
        Problem(number, Message("longer than %(most)s characters: the rest is not read", most))
    )
    return replace(text, text=text.text[:LONGEST_LINE])


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
    return Text("samples", str(row.get("id", number))[:80], row["text"], right)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return None
    return {name: _clean(one) if isinstance(one, str) else one for name, one in row.items()}


def _clean(text: str) -> str:
    """Without what neither a page nor every database can hold: half surrogate pairs, and NUL."""
    return _UNKEPT.sub("\ufffd", text)


def to_lines(texts: Iterable[Text]) -> str:
    """Texts as lines for a run to keep until it has judged them."""
    rows = ({"s": t.section, "i": t.id, "t": t.text, "r": t.right} for t in texts)
    return "\n".join(json.dumps(row) for row in rows)


def from_lines(given: str) -> list[Text]:
    """The texts that `to_lines` wrote."""
    rows = (json.loads(line) for line in given.splitlines() if line)
    return [Text(row["s"], row["i"], row["t"], row["r"]) for row in rows]
