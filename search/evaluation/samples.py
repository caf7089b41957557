"""The labelled texts: which there are, and which of them are held back from those who write rules."""

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LABELS = ("lure", "help", "innocent")
LENGTHS = ("1-60", "61-120", "121-300", "301+")
ACCENTS = ("full", "part", "none")
#: Said in `note` of a quoted lure which one could believe.
_HONEST = "alone it can read as honest"
_WORD = re.compile(r"[^\W\d_]+")
#: From this share of words with diacritics on a text counts as written with them.
_FULL = 0.4


class SampleError(ValueError):
    """A line of a file of samples that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text with what it is.

    `source` is the file's stem; `held` means that rule writers have not seen it (of real texts: that it
    taught the table of wording nothing); `ours` that it may be shown; `doubtful` that alone it could be
    honest.
    """

    id: str
    text: str
    label: str
    kind: str
    style: str
    source: str
    held: bool = False
    ours: bool = True
    doubtful: bool = False


def is_held_back(sample: str) -> bool:
    """Whether a sample of that id is in the sixth that rule writers do not see."""
    return zlib.crc32(sample.encode()) % 6 == 0


def length_of(text: str) -> str:
    """Its class among `LENGTHS`, in characters."""
    size = len(text)
    return LENGTHS[0 if size <= 60 else 1 if size <= 120 else 2 if size <= 300 else 3]


def accents_of(text: str) -> str:
    """Its class among `ACCENTS`: written with diacritics, with few, with none."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    marked = sum(1 for word in words if not word.isascii())
    if not marked:
        return ACCENTS[2]
    return ACCENTS[0] if marked >= _FULL * len(words) else ACCENTS[1]


def read_samples(folder: Path) -> list[Row]:
    """All made-up samples, in the order of files and lines. Raises SampleError."""
    rows = [row for file in sorted(folder.glob("*.jsonl")) for row in _file(file)]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise SampleError(f"{row.source}: {row.id} stands there twice")
        seen.add(row.id)
    return rows


def _file(file: Path) -> Iterator[Row]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield _row(json.loads(line), file.stem)
            except (ValueError, KeyError, TypeError) as error:
                raise SampleError(f"{file.name}:{number}: {error!r}") from error


def _row(data: dict[str, Any], source: str) -> Row:
    for key in ("id", "text", "label", "kind", "style"):
        if not isinstance(data[key], str) or not data[key].strip():
            raise ValueError(f"{key} says nothing")
    if data["label"] not in LABELS:
        raise ValueError(f"unknown label {data['label']}")
    return Row(
        id=data["id"],
        text=data["text"],
        label=data["label"],
        kind=data["kind"],
        style=data["style"],
        source=source,
        held=is_held_back(data["id"]),
    )


def quoted_lures(data: Path) -> list[Row]:
    """Offers after press and police pages; each third row is held back. Empty where they are not there."""
    return [_quoted(row, "lures_quoted", at, "lure") for at, row in _lines(data, "lures_quoted")]


def quoted_innocents(data: Path) -> list[Row]:
    """News, warnings and others that look alike, among them cries for help."""
    return [
        _quoted(
            row,
            "hard_negatives_quoted",
            at,
            "help" if row["kind"] == "cry_for_help" else "innocent",
        )
        for at, row in _lines(data, "hard_negatives_quoted")
    ]


def taught_nothing(at: int) -> bool:
    """Whether the real text at that place was left out when the table of wording was made."""
    return at % 4 == 3


def job_posts(data: Path) -> Iterator[Row]:
    """Real recruitment posts, all taken for honest."""
    return _real(data, "job_posts_facebook")


def short_texts(data: Path) -> Iterator[Row]:
    """Real comments, reviews, forum lines and titles; `kind` says where from."""
    return _real(data, "posts_volume")


def _real(data: Path, name: str) -> Iterator[Row]:
    for at, row in _lines(data, name):
        kind = row.get("src", name)
        yield Row(
            id=f"{name}-{at + 1}",
            text=row["text"],
            label="innocent",
            kind=kind,
            style="real",
            source=name,
            held=taught_nothing(at),
            ours=False,
        )


def _quoted(row: dict[str, Any], source: str, at: int, label: str) -> Row:
    return Row(
        id=row["id"],
        text=row["text"],
        label=label,
        kind=row["kind"],
        style=row["how"],
        source=source,
        held=at % 3 == 0,
        ours=False,
        doubtful=_HONEST in (row.get("note") or ""),
    )


def _lines(data: Path, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    file = data / f"{name}.jsonl.gz"
    if not file.is_file():
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            yield at, json.loads(line)
