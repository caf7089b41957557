"""Where evidence stands: the quick ways say what the plain definitions say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.rules.scanning import Accents, Reading, all_near, spaces_of, unshielded
from search.text import tokenise

spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda pair: (pair[0], sum(pair))),
    max_size=8,
)


@given(spans, spans)
def test_a_span_inside_a_shield_is_left_out(
    found: list[tuple[int, int]], shields: list[tuple[int, int]]
) -> None:
    open_ones = {
        (start, end)
        for start, end in found
        if not any(low <= start and end <= high for low, high in shields)
    }
    assert unshielded(found, shields) == sorted(open_ones)


@given(spans, st.lists(spans, max_size=3), st.integers(0, 9))
def test_near_is_at_most_so_many_tokens_between(
    anchors: list[tuple[int, int]], others: list[list[tuple[int, int]]], within: int
) -> None:
    def gap(one: tuple[int, int], other: tuple[int, int]) -> int:
        return max(0, other[0] - one[1], one[0] - other[1])

    plainly = any(
        all(any(gap(anchor, one) <= within for one in each) for each in others)
        for anchor in anchors
    )
    assert all_near(anchors, others, within) is plainly


@given(st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=9))
def test_each_token_has_the_space_before_it(tokens: list[str]) -> None:
    folded = " ".join(tokens)
    padded = f" {folded} "
    spaces = spaces_of(folded)
    assert [padded[at + 1 :].split(" ")[0] for at in spaces] == tokens
    assert all(padded[at] == " " for at in spaces)


@pytest.mark.parametrize(
    ("text", "accented"),
    [
        ("bị ép làm ở công ty, không cho về nhà", True),
        ("bi ep lam o cong ty, khong cho ve nha", False),
        ("bi ép làm ở cong ty, không cho ve nhà", False),
        ("bị ép làm ở công ty, ko cho về sg, sếp bao group zalo tắt", True),
        ("một tiếng quên dấu thoi thì vẫn là người viết có dấu nhé", True),
    ],
)
def test_one_who_leaves_diacritics_out_now_and_then_is_known(text: str, accented: bool) -> None:
    tokens = tokenise(text)
    reading = Reading(tokens.kept, tokens.folded, text)
    assert Accents(reading).around(0) is accented
