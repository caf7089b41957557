"""The second opinion without a database: features, the model's bytes, the split, the measure."""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import IntegrityError
from search.learning.features import GROUP, LEVEL, SIZE, bucket_of, features, valued, words_of
from search.learning.model import Linear, chance, fit
from search.learning.quality import (
    Held,
    average_precision,
    by_opinion,
    by_rules,
    first_precision,
    measure,
    within_levels,
)
from search.learning.splitting import COPIES, Lesson, clusters, split, thinned

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_words_are_normal_alone_and_in_pairs_and_long_figures_are_left_out() -> None:
    words = words_of("Việc NHẸ, l.ư.ơ.n.g cao 25tr ib 0900 000 123 hoặc 0900000123")
    assert "việc nhẹ" in words
    assert "lương" in words
    assert not any("0900000123" in one for one in words)


def test_a_long_text_weighs_no_more_than_a_short_one() -> None:
    for text in ("việc nhẹ", " ".join(f"chữ{n}" for n in "abcdefghijklmnop")):
        found = valued(words_of(text), (), "low")
        squares = sum(value**2 for name, (_, value) in found.items() if not name.startswith("\0"))
        assert squares == pytest.approx(1.0)


def test_groups_and_level_are_features_beside_the_words() -> None:
    found = valued([], ("offer",), "high")
    assert set(found) == {GROUP + "offer", LEVEL + "high"}
    assert features("", ("offer",), "high").keys() == {bucket_of(one) for one in found}


@given(st.text(max_size=200))
def test_any_text_has_features_within_the_table(text: str) -> None:
    assert all(0 <= bucket < SIZE for bucket in features(text, ("offer",), "low"))


def test_a_model_comes_back_from_its_bytes() -> None:
    model = Linear({3: 0.5, 70_000: -1.25}, 0.125)
    data = model.to_bytes()
    assert Linear.from_bytes(data) == model
    assert Linear.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80\x04]\x94.",
        b"{}",
        json.dumps({"format": "other"}).encode(),
        Linear({1: 1.0}, 0.0).to_bytes().replace(b'"features": 1', b'"features": 9'),
        Linear({1: 1.0}, 0.0).to_bytes().replace(b'"weights": "', b'"weights": "AAAA'),
    ],
)
def test_anything_else_is_no_model(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        Linear.from_bytes(data)


def test_a_chance_lies_between_nothing_and_certain() -> None:
    assert [chance(-800), chance(0), chance(800)] == [0.0, 0.5, 1.0]


def test_fitting_in_another_process_learns_which_word_tells() -> None:
    rows = [features(f"{'casino' if n % 2 else 'lễ hội'} số {n % 7}", (), "low") for n in range(60)]
    (model,) = fit((rows, [bool(n % 2) for n in range(60)]))
    assert (
        model.score(features("casino", (), "low")) > 0 > model.score(features("lễ hội", (), "low"))
    )
    assert "sklearn" not in sys.modules, "the library stays in the other process"


def lesson(post: int, day: int, *ties: str, kept: bool = True) -> Lesson:
    return Lesson(post, START + timedelta(days=day), kept, ties)


def test_ties_make_clusters_however_indirectly() -> None:
    some = [lesson(1, 0, "a"), lesson(2, 0, "a", "b"), lesson(3, 0, "b"), lesson(4, 0, "c")]
    assert clusters(some) == {1: 1, 2: 1, 3: 1, 4: 4}


def test_a_campaign_of_many_copies_is_few_lessons() -> None:
    some, _ = thinned([lesson(n, n, "same") for n in range(1, 50)])
    assert [one.post_id for one in some] == [1, 2, 3]
    assert COPIES == 3


@given(
    st.lists(st.tuples(st.integers(0, 60), st.lists(st.integers(0, 25), max_size=2)), max_size=60)
)
def test_copies_never_stand_on_both_sides_and_older_decisions_train(
    made: list[tuple[int, list[int]]],
) -> None:
    some = [lesson(n, day, *map(str, ties)) for n, (day, ties) in enumerate(made, 1)]
    parts = split(some)
    train = {parts.cluster[one] for one in parts.train}
    test = {parts.cluster[one] for one in parts.test}
    assert not train & test
    ties = {one.post_id: set(one.ties) for one in some}
    assert not {t for one in parts.train for t in ties[one]} & {
        t for one in parts.test for t in ties[one]
    }
    at = {one.post_id: one.at for one in some}
    if parts.train and parts.test:
        assert max(at[one] for one in parts.train) <= min(at[one] for one in parts.test)
    if len(set(parts.cluster.values())) >= 4:
        assert parts.test


def held(level: str, opinion: float, place: int, *, kept: bool, cluster: int = 0) -> Held:
    return Held(level, kept, cluster or place, opinion, (place,))


def test_average_precision_is_that_of_the_textbook() -> None:
    assert average_precision([True, False, True, False]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False, False]) == 0.0
    assert first_precision([True] * 5 + [False] * 15 + [True] * 50) == 0.25


def test_levels_are_measured_apart_and_weighed_by_posts() -> None:
    posts = [
        held("high", 0.1, 1, kept=True),
        held("high", 0.9, 2, kept=False),
        held("low", 0.9, 3, kept=True),
        held("low", 0.8, 4, kept=False),
        held("low", 0.7, 5, kept=False),
        held("low", 0.6, 6, kept=False),
        held("critical", 0.0, 7, kept=True),
    ]
    assert within_levels(posts, by_rules, average_precision) == 1.0
    assert within_levels(posts, by_opinion, average_precision) == pytest.approx((2 * 0.5 + 4) / 6)


def test_a_perfect_opinion_beats_rules_that_know_nothing() -> None:
    pick = random.Random(3)  # noqa: S311 - made-up verdicts
    posts = []
    for place in range(1, 201):
        kept = pick.random() < 0.4
        posts.append(held("high", 0.9 if kept else 0.1, place, kept=kept))
    quality = measure(posts)
    assert quality.opinion == 1.0
    assert quality.beats
    assert quality.low <= quality.difference <= quality.high
    assert measure(posts) == quality, "the same figures each time"


def test_an_opinion_that_only_repeats_the_rules_does_not_beat_them() -> None:
    pick = random.Random(4)  # noqa: S311 - made-up verdicts
    posts = [held("high", -place, place, kept=pick.random() < 0.4) for place in range(1, 201)]
    quality = measure(posts)
    assert quality.difference == 0
    assert not quality.beats


def test_without_both_verdicts_there_is_nothing_to_compare() -> None:
    quality = measure([held("high", 0.5, n, kept=True) for n in range(1, 30)])
    assert (quality.opinion, quality.rules, quality.beats) == (0.0, 0.0, False)
    assert measure([]).posts == 0
