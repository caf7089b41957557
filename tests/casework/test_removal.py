"""When an address counts as gone, and when it is looked at next; what makes two addresses the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.addresses import is_web_address, normalised
from casework.domain.removal import UNSEEN, Clock, Sighting, judge, next_look
from casework.domain.takedown_lifecycle import ItemState
from search.post import Availability

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DISTANCE = timedelta(hours=1)
ONLINE, REMOVED = Availability.ONLINE, Availability.REMOVED


def seen(*steps: tuple[float, Availability], picture: bool = True) -> list[Sighting]:
    """Sightings at so many hours from the start."""
    return [
        Sighting(number, availability, START + timedelta(hours=hours), picture)
        for number, (hours, availability) in enumerate(steps, start=1)
    ]


def test_nothing_seen_is_pending() -> None:
    assert judge([], DISTANCE).state is ItemState.PENDING


def test_once_is_not_enough() -> None:
    judged = judge(seen((0, ONLINE), (5, REMOVED)), DISTANCE)
    assert (judged.state, judged.removed_at) == (ItemState.GONE_ONCE, None)
    assert judged.first_gone_at == START + timedelta(hours=5)


def test_twice_too_close_together_is_once() -> None:
    steps = seen((0, ONLINE), (5, REMOVED), (5.5, REMOVED))
    assert judge(steps, DISTANCE).state is ItemState.GONE_ONCE


def test_exactly_the_distance_is_enough() -> None:
    judged = judge(seen((0, ONLINE), (5, REMOVED), (6, REMOVED)), DISTANCE)
    assert judged.state is ItemState.REMOVED
    assert judged.removed_at == START + timedelta(hours=6)
    assert (judged.before_id, judged.after_id) == (1, 3)


def test_online_in_between_starts_anew() -> None:
    steps = seen((0, ONLINE), (5, REMOVED), (5.5, ONLINE), (6, REMOVED))
    judged = judge(steps, DISTANCE)
    assert (judged.state, judged.first_gone_id) == (ItemState.GONE_ONCE, 4)


def test_what_could_not_be_seen_in_between_neither_confirms_nor_denies() -> None:
    steps = seen((0, ONLINE), (5, REMOVED), (5.5, Availability.BLOCKED), (6, REMOVED))
    assert judge(steps, DISTANCE).state is ItemState.REMOVED


def test_a_login_wall_after_a_removal_is_no_reappearing() -> None:
    steps = seen((0, ONLINE), (1, REMOVED), (2, REMOVED), (3, Availability.LOGIN_WALL))
    judged = judge(steps, DISTANCE)
    assert (judged.state, judged.last) == (ItemState.REMOVED, Availability.LOGIN_WALL)


def test_a_restriction_after_a_proven_removal_does_not_undo_it_but_before_it_does() -> None:
    after = seen((0, ONLINE), (1, REMOVED), (2, REMOVED), (3, Availability.RESTRICTED))
    before = seen((0, ONLINE), (1, REMOVED), (1.5, Availability.RESTRICTED))
    assert judge(after, DISTANCE).state is ItemState.REMOVED
    assert judge(before, DISTANCE).state is ItemState.RESTRICTED


@pytest.mark.parametrize("again", [ONLINE, Availability.EDITED])
def test_seen_again_after_a_removal_is_told(again: Availability) -> None:
    steps = seen((0, ONLINE), (1, REMOVED), (2, REMOVED), (30, again))
    judged = judge(steps, DISTANCE)
    assert judged.reappeared_at == START + timedelta(hours=30)
    assert judged.state is not ItemState.REMOVED
    assert judged.before_id == 1


def test_gone_without_pictures_is_not_proven() -> None:
    steps = seen((0, ONLINE), (1, REMOVED), (2, REMOVED), picture=False)
    assert judge(steps, DISTANCE).state is ItemState.GONE
    no_before = seen((1, REMOVED), (2, REMOVED))
    assert judge(no_before, DISTANCE).state is ItemState.GONE
    assert judge(no_before, DISTANCE, has_before=True).state is ItemState.REMOVED


AVAILABILITY = st.sampled_from(list(Availability))


@given(st.lists(st.sampled_from(sorted(UNSEEN)), max_size=20))
def test_nothing_that_could_not_be_seen_ever_makes_a_removal(unseen: list[Availability]) -> None:
    judged = judge(
        seen(*((hour, one) for hour, one in enumerate(unseen))), DISTANCE, has_before=True
    )
    assert judged.state in {ItemState.PENDING, ItemState.UNCLEAR}
    assert judged.first_gone_at is None


@given(st.lists(AVAILABILITY, max_size=25))
def test_a_proven_removal_always_rests_on_two_sightings_apart_and_a_picture(
    steps: list[Availability],
) -> None:
    sightings = seen(*((hour / 2, one) for hour, one in enumerate(steps)))
    judged = judge(sightings, DISTANCE)
    if judged.state is not ItemState.REMOVED:
        assert judged.removed_at is None
        return
    by_id = {one.id: one for one in sightings}
    assert judged.removed_at is not None
    assert judged.first_gone_at is not None
    assert judged.removed_at - judged.first_gone_at >= DISTANCE
    assert by_id[judged.before_id or 0].availability is ONLINE
    assert by_id[judged.after_id or 0].availability is REMOVED
    assert (judged.before_id or 0) < (judged.after_id or 0)


def clock(state: ItemState, last: float | None, **values: float) -> Clock:
    moments = {name: START + timedelta(hours=hours) for name, hours in values.items()}
    return Clock(
        sent_at=START,
        deadline_at=START + timedelta(hours=24),
        state=state,
        last_at=None if last is None else START + timedelta(hours=last),
        **moments,
    )


@pytest.mark.parametrize(
    ("given_clock", "hours"),
    [
        (clock(ItemState.PENDING, None), 0),  # at once
        (clock(ItemState.ONLINE, -5), 0),  # seen before the sending only
        (clock(ItemState.ONLINE, 2), 3),
        (clock(ItemState.ONLINE, 23.5), 24),  # at the deadline
        (clock(ItemState.UNCLEAR, 24), 28),  # four times less often afterwards
        (clock(ItemState.REMOVED, 30, removed_at=30), 54),
    ],
)
def test_looks_follow_the_clock(given_clock: Clock, hours: float) -> None:
    assert next_look(given_clock, DISTANCE) == START + timedelta(hours=hours)


def test_the_second_sighting_is_looked_for_as_soon_as_it_counts() -> None:
    gone = clock(ItemState.GONE_ONCE, 5.2, first_gone_at=5)
    assert next_look(gone, DISTANCE) == START + timedelta(hours=6)


def test_a_removal_is_watched_for_thirty_looks_and_no_longer() -> None:
    assert next_look(clock(ItemState.REMOVED, 30 + 24 * 29, removed_at=30), DISTANCE) is not None
    assert next_look(clock(ItemState.REMOVED, 30 + 24 * 30, removed_at=30), DISTANCE) is None


def test_a_distance_of_nothing_still_leaves_time_between_looks() -> None:
    following = next_look(clock(ItemState.ONLINE, 2), timedelta(0))
    assert following is not None
    assert following > START + timedelta(hours=2)


@pytest.mark.parametrize(
    "other",
    [
        "http://mang.example/bai/1",
        "https://MANG.example/bai/1/",
        "https://mang.example:443/bai/1?utm_source=zalo",
        "https://mang.example/bai/1?fbclid=xyz",
    ],
)
def test_spellings_of_one_page_are_one_address(other: str) -> None:
    assert normalised(other) == normalised("https://mang.example/bai/1")


@pytest.mark.parametrize(
    "other",
    [
        "https://mang.example/bai/2",
        "https://mang.example/bai/1?id=7",
        "https://mang.example/bai/1#tra-loi-5",
        "https://khac.example/bai/1",
        "https://mang.example:8080/bai/1",
    ],
)
def test_other_pages_are_other_addresses(other: str) -> None:
    assert normalised(other) != normalised("https://mang.example/bai/1")


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_and_nothing_breaks_it(text: str) -> None:
    for url in (text, f"https://mang.example/{text}"):
        assert normalised(normalised(url)) == normalised(url)
        is_web_address(url)
