"""Legal periods are counted as the Civil Code and the Law on administrative violations count."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.deadlines import (
    WorkingCalendar,
    add_calendar_days,
    add_hours,
    add_months,
    add_working_days,
    due,
    end_of_day,
    hours_due,
    office_day,
)
from casework.law.catalogue import Catalogue

LAW = Catalogue.shipped()
CALENDAR = WorkingCalendar(LAW.holidays)
NOVEMBER = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),  # Viet Nam Culture Day, since 2026
        (date(2025, 11, 24), True),
        (date(2026, 11, 22), False),
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),
        (date(2026, 8, 31), False),
        (date(2026, 8, 22), True),  # a Saturday worked in exchange
        (date(2026, 8, 29), False),
        (date(2025, 4, 26), True),
        (date(2025, 5, 2), False),
    ],
)
def test_it_knows_the_days_off_and_the_saturdays_worked(day: date, *, worked: bool) -> None:
    assert CALENDAR.is_working_day(day) is worked


def test_the_first_day_is_not_counted() -> None:
    assert add_working_days(date(2026, 11, 2), 2, CALENDAR) == date(2026, 11, 4)
    assert add_calendar_days(date(2026, 11, 2), 10) == date(2026, 11, 12)


def test_working_days_pass_over_weekend_and_holiday() -> None:
    assert add_working_days(date(2026, 11, 20), 2, CALENDAR) == date(2026, 11, 25)
    assert add_working_days(date(2026, 2, 13), 2, CALENDAR) == date(2026, 2, 24)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 2), 2, date(2027, 1, 2)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_there_is(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end


def test_hours_run_through_nights_and_holidays() -> None:
    sent = datetime(2026, 11, 21, 16, 30, tzinfo=timezone(timedelta(hours=7)))
    assert add_hours(sent, 24) == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    limit = hours_due(sent, 24, source_id="nd147-2024.36.7")
    assert limit.on == date(2026, 11, 22)
    assert limit.source_id == "nd147-2024.36.7"
    assert not limit.passed(limit.at - timedelta(seconds=1))
    assert limit.passed(limit.at)
    assert limit.left(sent) == timedelta(hours=24)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001 - what must not be accepted
    with pytest.raises(ValueError, match="time zone"):
        add_hours(naive, 1)
    with pytest.raises(ValueError, match="time zone"):
        office_day(naive)


def test_a_day_ends_at_midnight_in_viet_nam() -> None:
    assert end_of_day(date(2026, 11, 2)) == datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
    assert office_day(datetime(2026, 11, 2, 18, 0, tzinfo=UTC)) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("record.ordinary", date(2026, 11, 20), date(2026, 11, 25)),
        ("record.complex", date(2026, 11, 20), date(2026, 11, 30)),
        ("decision.ordinary", date(2026, 11, 3), date(2026, 11, 12)),
        ("decision.transferred", date(2026, 11, 3), date(2026, 11, 17)),
        ("decision.explanation", date(2026, 10, 22), date(2026, 11, 23)),  # 22/11 is a Sunday
        ("decision.complex", date(2026, 9, 3), date(2026, 11, 3)),
        ("compliance", date(2026, 11, 4), date(2026, 11, 16)),  # 14/11 is a Saturday
        ("limitation.sanction", date(2025, 11, 22), date(2026, 11, 22)),  # a Sunday: not moved
        ("limitation.execution", date(2026, 2, 28), date(2027, 2, 28)),
    ],
)
def test_the_periods_of_the_catalogue_end_where_the_law_says(
    key: str, start: date, end: date
) -> None:
    found = due(LAW.deadline(key, NOVEMBER), start, CALENDAR)
    assert (found.on, found.source_id) == (end, key)


def test_a_period_of_hours_needs_a_moment() -> None:
    rule = LAW.deadline("record.transfer", NOVEMBER)
    with pytest.raises(ValueError, match="needs a moment"):
        due(rule, date(2026, 11, 2), CALENDAR)
    found = due(rule, datetime(2026, 11, 2, 3, 0, tzinfo=UTC), CALENDAR)
    assert found.at == datetime(2026, 11, 3, 3, 0, tzinfo=UTC)


def test_a_deadline_over_unannounced_days_off_is_provisional() -> None:
    announced = due(LAW.deadline("decision.ordinary", NOVEMBER), date(2026, 11, 3), CALENDAR)
    over_tet = due(LAW.deadline("decision.ordinary", NOVEMBER), date(2027, 2, 3), CALENDAR)
    far_away = due(LAW.deadline("decision.ordinary", NOVEMBER), date(2031, 3, 3), CALENDAR)
    assert announced.confirmed
    assert not over_tet.confirmed
    assert not far_away.confirmed


def test_a_rule_of_low_confidence_is_provisional() -> None:
    assert not due(LAW.deadline("service", NOVEMBER), date(2026, 11, 3), CALENDAR).confirmed


@given(st.dates(date(2025, 1, 1), date(2027, 11, 1)), st.integers(1, 30))
def test_working_days_end_on_a_worked_day_with_the_right_number_between(
    start: date, days: int
) -> None:
    end = add_working_days(start, days, CALENDAR)
    between = [start + timedelta(days=at) for at in range(1, (end - start).days + 1)]
    assert CALENDAR.is_working_day(end)
    assert sum(CALENDAR.is_working_day(day) for day in between) == days
