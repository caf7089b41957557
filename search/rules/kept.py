"""Compiled rules in files of the data folder, so that the next process need not compile them again.

A file is a SHA-256 and, behind it, plain data as `marshal` writes it: no code is ever read from it. It is
named after the packs, the program's own text and Python, so that nothing old is ever taken for new; what
is damaged, or lies in a folder that others may write to, is passed over and compiled anew.
"""

import gc
import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path

from search.rules.compiling import Tables, compile_packs
from search.rules.literals import Literals
from search.rules.model import Pack

#: Files that are kept: those used last. A matcher takes some ten megabytes.
MOST = 4
SOUND = ".sound"
_FOLDER: list[Path] = []


def keep_in(folder: Path | None) -> None:
    """From now on this process keeps compiled rules there; nowhere without a folder."""
    _FOLDER[:] = [folder] if folder else []


def folder() -> Path | None:
    """Where this process keeps compiled rules."""
    return _FOLDER[0] if _FOLDER else None


def file_of(packs: Sequence[Pack]) -> Path | None:
    """Where the tables of these packs are or would be; None where nothing is kept."""
    if not _FOLDER or not all(pack.digest for pack in packs):
        return None
    told = "\n".join([_program(), *(f"{pack.id}:{pack.digest}" for pack in packs)])
    return _FOLDER[0] / f"{hashlib.sha256(told.encode()).hexdigest()[:40]}.rules"


def tables_of(packs: Sequence[Pack], file: Path | None) -> Tables:
    """The tables from their file, or made. Raises PhraseError."""
    with _without_collecting():
        found = _read(file) if file else None
        return found or compile_packs(packs)


def keep(tables: Tables, file: Path | None) -> None:
    """Writes the tables, whole or not at all; a full disk or a folder that is not ours is no fault."""
    if file is None:
        return
    payload = marshal.dumps(
        (
            tables.roles, tables.kept, tables.bits, tables.certain, tables.plain, tables.other,
            tables.lacking, tables.literals.filed,
        )
    )  # fmt: skip
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True, mode=0o700)
        if not _is_ours(file.parent):
            return
        descriptor, name = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(hashlib.sha256(payload).digest())
                opened.write(payload)
            Path(name).replace(file)
        finally:
            Path(name).unlink(missing_ok=True)
        _forget_the_oldest(file.parent)


def is_sound(file: Path | None) -> bool:
    """Whether what the file was made of has been examined before, by the same program."""
    return file is not None and file.exists() and file.with_suffix(SOUND).exists()


def tell_sound(file: Path | None) -> None:
    """Lets the next process know that what the file was made of has been examined."""
    if file is not None:
        with suppress(OSError):
            file.with_suffix(SOUND).touch(mode=0o600)


def _read(file: Path) -> Tables | None:
    try:
        if not _is_ours(file.parent) or not _is_ours(file):
            return None
        content = memoryview(file.read_bytes())
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            return None
        os.utime(file)
        (roles, words, bits, certain, plain, other, lacking, filed) = marshal.loads(content[32:])  # noqa: S302 - plain data of our own
    except (OSError, ValueError, TypeError, EOFError):
        return None
    literals = Literals(filed)
    return Tables(roles, words, bits, certain, plain, other, lacking, literals, watched=True)


def _is_ours(path: Path) -> bool:
    """Whether nobody but us, or the machine's administrator, can write there."""
    status = path.stat()
    return status.st_uid in (os.geteuid(), 0) and not status.st_mode & 0o022


def _forget_the_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.rules"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST:]:
        file.unlink(missing_ok=True)
        file.with_suffix(SOUND).unlink(missing_ok=True)


@cache
def _program() -> str:
    """Changes with the text of the normaliser, of this folder and with Python."""
    digest = hashlib.sha256(f"{sys.version}{marshal.version}".encode())
    for room in ("search", "search.rules"):
        for file in sorted(resources.files(room).iterdir(), key=lambda one: one.name):
            if file.name.endswith((".py", ".txt")):
                digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hundreds of thousands of new things, none of them rubbish, are not searched for rubbish."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
