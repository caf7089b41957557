"""Who belongs together, decided in memory: strength of ties, caps, what people took apart."""

from search.campaigns.grouping import FULL, Grouping, Joined, Reason, Tie


def copy(other: int) -> Tie:
    return Tie(other, Reason.COPY)


def near(other: int, share: float = 0.8) -> Tie:
    return Tie(other, Reason.NEAR, share)


def sharing(other: int) -> Tie:
    return Tie(other, Reason.CONTACT, contact=("phone", "+84900000123"))


def test_two_posts_without_a_campaign_begin_one() -> None:
    grouping = Grouping({}, {})
    grouping.place(2, [copy(1)])
    assert grouping.campaign_of(1) == grouping.campaign_of(2) == -1
    assert grouping.joined == [Joined(1, -1, Tie(1, Reason.FIRST)), Joined(2, -1, copy(1))]


def test_a_post_joins_by_its_strongest_tie_and_the_oldest_campaign_stays() -> None:
    grouping = Grouping({1: (7, 7), 2: (5, 5), 3: (6, 6)}, {5: 2, 6: 2, 7: 2})
    grouping.place(9, [sharing(2), near(3, 0.9), copy(1)])
    assert grouping.campaign_of(9) == 5
    assert [(one.kept, one.gone, one.tie.reason) for one in grouping.merged] == [
        (6, 7, Reason.NEAR),
        (5, 6, Reason.CONTACT),
    ]
    assert grouping.joined[0].home == 7, "undoing the merges leads it back to its copies"


def test_home_is_that_of_the_post_it_is_tied_to_not_the_campaign_of_today() -> None:
    grouping = Grouping({1: (5, 8)}, {5: 4})
    grouping.place(9, [copy(1)])
    assert grouping.where[9] == (5, 8)


def test_what_people_took_apart_is_not_merged_but_joined_on_one_side() -> None:
    grouping = Grouping({1: (5, 5), 2: (6, 6)}, {5: 2, 6: 2}, [(6, 5)])
    grouping.place(9, [copy(2), near(1)])
    assert grouping.campaign_of(9) == 6
    assert grouping.merged == []


def test_a_split_holds_through_the_merges_of_its_sides() -> None:
    grouping = Grouping({1: (5, 5), 2: (6, 6), 3: (7, 7)}, {5: 2, 6: 2, 7: 2}, [(5, 7)])
    grouping.place(9, [copy(1), near(2)])
    grouping.place(10, [copy(2), near(3)])
    assert grouping.campaign_of(10) == 5
    assert grouping.campaign_of(3) == 7


def test_a_full_campaign_takes_copies_only() -> None:
    grouping = Grouping({1: (5, 5)}, {5: FULL})
    grouping.place(9, [near(1)])
    grouping.place(10, [sharing(1)])
    grouping.place(11, [copy(1)])
    assert [grouping.campaign_of(post) for post in (9, 10, 11)] == [None, None, 5]


def test_two_large_campaigns_stay_two() -> None:
    grouping = Grouping({1: (5, 5), 2: (6, 6)}, {5: FULL - 1, 6: 2})
    grouping.place(9, [copy(2), sharing(1)])
    assert grouping.merged == []


def test_what_is_refused_by_a_full_campaign_begins_another_with_the_next() -> None:
    grouping = Grouping({1: (5, 5)}, {5: FULL})
    grouping.place(9, [near(1)])
    grouping.place(10, [near(1), near(9)])
    assert grouping.campaign_of(9) == grouping.campaign_of(10) == -1


def test_a_relative_without_a_campaign_comes_along_once() -> None:
    grouping = Grouping({1: (5, 5)}, {5: 2})
    grouping.place(9, [copy(1), near(2), sharing(2)])
    assert [one.post for one in grouping.joined] == [9, 2]
    assert grouping.campaign_of(2) == 5


def test_an_edited_post_keeps_its_campaign_and_brings_the_other_in() -> None:
    grouping = Grouping({1: (5, 5), 9: (8, 8)}, {5: 2, 8: 2})
    grouping.place(9, [copy(1)])
    assert grouping.joined == []
    assert grouping.campaign_of(9) == 5
    assert [(one.kept, one.gone) for one in grouping.merged] == [(5, 8)]
