"""Is an order of posts within their levels better than that of the rules? Pure arithmetic on held-back decisions.

Average precision: how early the posts stand that officers flagged. The interval comes from drawing campaigns
anew (bootstrap), since posts of one campaign stand and fall together.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FIRST = 20
DRAWS = 400
SEED = 20_261_123
Order = Callable[["Held"], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Held:
    """One post whose decision was held back. `rules`: its place in the queue's own order, smaller is earlier."""

    level: str
    kept: bool
    cluster: int
    opinion: float
    rules: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Both orders on the same posts, levels weighed by their posts; shares from 0 to 1.

    `low` and `high` are the 95 % interval of the difference of the average precisions.
    """

    posts: int = 0
    kept: int = 0
    clusters: int = 0
    opinion: float = 0.0
    rules: float = 0.0
    low: float = 0.0
    high: float = 0.0
    first_opinion: float = 0.0
    first_rules: float = 0.0

    @property
    def difference(self) -> float:
        return self.opinion - self.rules

    @property
    def beats(self) -> bool:
        """Better than the rules, and not by chance."""
        return self.low > 0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Quality":
        return cls(**stored)


def by_opinion(one: Held) -> tuple[Any, ...]:
    """Within a level: the opinion first, then as the rules order."""
    return (-one.opinion, *one.rules)


def by_rules(one: Held) -> tuple[Any, ...]:
    return one.rules


def measure(held: Sequence[Held], *, draws: int = DRAWS) -> Quality:
    """Compare both orders. Without a level that has both verdicts there is nothing to compare: all 0."""
    clusters: dict[int, list[Held]] = {}
    for one in held:
        clusters.setdefault(one.cluster, []).append(one)
    groups = [clusters[key] for key in sorted(clusters)]
    low, high = _interval(groups, draws)
    return Quality(
        posts=len(held),
        kept=sum(one.kept for one in held),
        clusters=len(groups),
        opinion=within_levels(held, by_opinion, average_precision),
        rules=within_levels(held, by_rules, average_precision),
        low=low,
        high=high,
        first_opinion=within_levels(held, by_opinion, first_precision),
        first_rules=within_levels(held, by_rules, first_precision),
    )


def within_levels(
    held: Iterable[Held], order: Order, figure: Callable[[Sequence[bool]], float]
) -> float:
    """A figure of each level's order, weighed by posts; levels with one verdict only tell nothing."""
    levels: dict[str, list[Held]] = {}
    for one in held:
        levels.setdefault(one.level, []).append(one)
    total = weight = 0.0
    for posts in levels.values():
        if 0 < sum(one.kept for one in posts) < len(posts):
            total += len(posts) * figure([one.kept for one in sorted(posts, key=order)])
            weight += len(posts)
    return total / weight if weight else 0.0


def average_precision(verdicts: Sequence[bool]) -> float:
    """The mean, over the flagged posts, of the share of flagged ones down to each of them."""
    found, total = 0, 0.0
    for place, kept in enumerate(verdicts, start=1):
        if kept:
            found += 1
            total += found / place
    return total / found if found else 0.0


def first_precision(verdicts: Sequence[bool]) -> float:
    """The share of flagged ones among the first twenty."""
    first = verdicts[:FIRST]
    return sum(first) / len(first) if first else 0.0


def _interval(groups: Sequence[Sequence[Held]], draws: int) -> tuple[float, float]:
    if not groups or not draws:
        return 0.0, 0.0
    pick = random.Random(SEED)  # noqa: S311 - the same figures each time, not a secret
    found = []
    for _ in range(draws):
        drawn = [one for group in pick.choices(groups, k=len(groups)) for one in group]
        opinion = within_levels(drawn, by_opinion, average_precision)
        found.append(opinion - within_levels(drawn, by_rules, average_precision))
    found.sort()
    return found[int(0.025 * draws)], found[min(draws - 1, int(0.975 * draws))]
