"""Figures as Vietnamese officials write them: 05 cuộc; 19,5 triệu đồng; ngày 05 tháng 02 năm 2026."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from foundation.clock import OFFICE_ZONE

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu", "tỷ")
MILLION = 1_000_000


def count(number: int) -> str:
    """A count in running text: 5 is 05, 21 is 21, 1500 is 1.500 (leading zero below ten)."""
    if number < 0:
        raise ValueError("a count is not negative")
    return f"{number:02d}" if number < 10 else grouped(number)


def count_of(number: int, noun: str) -> str:
    """A count with its noun: 05 cuộc."""
    return f"{count(number)} {noun}"


def grouped(number: int) -> str:
    """Thousands parted by full stops: 7.500.000."""
    return f"{number:,}".replace(",", ".")


def dong(amount: int) -> str:
    """An exact sum: 7.500.000 đồng."""
    return f"{grouped(amount)} đồng"


def millions(amount: int) -> str:
    """A sum in running text: 19,5 triệu đồng; below a million exact; never rounded."""
    if amount < MILLION:
        return dong(amount)
    whole, rest = divmod(amount, MILLION)
    if not rest:
        return f"{count(whole)} triệu đồng"
    decimals = f"{rest:06d}".rstrip("0")
    return f"{grouped(whole)},{decimals} triệu đồng"


def percent(part: int, whole: int) -> str:
    """A share with at most one decimal: 87,5%; a dash when there is nothing to share."""
    if part < 0 or part > whole:
        raise ValueError("a share lies between 0 and 100 %")
    if not whole:
        return "–"
    share = Decimal(part * 100) / Decimal(whole)
    text = str(share.quantize(Decimal("0.1"), ROUND_HALF_UP)).replace(".", ",")
    return f"{text.removesuffix(',0')}%"


def short_date(day: date) -> str:
    """05/02/2026."""
    return f"{_office(day):%d/%m/%Y}"


def official_date(day: date) -> str:
    """Ngày 05 tháng 02 năm 2026: days below 10, months 1 and 2 with a zero (Nghị định 30/2020)."""
    day = _office(day)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date) -> str:
    """Bắc Sơn, ngày 05 tháng 02 năm 2026."""
    return f"{place}, {official_date(day)}"


def hour_minute(moment: datetime) -> str:
    """08 giờ 30 phút, in Viet Nam's time."""
    local = moment.astimezone(OFFICE_ZONE)
    return f"{local:%H} giờ {local:%M} phút"


def in_words(number: int) -> str:
    """A number in words, lower case: 7500000 is bảy triệu năm trăm nghìn."""
    if number < 0 or number >= 10**12:
        raise ValueError("only 0 up to below 1.000 tỷ can be written in words")
    if number == 0:
        return DIGITS[0]
    triples = _triples(number)
    words = [
        f"{_triple(value, full=at < len(triples) - 1)} {GROUPS[at]}".strip()
        for at, value in reversed(list(enumerate(triples)))
        if value
    ]
    return " ".join(words)


def dong_in_words(amount: int) -> str:
    """Bảy triệu năm trăm nghìn đồng, with a capital."""
    words = in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def _office(day: date) -> date:
    return day.astimezone(OFFICE_ZONE).date() if isinstance(day, datetime) else day


def _triples(number: int) -> list[int]:
    triples = []
    while number:
        number, low = divmod(number, 1000)
        triples.append(low)
    return triples


def _triple(value: int, *, full: bool) -> str:
    hundreds, rest = divmod(value, 100)
    words = [DIGITS[hundreds], "trăm"] if hundreds or full else []
    tens, units = divmod(rest, 10)
    if tens == 0 and units:
        words += ["linh"] if words else []
        words.append(DIGITS[units])
    elif tens:
        words += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
        words += [_unit(units, tens)] if units else []
    return " ".join(words)


def _unit(units: int, tens: int) -> str:
    if units == 5:
        return "lăm"
    return "mốt" if units == 1 and tens > 1 else DIGITS[units]
