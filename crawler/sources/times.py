"""Times as pages write them, in Vietnamese and English, to aware moments in UTC.

A time without a zone is the zone of the source. An age ("3 giờ trước", "44s") is no time of publication and
gives nothing: it would move with every visit.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

_VIETNAMESE = re.compile(
    r"(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:[/.-]|\s*(?:tháng|thg)\s*)\s*(?P<m>\d{1,2})\s*(?:[/.-]|,?\s*(?:năm)?\s*)\s*"
    r"(?P<y>\d{4})",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?:tháng|thg)\s*(?P<m>\d{1,2})\s+(?P<d>\d{1,2}),\s*(?P<y>\d{4})", re.IGNORECASE
)
"""As programs write that put Vietnamese words into an English order: "CN Tháng 5 12, 2024"."""
_MONTH_NAME = re.compile(
    r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})|"
    r"(?P<d2>\d{1,2})\.?\s+(?P<name2>[A-Za-z]{3,9})\.?,?\s+(?P<y2>\d{4})"
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})(?::|h|\s*giờ\s*)(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[ap]\.?m\.?|sáng|chiều|tối|SA|CH)?",
    re.IGNORECASE,
)
_NAMED_CLOCK = re.compile(r"\b(?P<word>noon|midnight)\b", re.IGNORECASE)
_HOUR_ONLY = re.compile(r"(?<![\d/:])(?P<h>\d{1,2})\s*(?P<half>[ap]\.?m\.?)", re.IGNORECASE)
_DAY_WORD = re.compile(
    r"\b(?:(?P<now>hôm nay|today)|(?P<before>hôm qua|yesterday))\b", re.IGNORECASE
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_ZONE = re.compile(r"(?:(?P<utc>Z|GMT|UTC)|(?P<h>[+-]\d{2}):?(?P<m>\d{2}))$", re.IGNORECASE)
_AFTERNOON = ("p", "chiều", "tối", "ch")


def parse_time(text: str, zone: tzinfo) -> datetime | None:
    """The moment a page names, or None when it names none that can be relied on."""
    text = text.strip()
    if not text or len(text) > 200:
        return None
    for read in (_iso, _epoch, _mail, _written):
        found = read(text)
        if found is None:
            continue
        try:
            aware = found if found.tzinfo else found.replace(tzinfo=zone)
            return aware.astimezone(UTC)
        except (OverflowError, ValueError):
            return None
    return None


def with_day(text: str, seen_at: datetime, zone: tzinfo) -> str:
    """A time of day of "today" or "yesterday" with the date that this was when the page was seen.

    Without a time of day it stays as it is: forums write the day alone of what is older than its hour.
    """
    named = _DAY_WORD.search(text)
    if not named or not _CLOCK.search(text) or len(text) > 200:
        return text
    day = seen_at.astimezone(zone).date()
    if named["before"]:
        day -= timedelta(days=1)
    return f"{text[: named.start()]} {day:%d/%m/%Y} {text[named.end() :]}"


def zone_of(text: str) -> str:
    """The zone that a written time names: "+07:00", "Z", or "" where it names none."""
    text = text.strip()
    if _EPOCH.match(text):
        return "Z"
    found = _ZONE.search(text)
    if not found or ":" not in text:
        return ""
    return "Z" if found["utc"] else f"{found['h']}:{found['m']}"


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _mail(text: str) -> datetime | None:
    """RFC 2822, as feeds and headers write it."""
    if ":" not in text or "/" in text:
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None


def _written(text: str) -> datetime | None:
    day = _day(text)
    if day is None:
        return None
    hour, minute, second = _hour(text)
    try:
        return datetime(*day, hour, minute, second)  # noqa: DTZ001 - its zone is the caller's to add
    except ValueError:
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _MONTH_FIRST.search(text) or _VIETNAMESE.search(text):
        return int(found["y"]), int(found["m"]), int(found["d"])
    if found := _MONTH_NAME.search(text):
        month = _MONTHS.get((found["name"] or found["name2"])[:3].lower())
        if month:
            return int(found["y"] or found["y2"]), month, int(found["d"] or found["d2"])
    return None


def _hour(text: str) -> tuple[int, int, int]:
    if found := _CLOCK.search(text):
        hour, minute, second = int(found["h"]), int(found["min"]), int(found["s"] or 0)
        return _of_day(hour, found["half"] or ""), minute, second
    if found := _NAMED_CLOCK.search(text):
        return (12 if found["word"].lower() == "noon" else 0), 0, 0
    if found := _HOUR_ONLY.search(text):
        return _of_day(int(found["h"]), found["half"]), 0, 0
    return 0, 0, 0


def _of_day(hour: int, half: str) -> int:
    if not half:
        return hour
    if half.lower().startswith(_AFTERNOON):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and half.lower().startswith(("a", "sa")) else hour
