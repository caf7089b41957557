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
from pathlib import Path
from typing import Any, NamedTuple

from casework.evidence.checker_form import (
    SUMS,
    Entry,
    Findings,
    Unreadable,
    archive_of,
    folder_of,
    sums_of,
)
from casework.evidence.checker_items import ODD, Item, told_in

CONTENT = "package.json"
FORMAT = 2
FORMATS = (1, 2)
PAGES = ("MUC-LUC.html", "HUONG-DAN.txt", "kiem-tra.py", CONTENT)


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


def check(path: Path, digest: str = "") -> Report:
    """Everything that can be told of a package (a ZIP or the folder it was unpacked to). Unreadable for others."""
    found = Findings()
    entries = folder_of(path, found) if path.is_dir() else archive_of(path, found)
    root, content = "", {}
    listed: dict[str, str] = {}
    if SUMS in entries:
        root, listed = sums_of(entries, found, ordered=not path.is_dir())
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
        for one in told_in(entries[CONTENT]):
            if not head:
                if one["format"] not in FORMATS:
                    raise ValueError(one["format"])
                head = one
                continue
            found.items += 1
            Item(one, head, entries, listed, found).check(found.items, spare, ids)
    except ODD:
        found.wrong(CONTENT + ": was changed, or belongs to another version")
        return head
    for name in sorted(spare):
        found.wrong(name + ": belongs to no item")
    return head


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
