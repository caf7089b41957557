"""When people are to leave: "đi thứ 6 này", "bay ngày 25/11", "mai có xe"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from search.entities.model import Entity, EntityKind
from search.entities.reading import Reading

_SOON = {
    0: r"(?:(?:ngay\s+)?(?:hôm\s+nay|hom\s+nay|tối\s+nay|toi\s+nay|đêm\s+nay|dem\s+nay|chiều\s+nay|chieu\s+nay"
    r"|sáng\s+nay|sang\s+nay|trưa\s+nay|trua\s+nay|trong\s+ngày|trong\s+ngay))",
    1: r"(?:(?:ngày|ngay|sáng|sang|chiều|chieu|tối|toi|đêm|dem|trưa)\s+mai|mai)",
    2: r"(?:(?:ngày|ngay|sáng|chiều|tối)\s+(?:mốt|mot|kia))",
}
_NEAR_OR_NEXT = r"(?:này|nay|sau|tới|toi)"
_PART = r"(?:trong|cuối|cuoi|đầu|dau|giữa)"
_WEEKS = rf"(?:{_PART}\s)?(?:tuần|tuan)\s?{_NEAR_OR_NEXT}|{_PART}\s+(?:tuần|tuan)"
_MONTHS = (
    rf"(?:{_PART}\s)?(?:tháng|thang)\s?{_NEAR_OR_NEXT}|{_PART}\s+(?:tháng|thang)(?:\s?\d{{1,2}})?"
)
_WEEKDAY = (
    r"(?:(?:thứ|thu)\s?(?:[2-7]|hai|ba|tư|tu|năm|nam|sáu|sau|bảy|bay)|t[2-7]|chủ\s+nhật|chu\s+nhat|cn)"
    rf"(?:\s+(?:tuần\s+)?{_NEAR_OR_NEXT})?"
)
_DAY = (
    r"(?:(?:ngày|ngay|hôm|hom|mùng|mung|mồng)\s?\d{1,2}\s?-\s?\d{1,2}|\d{1,2}\s?[/.]\s?\d{1,2}|"
    r"(?:ngày|ngay|hôm|hom|mùng|mung|mồng)\s?\d{1,2}\s?[/.]\s?\d{1,2})(?:\s?[/.\-]\s?(?:20\d\d|\d\d))?(?![\d/])"
    r"|(?:ngày|ngay|hôm|mùng|mung|mồng)\s?\d{1,2}(?:\s?(?:tháng|thang)\s?\d{1,2}(?:\s?(?:năm|nam)?\s?20\d\d)?)?(?![\d/])"
    r"|\d{1,2}\s?(?:tháng|thang)\s?\d{1,2}(?:\s?(?:năm|nam)?\s?20\d\d)?(?!\d)"
)
_IN_DAYS = r"(?:(?:trong|sau)\s+)?\d{1,2}\s?(?:ngày|ngay|hôm|hom)\s+(?:nữa|nua|tới|toi)"
_WHEN = (
    rf"(?P<soon0>{_SOON[0]})|(?P<soon1>{_SOON[1]})|(?P<soon2>{_SOON[2]})|(?P<days>{_IN_DAYS})"
    rf"|(?P<week>{_WEEKS})|(?P<month>{_MONTHS})|(?P<weekday>{_WEEKDAY})|(?P<day>{_DAY})"
)
_LEAVE = (
    r"(?:bay|khởi\s+hành|khoi\s+hanh|xuất\s+cảnh|xuat\s+canh|xuất\s+phát|xuat\s+phat|xuất\s+bến|lên\s+đường"
    r"|len\s+duong|lên\s+xe|len\s+xe|lên\s+máy\s+bay|có\s+xe|co\s+xe|xe\s+đón|xe\s+don|xe\s+chạy|xe\s+chay|đón\s+đi"
    r"|đón\s+qua|chuyến|chuyen|nhập\s+cảnh|qua\s+biên|sang\s+biên|vượt\s+biên|vuot\s+bien|ngày\s+đi|ngay\s+di"
    r"|lịch\s+bay|lich\s+bay|đi\s+luôn|di\s+luon|đi\s+ngay)"
)
#: "đi" alone is a departure only with the day right behind it, or a place on the way.
_ON_THE_WAY = (
    r"(?:bên|ben|cam\w*|lào|thái|myanmar|trung|đài|bển|đó|liền|lien|luôn|luon|gấp|gap|vào|vao)"
)
_GO = rf"(?:(?:đi|di)(?:\s+{_ON_THE_WAY}){{0,3}}|(?<!hôm\s)(?<!hom\s)(?:qua|sang)(?:\s+{_ON_THE_WAY}){{1,3}})"
#: What follows "đi" when it means leaving: nothing more, or the way.
_OFF = r"(?=\s{0,2}(?:$|[.,;!?)\n]|luôn|luon|liền|lien|ngay|qua|sang|bên|ben|cam|lào|biên|bien|nha|nhé|nhe))"
_GAP = r"[^\S\n]{0,2}[:\-]?[^\S\n]{0,2}(?:(?:vào|vao|trong|là|la|luôn|luon|dự\s+kiến|sáng|tối|chiều|lúc)\s){0,2}"
_LEAVES_ON = re.compile(
    rf"(?<!\w)(?:{_LEAVE}(?:\s+[^\W\d]+){{0,3}}?|{_GO}){_GAP}(?P<when>{_WHEN})(?!\w)", re.IGNORECASE
)
_ON_LEAVES = re.compile(
    rf"(?<![\w/.\-])(?P<when>{_WHEN})(?:[^\S\n]{{1,2}}(?:là|la|tầm|khoảng|lúc|\d{{1,2}}h|anh|em|mình|bên\s+em)){{0,3}}"
    rf"[^\S\n]{{1,2}}(?:{_LEAVE}|(?:đi|di)(?!\w){_OFF})(?!\w)",
    re.IGNORECASE,
)
#: Most posts name no day at all.
_HINT = re.compile(
    r"(?<!\w)(?:đi|di|qua|sang|bay|xe|cảnh|canh|khởi|khoi|xuất|xuat|lên|len|chuyến|chuyen|vượt|đón)(?!\w)",
    re.IGNORECASE,
)
_WEEKDAYS = {
    "2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tư": 2, "tu": 2, "5": 3, "năm": 3, "nam": 3,
    "6": 4, "sáu": 4, "sau": 4, "7": 5, "bảy": 5, "bay": 5,
}  # fmt: skip
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEXT = re.compile(r"(?:sau|tới|toi)$", re.IGNORECASE)


def departures_in(reading: Reading, today: date | None = None) -> Iterator[Entity]:
    """Days of departure: "2025-11-25", a span "2025-11-24/2025-11-30".

    Without `today` what is said relative to it stays so: "today", "tomorrow", "+2d", "friday",
    "week", "next week", "month", "next month", "--11-25", "--25".
    """
    if not _HINT.search(reading.plain):
        return
    for pattern in (_LEAVES_ON, _ON_LEAVES):
        for match in pattern.finditer(reading.plain):
            value = _value(match, today)
            if value:
                yield reading.entity(EntityKind.DEPARTURE, value, *match.span("when"))


def _value(match: re.Match[str], today: date | None) -> str | None:
    for ahead in range(3):
        if match[f"soon{ahead}"]:
            return _ahead(ahead, today)
    if match["days"]:
        return _ahead(int(re.findall(r"\d+", match["days"])[0]), today)
    if match["week"]:
        return _week(match["week"], today)
    if match["month"]:
        return _month(match["month"], today)
    if match["weekday"]:
        return _weekday(match["weekday"].lower(), today)
    return _day([int(figure) for figure in re.findall(r"\d+", match["day"])], today)


def _ahead(days: int, today: date | None) -> str:
    if today:
        return (today + timedelta(days=days)).isoformat()
    return {0: "today", 1: "tomorrow"}.get(days, f"+{days}d")


def _week(said: str, today: date | None) -> str:
    later = bool(_NEXT.search(said))
    if today is None:
        return "next week" if later else "week"
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=int(later))
    return _span(max(monday, today), monday + timedelta(days=6))


def _month(said: str, today: date | None) -> str | None:
    named = re.search(r"\d{1,2}", said)
    if named and not 1 <= int(named[0]) <= 12:
        return None
    later = bool(_NEXT.search(said))
    if today is None:
        return f"--{int(named[0]):02}" if named else "next month" if later else "month"
    month = int(named[0]) if named else today.month + int(later)
    year = today.year + int(month > 12 or (named is not None and month < today.month))
    first = date(year, (month - 1) % 12 + 1, 1)
    return _span(max(first, today), first.replace(day=monthrange(year, first.month)[1]))


def _span(first: date, last: date) -> str:
    return f"{first.isoformat()}/{last.isoformat()}"


def _weekday(said: str, today: date | None) -> str | None:
    tokens = said.split()
    word = re.sub(r"^(?:thứ|thu|t)\s?", "", said).split()[:1]
    sunday = tokens[0] in {"chủ", "chu", "cn"}
    wanted = 6 if sunday else _WEEKDAYS.get(word[0] if word else "", -1)
    if wanted < 0:
        return None
    later = tokens[-1] == "sau"
    if today is None:
        return f"next {_NAMES[wanted]}" if later else _NAMES[wanted]
    ahead = (wanted - today.weekday()) % 7
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=7 + wanted) if later else today + timedelta(days=ahead)
    return day.isoformat()


def _day(figures: list[int], today: date | None) -> str | None:
    """A day by its number, month and year, as far as they are given; the next such day from `today`."""
    number, month, year = (*figures, 0, 0)[:3]
    if not 1 <= number <= 31 or month > 12 or (len(figures) > 1 and month < 1):
        return None
    year += 2000 if 0 < year < 100 else 0
    if not year and today is None:
        return f"--{month:02}-{number:02}" if month else f"--{number:02}"
    return _dated(year, month, number, today)


def _dated(year: int, month: int, number: int, today: date | None) -> str | None:
    """The day itself; where month or year is not said, the next from today, at most a year ahead."""
    candidates = []
    if year:
        candidates = [(year, month)]
    elif today and month:
        candidates = [(today.year, month), (today.year + 1, month)]
    elif today:
        following = today.month % 12 + 1
        candidates = [
            (today.year, today.month),
            (today.year + (following == 1), following),
        ]
    for one in candidates:
        try:
            day = date(*one, number)
        except ValueError:
            continue
        if year or (today and day >= today - timedelta(days=3)):
            return day.isoformat()
    return None
