"""What stands in an evidence package (gói chứng cứ), and in which order it is written.

    MUC-LUC.html                      index page in Vietnamese, for people
    package.json                      the same for machines: items, files, custody
    chung-cu/0001/...                 the files of the first item, as they were captured
    chung-cu/0001/phieu-ghi-nhan.html its record of capture, to be printed and signed
    chung-cu/0001/dau-thoi-gian.tsr   its time stamp (RFC 3161), where there is one
    kiem-tra.py, HUONG-DAN.txt        the checker, and how to use it
    SHA256SUMS                        the digest of each of these; its own digest is that of the package

Nothing here reads a whole capture into memory; what a masked package must not show is looked for by `looking`.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from casework.evidence import custody, looking, page
from casework.evidence.bundle import single_file
from casework.evidence.checker import CONTENT, FORMAT
from casework.evidence.hiding import TECHNICAL, shows, site_only
from casework.evidence.models import Custody, EvidenceItem
from casework.evidence.packing import Archive
from casework.evidence.service import claim_of
from casework.privacy.spellings import HIDDEN, Hidden
from foundation.errors import IntegrityError, NotFound
from foundation.files import FileStore

_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/wacz": "wacz",
    "application/x-wacz": "wacz",
    "application/wacz+zip": "wacz",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
_ROLE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What a package says of itself: whose it is, for whom, and what it may show."""

    case_number: str
    case_title: str
    agency: str
    parent: str
    recipient: str
    purpose: str
    made_by: str
    made_at: datetime
    unmasked: bool
    program: str
    hidden: Hidden = field(default_factory=Hidden)

    def shown(self, text: str) -> str:
        """A text as the recipient may see it."""
        return text if self.unmasked else self.hidden.shown(text)


@dataclass(frozen=True, slots=True)
class Packed:
    """One item with what goes with it: its chain, whether it must be withheld, its time stamp."""

    item: EvidenceItem
    chain: Sequence[Custody]
    is_of_a_victim: bool = False
    stamp: str = ""
    """Digest of the time stamp's answer in the file store."""


@dataclass(slots=True)
class Written:
    """What was written."""

    root: str = ""
    items: int = 0
    files: int = 0
    withheld: int = 0


def write(
    file: BinaryIO,
    head: Head,
    items: Iterator[Packed],
    files: FileStore,
    told: Callable[[int], None] = lambda _count: None,
) -> Written:
    """Write the package of these items; `told` is called with how many are done.

    NotFound when a file is gone, IntegrityError when it is no longer what was captured.
    """
    written, clean = Written(), set[str]()
    with Archive(file) as archive, tempfile.TemporaryFile() as kept:
        # What is said of ten thousand items would fill the memory: it is kept in lines, and read twice.
        for number, packed in enumerate(items, 1):
            entry = _add_item(archive, head, number, packed, files, clean)
            written.withheld += bool(entry["withheld"])
            written.items = number
            kept.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            told(number)
        archive.add_stream(CONTENT, _content(head, kept))
        index = page.index(head, written.items, _entries(kept))
        archive.add_stream("MUC-LUC.html", (piece.encode() for piece in index))
        archive.add("HUONG-DAN.txt", page.instructions().encode())
        archive.add("kiem-tra.py", single_file())
        written.files = archive.files
        written.root = archive.finish()
    return written


def _entries(kept: BinaryIO) -> Iterator[dict[str, Any]]:
    """What was kept of each item, one after the other."""
    kept.seek(0)
    return (json.loads(line) for line in kept)


def _content(head: Head, kept: BinaryIO) -> Iterator[bytes]:
    """package.json in pieces."""
    said = json.dumps({"format": FORMAT, **_said(head)}, ensure_ascii=False, indent=1)
    yield said.removesuffix("\n}").encode() + b',\n "items": ['
    between = b"\n"
    for entry in _entries(kept):
        lines = json.dumps(entry, ensure_ascii=False, indent=1).replace("\n", "\n  ")
        yield between + b"  " + lines.encode()
        between = b",\n"
    yield b"\n ]\n}"


def _said(head: Head) -> dict[str, Any]:
    return {
        "case": head.case_number,
        "title": head.shown(head.case_title),
        "agency": head.agency,
        "recipient": head.shown(head.recipient),
        "purpose": head.shown(head.purpose),
        "made_by": head.made_by,
        "made_at": head.made_at.isoformat(),
        "victims_masked": not head.unmasked,
        "program": head.program,
    }


