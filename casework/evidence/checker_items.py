"""One item of a package against itself: files, what it claims, chain of custody, time stamp.

A part of the checker that lies in each package (see `checker`): nothing but Python 3.8, and nothing of ours.
"""

import codecs
import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from casework.evidence.checker_form import Entry, Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER, RECORD = "chung-cu/{:04}/", "phieu-ghi-nhan.html"
MOST_ITEM = 1 << 26
# What a time stamp (RFC 3161) is on: the OID of SHA-256, the digest, and behind it a serial number and the time.
_IMPRINT = re.compile(
    rb"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01(?:\x05\x00)?\x04\x20(.{32})\x02(.)", re.S
)
ODD = (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError)
_SAID = ("url", "final_url", "origin", "availability", "status", "title", "tool", "robots", "note")
_ROW = ("sequence", "act", "at", "who", "detail", "previous")


def told_in(entry: Entry) -> "Iterator[Any]":
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


class Item:
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
        except ODD:
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
