"""Older decisions train, newer ones test, and copies never stand on both sides. Pure."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

TEST_SHARE = 0.3
COPIES = 3
"""Posts of one cluster that are used at most: a campaign of a thousand copies is not a thousand lessons."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One decided post. `ties`: whatever makes posts belong together (campaign, same text, one decision)."""

    post_id: int
    at: datetime
    kept: bool
    ties: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """Ids of posts to train and to test on, and the cluster of each."""

    train: tuple[int, ...]
    test: tuple[int, ...]
    cluster: dict[int, int]


def clusters(lessons: Iterable[Lesson]) -> dict[int, int]:
    """Post -> the smallest id among all posts that it is tied to, however indirectly."""
    parent: dict[Hashable, Hashable] = {}

    def root(one: Hashable) -> Hashable:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    every = list(lessons)
    for lesson in every:
        for tie in lesson.ties:
            parent[root(("post", lesson.post_id))] = root(("tie", tie))
    members: dict[Hashable, list[int]] = {}
    for lesson in every:
        members.setdefault(root(("post", lesson.post_id)), []).append(lesson.post_id)
    return {post: min(group) for group in members.values() for post in group}


def thinned(lessons: Sequence[Lesson]) -> tuple[list[Lesson], dict[int, int]]:
    """At most COPIES posts of each cluster, its oldest decisions, in order of time; with the clusters."""
    cluster = clusters(lessons)
    taken: dict[int, int] = {}
    found = []
    for lesson in sorted(lessons, key=lambda one: (one.at, one.post_id)):
        group = cluster[lesson.post_id]
        taken[group] = taken.get(group, 0) + 1
        if taken[group] <= COPIES:
            found.append(lesson)
    return found, cluster


def split(lessons: Sequence[Lesson]) -> Split:
    """The newest 30 % of clusters test. A cluster belongs where it began; what it says later is left out."""
    some, cluster = thinned(lessons)
    began: dict[int, datetime] = {}
    for lesson in some:
        began.setdefault(cluster[lesson.post_id], lesson.at)
    order = sorted(began, key=lambda one: (began[one], one))
    tested = set(order[len(order) - round(len(order) * TEST_SHARE) :])
    line = min((began[one] for one in tested), default=None)
    train = [
        one.post_id
        for one in some
        if cluster[one.post_id] not in tested and (line is None or one.at <= line)
    ]
    test = [one.post_id for one in some if cluster[one.post_id] in tested]
    return Split(tuple(train), tuple(test), cluster)
