"""The rule packs to measure: those shipped, or those of a folder, also while they are being written."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from search.rules.model import Pack
from search.rules.pack import PackError, read_pack, shipped_texts
from search.rules.reading import Reading, Unreadable

__all__ = ["PackError", "packs_of"]


def packs_of(folder: Path | None) -> tuple[Pack, ...]:
    """Shared packs first. Examples are not checked: a pack that fails one is measured all the same.

    Raises PackError, which names file and line, on what cannot be read at all.
    """
    if folder is None:
        return _read(shipped_texts())
    files = sorted(folder.glob("*.yaml"))
    return _read({file.name: file.read_text(encoding="utf-8") for file in files})


def _read(texts: Mapping[str, str]) -> tuple[Pack, ...]:
    lending = {name: text for name, text in texts.items() if _lends(name, text)}
    shared = [_pack(name, text, ()) for name, text in lending.items()]
    packs = [_pack(name, text, shared) for name, text in texts.items() if name not in lending]
    return tuple(sorted([*shared, *packs], key=lambda pack: (not pack.shared, pack.id)))


def _lends(name: str, text: str) -> bool:
    try:
        return bool(Reading(text).data.get("shared"))
    except Unreadable as error:
        raise PackError(name, error.problem) from error


def _pack(name: str, text: str, shared: Sequence[Pack]) -> Pack:
    try:
        return read_pack(text, shared)
    except PackError as error:
        raise PackError(name, error.problem) from error
