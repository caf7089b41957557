"""How moments, amounts and sizes are written for people: Vietnamese first, the office's time zone."""

import datetime as dt
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from flask_babel import get_locale, gettext, ngettext

from foundation.clock import office_time

MINUTE, HOUR, DAY = 60, 3600, 86400
Urgency = Literal["over", "soon", "near", "far"]
SOON = timedelta(hours=8)
NEAR = timedelta(days=2)


def is_vietnamese() -> bool:
    """Whether this request is answered in Vietnamese (also outside a request)."""
    locale = get_locale()
    return locale is None or str(locale.language) == "vi"


def date(value: datetime | dt.date | None) -> str:
    """dd/mm/yyyy in the office's zone; empty for None."""
    if value is None:
        return ""
    day = office_time(value) if isinstance(value, datetime) else value
    return day.strftime("%d/%m/%Y")


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """dd/mm/yyyy HH:MM in the office's zone; empty for None."""
    if value is None:
        return ""
    return office_time(value).strftime("%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M")


def span(length: timedelta) -> str:
    """A length of time in its one largest unit, rounded down: "3 giờ"; days from 48 hours on."""
    seconds = int(length.total_seconds())
    if seconds < HOUR:
        return str(ngettext("%(num)d minute", "%(num)d minutes", max(1, seconds // MINUTE)))
    if seconds < 2 * DAY:
        return str(ngettext("%(num)d hour", "%(num)d hours", seconds // HOUR))
    return str(ngettext("%(num)d day", "%(num)d days", seconds // DAY))


def ago(value: datetime | None, at: datetime) -> str:
    """ "3 giờ trước"; "vừa xong" under a minute; the date from 30 days on; "sau 3 giờ" for the future."""
    if value is None:
        return ""
    passed = at - value
    if abs(passed) < timedelta(minutes=1):
        return str(gettext("just now"))
    if abs(passed) >= timedelta(days=30):
        return date(value)
    if passed < timedelta(0):
        return str(gettext("in %(span)s", span=span(-passed)))
    return str(gettext("%(span)s ago", span=span(passed)))


def left(due: datetime | None, at: datetime) -> str:
    """What is left until a deadline, in words: "còn 5 giờ", "quá hạn 2 ngày"."""
    if due is None:
        return ""
    rest = due - at
    if rest < timedelta(0):
        return str(gettext("%(span)s overdue", span=span(-rest)))
    return str(gettext("%(span)s left", span=span(rest)))


def urgency(due: datetime, at: datetime) -> Urgency:
    """over: passed; soon: within 8 hours; near: within 2 days; far."""
    rest = due - at
    if rest < timedelta(0):
        return "over"
    if rest <= SOON:
        return "soon"
    return "near" if rest <= NEAR else "far"


def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """19.500.000 and 0,75 in Vietnamese; 19,500,000 and 0.75 in English; empty for None."""
    if value is None:
        return ""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if is_vietnamese() else text


def money(value: float | Decimal | None) -> str:
    """Whole đồng: "19.500.000 đồng"; empty for None."""
    return "" if value is None else gettext("%(amount)s VND", amount=number(value))


def percent(part: float, whole: float, decimals: int = 0) -> str:
    """A share in per cent; an en dash when there is nothing to share."""
    return f"{number(100 * part / whole, decimals)}%" if whole else "–"


def size(count: float | None) -> str:
    """Bytes in the largest unit of 1,024 that leaves a figure of at least 1: "3,4 MB"."""
    if count is None:
        return ""
    units = ("B", "KB", "MB", "GB", "TB")
    power = 0
    while abs(count) >= 1024 and power < len(units) - 1:
        count /= 1024
        power += 1
    return f"{number(count, 1 if power and count < 100 else 0)} {units[power]}"


def short_digest(digest: str | None) -> str:
    """The first 12 characters of a SHA-256, enough to compare by eye."""
    return "" if not digest else f"{digest[:12]}…"


def masked(value: str | None, keep: int = 2) -> str:
    """A victim's datum with all but its last characters hidden; how long it was stays hidden too."""
    if not value:
        return ""
    return "•••••" + (value[-keep:] if keep and len(value) > 2 * keep else "")


def key_name(keys: str) -> str:
    """How a key of keys.js is written on a button: "Shift+KeyA" -> "Shift+a", "KeyG KeyQ" -> "g q"."""
    names = {"Slash": "/", "Shift+Slash": "?", "Enter": "Enter", "Escape": "Esc"}

    def name(key: str) -> str:
        held, _, code = key.rpartition("+")
        bare = (
            code.removeprefix("Digit")
            if code.startswith("Digit")
            else code.removeprefix("Key").lower()
        )
        return names.get(key) or (f"{held}+{bare}" if held else names.get(code, bare))

    return " ".join(name(key) for key in keys.split())
