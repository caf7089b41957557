"""From a file to posts, row by row; each bad row is named with its line, the good ones are taken."""

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.page import Problem
from crawler.sources.addresses import absolute, canonical
from crawler.sources.file.encoding import (
    DELIMITERS,
    SAMPLE_BYTES,
    detect_delimiter,
    detect_encoding,
    detect_format,
)
from crawler.sources.file.records import Record, csv_header, csv_records, json_records
from crawler.sources.legacy_fonts import TCVN3, VNI, font_of, to_unicode, turned
from crawler.sources.manual.parser import address_of
from crawler.sources.markup import tidy
from crawler.sources.times import parse_time
from search.post import Author, Platform, Post

NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "nội dung",
        "noi dung",
        "noidung",
        "noi_dung",
        "content",
        "message",
        "body",
        "tin nhắn",
        "nội dung phản ánh",
        "nội dung tin báo",
        "nội dung tin nhắn",
        "mô tả",
    ),
    "title": ("title", "tiêu đề", "tieu de", "tieu_de", "subject"),
    "url": ("url", "link", "address", "địa chỉ", "dia chi", "đường dẫn", "duong dan", "permalink"),
    "author": (
        "author",
        "tác giả",
        "tac gia",
        "người đăng",
        "nguoi dang",
        "account",
        "from",
        "người gửi",
        "số gửi",
        "tài khoản",
        "user",
    ),
    "author_url": ("author_url", "author_link", "link tài khoản"),
    "time": (
        "time",
        "posted_at",
        "date",
        "ngày",
        "ngay",
        "thời gian",
        "thoi gian",
        "ngày đăng",
        "ngày nhận",
        "thời gian nhận",
        "created_at",
    ),
    "platform": ("platform", "nền tảng", "nen tang"),
}


NO_COLUMN = "-"
"""Named as a column: the field is not in the file, whatever a column is called."""


class ColumnMissing(ValueError):
    """The file has no such column."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: its encoding, format, delimiter, and which column holds what."""

    encoding: str
    format: str
    delimiter: str
    columns: Mapping[str, str]
    header: tuple[str, ...] = ()
    font: str = ""
    """The font of former years that the whole file is written for (crawler.sources.legacy_fonts)."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one record became: a post, or none; what is wrong; and its last line."""

    last_line: int
    post: Post | None = None
    problem: Problem | None = None


def inspect(sample: bytes, config: Mapping[str, Any]) -> Layout:
    """The layout of a file by its first bytes and the config; ColumnMissing when a named column is absent."""
    layout = look(sample, config)
    return replace(layout, columns=_columns(layout.header, config))


def look(sample: bytes, config: Mapping[str, Any]) -> Layout:
    """The layout without its columns: encoding, format, delimiter, and the names that the header gives."""
    sample = sample[:SAMPLE_BYTES]
    encoding = _given(config, "encoding")
    font = encoding if encoding in {TCVN3, VNI} else ""
    encoding = detect_encoding(sample, font=font) if font or not encoding else encoding
    text = sample.decode(encoding, "replace")
    font = font or font_of(text)
    kind = _given(config, "format") or detect_format(text)
    named = _given(config, "delimiter")
    delimiter = DELIMITERS[named] if named else detect_delimiter(text.lstrip("\ufeff\r\n"))
    table = kind == "csv"
    header = csv_header(io.StringIO(text), delimiter) if table else list(_first_object(text))
    names = tuple(turned(name, font) if font else to_unicode(name) for name in header)
    return Layout(encoding, kind, delimiter, {}, names, font)


def rows(
    stream: BinaryIO,
    layout: Layout,
    config: Mapping[str, Any],
    platform: Platform,
    after_line: int = 0,
) -> Iterator[Row]:
    """Every row below `after_line`, as a post or a problem. Streams; keeps nothing of what it has read."""
    text = io.TextIOWrapper(stream, layout.encoding, errors="replace", newline="")
    zone = ZoneInfo(config.get("timezone") or "Asia/Ho_Chi_Minh")
    records = (
        json_records(text, after_line)
        if layout.format == "jsonl"
        else csv_records(text, layout.delimiter, after_line)
    )
    try:
        for record in records:
            yield _row(record, layout, zone, platform)
    finally:
        with suppress(ValueError):  # whoever opened the stream closes it
            text.detach()


def _row(record: Record, layout: Layout, zone: ZoneInfo, platform: Platform) -> Row:
    if record.problem is not None:
        return Row(record.last_line, problem=record.problem)
    font, fields = layout.font, record.fields
    if font:
        fields = {turned(name, font): value for name, value in fields.items()}
    values = {name: _text(fields.get(column), font) for name, column in layout.columns.items()}
    text, title = values.get("text", ""), values.get("title", "").replace("\n", " ")
    if not text and not title:
        empty = Problem("row_without_text", "", "row", {"line": record.line})
        return Row(record.last_line, problem=empty)
    problem: Problem | None = None
    posted_at = parse_time(values["time"], zone) if values.get("time") else None
    if values.get("time") and posted_at is None:
        detail: dict[str, Any] = {"line": record.line, "value": values["time"][:100]}
        problem = Problem("row_time", "", "row", detail)
    if "\ufffd" in text + title:
        detail = {"line": record.line, "encoding": layout.font or layout.encoding}
        problem = Problem("row_encoding", "", "row", detail)
    url = absolute("", values.get("url", ""))
    author_url = absolute("", values.get("author_url", ""))
    post = Post(
        url=canonical(url) if url else address_of(f"{title}\n{text}"),
        text=text,
        title=title,
        platform=_platform(values.get("platform", ""), platform),
        author=Author(
            values.get("author", "").replace("\n", " "),
            urlsplit(author_url).path.strip("/").rpartition("/")[2],
            author_url,
        ),
        posted_at=posted_at,
    )
    return Row(record.last_line, post, problem)


def _text(value: Any, font: str = "") -> str:
    if value is None:
        return ""
    text = unicodedata.normalize("NFC", tidy(value if isinstance(value, str) else str(value)))
    return turned(text, font) if font else to_unicode(text)


def _platform(given: str, default: Platform) -> Platform:
    try:
        return Platform(given.strip().lower())
    except ValueError:
        return default


def _given(config: Mapping[str, Any], name: str) -> str:
    value = str(config.get(name) or "auto")
    return "" if value == "auto" else value


def _first_object(text: str) -> Mapping[str, Any]:
    return next((one.fields for one in json_records(io.StringIO(text)) if one.fields), {})


def _columns(header: Sequence[str], config: Mapping[str, Any]) -> dict[str, str]:
    lower = {name.strip().lower(): name for name in header}
    columns = {}
    for name, known in NAMES.items():
        wanted = str(config.get(f"column_{name}") or "").strip()
        if wanted == NO_COLUMN and NO_COLUMN not in lower:
            continue
        if wanted:
            if wanted.lower() not in lower:
                raise ColumnMissing(wanted)
            columns[name] = lower[wanted.lower()]
        elif found := next((lower[one] for one in known if one in lower), ""):
            columns[name] = found
    if "text" not in columns and "title" not in columns:
        if len(header) != 1:
            raise ColumnMissing(NAMES["text"][0])
        columns["text"] = header[0]
    return columns
