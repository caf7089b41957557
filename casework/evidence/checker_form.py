"""The form of a package: a ZIP without compression, read from its beginning, or the folder it was unpacked to.

A part of the checker that lies in each package (see `checker`): nothing but Python 3.8, and nothing of ours.
"""

import hashlib
import os
import re
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUMS = "SHA256SUMS"
CHUNK = 1 << 20
# A package is a ZIP without compression whose every header byte follows from its files: so any changed byte shows.
LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
FAR = struct.Struct("<2HQ")
END64 = struct.Struct("<4sQ2H2L4Q")
AT64 = struct.Struct("<4sLQL")
END = struct.Struct("<4s4H2LH")
VERSION, VERSION64, MIDNIGHT_1980 = 20, 45, 0x21
MOST16, MOST32 = 0xFFFF, 0xFFFFFFFF
MOST_TOLD = 500
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Unreadable(Exception):
    """What was given is no package at all."""


class Entry(NamedTuple):
    """One file of a package: where its bytes lie, and what they are."""

    path: Path
    begins: int
    size: int
    digest: str

    def pieces(self) -> "Iterator[bytes]":
        """Its bytes in pieces."""
        with self.path.open("rb") as file:
            file.seek(self.begins)
            left = self.size
            while left > 0:
                piece = file.read(min(CHUNK, left))
                if not piece:
                    return
                left -= len(piece)
                yield piece


class Findings:
    """What is wrong, and what is only worth knowing; the first five hundred of each in words."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.items = self.rows = self.withheld = self.covered = self.stamps = 0

    def wrong(self, what: str) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append(what)

    def note(self, what: str) -> None:
        if len(self.notes) < MOST_TOLD:
            self.notes.append(what)


def local_header(name: str, size: int, crc: int) -> bytes:
    """What stands before a file of that name and size."""
    raw = name.encode("ascii")
    fields = (VERSION, 0, 0, 0, MIDNIGHT_1980, crc, size, size, len(raw), 0)
    return LOCAL.pack(b"PK\3\4", *fields) + raw


def directory(files: "Iterable[tuple[str, int, int, int]]") -> "Iterator[bytes]":
    """What stands after the last file, for (name, size, crc, offset) of each; as ZIP64 where it must be."""
    count = length = begins = 0
    for name, size, crc, offset in files:
        raw, far = name.encode("ascii"), offset >= MOST32
        extra = FAR.pack(1, 8, offset) if far else b""
        version = VERSION64 if far else VERSION
        sizes = (crc, size, size, len(raw), len(extra), 0, 0, 0, 0, min(offset, MOST32))
        row = CENTRAL.pack(b"PK\1\2", version, version, 0, 0, 0, MIDNIGHT_1980, *sizes)
        yield row + raw + extra
        count, length = count + 1, length + len(row) + len(raw) + len(extra)
        begins = offset + LOCAL.size + len(raw) + size
    if count >= MOST16 or length >= MOST32 or begins >= MOST32:
        sizes64 = (count, count, length, begins)
        yield END64.pack(b"PK\6\6", END64.size - 12, VERSION64, VERSION64, 0, 0, *sizes64)
        yield AT64.pack(b"PK\6\7", 0, begins + length, 1)
    least = min(count, MOST16)
    yield END.pack(b"PK\5\6", 0, 0, least, least, min(length, MOST32), min(begins, MOST32), 0)


def folder_of(path: Path, found: Findings) -> "dict[str, Entry]":
    entries: dict[str, Entry] = {}
    for place, folders, names in os.walk(path):
        linked = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted(names) + linked:
            one = Path(place, name)
            called = one.relative_to(path).as_posix()
            if one.is_symlink() or not one.is_file():
                found.wrong(called + ": is no ordinary file")
                continue
            one_digest, size = hashlib.sha256(), 0
            for piece in Entry(one, 0, one.stat().st_size, "").pieces():
                one_digest.update(piece)
                size += len(piece)
            entries[called] = Entry(one, 0, size, one_digest.hexdigest())
    return entries


def archive_of(path: Path, found: Findings) -> "dict[str, Entry]":
    """The files of a ZIP, read from its beginning; every byte between them must be the one that belongs there."""
    entries: dict[str, Entry] = {}
    seen: list[tuple[str, int, int, int]] = []
    try:
        with path.open("rb") as file:
            total = file.seek(0, os.SEEK_END)
            file.seek(0)
            while True:
                head = _next(file, total)
                if head is None:
                    break
                name, size, crc, _ = head
                begins = file.tell()
                actual, one_digest = _read(file, size)
                if actual != crc or file.tell() != begins + size:
                    found.wrong(name + ": was changed or cut")
                if name in entries:
                    found.wrong(name + ": stands twice in the package")
                entries[name] = Entry(path, begins, size, one_digest)
                seen.append(head)
            _end(path, file, seen, total, found)
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {error.strerror}") from error
    return entries


def _next(file: BinaryIO, total: int) -> "tuple[str, int, int, int] | None":
    offset = file.tell()
    head = file.read(LOCAL.size)
    if len(head) == LOCAL.size and head[:4] == b"PK\3\4":
        values = LOCAL.unpack(head)
        crc, size, length = values[6], values[7], values[9]
        raw = file.read(length)
        name = raw.decode("ascii", "replace")
        fits = offset + LOCAL.size + length + size <= total and _NAME.fullmatch(name)
        if fits and head + raw == local_header(name, size, crc):
            return name, size, crc, offset
    file.seek(offset)
    return None


def _read(file: BinaryIO, size: int) -> "tuple[int, str]":
    crc, one_digest = 0, hashlib.sha256()
    while size > 0:
        piece = file.read(min(CHUNK, size))
        if not piece:
            break
        crc, size = zlib.crc32(piece, crc), size - len(piece)
        one_digest.update(piece)
    return crc, one_digest.hexdigest()


def _end(
    path: Path, file: BinaryIO, seen: "list[tuple[str, int, int, int]]", total: int, found: Findings
) -> None:
    """What stands after the last file must be the directory of exactly these files, and nothing behind it."""
    stopped = file.tell()
    if (
        seen
        and all(file.read(len(piece)) == piece for piece in directory(seen))
        and not file.read(1)
    ):
        return
    file.seek(max(stopped, total - CHUNK))
    tail = file.read(CHUNK)
    if not seen and SUMS.encode() not in tail:
        raise Unreadable(f"{path}: this is no evidence package")
    if not seen and b"PK\5\6" in tail:
        found.wrong("it was packed anew by another program: unpack it and check the folder")
    else:
        what = "the directory at the end of the package was changed or cut, or something stands after it"
        found.wrong(what)


def sums_of(
    entries: "dict[str, Entry]", found: Findings, *, ordered: bool
) -> "tuple[str, dict[str, str]]":
    """The digest of the list of digests, and the list; in a ZIP the files stand in its order."""
    listed: dict[str, str] = {}
    number, rest = 0, b""
    for piece in entries[SUMS].pieces():
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        for line in lines:
            number += 1
            parts = _LINE.fullmatch(line.decode("ascii", "replace"))
            if parts is None or not _NAME.fullmatch(parts.group(2)) or parts.group(2) in listed:
                found.wrong(f"{SUMS}: line {number} was changed")
            else:
                listed[parts.group(2)] = parts.group(1)
    if rest or not listed:
        found.wrong(SUMS + ": was changed")
    if ordered and set(entries) == {*listed, SUMS} and list(entries) != [*listed, SUMS]:
        found.wrong("the files stand in another order than the one they were packed in")
    return entries[SUMS].digest, listed
