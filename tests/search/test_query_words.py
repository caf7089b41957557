"""A search said back, in both languages; and what a query refuses."""

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from search.query import EVERYTHING, Message, Query, describe, parse
from search.query_words import FIELD_WORDS

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "webui/translations/parts/search_query.tsv"


def vietnamese() -> dict[str, str]:
    lines = TRANSLATIONS.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def said(text: str, *, in_vietnamese: bool = False) -> list[str]:
    translate = vietnamese().__getitem__ if in_vietnamese else str
    return [message.text(translate) for message in describe(parse(text))]


@pytest.mark.parametrize(
    ("text", "english", "vietnamese_words"),
    [
        ("", ["all posts"], ["tất cả bài đăng"]),
        (
            '"việc nhẹ" luong',
            ["“việc nhẹ” or “viec nhe”", "“luong” with any diacritics"],
            ["“việc nhẹ” hoặc “viec nhe”", "“luong” với dấu bất kỳ"],
        ),
        (
            "-lừa (a OR b)",
            [
                "not: “lừa” or “lua”",
                "(“a” with any diacritics or “b” with any diacritics)",
            ],
            [
                "không gồm: “lừa” hoặc “lua”",
                "(“a” với dấu bất kỳ hoặc “b” với dấu bất kỳ)",
            ],
        ),
        (
            "nguồn:A nguồn:B khẩn:có vụ:none",
            ["source: A or B", "urgent lane: yes", "case: none"],
            ["nguồn: A hoặc B", "luồng khẩn: có", "vụ việc: không có"],
        ),
        (
            "từ:01/11/2026 đến:30/11/2026 -ngày:05/11/2026",
            ["not: day: 05/11/2026", "from 01/11/2026", "up to and including 30/11/2026"],
            ["không gồm: ngày: 05/11/2026", "từ ngày 01/11/2026", "đến hết ngày 30/11/2026"],
        ),
    ],
)
def test_it_says_what_is_searched_in_both_languages(
    text: str, english: list[str], vietnamese_words: list[str]
) -> None:
    assert said(text) == english
    assert said(text, in_vietnamese=True) == vietnamese_words


def test_percent_signs_that_people_type_are_left_alone() -> None:
    assert said('nguồn:"lãi 100%(sao)s"') == ["source: lãi 100%(sao)s"]


def _sentences() -> Iterator[str]:
    """Every msgid of the search language and the index, read from their source."""
    yield from FIELD_WORDS.values()
    files = [*(ROOT / "search").glob("query*.py"), *(ROOT / "search/index").glob("*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in {"Message", "note"} and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_sentence_has_its_vietnamese_with_the_same_places() -> None:
    translated = vietnamese()
    sentences = set(_sentences())
    assert len(sentences) > 25
    for msgid in sentences:
        places = {part.split(")s")[0] for part in msgid.split("%(")[1:]}
        assert places == {part.split(")s")[0] for part in translated[msgid].split("%(")[1:]}


def test_a_message_fills_messages_into_messages() -> None:
    message = Message("%(a)s!", {"a": Message("all posts")})
    assert str(message) == "all posts!"
    assert message.text({"%(a)s!": "¡%(a)s!", "all posts": "todo"}.__getitem__) == "¡todo!"


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": 0}, {"size": 0}, {"size": 501}, {"filters": {"unit": ("1",)}},
        {"facets": ("author",)},
    ],
)  # fmt: skip
def test_a_query_that_no_engine_could_answer_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"cannot be shown|knows no"):
        Query(**wrong)  # type: ignore[arg-type]


def test_a_query_is_narrowed_without_losing_what_it_has() -> None:
    query = parse("a nguồn:A từ:01/11/2026").narrowed({"source": ("B", "A"), "level": ("high",)})
    assert query.filters == {"source": ("A", "B"), "level": ("high",)}
    assert query.since == date(2026, 11, 1)
    assert Query().narrowed({}) == Query(text=EVERYTHING)


def test_the_offset_counts_the_pages_before() -> None:
    assert Query(page=3, size=25).offset == 50
