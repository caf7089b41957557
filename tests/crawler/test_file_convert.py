"""Workbooks and mailboxes become rows; bombs and broken ones are refused in time."""

import io
import json
import zipfile
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from crawler.sources.file.convert import Unreadable, as_lines
from crawler.sources.file.encoding import SAMPLE_BYTES
from crawler.sources.file.parser import inspect, rows
from search.post import Platform

WRITTEN = datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001 - a sheet knows no zones


def lines(data: bytes) -> list[dict[str, Any] | None]:
    with as_lines(io.BytesIO(data)) as found:
        return [json.loads(line) if line.strip() else None for line in found.read().splitlines()]


def workbook(*table: tuple[object, ...], empty_first: bool = False) -> bytes:
    book = Workbook()
    sheet = book.active
    if empty_first:
        sheet = book.create_sheet("Tin báo")
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail(subject: str, text: str, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "Bà Lan <lan@example.vn>"
    message["Date"] = "Mon, 23 Nov 2026 09:00:00 +0700"
    message["Message-ID"], message["MIME-Version"] = "<1@example.vn>", "1.0"
    if text:
        message.set_content(text)
    if html:
        message.set_content(html, subtype="html")
    return message


def test_a_row_of_a_sheet_is_a_line_of_the_same_number() -> None:
    data = workbook(
        ("Nội dung", "Ngày", "Số điện thoại", None),
        ("Tuyển người sang Campuchia", WRITTEN, 900000123.0, "thừa"),
        (None, None, None, None),
        ("=1+1", "20/11/2026", "0900 000 123", None),
    )
    found = lines(data)
    assert found[0] is None
    assert found[1] == {
        "Nội dung": "Tuyển người sang Campuchia",
        "Ngày": "2026-11-20T08:30:00",
        "Số điện thoại": "900000123",
    }
    assert found[2] is None
    # A formula is never worked out: without a saved value there is none.
    assert found[3] == {"Ngày": "20/11/2026", "Số điện thoại": "0900 000 123"}


def test_a_workbook_is_read_like_a_file_of_lines() -> None:
    data = workbook(
        ("Nội dung", "Người đăng"), ("Việc nhẹ lương cao", "Tư Lành"), ("", "không có chữ")
    )
    with as_lines(io.BytesIO(data)) as stream:
        layout = inspect(stream.read(SAMPLE_BYTES), {})
        stream.seek(0)
        found = list(rows(stream, layout, {}, Platform.OTHER))
    assert layout.format == "jsonl"
    assert found[0].post is not None
    assert (found[0].post.text, found[0].post.author.name) == ("Việc nhẹ lương cao", "Tư Lành")
    assert found[1].problem is not None
    assert found[1].problem.detail["line"] == 3


def test_the_first_sheet_that_has_rows_is_read() -> None:
    assert lines(workbook(("text",), ("Alo",), empty_first=True))[1] == {"text": "Alo"}


def test_two_columns_of_one_name_are_kept_apart() -> None:
    assert lines(workbook(("text", "text"), ("a", "b")))[1] == {"text": "a", "text (2)": "b"}


def test_a_mailbox_gives_its_messages() -> None:
    box = b"".join(
        b"From x@y Mon Nov 23 09:00:00 2026\n" + one.as_bytes() + b"\n\n"
        for one in (
            mail("Tố giác", "Có người rủ sang Bavet, lương 1000 đô\n"),
            mail("HTML", "", "<p>Tuyển <b>gấp</b></p><script>x()</script>"),
        )
    )
    first, second = lines(box)
    assert first == {
        "subject": "Tố giác",
        "text": "Có người rủ sang Bavet, lương 1000 đô",
        "author": "Bà Lan <lan@example.vn>",
        "time": "2026-11-23T09:00:00+07:00",
    }
    assert second is not None
    assert second["text"] == "Tuyển gấp"


def test_one_message_as_it_was_saved_is_one_row() -> None:
    (only,) = lines(mail("Tin báo", "Nội dung tin").as_bytes())
    assert only is not None
    assert (only["subject"], only["text"]) == ("Tin báo", "Nội dung tin")


def test_a_message_in_an_unknown_charset_is_read_as_far_as_it_goes() -> None:
    raw = mail("x", "Alo").as_bytes().replace(b'charset="utf-8"', b'charset="x-unknown"')
    (only,) = lines(raw)
    assert only is not None
    assert "Alo" in only["text"]


@pytest.mark.parametrize("text", ["nội dung\nAlo\n", '{"text": "Alo"}\n', "", "PKL"])
def test_what_is_text_already_stays_as_it_is(text: str) -> None:
    with as_lines(io.BytesIO(text.encode())) as stream:
        assert stream.read() == text.encode()


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
        (packed("word/document.xml", b"<x/>"), "not_a_table"),
        (packed("xl/workbook.xml", b"<x/>"), "workbook"),
        (b"PK\3\4" + bytes(100), "workbook"),
        (packed("xl/worksheets/sheet1.xml", bytes(401 * 2**20)), "too_large_unpacked"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        lines(data)
    assert refused.value.reason == reason


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_it(noise: bytes) -> None:
    for head in (
        b"",
        b"From x@y Mon Nov 23 09:00:00 2026\n",
        b"Subject: x\nFrom: y\nDate: z\n",
        b"PK\3\4",
    ):
        try:
            with as_lines(io.BytesIO(head + noise)) as stream:
                stream.read()
        except Unreadable:
            continue
