"""Likeness: words, figures and signals weighed by a table that a person can read."""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.rules.likeness import Likeness
from search.rules.pack import shipped_matcher, shipped_packs
from search.rules.traits import MINOR, PHONE, SUM, marks_of, spelled_in, traits_of, words_of
from search.rules.wording import FACTS, LOWERING, PARTS, UNSAID, Wording, shipped_wording
from search.text import fold

TABLE: dict[str, Any] = {
    "digest": "x",
    "bias": {"lure": -1.0, "help": -1.0, "innocent": -2.0, "glance": 0.25, "look": 0.0},
    "least": {
        "some": 0.5,
        "some_innocent": 0.0,
        "strong": 1.5,
        "strong_innocent": 0.0,
        "sure": 2.5,
        "sure_innocent": -1.0,
        "help": 0.5,
        "help_sure": 1.5,
        "unlike": -1.5,
        "unlike_strong": -2.5,
        "innocent": 0.0,
        "innocent_strong": 1.0,
        "innocent_sure": 2.0,
        "glance": -9.0,
        "look": -9.0,
        "likely": 0.0,
        "likely_help": 0.0,
    },
    "signals": {"a/b": [1.0, 0.0, 0.0], "a/calm": [-3.0, 0.0, 0.0], "a/told": [0.0, 0.0, 2.5]},
    "marks": {"<question>": [0.0, 0.0, 3.0]},
    "weights": {
        "cho": [10.0, 0.1, 0.0, 0.0, 0.0],
        "hang": [10.0, 0.1, 0.0, 0.0, 0.0],
        "gap": [1.0, 0.1, 2.0, 0.0, 0.0],
        "nguoi": [10.0, 4.0, 0.0, 0.0, 1.0],
        "di": [10.0, 0.1, 0.0, 0.0, 0.0],
        "nguoi di": [20.0, 3.0, 0.0, 0.0, 2.0],
    },
    "beside": {"a/near hang": [2.0, -1.0, 0.0, 1.0], "a/near di": [1.0, 0.0, 0.0, 3.0]},
    "glance": {"nguoi": 1.5, "di": -0.5},
}


def test_figures_are_weighed_as_what_they_are() -> None:
    words = words_of(fold("16t, lương 8 triệu, gọi 0900 000 123").split())
    assert [word.text for word in words] == [MINOR, "luong", SUM, "goi", PHONE]
    assert [(word.start, word.end) for word in words][-1] == (5, 8)


def test_words_and_signals_together_make_a_text_alike() -> None:
    text = "cho người đi gấp hàng"
    likeness = Likeness(Wording(TABLE), fold(text), text)
    assert "wording" in likeness.spans([])
    assert "wording_strong" in likeness.spans(["a/b"])
    assert set(likeness.spans(["a/calm"])) <= {"unlike", "unlike_strong"}
    assert "innocent" in likeness.spans(["a/told"])
    assert "innocent_strong" not in likeness.spans(["a/told"])


def test_the_loudest_words_are_shown_and_none_twice() -> None:
    text = "cho người đi gấp hàng"
    spans = Likeness(Wording(TABLE), fold(text), text).spans([])["wording"]
    assert (1, 3) in spans
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))


def test_of_too_few_known_words_nothing_is_said() -> None:
    text = "người đi"
    assert Likeness(Wording(TABLE), fold(text), text).spans(["a/b"]) == {}


def test_a_question_and_a_quotation_are_seen() -> None:
    assert "<question>" in marks_of("đi không?")
    assert "<quoted>" in marks_of("nó nói “đi”")
    assert not {"<question>", "<quoted>"} & set(marks_of("đi thôi"))


def test_a_text_as_tidy_as_a_newspaper_is_told_from_one_typed_in_haste() -> None:
    tidy = marks_of("Công an tỉnh cho biết đã bắt giữ nhóm người. Vụ việc đang được làm rõ.")
    hasty = marks_of("can ng di lam gap ib e!!! #vieclam")
    assert {"<full stop>", "<capital>", "<sentences>", "<accents 3>"} <= set(tidy)
    assert {"<exclaimed>", "<hash>", "<accents 0>"} <= set(hasty)
    assert not {"<full stop>", "<capital>", "<sentences>"} & set(hasty)


