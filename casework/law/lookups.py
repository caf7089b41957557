"""Looking things up among the entries: by id, by key and day, whole sections; version and pins."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from casework.domain.records import plain
from casework.law.building import SECTIONS
from casework.law.model import Confidence, Entry
from foundation.errors import NotFound

Dated = TypeVar("Dated", bound=Entry)


class UnknownLaw(NotFound):
    """No such entry in the catalogue, or none in force on that day."""

    key = "error.unknown_law"


class Entries:
    """The sections of a catalogue, read-only after loading."""

    def __init__(self, sections: Mapping[str, Mapping[str, Entry]]) -> None:
        self._sections = sections

    @cached_property
    def version(self) -> str:
        """SHA-256 over everything the catalogue says, the same on every machine."""
        said = {name: plain(entries) for name, entries in self._sections.items()}
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def pin(self, entry_id: str) -> dict[str, Any]:
        """What an entry says now, with the version: to be stored with the decision made on it."""
        for name, entries in self._sections.items():
            if entry_id in entries:
                entry = plain(entries[entry_id])
                return {"section": name, "entry": entry, "catalogue": self.version}
        raise UnknownLaw(f"no entry {entry_id}", about=entry_id)

    def entries(self, section: str) -> tuple[Entry, ...]:
        """Everything of one section, for the page that shows the catalogue."""
        return tuple(self._sections[section].values())

    def unsure(self) -> Iterator[Entry]:
        """Entries that are not of high confidence: what the legal officer should look at."""
        for entries in self._sections.values():
            yield from (each for each in entries.values() if each.confidence is not Confidence.HIGH)

    def _some(self, kind: type[Dated]) -> tuple[Dated, ...]:
        name = next(name for name, each in SECTIONS.items() if each is kind)
        return tuple(self._sections[name].values())  # type: ignore[arg-type]

    def _one(self, kind: type[Dated], entry_id: str) -> Dated:
        for each in self._some(kind):
            if each.id == entry_id:
                return each
        raise UnknownLaw(f"no {kind.__name__.lower()} {entry_id}", about=entry_id)

    def _dated(self, kind: Any, key: str, on: date) -> Any:
        found = [each for each in self._some(kind) if each.key == key and each.in_force_on(on)]
        if not found:
            raise UnknownLaw(f"no {kind.__name__.lower()} {key} on {on:%Y-%m-%d}", about=key)
        return found[-1]
