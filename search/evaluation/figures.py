"""Shares with their intervals: how sure a figure is that rests on so many texts."""

import math
from dataclasses import dataclass

#: Two-sided 95 %.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`found` of `of`.

    >>> Share(9, 10).rate, [round(end, 3) for end in Share(9, 10).interval]
    (0.9, [0.596, 0.982])
    """

    found: int
    of: int

    @property
    def rate(self) -> float:
        """From 0 to 1; 0 of nothing is 0."""
        return self.found / self.of if self.of else 0.0

    @property
    def per_thousand(self) -> float:
        return 1000 * self.rate

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval after Wilson, which is right for small numbers and for 0 and 1 too."""
        if not self.of:
            return 0.0, 1.0
        spread = _Z * _Z / self.of
        middle = self.rate + spread / 2
        width = _Z * math.sqrt(self.rate * (1 - self.rate) / self.of + spread / (4 * self.of))
        return (
            max(0.0, (middle - width) / (1 + spread)),
            min(1.0, (middle + width) / (1 + spread)),
        )

    def __add__(self, other: "Share") -> "Share":
        return Share(self.found + other.found, self.of + other.of)


NOTHING = Share(0, 0)


def share(outcomes: "list[bool]") -> Share:
    """How many are true."""
    return Share(sum(outcomes), len(outcomes))
