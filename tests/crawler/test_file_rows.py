"""Files to posts: each bad row is named with its line, the good ones are taken."""

import io
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.file.encoding import detect_encoding
from crawler.sources.file.parser import ColumnMissing, Row, inspect, look, rows
from crawler.sources.file.records import csv_records
from search.post import Platform


def read(data: bytes, config: Mapping[str, Any] | None = None, after_line: int = 0) -> list[Row]:
    options = dict(config or {})
    layout = inspect(data, options)
    return list(rows(io.BytesIO(data), layout, options, Platform.SMS, after_line))


def texts(found: list[Row]) -> list[str]:
    return [row.post.text for row in found if row.post]


def problems(found: list[Row]) -> list[tuple[str, int]]:
    return [(row.problem.reason, row.problem.detail["line"]) for row in found if row.problem]


BAD = """Nội dung;Link;Ngày
"dòng một
còn tiếp; vẫn thế";http://x.example/1;02/03/2026
rỗng thì bỏ;;
;http://x.example/0;
"chưa đóng ngoặc;http://x.example/2;
hàng tốt;http://x.example/3;hôm qua
thừa;http://x.example/4;;lạ
cuối;javascript:alert(1);03/03/2026 09:00
"""


def test_a_csv_with_bad_rows_gives_its_good_ones() -> None:
    found = read(BAD.encode())
    assert texts(found) == ["dòng một\ncòn tiếp; vẫn thế", "rỗng thì bỏ", "hàng tốt", "cuối"]
    assert problems(found) == [
        ("row_without_text", 5),
        ("bad_row", 6),
        ("row_time", 7),
        ("row_fields", 8),
    ]
    first, plain = found[0].post, found[1].post
    assert first is not None
    assert plain is not None
    assert first.url == "http://x.example/1"
    assert plain.url.startswith("urn:rasoat:entered:")


def test_reading_goes_on_after_a_checkpoint() -> None:
    whole = read(BAD.encode())
    for at in range(len(whole)):
        assert read(BAD.encode(), after_line=whole[at].last_line) == whole[at + 1 :]


def test_a_quote_that_never_closes_costs_only_its_row() -> None:
    lines = "text,url\n" + '"mở mãi,x\n' + "".join(f"dòng {n},\n" for n in range(2000))
    found = read(lines.encode())
    assert problems(found) == [("bad_row", 2)]
    assert texts(found) == [f"dòng {n}" for n in range(2000)]


def vietnamese_1258(text: str) -> bytes:
    """Windows-1258 as Vietnamese programs wrote it: letters with hooks and horns, tones as marks."""
    out = bytearray()
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
        letter = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        out += letter.encode("cp1258") + "".join(tones).encode("cp1258")
    return bytes(out)


SENTENCE = "Việc nhẹ lương cao ở cửa khẩu, bao ăn ở, đưa đón tận nơi"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (f"text\n{SENTENCE}\n".encode(), "utf-8-sig"),
        (f"text\n{SENTENCE}\n".encode("utf-8-sig"), "utf-8-sig"),
        (f"text\n{SENTENCE}\n".encode("utf-16"), "utf-16"),
        (f"text\n{SENTENCE}\n".encode("utf-16-le"), "utf-16-le"),
        (f"text\n{SENTENCE}\n".encode("utf-16-be"), "utf-16-be"),
        (vietnamese_1258(f"text\n{SENTENCE}\n"), "cp1258"),
    ],
)
def test_it_recognises_the_encodings_vietnamese_files_come_in(data: bytes, encoding: str) -> None:
    assert inspect(data, {}).encoding == encoding
    assert texts(read(data)) == [SENTENCE]


def test_a_few_wrong_bytes_do_not_cost_the_row() -> None:
    data = "text\nđúng\n".encode() + b"sai \xff\xfe byte\n" + "đúng nữa\n".encode()
    found = read(data, {"encoding": "utf-8-sig"})
    assert texts(found) == ["đúng", "sai \ufffd\ufffd byte", "đúng nữa"]
    assert problems(found) == [("row_encoding", 3)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_recognises_the_delimiter(delimiter: str) -> None:
    data = f'"nội dung{delimiter}x"{delimiter}tác giả\nchào{delimiter}Ba\n'.replace(
        f'"nội dung{delimiter}x"', "nội dung"
    )
    (row,) = read(data.encode())
    assert row.post is not None
    assert (row.post.text, row.post.author.name) == ("chào", "Ba")


def test_json_lines_name_what_is_no_object() -> None:
    data = (
        '{"text": "một", "author": "Ba"}\n[1]\nkhông phải json\n\n{"text": null}\n{"text": "hai"}\n'
    )
    found = read(data.encode())
    assert texts(found) == ["một", "hai"]
    assert problems(found) == [("row_json", 2), ("row_json", 3), ("row_without_text", 5)]
    assert texts(read(data.encode(), after_line=3)) == ["hai"]


def test_columns_can_be_named() -> None:
    data = "A,B\nlời,tựa\n".encode()
    (row,) = read(data, {"column_text": "a", "column_title": "B"})
    assert row.post is not None
    assert row.post.body == "tựa\nlời"
    with pytest.raises(ColumnMissing, match="Thiếu"):
        inspect(data, {"column_text": "Thiếu"})
    with pytest.raises(ColumnMissing):
        inspect(data, {})
    assert inspect("chỉ một cột\nx\n".encode(), {}).columns == {"text": "chỉ một cột"}


def test_a_field_can_be_left_out_whatever_a_column_is_called() -> None:
    data = b"text,date\nxin chao,ngay mai\n"
    assert inspect(data, {}).columns == {"text": "text", "time": "date"}
    assert inspect(data, {"column_time": "-"}).columns == {"text": "text"}
    assert inspect(b"text,-\nxin,7\n", {"column_title": "-"}).columns["title"] == "-"


def test_a_file_can_be_looked_at_before_anybody_knows_its_columns() -> None:
    data = "Lời nhắn;Nơi\nxin chào;K\n".encode()
    assert look(data, {}).header == ("Lời nhắn", "Nơi")
    with pytest.raises(ColumnMissing):
        inspect(data, {})


def test_the_same_row_is_the_same_post_and_another_is_not() -> None:
    found = read("text\ngiống nhau\ngiống nhau\nkhác\n".encode())
    urls = [row.post.url for row in found if row.post]
    assert urls[0] == urls[1] != urls[2]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    encoding = detect_encoding(data)
    stream = io.TextIOWrapper(
        io.BytesIO(b"text,url\n" + data), encoding, errors="replace", newline=""
    )
    for record in csv_records(stream, ","):
        assert record.last_line >= record.line >= 1
