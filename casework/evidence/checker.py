"""Kiểm tra gói chứng cứ của Rà Soát. Checks an evidence package of Rà Soát.

Needs nothing but Python 3.8 or newer: no network, no other package, no part of the program that made the package.

    python3 kiem-tra.py                          the folder in which this file lies
    python3 kiem-tra.py GOI.zip                  a package as it was handed over
    python3 kiem-tra.py GOI.zip --digest 64HEX   and that it is the one of the record of handover

Ends with 0 when everything is as it was, 1 when something was changed, 2 when nothing could be checked.

What it proves: every byte of the package is the byte that was packed; every file of an item is the one that was
captured; the chain of custody of each item has no hole and no changed row. What it cannot prove by itself: that
nobody made another package with other digests; for that compare --digest with the record, or the time stamp.
"""

from __future__ import annotations  # what is written here is read by Python 3.8 too

import argparse
import hashlib
import json
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUMS = "SHA256SUMS"
CONTENT = "package.json"
FORMAT = 1
CHUNK = 1 << 20
# A package is a ZIP without compression whose every header byte follows from its files: so any changed byte shows.
LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
VERSION, MIDNIGHT_1980 = 20, 0x21
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Unreadable(Exception):
    """What was given is no package at all."""


class Entry(NamedTuple):
    """One file of a package."""

    name: str
    size: int
    open: Callable[[], Iterator[bytes]]


class Report(NamedTuple):
    """What was found; `root` is the digest of the package, that of its list of digests."""

    problems: list[str]
    files: int
    items: int
    rows: int
    root: str
    content: dict[str, Any]


def local_header(name: str, size: int, crc: int) -> bytes:
    """What stands before a file of that name and size."""
    raw = name.encode("ascii")
    fields = (VERSION, 0, 0, 0, MIDNIGHT_1980, crc, size, size, len(raw), 0)
    return LOCAL.pack(b"PK\3\4", *fields) + raw


def directory(files: list[tuple[str, int, int, int]]) -> bytes:
    """What stands after the last file, for (name, size, crc, offset) of each."""
    rows, begins = b"", 0
    for name, size, crc, offset in files:
        raw = name.encode("ascii")
        fields = (
            VERSION,
            VERSION,
            0,
            0,
            0,
            MIDNIGHT_1980,
            crc,
            size,
            size,
            len(raw),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        rows += CENTRAL.pack(b"PK\1\2", *fields) + raw
        begins = offset + LOCAL.size + len(raw) + size
    return rows + END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(rows), begins, 0)


def check(path: Path, digest: str = "") -> Report:
    """Everything that can be told of a package (a ZIP or the folder it was unpacked to). Unreadable for others."""
    problems: list[str] = []
    entries = _folder(path) if path.is_dir() else _archive(path, problems)
    if SUMS not in entries:
        if path.is_dir():
            raise Unreadable(f"{path}: no {SUMS} in it: this is no evidence package, or it was cut")
        problems.append(f"{SUMS}: cannot be found: the package was changed or cut")
        return Report(problems, len(entries), 0, 0, "", {})
    root, listed = _sums(entries, problems)
    strange = sorted(set(entries) - set(listed) - {SUMS})
    problems += [f"{name}: does not belong to the package" for name in strange]
    for name, wanted in listed.items():
        if name not in entries:
            problems.append(f"{name}: is missing")
        elif _sha256(entries[name]) != wanted:
            problems.append(f"{name}: was changed")
    if digest and digest.lower() != root:
        problems.append(f"this is another package: its digest is {root}")
    content = _content(entries, problems)
    rows = sum(_item(item, listed, problems) for item in content.get("items", []))
    return Report(problems, len(listed), len(content.get("items", [])), rows, root, content)


def _folder(path: Path) -> dict[str, Entry]:
    def stream(file: Path) -> Callable[[], Iterator[bytes]]:
        def read() -> Iterator[bytes]:
            with file.open("rb") as opened:
                yield from iter(lambda: opened.read(CHUNK), b"")

        return read

    files = sorted(one for one in path.rglob("*") if one.is_file())
    return {
        name: Entry(name, one.stat().st_size, stream(one))
        for one in files
        if not (name := one.relative_to(path).as_posix()).startswith("__pycache__/")
    }


def _archive(path: Path, problems: list[str]) -> dict[str, Entry]:
    """The files of a ZIP, read from its beginning; every byte between them must be the one that belongs there."""
    entries: dict[str, Entry] = {}
    seen: list[tuple[str, int, int, int]] = []
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while (found := _next(file, total)) is not None:
                name, size, crc, _ = found
                begins = file.tell()
                actual = _crc(file, size)
                if actual != crc or file.tell() != begins + size:
                    problems.append(f"{name}: was changed or cut")
                if name in entries:
                    problems.append(f"{name}: stands twice in the package")
                entries[name] = Entry(name, size, _piece(path, begins, size))
                seen.append(found)
            rest = file.read()
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {error.strerror}") from error
    if not seen and SUMS.encode() not in rest[-CHUNK:]:
        raise Unreadable(f"{path}: this is no evidence package")
    if not seen or rest != directory(seen):
        problems.append(
            "the directory at the end of the package was changed or cut, or something stands after it"
        )
    return entries


