"""Workbooks and mailboxes as JSON lines, so that everything behind reads one kind of file.

A line of the result is a row of the sheet, or a message, of the same number; so a bad row is told by the number
that people see. Formulas are never worked out: what counts is the value that was saved with them.
"""

import json
import mailbox
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from crawler.sources.markup import html_to_text
from foundation.lean import without

if TYPE_CHECKING:
    from openpyxl import Workbook

HEAD = 4096
MOST_UNPACKED = 400 * 2**20
"""Bytes that a workbook may unpack to: a bomb holds more."""
MOST_COLUMNS = 100
MOST_CELL = 40_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIL_HEAD = re.compile(
    rb"(?im)^(?:received|return-path|message-id|mime-version|delivered-to|date|from|subject):[ \t]"
)


class Unreadable(ValueError):
    """A file that cannot be turned into rows; `reason` says which kind of trouble."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def as_lines(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself where it is text already, else its rows as JSON lines. Unreadable for what is neither."""
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(_OLD_OFFICE):
        raise Unreadable("old_office")
    if head.startswith(b"PK\3\4"):
        with _spooled(stream) as path, _lines(_sheet(path)) as lines:
            yield lines
    elif head.startswith(b"From ") or len(_MAIL_HEAD.findall(head)) >= 3:
        with _spooled(stream) as path, _lines(_messages(path, head)) as lines:
            yield lines
    else:
        yield stream


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rasoat-import-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as target:
            shutil.copyfileobj(stream, target, 2**20)
        yield path


@contextmanager
def _lines(rows: Iterable[dict[str, Any] | None]) -> Iterator[BinaryIO]:
    """Rows as JSON lines; a row that is none is an empty line, so that numbers stay."""
    with tempfile.TemporaryFile() as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False) if row is not None else ""
            file.write(line.encode("utf-8", "replace") + b"\n")
        file.seek(0)
        yield file


def _sheet(path: Path) -> Iterator[dict[str, Any] | None]:
    """The rows of the first sheet that has any, by the names of its first row."""
    _require_no_bomb(path)
    with without("numpy"):  # sixteen megabytes, for those who do open a workbook
        from openpyxl import load_workbook
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except Exception as error:
            raise Unreadable("workbook") from error
        yield from _first_table(book)


def _first_table(book: "Workbook") -> Iterator[dict[str, Any] | None]:
    try:
        for sheet in book.worksheets:
            header: list[str] = []
            rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
            for values in rows:
                if not header:
                    header = _header(values)
                    yield None
                    continue
                row = {
                    name: _cell(value)
                    for name, value in zip(header, values, strict=False)
                    if name and value is not None
                }
                yield row or None
            if header:
                return
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("workbook") from error
    finally:
        book.close()


def _require_no_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("workbook") from error
    if not any(entry.filename.startswith("xl/") for entry in entries):
        raise Unreadable("not_a_table")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable("too_large_unpacked")


def _header(values: tuple[Any, ...]) -> list[str]:
    names: list[str] = []
    for value in values:
        name = str(_cell(value)).strip() if value is not None else ""
        names.append(f"{name} ({len(names) + 1})" if name and name in names else name)
    return names if any(names) else []


def _cell(value: Any) -> Any:
    """Times in ISO form, whole numbers without a point, everything else as text."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:MOST_CELL]


def _messages(path: Path, head: bytes) -> Iterator[dict[str, Any] | None]:
    if not head.startswith(b"From "):
        with path.open("rb") as file:
            yield _message(BytesParser(policy=modern).parse(file))
        return
    box = mailbox.mbox(path, factory=None, create=False)
    try:
        for key in box.keys():  # noqa: SIM118 - iterating the box reads every message
            yield _message(BytesParser(policy=modern).parsebytes(box.get_bytes(key)))
    finally:
        box.close()


def _message(mail: EmailMessage) -> dict[str, Any]:
    """Subject, text, sender and time of one message; attachments by their names only."""
    return {
        "subject": _said(mail, "subject"),
        "text": _body(mail),
        "author": _said(mail, "from"),
        "time": _sent_at(mail),
    }


def _said(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name) or "")[:1000]
    except Exception:  # noqa: BLE001 - a header that cannot be parsed is no header
        return ""


def _sent_at(mail: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(_said(mail, "date")).isoformat()
    except (ValueError, TypeError, IndexError):
        return ""


def _body(mail: EmailMessage) -> str:
    try:
        part = mail.get_body(("plain", "html"))
    except Exception:  # noqa: BLE001 - a message that is broken inside is read as far as it goes
        part = None
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    text = data.decode(_charset(part), "replace")
    return html_to_text(text) if part.get_content_type() == "text/html" else text.strip()


def _charset(part: Any) -> str:
    name = part.get_content_charset() or "utf-8"
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        return "utf-8"
    return str(name)
