"""What limits a rule by a post's age, and what is known of a post that was too long to be read in full."""

from datetime import UTC, datetime, timedelta

import pytest

from search.post import Post
from search.preparing import prepare
from search.rules.matcher import MAX_LENGTH, Context, Matcher
from search.rules.pack import PackError, load_pack

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PACK = """
pack: sample
version: 1
title: {vi: Bộ thử, en: Sample}
purpose: {vi: Chỉ để thử, en: For tests only}
legal_basis: [nd174-2026.95.1.b]
owner: test
signals:
  - id: there
    group: destination
    weight: 30
    scope: {max_age_days: 30}
    why: {vi: Nêu nơi đến., en: Names the place.}
    phrases: ["đi xứ lạ"]
  - id: pays
    group: wage
    weight: 15
    why: {vi: Trả theo ngày., en: Pays by the day.}
    amounts: [{least: 300000, per: [day]}]
examples: {positive: ["đi xứ lạ, ngày 500k"], negative: ["ngày 500k"]}
"""
LURE = "đi xứ lạ, ngày 500k"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher([load_pack(PACK)])


@pytest.mark.parametrize(
    ("days", "flagged"), [(0, True), (29.9, True), (30.1, False), (400, False)]
)
def test_a_signal_may_speak_of_young_posts_only(
    matcher: Matcher, days: float, flagged: bool
) -> None:
    context = Context(posted_at=NOW - timedelta(days=days), seen_at=NOW)
    assert (matcher.match(LURE, context) is not None) is flagged


def test_a_post_whose_time_is_not_known_is_of_every_age(matcher: Matcher) -> None:
    assert matcher.match(LURE) is not None
    assert matcher.match(LURE, Context(seen_at=NOW)) is not None
    assert matcher.match(LURE, Context(posted_at=NOW - timedelta(days=400))) is not None


def test_an_age_below_nothing_is_refused() -> None:
    with pytest.raises(PackError):
        load_pack(PACK.replace("max_age_days: 30", "max_age_days: -1"))


def test_a_post_is_as_old_as_it_was_when_it_was_read(matcher: Matcher) -> None:
    post = Post(url="https://dien-dan.example/1", text=LURE, posted_at=NOW - timedelta(days=90))
    assert prepare(post, matcher, b"k", seen_at=NOW).judgement is None
    assert prepare(post, matcher, b"k", seen_at=NOW - timedelta(days=80)).judgement is not None


def test_a_long_post_is_read_up_to_the_limit(matcher: Matcher) -> None:
    filler = "x " * (MAX_LENGTH // 2 - len(LURE))
    assert not matcher.too_long(filler + LURE)
    assert matcher.match(filler + LURE) is not None


def test_a_post_that_is_too_long_says_so_though_nothing_was_found(matcher: Matcher) -> None:
    text = "x " * MAX_LENGTH + LURE
    assert matcher.match(text) is None
    assert matcher.too_long(text)
    assert not matcher.too_long(LURE)
    assert prepare(Post(url="https://dien-dan.example/2", text=text), matcher, b"k").cut
    assert not prepare(Post(url="https://dien-dan.example/3", text=LURE), matcher, b"k").cut


def test_a_long_post_that_a_person_keeps_says_so_too(matcher: Matcher) -> None:
    post = Post(url="https://dien-dan.example/4", text="x " * MAX_LENGTH)
    kept = prepare(post, matcher, b"k", keep_all=True).judgement
    assert kept is not None
    assert [reason.signal for reason in kept.reasons] == ["matcher/length"]