def _next(file: BinaryIO, total: int) -> tuple[str, int, int, int] | None:
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


def _crc(file: BinaryIO, size: int) -> int:
    found = 0
    while size > 0:
        piece = file.read(min(CHUNK, size))
        if not piece:
            break
        found, size = zlib.crc32(piece, found), size - len(piece)
    return found


def _piece(path: Path, begins: int, size: int) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(begins)
            left = size
            while left > 0 and (piece := file.read(min(CHUNK, left))):
                left -= len(piece)
                yield piece

    return read


def _sha256(entry: Entry) -> str:
    found = hashlib.sha256()
    for piece in entry.open():
        found.update(piece)
    return found.hexdigest()


def _bytes(entry: Entry) -> bytes:
    return b"".join(entry.open())


def _sums(entries: dict[str, Entry], problems: list[str]) -> tuple[str, dict[str, str]]:
    """The digest of the list of digests, and the list."""
    raw = _bytes(entries[SUMS])
    listed: dict[str, str] = {}
    for number, line in enumerate(raw.decode("ascii", "replace").split("\n")[:-1], 1):
        found = _LINE.fullmatch(line)
        if found is None or not _NAME.fullmatch(found.group(2)) or found.group(2) in listed:
            problems.append(f"{SUMS}: line {number} was changed")
        else:
            listed[found.group(2)] = found.group(1)
    written = "".join(f"{value}  {name}\n" for name, value in listed.items())
    if written.encode("ascii") != raw:
        problems.append(f"{SUMS}: was changed")
    return hashlib.sha256(raw).hexdigest(), listed


def _content(entries: dict[str, Entry], problems: list[str]) -> dict[str, Any]:
    if CONTENT not in entries:
        return {}
    try:
        content = json.loads(_bytes(entries[CONTENT]).decode("utf-8"))
        known = content["format"] == FORMAT and isinstance(content["items"], list)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        problems.append(f"{CONTENT}: was changed, or belongs to another version")
        return {}
    return dict(content)


def _item(item: dict[str, Any], listed: dict[str, str], problems: list[str]) -> int:
    """One item against itself: files, what it claims, chain of custody. Returns the rows of the chain."""
    label = f"item {item.get('id')}"
    try:
        problems += [
            f"{label}: {file['path']} is not the file that was captured"
            for file in item["files"]
            if file["path"] and listed.get(file["path"]) != file["sha256"]
        ]
        claim, digest = item["claim"], item["claim_sha256"]
        if claim is not None:
            if hashlib.sha256(claim.encode("utf-8")).hexdigest() != digest:
                problems.append(f"{label}: what was recorded of the capture was changed")
            said = sorted([one["role"], one["sha256"], one["size"]] for one in item["files"])
            if json.loads(claim).get("files") != said:
                problems.append(f"{label}: its files are not those that were recorded")
        before = digest
        for number, row in enumerate(item["custody"], 1):
            before = _row(label, number, row, before, problems)
        return len(item["custody"])
    except (KeyError, TypeError, AttributeError, ValueError):
        problems.append(f"{label}: cannot be read")
        return 0


def _row(label: str, number: int, row: dict[str, Any], before: str, problems: list[str]) -> str:
    """A row of custody: its place in the chain, and that it says what it said. Returns its digest."""
    if row["sequence"] != number:
        problems.append(f"{label}: row {number} of its custody is missing")
    elif row["previous"] != before:
        problems.append(f"{label}: row {number} of its custody does not follow the one before")
    elif row["content"] is not None:
        if hashlib.sha256(row["content"].encode("utf-8")).hexdigest() != row["digest"]:
            problems.append(f"{label}: row {number} of its custody was changed")
        elif json.loads(row["content"])[-1] != row["previous"]:
            problems.append(f"{label}: row {number} of its custody names another row before it")
    return str(row["digest"])


def main(arguments: list[str] | None = None) -> int:
    """Print what was found, in Vietnamese and English."""
    parser = argparse.ArgumentParser(
        description="Kiểm tra gói chứng cứ / check an evidence package"
    )
    parser.add_argument("path", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument(
        "--digest", default="", help="mã băm ghi trong biên bản giao nhận / digest in the record"
    )
    given = parser.parse_args(arguments)
    try:
        found = check(given.path, given.digest)
    except (Unreadable, OSError) as error:
        print(f"KHÔNG ĐỌC ĐƯỢC / CANNOT BE READ: {error}")
        return 2
    for problem in found.problems:
        print(f"SAI / WRONG: {problem}")
    print(f"Mã băm của gói / digest of the package: {found.root}")
    counts = f"{found.files} tệp / files, {found.items} chứng cứ / items"
    print(f"{counts}, {found.rows} dòng nhật ký bảo quản / rows of custody")
    if found.problems:
        print("KẾT QUẢ: GÓI ĐÃ BỊ THAY ĐỔI / RESULT: THE PACKAGE WAS CHANGED")
        return 1
    print("KẾT QUẢ: NGUYÊN VẸN / RESULT: WHOLE")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