def test_what_is_written_with_diacritics_is_weighed_as_it_is_spelled() -> None:
    assert spelled_in(("nói", "dua", "thôi")) == ["=nói", "=thôi", "=nói dua", "=dua thôi"]
    assert "=bán thận" in traits_of(fold("bán thận"), "bán thận").features
    assert "=bán thận" not in traits_of(fold("bản thân"), "bản thân").features


def test_what_looks_like_a_lure_and_is_told_by_another_sign_is_not_alike() -> None:
    text = "cho người đi gấp hàng"
    asked = f"{text}?"
    assert "wording" in Likeness(Wording(TABLE), fold(text), text).spans([])
    assert "wording" not in Likeness(Wording(TABLE), fold(asked), asked).spans([])


def test_much_that_is_not_known_makes_a_text_less_alike() -> None:
    table, text = Wording(TABLE), "cho người đi gấp hàng"
    strange = f"{text} xyz uvw rst opq"
    known, unknown = (table.scores(traits_of(fold(t), t))[0] for t in (text, strange))
    assert unknown < known


def test_every_word_of_the_shipped_table_has_its_three_weights_and_every_signal_exists() -> None:
    table = shipped_wording()
    known = {f"{pack.id}/{signal.id}" for pack in shipped_packs() for signal in pack.signals}
    assert len(table.weights) > 5_000
    assert set(table.signals) <= known


def test_likeness_alone_never_flags() -> None:
    """Whatever the words are, a flag has a group of another kind beside the wording."""
    matcher = shipped_matcher()
    table = shipped_wording()
    loud = sorted(table.weights, key=lambda word: -table.weights[word][1])[:400]
    for start in range(0, 400, 8):
        judgement = matcher.match(" ".join(loud[start : start + 8]))
        if judgement is not None:
            assert set(judgement.groups) - {"wording"}


@pytest.mark.parametrize("step", ["glance", "look"])
def test_what_is_turned_away_at_a_glance_could_not_have_been_alike(step: str) -> None:
    text = "cho người đi gấp hàng"
    deaf = Wording({**TABLE, "least": {**TABLE["least"], step: 99.0}})
    assert "wording" in Likeness(Wording(TABLE), fold(text), text).possible
    assert "wording" not in Likeness(deaf, fold(text), text).possible


def test_a_word_says_another_thing_beside_another_sign() -> None:
    table, text = Wording(TABLE), "cho người đi gấp hàng"
    traits = traits_of(fold(text), text)
    plain, told = table.scores(traits), table.scores(traits, ["a/near"])
    length = math.sqrt(2.0**2 + 1.0**2)
    assert told[0] == pytest.approx(plain[0] - 2.0 / length)
    assert told[2] == pytest.approx(plain[2] + (2.0 + 3.0) / length)
    assert table.scores(traits, ["a/b"])[2] == plain[2]


def test_a_glance_and_a_look_weigh_words_by_their_share() -> None:
    table = Wording(TABLE)
    length = math.sqrt(10.0**2 + 10.0**2 + UNSAID)
    assert table.glance(["nguoi", "di", "x"]) == pytest.approx(
        (10 * 1.5 - 10 * 0.5) / length + 0.25
    )
    length = math.sqrt(2 * 10.0**2 + 20.0**2 + UNSAID)
    assert table.look(["nguoi", "di"]) == pytest.approx((10 * 1.0 + 20 * 2.0) / length)


@given(st.text(max_size=200))
def test_any_text_has_a_likeness(text: str) -> None:
    spans = Likeness(shipped_wording(), fold(text), text).spans([])
    tokens = len(fold(text).split())
    assert set(spans) <= {*FACTS, *LOWERING}
    assert all(0 <= start < end <= tokens for found in spans.values() for start, end in found)


@pytest.mark.parametrize("part", PARTS)
def test_a_table_that_is_no_table_says_so(part: str) -> None:
    with pytest.raises(TypeError):
        Wording({**TABLE, part: []})


@pytest.mark.parametrize(
    "text",
    [
        "🄲🄷🄾 🅃🄸🄴🄽 @kho_nguoi000 sang 🇰🇭 lương 20tr zalo 0900 000 111 . @abc_def1",
        "t i ề n n h i ề u @tuyen_dung000 đi 🇰🇭 làm game lương 1000$",
    ],
)
def test_account_names_beside_disguised_words_never_break_the_judgement(text: str) -> None:
    judgement = shipped_matcher().match(text)
    assert judgement is None or all(hit.end <= len(text) for hit in judgement.hits)
