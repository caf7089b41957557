"""What people type, and what is searched then."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import And, FieldTerm, Node, Not, Or, Phrase, Sort, Word, describe, parse
from search.query_fields import field_of, read_date, value_key


def word(kept: str, folded: str = "") -> Word:
    return Word(kept, folded or kept)


VIEC, NHE = word("việc", "viec"), word("nhẹ", "nhe")
A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", And()),
        ("   ", And()),
        ("việc", VIEC),
        ("VIỆC nhẹ", And((VIEC, NHE))),
        ('"việc nhẹ"', Phrase((VIEC, NHE))),
        ("“việc nhẹ”", Phrase((VIEC, NHE))),
        ('"việc"', VIEC),
        ("-việc", Not(VIEC)),
        ('-"việc nhẹ"', Not(Phrase((VIEC, NHE)))),
        ("a OR b c", Or((A, And((B, C))))),
        ("a | b", Or((A, B))),
        ("a|b", Or((A, B))),
        ("a AND b", And((A, B))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("-(a b)", Not(And((A, B)))),
        ("a or b", And((A, word("or"), B))),
        ("- a", A),
        ("OR a OR", A),
        ("v i ệ c", VIEC),
        ("v.i.ệ.c", VIEC),
        ("e-mail", word("email")),
    ],
)
def test_it_reads_words_phrases_not_or_and_brackets(text: str, node: Node) -> None:
    query = parse(text)
    assert query.text == node
    assert query.notes == ()


def test_a_word_that_the_normaliser_writes_out_is_a_phrase() -> None:
    assert parse("sđt").text == Phrase(
        (word("số", "so"), word("điện", "dien"), word("thoại", "thoai"))
    )


def test_fields_beside_words_narrow_the_whole_search() -> None:
    query = parse('a OR b nguồn:"Diễn đàn A" nguồn:B risk:cao khẩn:có')
    assert query.text == Or((A, B))
    assert query.filters == {
        "source": ("Diễn đàn A", "B"),
        "level": ("cao",),
        "urgent": ("có",),
    }


def test_the_same_field_on_both_sides_of_or_widens_the_filter() -> None:
    query = parse("nguồn:A OR nguồn:B")
    assert (query.text, query.filters) == (And(), {"source": ("A", "B")})


def test_a_field_alone_on_one_side_of_or_stays_there() -> None:
    query = parse("a OR nguồn:B")
    assert query.text == Or((A, FieldTerm("source", ("B",))))
    assert query.filters == {}


def test_a_field_in_brackets_or_behind_not_stays_in_the_tree() -> None:
    query = parse("(nguồn:A a) OR -nền:zalo")
    source, platform = FieldTerm("source", ("A",)), FieldTerm("platform", ("zalo",))
    assert query.text == Or((And((source, A)), Not(platform)))
    assert query.filters == {}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("source", "source"), ("nguồn", "source"), ("Nguon", "source"), ("NỀN", "platform"),
        ("risk", "level"), ("mức", "level"), ("rủi_ro", "level"), ("trạng-thái", "state"),
        ("nhóm", "group"), ("loại", "kind"), ("tác_giả", "author"), ("liên_hệ", "contact"),
        ("sđt", "contact"), ("khẩn", "urgent"), ("vụ_việc", "case"), ("từ", "since"),
        ("to", "until"), ("đến", "until"), ("ngày", "day"), ("gì", None), ("", None),
    ],
)  # fmt: skip
def test_it_knows_its_fields_in_both_languages(name: str, field: str | None) -> None:
    assert field_of(name) == field


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("từ:01/11/2026", date(2026, 11, 1), None),
        ("from:1.11.2026 to:2026-11-30", date(2026, 11, 1), date(2026, 11, 30)),
        ("từ:11/2026 đến:02/2024", date(2026, 11, 1), date(2024, 2, 29)),
        ("đến:12/2026", None, date(2026, 12, 31)),
        ("đến:2026-12", None, date(2026, 12, 31)),
        ("từ:01/11/2026 từ:05/11/2026 đến:09/11/2026 đến:07/11/2026", date(2026, 11, 5),
         date(2026, 11, 7)),
        ("a OR (b từ:01/11/2026)", date(2026, 11, 1), None),
    ],
)  # fmt: skip
def test_days_narrow_the_whole_search(text: str, since: date | None, until: date | None) -> None:
    query = parse(text)
    assert (query.since, query.until, query.notes) == (since, until, ())


@pytest.mark.parametrize("text", ["31/02/2026", "13/2026", "2026", "hôm qua", "1/1/0000", ""])
def test_it_does_not_guess_a_day(text: str) -> None:
    assert read_date(text, end=False) is None


@pytest.mark.parametrize(
    ("text", "found", "note"),
    [
        ("foo:bar", And((word("foo"), word("bar"))), "No such field, searched as words: foo:bar"),
        ("case:abc", And((word("case"), word("abc"))), "This value cannot be read"),
        ("khẩn:xyz", And((word("khẩn", "khan"), word("xyz"))), "This value cannot be read"),
        ('"a b', And((A, B)), 'Read as plain words, its partner is missing: "'),
        ("(a b", And((A, B)), "A bracket without its partner was left out: ("),
        ("a) b", And((A, B)), "A bracket without its partner was left out: )"),
        ("từ:32/13/2026", None, "This date cannot be read (write 01/11/2026): từ:32/13/2026"),
        ("nguồn: b", And((word("nguồn", "nguon"), B)), "There is no value after nguồn:"),
    ],
)
def test_what_it_cannot_read_is_searched_as_words_and_said(
    text: str, found: Node | None, note: str
) -> None:
    query = parse(text)
    if found is not None:
        assert query.text == found
    assert [str(one)[: len(note)] for one in query.notes] == [note]
    assert query.filters == {}


@pytest.mark.parametrize("text", ["https://example.vn/bai/1", "8:30", "lúc 20:00"])
def test_colons_of_everyday_are_no_fields(text: str) -> None:
    query = parse(text)
    assert (query.notes, query.filters) == ((), {})
    assert query.text != And()


def test_a_very_long_search_is_cut_and_says_so() -> None:
    query = parse("từ " * 5_000)
    assert isinstance(query.text, And)
    assert len(query.text.nodes) == 100
    assert "too long" in str(query.notes[0])


def test_deep_brackets_do_not_exhaust_the_reader() -> None:
    query = parse("(" * 90 + "a" + ")" * 90)
    assert query.text == A
    assert query.notes


def test_the_first_page_is_by_risk_without_facets() -> None:
    query = parse("a")
    assert (query.sort, query.page, query.facets) == (Sort.RISK, 1, ())


@given(st.text(max_size=80) | st.text(alphabet='ab :"-()|ORế/0129nguồn', max_size=60))
def test_it_reads_any_text_whatever(text: str) -> None:
    query = parse(text)
    assert all(message.text() for message in describe(query))
    assert all(message.text() for message in query.notes)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("contact", "+84 900 000 123", "0900000123"),
        ("contact", "(0900) 000-123", "0900000123"),
        ("contact", "84900000123", "0900000123"),
        ("contact", "https://www.Zalo.me/Nhom-Mau/", "zalo.me/nhom-mau"),
        ("contact", "@LamViec_Mau", "lamviec_mau"),
        ("author", "@Nguyễn  Thị MẪU", "nguyen thi mau"),
        ("source", "Diễn đàn Bến Đò", "dien dan ben do"),
        ("level", "rất cao", "critical"),
        ("state", "trong vụ việc", "in_case"),
        ("urgent", "Có", "yes"),
        ("case", "không", "none"),
        ("platform", "không", "khong"),
    ],
)
def test_values_are_compared_in_one_form(name: str, value: str, key: str) -> None:
    assert value_key(name, value) == key
