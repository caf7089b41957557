"""The places that offers name: provinces before and since 01/07/2025, border crossings, destinations.

The data is `data/places.yaml`; what its fields mean stands at its head.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from search.text import fold, tokenise

_SECTIONS = ("provinces", "former", "gates", "abroad")


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its stable code ("vn/ha-giang", "gate/moc-bai", "kh/bavet") and its name in both languages.

    `now` is the code of the province that took in a former one, and of the one that a crossing lies in.
    """

    code: str
    vi: str
    en: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling as tokens with diacritics; `when` it is spelled so, and when it has none at all.

    "names": anywhere, "near": only where the words around make it a place, "gate": only behind
    the word for a border crossing. `never` are the words, with and without
    diacritics, that follow when it is something else.
    """

    code: str
    kept: tuple[str, ...]
    folded: tuple[str, ...]
    when: str
    plain: str
    never: frozenset[str]


def place(code: str) -> Place | None:
    """The place of a code; None where there is none."""
    return _places().get(code)


def current(code: str) -> str:
    """The code of today's province where `code` is a former one; else `code` itself."""
    return str(_data()["former"].get(code, {}).get("now", code))


@lru_cache(maxsize=1)
def spellings() -> dict[str, tuple[Spelling, ...]]:
    """Every spelling under its first folded token, the longest first."""
    found: dict[str, list[Spelling]] = {}
    for section in _SECTIONS:
        for code, entry in _data()[section].items():
            for spelling in _spellings(code, entry):
                found.setdefault(spelling.folded[0], []).append(spelling)
    rank = {"names": 0, "near": 1, "gate": 2}
    return {
        first: tuple(sorted(some, key=lambda one: (-len(one.kept), rank[one.when])))
        for first, some in found.items()
    }


def _spellings(code: str, entry: dict[str, Any]) -> list[Spelling]:
    never = frozenset(
        form for word in entry.get("not", ()) for form in (tokenise(word).kept[0], fold(word))
    )
    found = []
    for when in ("names", "near", "gate"):
        for name in entry.get(when, ()):
            tokens = tokenise(name)
            plain = when if when != "names" else entry.get("plain", when)
            found.append(
                Spelling(code, tokens.kept, tuple(tokens.folded.split()), when, plain, never)
            )
    return found


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    source = resources.files("search.entities") / "data/places.yaml"
    return dict(yaml.safe_load(source.read_text("utf-8")))


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    return {
        code: Place(code, entry["vi"], entry["en"], entry.get("now", entry.get("in", "")))
        for section in _SECTIONS
        for code, entry in _data()[section].items()
    }