def _add_item(
    archive: Archive,
    head: Head,
    number: int,
    packed: Packed,
    files: FileStore,
    clean: set[str],
) -> dict[str, Any]:
    """Write one item's files; returns how package.json describes it."""
    item, folder = packed.item, f"chung-cu/{number:04}"
    withheld = not head.unmasked and _must_be_withheld(packed, head, files, clean)
    stored: list[dict[str, Any]] = []
    for at, one in enumerate(item.files, 1):
        name = "" if withheld else f"{folder}/{at:02}-{file_name(one)}"
        if name:
            with files.open(one["digest"]) as source:
                if archive.add_file(name, source) != one["digest"]:
                    raise IntegrityError(
                        f"file {one['digest'][:12]} of evidence {item.id} was changed",
                        about=f"evidence:{item.id}",
                    )
        stored.append(
            {
                "role": one["role"],
                "path": name,
                "sha256": one["digest"],
                "size": one["size"],
                "media_type": one["media_type"],
                "name": one.get("name", ""),
                "source": one.get("source", ""),
            }
        )
    entry = _described(head, packed, stored, withheld=withheld)
    entry["number"] = number
    entry["time_stamp"] = _add_stamp(archive, folder, packed, files)
    record = page.record(head, entry)
    archive.add(f"{folder}/phieu-ghi-nhan.html", record.encode())
    return entry


def file_name(file: Mapping[str, Any]) -> str:
    """`screenshot.png`; a web page ends in .txt, so that a double click shows it and runs nothing."""
    role = _ROLE.sub("-", str(file["role"]).lower()).strip("-") or "tep"
    kind = str(file["media_type"]).partition(";")[0].strip()
    if kind.startswith("text/") and kind != "text/plain":
        return f"{role}.{_ROLE.sub('', kind.removeprefix('text/')) or 'text'}.txt"
    return f"{role}.{_EXTENSIONS.get(kind, 'txt' if kind == 'text/plain' else 'bin')}"


def _must_be_withheld(packed: Packed, head: Head, files: FileStore, clean: set[str]) -> bool:
    """Whether it shows somebody who must not be shown, or holds an archive that nobody can look through."""
    if packed.is_of_a_victim:
        return True
    if not head.hidden.patterns:
        return False
    try:
        return shows(head.hidden, _said_in(packed.item, files, clean))
    except looking.Unreadable:
        return True


def _said_in(item: EvidenceItem, files: FileStore, clean: set[str]) -> Iterator[str]:
    """Everything that is said of an item and in its files, a piece at a time."""
    yield from (item.title, item.url, item.final_url or "")
    yield json.dumps(item.detail or {}, ensure_ascii=False)
    for one in item.files:
        yield one.get("source", "")
        with files.open(one["digest"]) as source:
            yield from looking.words(source, one["media_type"], clean)


def _described(
    head: Head, packed: Packed, stored: list[dict[str, Any]], *, withheld: bool
) -> dict[str, Any]:
    """What package.json says of an item; `claim` is there where nothing of it had to be covered."""
    item = packed.item
    whole = _told(item, stored)
    shown = whole if head.unmasked else _masked(whole, head.hidden, withheld=withheld)
    return {
        "id": item.id,
        **shown,
        "withheld": withheld,
        "claim": claim_of(item) if shown == whole else None,
        "claim_sha256": item.manifest_digest,
        "custody": [_row(row, head) for row in packed.chain],
    }


def _told(item: EvidenceItem, stored: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "url": item.url,
        "final_url": item.final_url or "",
        "title": item.title or "",
        "captured_at": item.captured_at.isoformat(),
        "ended_at": item.ended_at.isoformat() if item.ended_at else None,
        "origin": item.origin,
        "availability": item.availability or "",
        "status": item.status,
        "tool": item.tool or "",
        "robots": item.robots or "",
        "note": item.note or "",
        "detail": dict(item.detail or {}),
        "files": stored,
    }


def _masked(whole: dict[str, Any], hidden: Hidden, *, withheld: bool) -> dict[str, Any]:
    """The same without what names somebody who must not be shown; of a withheld item nothing that leads to it."""
    files = [
        {
            **one,
            # What a file was called, and where it comes from, may name whoever brought it, and nobody knows how.
            "name": HIDDEN if one["name"] and whole["note"] else hidden.shown(one["name"]),
            "source": site_only(one["source"]) if withheld else hidden.shown(one["source"]),
        }
        for one in whole["files"]
    ]
    shown = {key: hidden.shown_within(value) for key, value in whole.items() if key != "files"}
    if withheld:
        shown["title"] = whole["title"] and HIDDEN
        shown["url"], shown["final_url"] = site_only(whole["url"]), site_only(whole["final_url"])
        shown["detail"] = {key: one for key, one in shown["detail"].items() if key in TECHNICAL}
    return {**shown, "note": whole["note"] and HIDDEN, "files": files}


def _row(row: Custody, head: Head) -> dict[str, Any]:
    """A row of custody; one that says who brought the file keeps its place and its digest, not its words."""
    covered = not head.unmasked and (row.act == "brought" or head.hidden.found_in(row.detail))
    covered = covered and bool(row.detail)
    return {
        "sequence": row.sequence,
        "act": row.act,
        "at": row.at.isoformat(),
        "who": row.actor_name,
        "detail": HIDDEN if covered else row.detail,
        "previous": row.previous,
        "digest": row.digest,
        "content": None if covered else custody.content_of(row),
    }


def _add_stamp(archive: Archive, folder: str, packed: Packed, files: FileStore) -> str:
    if not packed.stamp:
        return ""
    try:
        data = files.get(packed.stamp)
    except NotFound:
        return ""
    archive.add(name := f"{folder}/dau-thoi-gian.tsr", data)
    return name
