"""Legal periods: working days, calendar days, months, hours; each result says by which rule.

Counted as the Civil Code counts: the first day is not counted (Điều 147), a month ends on the day of
the same number or the last day there is (Điều 148), an end on a day off moves to the next working
day where the rule says so. "Ngày" means calendar days unless "ngày làm việc" (Điều 8 Luật Xử lý vi
phạm hành chính).
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework.law.model import Confidence, Deadline, Holiday, Unit
from foundation.clock import OFFICE_ZONE

SATURDAY = 5


@dataclass(frozen=True)
class Due:
    """When a period ends: its last day (Vietnamese time) and the moment it is over (UTC).

    `source_id` is the catalogue's id of the rule. `confirmed` is False where the count touched days
    off that are not announced yet, or the rule itself is still to be verified.
    """

    on: date
    at: datetime
    source_id: str = ""
    confirmed: bool = True

    def passed(self, now: datetime) -> bool:
        return now >= self.at

    def left(self, now: datetime) -> timedelta:
        """How much is left; negative once it is over."""
        return self.at - now


class WorkingCalendar:
    """Monday to Friday without the days off, with the Saturdays worked in exchange."""

    def __init__(self, holidays: Iterable[Holiday]) -> None:
        self._off: set[date] = set()
        self._worked: set[date] = set()
        self._unsure: set[date] = set()
        self._years: set[int] = set()
        for each in holidays:
            self._add(each)

    def _add(self, holiday: Holiday) -> None:
        days = {
            holiday.first + timedelta(days=at)
            for at in range((holiday.last - holiday.first).days + 1)
        }
        (self._worked if holiday.works else self._off).update(days)
        self._years.update(day.year for day in days)
        if not holiday.confirmed:
            self._unsure.update(days)

    def is_working_day(self, day: date) -> bool:
        if day in self._worked:
            return True
        return day.weekday() < SATURDAY and day not in self._off

    def knows(self, first: date, last: date) -> bool:
        """Whether every day off between two days (both included) is announced."""
        years = set(range(first.year, last.year + 1))
        return years <= self._years and not any(first <= day <= last for day in self._unsure)

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the next that is."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day


def add_working_days(start: date, days: int, calendar_: WorkingCalendar) -> date:
    """The last day of so many working days; `start` is not counted."""
    day = start
    for _ in range(days):
        day = calendar_.next_working_day(day + timedelta(days=1))
    return day


def add_calendar_days(start: date, days: int) -> date:
    """The last day of so many calendar days; `start` is not counted."""
    return start + timedelta(days=days)


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_hours(start: datetime, hours: int) -> datetime:
    """So many hours after a moment, in UTC; nights and days off count."""
    if start.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return start.astimezone(UTC) + timedelta(hours=hours)


def end_of_day(day: date) -> datetime:
    """The moment at which a day in Viet Nam is over, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=OFFICE_ZONE)
    return midnight.astimezone(UTC)


def office_day(moment: date | datetime) -> date:
    """The day in Viet Nam on which a moment falls."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return moment.astimezone(OFFICE_ZONE).date()
    return moment


def due(rule: Deadline, start: date | datetime, calendar_: WorkingCalendar) -> Due:
    """When the period of a catalogue rule ends, counted from `start`.

    Raises ValueError when hours are counted from a day without a time.
    """
    sure = rule.confidence is not Confidence.LOW
    if rule.unit is Unit.HOUR:
        if not isinstance(start, datetime):
            raise ValueError(f"{rule.id} counts hours and needs a moment, not a day")
        return hours_due(start, rule.amount, source_id=rule.id, confirmed=sure)
    first = office_day(start)
    last = _last_day(rule, first, calendar_)
    touches_calendar = rule.rolls or rule.unit is Unit.WORKING_DAY
    known = not touches_calendar or calendar_.knows(first, last)
    return Due(last, end_of_day(last), rule.id, sure and known)


def hours_due(start: datetime, hours: int, *, source_id: str = "", confirmed: bool = True) -> Due:
    """When so many hours are over, for instance those of a takedown regime."""
    at = add_hours(start, hours)
    return Due(office_day(at), at, source_id, confirmed)


def _last_day(rule: Deadline, first: date, calendar_: WorkingCalendar) -> date:
    if rule.unit is Unit.WORKING_DAY:
        return add_working_days(first, rule.amount, calendar_)
    if rule.unit is Unit.DAY:
        last = add_calendar_days(first, rule.amount)
    else:
        last = add_months(first, rule.amount * (12 if rule.unit is Unit.YEAR else 1))
    return calendar_.next_working_day(last) if rule.rolls else last
