"""What an offer tells, in words: places, pay, ages and days of departure by their normal forms."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from search.entities import current, place
from webui import formats
from webui.words import Text

PERIODS: Mapping[str, Text] = {
    "hour": _l("hour"),
    "day": _l("day"),
    "week": _l("week"),
    "month": _l("month"),
    "year": _l("year"),
    "piece": _l("piece"),
    "head": _l("person"),
}
DAYS: Mapping[str, Text] = {
    "today": _l("today"),
    "tomorrow": _l("tomorrow"),
    "week": _l("this week"),
    "next week": _l("next week"),
    "month": _l("this month"),
    "next month": _l("next month"),
    "monday": _l("Monday"),
    "tuesday": _l("Tuesday"),
    "wednesday": _l("Wednesday"),
    "thursday": _l("Thursday"),
    "friday": _l("Friday"),
    "saturday": _l("Saturday"),
    "sunday": _l("Sunday"),
}
_WAGE = re.compile(r"(\d+)(?:-(\d+))?(?:/(\w+))?(?: (\w+))?")
_YEARS = re.compile(r"(\d+)-(\d+)|(\d+)\+|<=(\d+)|(\d+) months|born ([\d-]+)|(\d+)")
_DAY = re.compile(r"--(?:(\d\d)-)?(\d\d)")


def fact(kind: str, value: str) -> str:
    """A fact of an offer as people say it; the normal form itself where it is none we know."""
    said = _SAYS.get(kind)
    return said(value) if said else value


def _place(code: str) -> str:
    """The name, for a former province with the one that it belongs to now: "Hà Giang (nay: Tuyên Quang)"."""
    found = place(code)
    if found is None:
        return code
    name = found.vi if formats.is_vietnamese() else found.en
    today = place(current(code))
    if today is None or today.code == code:
        return name
    now = today.vi if formats.is_vietnamese() else today.en
    return str(gettext("%(former)s (now: %(now)s)", former=name, now=now))


def _wage(value: str) -> str:
    match = _WAGE.fullmatch(value)
    if match is None:
        return value
    low, high, per, currency = match.groups()
    span = formats.number(int(low)) + (f" – {formats.number(int(high))}" if high else "")
    amount = gettext("%(amount)s VND", amount=span)
    if per:
        amount = gettext("%(amount)s per %(period)s", amount=amount, period=PERIODS.get(per, per))
    return f"{amount} ({currency.upper()})" if currency else str(amount)


def _age(value: str) -> str:
    match = _YEARS.fullmatch(value)
    if match is None:
        return value
    low, high, least, most, months, born, years = match.groups()
    if low:
        return str(gettext("%(low)s to %(high)s years", low=low, high=high))
    if least:
        return str(gettext("from %(years)s years on", years=least))
    if most:
        return str(gettext("up to %(years)s years", years=most))
    if months:
        return str(gettext("%(months)s months old", months=months))
    if born:
        return str(gettext("born in %(year)s", year=born.replace("-", "–")))
    return str(gettext("%(years)s years", years=years))


def _departure(value: str) -> str:
    if value in DAYS:
        return str(DAYS[value])
    partly = _DAY.fullmatch(value)
    if partly:
        month, day = partly.groups()
        return f"{day}/{month}" if month else str(gettext("day %(day)s", day=day))
    try:
        days = [formats.date(date.fromisoformat(part)) for part in value.split("/")]
    except ValueError:
        return value
    return " – ".join(days)


def _partial(value: str) -> str:
    """The known digits, a dot for each that is held back."""
    return "0" + value.removeprefix("+84").replace("x", "•")


_SAYS: Mapping[str, Callable[[str], str]] = {
    "place": _place,
    "wage": _wage,
    "age": _age,
    "departure": _departure,
    "phone_partial": _partial,
}
