"""The rule packs to measure: those shipped, or those of a folder, also while they are being written."""

from collections.abc import Iterable
from pathlib import Path

from search.rules.model import Pack
from search.rules.pack import PackError, read_pack, shipped_texts
from search.rules.reading import Reading


def packs_of(folder: Path | None) -> tuple[Pack, ...]:
    """Shared packs first. Examples are not checked: a pack that fails one is measured all the same.

    Raises PackError on what cannot be read at all.
    """
    if folder is None:
        return _read(shipped_texts().values())
    files = sorted(folder.glob("*.yaml"))
    return _read(file.read_text(encoding="utf-8") for file in files)


def _read(texts: Iterable[str]) -> tuple[Pack, ...]:
    lending: list[str] = []
    using: list[str] = []
    for text in texts:
        (lending if Reading(text).data.get("shared") else using).append(text)
    shared = [read_pack(text, ()) for text in lending]
    packs = [*shared, *(read_pack(text, shared) for text in using)]
    return tuple(sorted(packs, key=lambda pack: (not pack.shared, pack.id)))


__all__ = ["PackError", "packs_of"]
