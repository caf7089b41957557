"""Kiểm tra gói chứng cứ của Rà Soát. Checks an evidence package of Rà Soát.

Needs nothing but Python 3.8 or newer: no network, no other package, no part of the program that made the package.

    python3 kiem-tra.py                          the folder in which this file lies
    python3 kiem-tra.py GOI.zip                  a package as it was handed over
    python3 kiem-tra.py GOI.zip --digest 64HEX   and that it is the one of the record of handover

Ends with 0 when everything is as it was, 1 when something was changed, 2 when nothing could be checked.

What it proves: every byte of the package is the byte that was packed; every file of an item is the one that was
captured; what is said of an item is what was recorded then; the chain of custody of each item has no hole and no
changed row; a time stamp is one on this item. What it cannot prove by itself: that nobody made another package
with other digests, and another checker. So take the checker from a copy of the program that you trust, compare
--digest with the record of handover, and have the signatures of time stamps checked (openssl ts -verify).
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Whoever can put a file into the folder must not lend this program a hashlib of their own.
    sys.path.pop(0)

import argparse
import codecs
import hashlib
import json
import os
import re
import struct
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUMS = "SHA256SUMS"
CONTENT = "package.json"
FORMAT = 2
FORMATS = (1, 2)
CHUNK = 1 << 20
PAGES = ("MUC-LUC.html", "HUONG-DAN.txt", "kiem-tra.py", CONTENT)
FOLDER, RECORD = "chung-cu/{:04}/", "phieu-ghi-nhan.html"
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
MOST_ITEM = 1 << 26
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
# What a time stamp (RFC 3161) is on: the OID of SHA-256, the digest, and behind it a serial number and the time.
_IMPRINT = re.compile(
    rb"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01(?:\x05\x00)?\x04\x20(.{32})\x02(.)", re.S
)
_ODD = (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError)
_SAID = ("url", "final_url", "origin", "availability", "status", "title", "tool", "robots", "note")
_ROW = ("sequence", "act", "at", "who", "detail", "previous")


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


class Report(NamedTuple):
    """What was found; `root` is the digest of the package, that of its list of digests."""

    problems: "list[str]"
    notes: "list[str]"
    files: int
    items: int
    rows: int
    withheld: int
    """Items whose files were left out because they show a victim."""
    covered: int
    """Items of which something is covered, so that what was recorded of them cannot be compared."""
    stamps: int
    root: str
    content: "dict[str, Any]"
    """What the package says of itself: case, recipient, when and by whom it was made."""


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


def check(path: Path, digest: str = "") -> Report:
    """Everything that can be told of a package (a ZIP or the folder it was unpacked to). Unreadable for others."""
    found = Findings()
    entries = _folder(path, found) if path.is_dir() else _archive(path, found)
    root, content = "", {}
    listed: dict[str, str] = {}
    if SUMS in entries:
        root, listed = _sums(entries, found, ordered=not path.is_dir())
        _compare(entries, listed, found)
        if digest and digest.strip().lower() != root:
            found.wrong("this is another package: its digest is " + root)
        content = _content(entries, listed, found)
    elif path.is_dir():
        raise Unreadable(f"{path}: no {SUMS} in it: this is no evidence package, or it was cut")
    else:
        found.wrong(SUMS + ": cannot be found: the package was changed or cut")
    counts = (found.items, found.rows, found.withheld, found.covered, found.stamps)
    return Report(found.problems, found.notes, len(listed or entries), *counts, root, content)


def _compare(entries: "dict[str, Entry]", listed: "dict[str, str]", found: Findings) -> None:
    for name in sorted(set(entries) - set(listed) - {SUMS}):
        found.wrong(name + ": does not belong to the package")
    for name, wanted in listed.items():
        if name not in entries:
            found.wrong(name + ": is missing")
        elif entries[name].digest != wanted:
            found.wrong(name + ": was changed")


def _folder(path: Path, found: Findings) -> "dict[str, Entry]":
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


def _archive(path: Path, found: Findings) -> "dict[str, Entry]":
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


def _sums(
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


def _content(
    entries: "dict[str, Entry]", listed: "dict[str, str]", found: Findings
) -> "dict[str, Any]":
    """Each item of package.json against itself, one after the other; what the package says of itself."""
    if CONTENT not in entries:
        return {}
    spare = set(listed) - set(PAGES)
    ids: set[int] = set()
    head: dict[str, Any] = {}
    try:
        for one in _told(entries[CONTENT]):
            if not head:
                if one["format"] not in FORMATS:
                    raise ValueError(one["format"])
                head = one
                continue
            found.items += 1
            _Item(one, head, entries, listed, found).check(found.items, spare, ids)
    except _ODD:
        found.wrong(CONTENT + ": was changed, or belongs to another version")
        return head
    for name in sorted(spare):
        found.wrong(name + ": belongs to no item")
    return head


def _told(entry: Entry) -> "Iterator[Any]":
    """What package.json says of the package, then of each item; only one of them is held in memory. ValueError."""
    mark, text, place, more = '\n "items": [', "", 0, True
    decode = codecs.getincrementaldecoder("utf-8")().decode
    pieces = entry.pieces()
    parse = json.JSONDecoder().raw_decode
    begun = False
    while True:
        piece = next(pieces, None)
        more = piece is not None
        text, place = text[place:] + decode(piece or b"", not more), 0
        if len(text) > MOST_ITEM:
            raise ValueError("an item is too large")
        if not begun and mark in text:
            begun, place = True, text.index(mark) + len(mark)
            yield json.loads(text[: place - len(mark)].rstrip(",") + "}")
        while begun:
            while text[place : place + 1] in {"\n", " ", ","}:
                place += 1
            try:
                item, place = parse(text, place)
            except ValueError:
                break
            yield item
        if not more:
            if not begun or text[place:] != "]\n}":
                raise ValueError("it ends elsewhere")
            return


class _Item:
    """One item against itself: files, what it claims, chain of custody, time stamp."""

    def __init__(
        self,
        item: "dict[str, Any]",
        head: "dict[str, Any]",
        entries: "dict[str, Entry]",
        listed: "dict[str, str]",
        found: Findings,
    ) -> None:
        self.item, self.head, self.found = item, head, found
        self.entries, self.listed = entries, listed
        self.label = "item ?"

    def wrong(self, what: str) -> None:
        self.found.wrong(f"{self.label}: {what}")

    def check(self, number: int, spare: "set[str]", ids: "set[int]") -> None:
        """Everything about it; its files are taken from those that belong to nobody yet."""
        try:
            self.label = f"item {int(self.item['id'])}"
            if self.item["number"] != number or self.item["id"] in ids:
                self.wrong("it does not stand in its place, or stands twice")
            ids.add(self.item["id"])
            folder = FOLDER.format(number)
            self._files(folder, spare)
            self._claim()
            self._custody()
            self._stamp(folder, spare)
            if self.item["withheld"] and not self.head["victims_masked"]:
                self.wrong("its files are left out although the package says that nobody is hidden")
            self.found.withheld += bool(self.item["withheld"])
        except _ODD:
            self.wrong("cannot be read")

    def _files(self, folder: str, spare: "set[str]") -> None:
        spare.discard(folder + RECORD)
        if folder + RECORD not in self.listed:
            self.wrong("its record of capture is missing")
        for file in self.item["files"]:
            if not file["path"]:
                if not self.item["withheld"]:
                    self.wrong("one of its files is left out")
            elif self.listed.get(file["path"]) != file["sha256"] or not file["path"].startswith(
                folder
            ):
                self.wrong(f"{file['path']} is not the file that was captured")
            spare.discard(file["path"])

    def _claim(self) -> None:
        item, claim = self.item, self.item["claim"]
        if claim is None:
            self.found.covered += 1
            if not self.head["victims_masked"]:
                self.wrong("what was recorded of the capture is missing")
            return
        if hashlib.sha256(claim.encode("utf-8")).hexdigest() != item["claim_sha256"]:
            self.wrong("what was recorded of the capture was changed")
        said = json.loads(claim)
        keys = ("role", "sha256", "size", "media_type", "name", "source")
        told = sorted(
            [one[key] for key in keys[: 6 if "detail" in said else 3]] for one in item["files"]
        )
        if said["files"] != told:
            self.wrong("its files are not those that were recorded")
        same = all(said[key] == item[key] for key in _SAID) and _same(said, item, "captured_at")
        if "detail" in said:
            same = same and said["detail"] == item["detail"] and _same(said, item, "ended_at")
        if not same:
            self.wrong("what is said of it is not what was recorded of the capture")

    def _custody(self) -> None:
        before, last = self.item["claim_sha256"], ""
        if not self.item["custody"]:
            self.wrong("it has no custody")
        for number, row in enumerate(self.item["custody"], 1):
            self._row(number, row, before)
            if last and _moment(row["at"]) < _moment(last):
                where = f"{self.label}: row {number} of its custody"
                self.found.note(where + " is older than the one before: the clock was put back")
            before, last = str(row["digest"]), row["at"]
            self.found.rows += 1

    def _row(self, number: int, row: "dict[str, Any]", before: str) -> None:
        """A row of custody: its place in the chain, and that it says what it said."""
        label = f"row {number} of its custody"
        if row["sequence"] != number:
            self.wrong(label + " is missing")
        elif row["previous"] != before:
            self.wrong(label + " does not follow the one before")
        elif row["content"] is None:
            if not self.head["victims_masked"]:
                self.wrong(label + " is covered although the package says that nobody is hidden")
        elif hashlib.sha256(row["content"].encode("utf-8")).hexdigest() != row["digest"]:
            self.wrong(label + " was changed")
        else:
            item_id, sequence, act, at, _, who, detail, previous = json.loads(row["content"])
            if previous != row["previous"]:
                self.wrong(label + " names another row before it")
            shown = [row[key] for key in _ROW if key != "at"]
            said = [sequence, act, who, detail, previous]
            if shown != said or item_id != self.item["id"] or _moment(at) != _moment(row["at"]):
                self.wrong(label + " is shown otherwise than it was written")

    def _stamp(self, folder: str, spare: "set[str]") -> None:
        """The time stamp must be one on this item, and the one that custody tells of."""
        path = self.item["time_stamp"]
        told = [row["detail"] for row in self.item["custody"] if row["act"] == "stamped"]
        if not path:
            if told:
                self.found.note(
                    self.label + ": custody tells of a time stamp that is not in the package"
                )
            return
        spare.discard(path)
        self.found.stamps += 1
        if told != [self.listed.get(path)] or not path.startswith(folder):
            self.wrong("its time stamp is not the one that custody tells of")
        token = b"".join(self.entries[path].pieces()) if path in self.entries else b""
        imprint = _IMPRINT.search(token)
        if imprint is None:
            self.found.note(
                self.label + ": its time stamp cannot be read here; use openssl ts -verify"
            )
        elif imprint.group(1).hex() != self.item["claim_sha256"]:
            self.wrong("its time stamp is that of something else")
        else:
            self._clock(token, imprint.end() + imprint.group(2)[0])

    def _clock(self, token: bytes, place: int) -> None:
        """What an outside authority says about our clock."""
        time = re.match(rb"\x18.(\d{14})", token[place : place + 24], re.S)
        if time is None or not self.item["captured_at"]:
            return
        stamped = datetime.strptime(time.group(1).decode() + "+0000", "%Y%m%d%H%M%S%z")
        if stamped + timedelta(minutes=5) < _moment(self.item["captured_at"]):
            said = f"{self.label}: the authority stamped it at {stamped.isoformat()}"
            self.found.note(said + ", before it was captured: the clock was wrong")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same(said: "dict[str, Any]", item: "dict[str, Any]", key: str) -> bool:
    """Whether two moments are one, in whatever zone they are written."""
    if not said[key] or not item[key]:
        return bool(said[key] == item[key])
    return _moment(said[key]) == _moment(item[key])


def _plain(text: str) -> str:
    """Without what a terminal takes for a command: a name must not be able to write another result."""
    return "".join(char if char.isprintable() else "?" for char in text)


def main(arguments: "list[str] | None" = None) -> int:
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
        print(_plain(f"KHÔNG ĐỌC ĐƯỢC / CANNOT BE READ: {error}"))
        return 2
    for problem in found.problems:
        print(_plain("SAI / WRONG: " + problem))
    for note in found.notes:
        print(_plain("LƯU Ý / NOTE: " + note))
    print(f"Mã băm của gói / digest of the package: {found.root}")
    print(f"{found.files} tệp / files, {found.items} chứng cứ / items")
    print(
        f"{found.rows} dòng nhật ký bảo quản / rows of custody, {found.stamps} dấu thời gian / time stamps"
    )
    if found.covered or found.withheld:
        print(f"{found.withheld} chứng cứ không kèm tệp / items without their files")
        print(
            f"{found.covered} chứng cứ có phần bị che, không so được với bản ghi gốc / "
            "items with covered parts, which cannot be compared"
        )
    if found.problems:
        print("KẾT QUẢ: GÓI ĐÃ BỊ THAY ĐỔI / RESULT: THE PACKAGE WAS CHANGED")
        return 1
    print("KẾT QUẢ: NGUYÊN VẸN / RESULT: WHOLE")
    if not given.digest:
        print(
            "Chưa so với biên bản: mã băm trên phải trùng với mã băm ghi trong biên bản giao nhận / "
            "not compared with the record of handover yet: the digest above must be the one in it"
        )
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
