"""What is owed on a decision: the fine, what came in, and the late interest (tiền chậm nộp)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from casework.domain.payments import LateInterest, late_interest
from casework.law.catalogue import Catalogue


class Paid(Protocol):
    """A payment, as far as the balance asks."""

    paid_on: date
    amount: int
    interest: int


@dataclass(frozen=True)
class Balance:
    """In đồng. `stretches` are the times in which interest ran, each on what was then unpaid."""

    fine: int
    paid: int
    interest: int
    interest_paid: int
    stretches: tuple[LateInterest, ...]
    source: str

    @property
    def unpaid(self) -> int:
        return self.fine - self.paid

    @property
    def interest_unpaid(self) -> int:
        return max(0, self.interest - self.interest_paid)

    @property
    def owed(self) -> int:
        return self.unpaid + self.interest_unpaid

    @property
    def days(self) -> int:
        return sum(each.days for each in self.stretches)


def balance(
    fine: int, pay_by: date | None, payments: Iterable[Paid], on: date, *, catalogue: Catalogue
) -> Balance:
    """How it stands on a day, if it were settled on that day.

    Each day costs interest on what was unpaid on it (Điều 78); a payment lowers it from its own day on.
    """
    known = sorted((each for each in payments if each.paid_on <= on), key=lambda each: each.paid_on)
    source = catalogue.rule("late_interest", on).source
    unpaid, since, found = fine, pay_by, []
    for until, amount in [*((each.paid_on, each.amount) for each in known), (on, 0)]:
        if since is not None and unpaid > 0:
            stretch = late_interest(unpaid, since, until, catalogue=catalogue)
            found += [stretch] if stretch.days else []
            # The day of a payment already counts for what is left after it.
            since = max(since, until - timedelta(days=1))
        unpaid = max(0, unpaid - amount)
    return Balance(
        fine,
        sum(each.amount for each in known),
        sum(each.amount for each in found),
        sum(each.interest for each in known),
        tuple(found),
        source,
    )
