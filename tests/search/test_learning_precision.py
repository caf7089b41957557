"""The arithmetic of precision, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.learning.precision import Counts, RuleRecord, Share, by_need, last_months, wilson


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (8, 10, 0.4902, 0.9433),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_the_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    """The figures are those of the textbook formula, worked out apart."""
    assert wilson(right, total) == pytest.approx((low, high), abs=5e-5)


def test_without_decisions_anything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert Share(0, 0).value is None
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_narrows_with_more_decisions(
    pair: tuple[int, int],
) -> None:
    right, total = pair
    low, high = wilson(right, total)
    assert 0 <= low <= right / total <= high <= 1
    wider = wilson(right, total)
    narrow = wilson(right * 4, total * 4)
    assert narrow[1] - narrow[0] < wider[1] - wider[0]


def test_nine_decisions_are_too_few_and_ten_are_not() -> None:
    assert Share(9, 9).too_few
    assert not Share(9, 10).too_few


def test_a_rule_that_speaks_against_is_right_where_posts_were_dismissed() -> None:
    months = (Counts("2026-10", kept_once=3, dismissed_once=1), Counts("2026-11", dismissed_once=6))
    speaks_for, against = RuleRecord("p/a", 10, months), RuleRecord("p/b", -10, months)
    assert (speaks_for.share.right, speaks_for.share.total) == (3, 10)
    assert (against.share.right, against.share.total) == (7, 10)
    assert not against.only_dismissed


def test_the_curve_has_every_month_also_those_without_decisions() -> None:
    record = RuleRecord("p/a", 10, (Counts("2026-01", kept_once=2, dismissed_once=2),))
    shares = record.shares(last_months("2026-02", 3))
    assert [(month, one.total) for month, one in shares] == [
        ("2025-12", 0),
        ("2026-01", 4),
        ("2026-02", 0),
    ]


def test_only_dismissed_means_neither_kept_nor_helped() -> None:
    assert RuleRecord("p/a", 1, (Counts("2026-11", dismissed=4),)).only_dismissed
    assert not RuleRecord("p/a", 1, (Counts("2026-11", dismissed=4, help=1),)).only_dismissed
    assert not RuleRecord("p/a", 1, (Counts("2026-11", aside=4),)).only_dismissed, "says nothing"


def test_what_surely_misleads_comes_first_and_what_has_too_few_decisions_last() -> None:
    def record(name: str, kept: int, dismissed: int) -> RuleRecord:
        return RuleRecord(name, 1, (Counts("2026-11", kept_once=kept, dismissed_once=dismissed),))

    some = [record("good", 90, 10), record("few", 0, 4), record("bad", 5, 95), record("so", 5, 7)]
    assert [one.name for one in by_need(some)] == ["bad", "so", "good", "few"]
