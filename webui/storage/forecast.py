"""When the store of files will be full, from the samples of its days (dự báo). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEAST_SAMPLES = 3
LEAST_SPAN = timedelta(days=7)
LOOKED_BACK = timedelta(days=90)
FARTHEST = 3650
"""Days beyond which a forecast says nothing but that it will take long."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many bytes a day it grows, and when it is full; None where it does not grow or nobody knows its room."""

    per_day: float
    days: int | None = None
    on: date | None = None


def forecast(
    samples: Sequence[tuple[date, int]], used: int, capacity: int | None, today: date
) -> Forecast | None:
    """By the straight line through the samples of the last 90 days; None before a week of them."""
    recent = [(day, size) for day, size in samples if today - day <= LOOKED_BACK]
    if len(recent) < LEAST_SAMPLES or recent[-1][0] - recent[0][0] < LEAST_SPAN:
        return None
    per_day = _slope([((day - recent[0][0]).days, size) for day, size in recent])
    if capacity is None or per_day <= 0:
        return Forecast(per_day)
    days = max(0, int((capacity - used) / per_day))
    if days > FARTHEST:
        return Forecast(per_day, days)
    return Forecast(per_day, days, today + timedelta(days=days))


def _slope(points: Sequence[tuple[int, int]]) -> float:
    """Of the least squares line."""
    middle = sum(x for x, _ in points) / len(points)
    mean = sum(y for _, y in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - mean) for x, y in points) / spread if spread else 0.0
