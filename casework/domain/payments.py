"""What late payment of a fine costs (tiền chậm nộp phạt)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from casework.law.catalogue import Catalogue


@dataclass(frozen=True)
class LateInterest:
    """`days` counted from the day after the time limit to the day before payment; đồng."""

    days: int
    amount: int
    first: date | None
    last: date | None
    source: str


def late_interest(
    unpaid: int, due_on: date, paid_on: date, *, catalogue: Catalogue
) -> LateInterest:
    """0,05 % a day of the unpaid sum, days off included (Điều 78), rounded to a whole đồng.

    `due_on` is the last day to pay. Nothing is owed for payment on it or on the day after.
    """
    if unpaid < 0:
        raise ValueError("the unpaid sum is not negative")
    rule = catalogue.rule("late_interest", paid_on)
    first, last = due_on + timedelta(days=1), paid_on - timedelta(days=1)
    days = max(0, (last - first).days + 1)
    if not days:
        return LateInterest(0, 0, None, None, rule.source)
    owed = Decimal(unpaid) * rule.values["percent_per_day"] / 100 * days
    amount = int(owed.quantize(Decimal(1), ROUND_HALF_UP))
    return LateInterest(days, amount, first, last, rule.source)
