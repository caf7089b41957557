"""How often officers agreed with a rule: pure arithmetic on counts, without a database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Two-sided 95 % of a normal distribution."""
TOO_FEW = 10
"""Under so many decisions a share says nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `total` decisions, with its 95 % interval (Wilson), all from 0 to 1."""

    right: int
    total: int

    @property
    def too_few(self) -> bool:
        return self.total < TOO_FEW

    @property
    def value(self) -> float | None:
        return self.right / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, which stays between 0 and 1 and is honest for few decisions; (0, 1) for none."""
        return wilson(self.right, self.total)


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share. ValueError when `right` is not between 0 and `total`."""
    if not 0 <= right <= total:
        raise ValueError(f"{right} of {total} is no share")
    if not total:
        return 0.0, 1.0
    share, square = right / total, Z * Z
    middle = share + square / (2 * total)
    wide = Z * sqrt((share * (1 - share) + square / (4 * total)) / total)
    below = 1 + square / total
    # Against rounding: the share itself always lies within.
    low, high = min(share, (middle - wide) / below), max(share, (middle + wide) / below)
    return max(0.0, low), min(1.0, high)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was decided about the posts of one rule in one month; `..._once`: a campaign counts once."""

    month: str
    kept: int = 0
    dismissed: int = 0
    aside: int = 0
    help: int = 0
    kept_once: int = 0
    dismissed_once: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """Everything that was decided about the posts in which one rule counted, month by month.

    A rule that speaks against is right where the post was dismissed.
    """

    name: str
    weight: int
    months: tuple[Counts, ...]

    @property
    def against(self) -> bool:
        return self.weight < 0

    @property
    def pack(self) -> str:
        return self.name.partition("/")[0]

    @property
    def is_pack(self) -> bool:
        return "/" not in self.name

    @property
    def posts(self) -> Counter[str]:
        """Posts by outcome."""
        found: Counter[str] = Counter()
        for one in self.months:
            found += Counter(
                {
                    "kept": one.kept,
                    "dismissed": one.dismissed,
                    "aside": one.aside,
                    "help": one.help,
                }
            )
        return found

    @property
    def share(self) -> Share:
        """How often officers agreed, by decisions."""
        return self._share(self.months)

    def shares(self, months: Sequence[str]) -> list[tuple[str, Share]]:
        """The same for each of these months, also those without any decision."""
        by_month = {one.month: one for one in self.months}
        return [
            (month, self._share([by_month[month]] if month in by_month else [])) for month in months
        ]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why its posts were dismissed, the most frequent reason first, in posts."""
        found: Counter[str] = Counter()
        for one in self.months:
            found.update(dict(one.reasons))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def only_dismissed(self) -> bool:
        """Whether it counted in posts that were dismissed, and in none that was of use."""
        posts = self.posts
        return not self.against and posts["dismissed"] > 0 and not posts["kept"] + posts["help"]

    def _share(self, months: Iterable[Counts]) -> Share:
        some = list(months)
        kept = sum(one.kept_once for one in some)
        dismissed = sum(one.dismissed_once for one in some)
        return Share(dismissed if self.against else kept, kept + dismissed)


def last_months(month: str, number: int) -> list[str]:
    """The `number` months that end with this one, oldest first: "2026-02", 3 -> 2025-12 to 2026-02."""
    year, of_year = map(int, month.split("-"))
    count = year * 12 + of_year - 1
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(count - number + 1, count + 1)]


def by_need(records: Iterable[RuleRecord]) -> list[RuleRecord]:
    """What should be looked at first: enough decisions and the lowest upper bound; the too few last."""
    return sorted(
        records,
        key=lambda one: (one.share.too_few, one.share.interval[1], -one.share.total, one.name),
    )
