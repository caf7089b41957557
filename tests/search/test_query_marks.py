"""Which parts of a text a search hit."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index import marks
from search.query import parse


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, parse(query))]


@pytest.mark.parametrize(
    ("text", "query", "parts"),
    [
        ("Việc nhẹ, lương cao!", "việc cao", ["Việc", "cao"]),
        ("Việc nhẹ, lương cao!", '"nhẹ lương"', ["nhẹ, lương"]),
        ("V.i.ệ.c nhẹ", "việc", ["V.i.ệ.c"]),
        ("viec nhe, việc nhẹ, việt nhé", '"việc nhẹ"', ["viec nhe", "việc nhẹ"]),
        ("bán bản ban", "bán", ["bán", "ban"]),
        ("bán bản ban", "ban", ["bán", "bản", "ban"]),
        ("bán thận", "-bán", []),
        ("bán thận", "bán -thận", ["bán"]),
        ("bán thận", "xe OR thận", ["thận"]),
        ("bán thận", "nguồn:bán", []),
        ("a b c d", '"a b c" "b c d"', ["a b c d"]),
        ("", "a", []),
        ("a", "", []),
    ],
)
def test_it_marks_what_the_search_hit(text: str, query: str, parts: list[str]) -> None:
    assert marked(text, query) == parts


@given(st.text(alphabet="aăâ bđ.nhẹ việc!\n", max_size=60), st.sampled_from(["a", "việc", '"a b"']))
def test_marks_ascend_do_not_overlap_and_stay_inside(text: str, query: str) -> None:
    spans = marks(text, parse(query))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
