"""The pieces of which a post's page is made: spans, first lines, addresses, snippets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.models import PostRow
from search.rules.judgement import LABELS
from webui.views import post_words
from webui.views.post_parts import Why, first_line, safe_url, segments
from webui.views.search import snippets

WHYS = (Why(1, "hứa hẹn", "Hứa việc nhẹ.", 30), Why(2, "điểm đến", "Nêu nơi đến.", 20))


def test_spans_that_overlap_become_flat_pieces_that_name_both_reasons() -> None:
    pieces = segments("việc nhẹ lương cao", [(0, 8, (1,)), (5, 13, (2,))], WHYS, 0, 18)
    assert [(piece.text, piece.numbers) for piece in pieces] == [
        ("việc ", (1,)),
        ("nhẹ", (1, 2)),
        (" lươn", (2,)),
        ("g cao", ()),
    ]
    assert pieces[1].why == "hứa hẹn: Hứa việc nhẹ. · điểm đến: Nêu nơi đến."
    assert pieces[3].why == ""


def test_a_span_across_title_and_text_marks_both_parts() -> None:
    body = "Tuyển gấp\nđi ngay"
    spans = [(6, 12, (1,))]
    assert [piece.text for piece in segments(body, spans, WHYS, 0, 9)] == ["Tuyển ", "gấp"]
    assert [piece.text for piece in segments(body, spans, WHYS, 10, len(body))] == ["đi", " ngay"]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8),
)
def test_whatever_the_spans_every_character_comes_out_once_and_in_order(
    text: str, spans: list[tuple[int, int]]
) -> None:
    ordered = [(min(a, b), max(a, b), (1,)) for a, b in spans]
    pieces = segments(text, ordered, WHYS, 0, len(text))
    assert "".join(piece.text for piece in pieces) == text
    marked = {i for a, b, _ in ordered for i in range(max(a, 0), min(b, len(text)))}
    at = 0
    for piece in pieces:
        for i in range(at, at + len(piece.text)):
            assert (i in marked) == bool(piece.numbers)
        at += len(piece.text)


@pytest.mark.parametrize(
    ("title", "text", "line"),
    [
        ("Tiêu đề", "nội dung", "Tiêu đề"),
        ("", "\n\n  dòng đầu \ndòng hai", "dòng đầu"),
        ("", " \n ", ""),
        ("", "x" * 300, "x" * 139 + "…"),
    ],
)
def test_the_first_line_is_the_first_that_says_something(title: str, text: str, line: str) -> None:
    assert first_line(PostRow(title=title, text=text)) == line


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://dien-dan.example/1", True),
        (" http://dien-dan.example ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt://dien-dan.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//dien-dan.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, safe: bool) -> None:
    assert bool(safe_url(url)) is safe


def test_snippets_show_words_around_each_hit_and_join_those_that_are_near() -> None:
    text = "a " * 100 + "HIT gần HIT" + " b" * 100 + " HIT cuối"
    found = [(i, i + 3) for i in range(len(text)) if text.startswith("HIT", i)]
    first, second = snippets(text, found)
    assert [piece.text for piece in first if piece.hit] == ["HIT", "HIT"]
    assert [piece.text for piece in second if piece.hit] == ["HIT"]
    assert first[0].text == "…"
    assert first[-1].text == "…"
    assert second[-1].text == " cuối"


def test_without_a_hit_the_beginning_is_shown() -> None:
    (only,) = snippets("y" * 500, [])
    assert [piece.hit for piece in only] == [False]
    assert only[0].text == "y" * 140 + "…"


def test_steps_are_told_in_words_with_the_reason_of_their_kind() -> None:
    from flask import Flask
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        assert post_words.step("dismiss", "duplicate") == "Dismissed: Duplicate"
        assert post_words.step("return", "edited") == "Back in the queue: the post was edited"
        assert post_words.step("remove_from_case", "nhầm") == "Taken out of the case: nhầm"
        assert post_words.step("something_new", "x") == "something_new"


def test_no_reason_shows_the_bare_code_of_its_group() -> None:
    from flask import Flask
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        for code in LABELS:
            assert post_words.group(code) not in {"", "combination", "innocent", "length"}
        assert post_words.group("innocent") == "speaks against"


def test_telephone_numbers_are_shown_as_people_write_them() -> None:
    assert post_words.contact("phone", "+84901000123") == "0901 000 123"
    assert post_words.contact("phone", "+85512000123") == "+85512000123"
    assert post_words.contact("zalo", "nhom.thu") == "nhom.thu"
