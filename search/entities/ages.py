"""Ages that are asked for or told: "18-35 tuổi", "nữ 16t", "2k8"."""

import re
from collections.abc import Iterator
from datetime import date

from search.entities.model import Entity, EntityKind
from search.entities.reading import Reading

_YEARS = r"(?:tuổi|tuoi|tủi|tui(?=\s?(?:trở|tro|$))|t(?:uổi)?(?!\w))"
_TO = r"\s?(?:-|–|~|->|→|=>|đến|den|tới|toi)\s?"
_WHO = r"(?:nữ|nu|nam|gái|gai|trai|bé|em|cháu|chau|con|bạn|ban|chị|chi|anh|tuổi|tuoi|độ|do|từ|tu|trên|tren|sn)"
_RANGE = re.compile(
    rf"(?<![\w.,/-])(\d{{2}})(?:\s?(?:tuổi|tuoi|t))?{_TO}(\d{{2}})\s?(tuổi|tuoi|t(?!\w))"
    rf"|(?<!\w)(?:độ\s+tuổi|do\s+tuoi|tuổi|tuoi)\s?:?\s?(?:từ|tu)?\s?(\d{{2}}){_TO}(\d{{2}})(?![\w.,/]\d)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?<!\w)(?:từ|tu|trên|tren|đủ|du|đủ\s+từ|>=?|≥)\s?(\d{2})\s?(?:tuổi|tuoi|t(?!\w))(?:\s?(?:trở\s+lên|tro\s+len))?"
    r"|(?<![\w.,/-])(\d{2})\s?(?:tuổi|tuoi|t)\s?(?:\+|trở\s+lên|tro\s+len|đổ\s+lên|do\s+len)"
    r"|(?<!\w)(?:đủ|du|nam|nữ|nu|tuổi|tuoi)\s?:?\s?(\d{2})\s?\+",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"(?<!\w)(?:dưới|duoi|tối\s+đa|toi\s+da|không\s+quá|khong\s+qua|chưa\s+đủ|chua\s+du|<=?|≤)\s?(\d{1,2})\s?"
    r"(?:tuổi|tuoi|t(?!\w))",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    rf"(?<![\w.,/-])(\d{{1,2}})\s?(?:tuổi|tuoi)(?!\w)|(?<!\w){_WHO}\s?:?\s?(\d{{2}})\s?t(?!\w)",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"(?<![\w.,/-])(\d{1,2})\s?(?:tháng|thang)\s?(?:tuổi|tuoi)(?!\w)", re.IGNORECASE
)
_BORN_WORD = r"(?:sinh\s+năm|sinh\s+nam|năm\s+sinh|nam\s+sinh|sn|s\.n|ns)\s?:?\s?(?:từ\s+|tu\s+)?"
_BORN = re.compile(
    rf"(?<!\w){_BORN_WORD}((?:19|20)\d\d|2k\d{{0,2}}|\d\d)(?!\d)"
    r"|(?<![\w.,/-])(2k\d{1,2})(?![\w.,]*\d)(?!\s?(?:đ|vnd|ml|/|một|1|cái|kg))",
    re.IGNORECASE,
)
#: A bare "2k8" is a year only beside these; it may be a price as well.
_BESIDE_BEFORE = re.compile(
    r"(?<!\w)(?:sn|sinh|nữ|nu|nam|gái|gai|trai|bé|em|bạn|ban|từ|tu|tuổi|tuoi|tuyển|tuyen|đến|den|tới|các|cac"
    r"|học\s+sinh|hs|sv|2k\d{1,2})\s?[-–,:/]?\s?$",
    re.IGNORECASE,
)
_BESIDE_AFTER = re.compile(
    r"\s?(?:trở|tro|đổ|do\s+(?:lên|xuống)|đến|den|[-–/]\s?2k|,\s?2k|tuổi|nữ|nam|xinh|cao|nghỉ|chưa|ở|cần|đang|đi|là)",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"(?:lương|luong|lg|thu\s+nhập|thu\s+nhap|tn)\W{0,3}(?:từ|tu)?\s?$", re.IGNORECASE
)
#: Most posts name no age at all.
_HINT = re.compile(
    r"tu[ổo]i|\dt(?!\w)|\d\st(?!\w)|2k|sinh|(?<!\w)sn(?!\w)|ns|\d\s?\+", re.IGNORECASE
)
_OLDEST = 99
#: From here on "tuổi từ 95 - 99" means those who were born in these years.
_YEAR_OF_BIRTH = 70


def ages_in(reading: Reading, today: date | None = None) -> Iterator[Entity]:
    """Ages: "18-35", "16+", "<=40", "16", "2 months"; born in a year "born 2008" unless `today` is known.

    Years of birth that are asked for as a range stay so: "born 1995-1999".
    """
    text = reading.plain
    if not _HINT.search(text):
        return
    for match in _MONTHS.finditer(text):
        yield reading.entity(EntityKind.AGE, f"{int(match[1])} months", *match.span())
    for match in _RANGE.finditer(text):
        low, high = (int(each) for each in (match[1] or match[4], match[2] or match[5]))
        if 10 <= low < high and _is_age(text, match, bare=(match[3] or "").lower() == "t"):
            value = f"{low}-{high}" if low < _YEAR_OF_BIRTH else f"born 19{low}-19{high}"
            yield reading.entity(EntityKind.AGE, value, *match.span())
    yield from _open_ended(reading)
    for match in _SINGLE.finditer(text):
        if _is_age(text, match, bare=match[1] is None):
            yield reading.entity(EntityKind.AGE, str(int(match[1] or match[2])), *match.span())
    yield from _born(reading, today)


def _open_ended(reading: Reading) -> Iterator[Entity]:
    for pattern, form in ((_FROM, "{}+"), (_UNDER, "<={}")):
        for match in pattern.finditer(reading.plain):
            years = next(int(each) for each in match.groups() if each)
            if _is_age(reading.plain, match, bare=False):
                yield reading.entity(EntityKind.AGE, form.format(years), *match.span())


def _is_age(text: str, match: re.Match[str], *, bare: bool) -> bool:
    """Not pay: "lương 18-35t" is a sum, and t alone is a ton or a million unless somebody is named."""
    before = max(0, match.start() - 20)
    if _PAY.search(text, before, match.start()):
        return False
    return not bare or bool(re.search(_WHO, text[before : match.end()], re.IGNORECASE))


def _born(reading: Reading, today: date | None) -> Iterator[Entity]:
    for match in _BORN.finditer(reading.plain):
        if match[1] is None and not _is_year(reading.plain, match):
            continue
        year = _year(match[1] or match[2])
        age = today.year - year if today else None
        if 1930 <= year <= 2035 and (age is None or 0 <= age <= _OLDEST):
            value = f"born {year}" if age is None else str(age)
            yield reading.entity(EntityKind.AGE, value, *match.span())


def _is_year(text: str, match: re.Match[str]) -> bool:
    before = _BESIDE_BEFORE.search(text, max(0, match.start() - 16), match.start())
    return bool(before or _BESIDE_AFTER.match(text, match.end()))


def _year(written: str) -> int:
    """2k8 is 2008, 95 is 1995, 05 is 2005."""
    low = written.lower()
    if low.startswith("2k"):
        return 2000 + int(low[2:] or 0)
    year = int(low)
    return year if year > 100 else year + (2000 if year < 30 else 1900)
