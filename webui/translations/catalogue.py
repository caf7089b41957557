"""The Vietnamese catalogue: read from parts/*.tsv, written as messages.mo.

One file of parts for each page area, so that people do not wait for each other: English, a tab, Vietnamese.
A message with a plural has both English forms in the first column, parted by " || "; Vietnamese has one form.
Lines that begin with # are comments. English is the language of the source, so it needs no catalogue.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from foundation.errors import InvalidInput

PLURAL = " || "
LANGUAGE = "vi"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%(?!\()[sd]")
_ESCAPES = {"\\n": "\n", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: English (singular, plural or ""), Vietnamese, and where it stands."""

    singular: str
    plural: str
    translation: str
    where: str

    @property
    def message(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def _plain(text: str) -> str:
    for written, meant in _ESCAPES.items():
        text = text.replace(written, meant)
    return text


def read_part(path: Path) -> Iterator[Entry]:
    """The messages of one file; InvalidInput names a line that has not two columns."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{path.name}:{number}"
        columns = line.split("\t")
        if len(columns) != 2 or not all(column.strip() for column in columns):
            raise InvalidInput(f"{where}: wants English, one tab, Vietnamese", about=where)
        singular, _, plural = columns[0].strip().partition(PLURAL)
        translation = _plain(columns[1].strip())
        yield Entry(_plain(singular.strip()), _plain(plural.strip()), translation, where)


def read_parts(folder: Path) -> list[Entry]:
    """All messages of all files, in the order of the files' names."""
    return [entry for path in part_files(folder) for entry in read_part(path)]


def part_files(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.tsv"))


def placeholders(text: str) -> set[str]:
    """The placeholders of a message, as they are written."""
    return {found[0] for found in _PLACEHOLDER.finditer(text)}


def build(entries: list[Entry]) -> Catalog:
    """The Vietnamese catalogue; of two entries for one message the later one stands."""
    catalogue = Catalog(locale=LANGUAGE, domain="messages", project="rasoat", charset="utf-8")
    for entry in entries:
        if entry.plural:
            catalogue.add(entry.message, (entry.translation,))
        else:
            catalogue.add(entry.singular, entry.translation)
    return catalogue


def mo_file(folder: Path) -> Path:
    return folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"


def is_stale(folder: Path) -> bool:
    """Whether the compiled catalogue is absent, or older than its parts."""
    target = mo_file(folder)
    if not target.is_file():
        return True
    made = target.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > made for path in [*part_files(folder), folder / "parts"])


def compile_parts(folder: Path) -> Path:
    """Write messages.mo from the parts; whole or not at all, since more processes may start at once."""
    target = mo_file(folder)
    catalogue = build(read_parts(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)
    return target


def compile_if_stale(folder: Path) -> None:
    """At the start of an app: fresh catalogues without a step by hand; a folder one may not write is left."""
    if part_files(folder) and is_stale(folder) and os.access(folder, os.W_OK):
        compile_parts(folder)
