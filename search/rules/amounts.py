"""Understands sums of money in normal text: 25 triệu, 800k một ngày, 1000 usd, mấy chục triệu, ngàn đô."""

from collections.abc import Sequence
from dataclasses import dataclass

from search.syllables import words
from search.text import fold

_UNITS = {
    "triệu": (1_000_000, ""), "trieu": (1_000_000, ""), "củ": (1_000_000, ""), "cu": (1_000_000, ""),
    "tỷ": (1_000_000_000, ""), "tỉ": (1_000_000_000, ""), "ty": (1_000_000_000, ""),
    "nghìn": (1_000, ""), "ngàn": (1_000, ""), "nghin": (1_000, ""), "ngan": (1_000, ""),
    "chục": (10, ""), "chuc": (10, ""), "trăm": (100, ""), "tram": (100, ""),
    "đồng": (1, "vnd"), "dong": (1, "vnd"), "vnd": (1, "vnd"), "vnđ": (1, "vnd"), "đ": (1, "vnd"),
    "usd": (1, "usd"), "đô": (1, "usd"), "do": (1, "usd"), "usdt": (1, "usd"), "đôla": (1, "usd"),
    "tệ": (1, "cny"), "te": (1, "cny"), "baht": (1, "thb"), "bạt": (1, "thb"), "eur": (1, "eur"),
    "euro": (1, "eur"), "bảng": (1, "gbp"), "won": (1, "krw"), "yên": (1, "jpy"), "yen": (1, "jpy"),
    "man": (10_000, "jpy"), "dollar": (1, "usd"), "dollars": (1, "usd"),
}  # fmt: skip
_VND = {
    "usd": 25_000,
    "cny": 3_500,
    "thb": 700,
    "eur": 28_000,
    "gbp": 33_000,
    "krw": 18,
    "jpy": 165,
}
_WORDS = {
    "một": 1, "mot": 1, "hai": 2, "ba": 3, "bốn": 4, "bon": 4, "năm": 5, "sáu": 6, "bảy": 7,
    "tám": 8, "chín": 9, "mười": 10, "muoi": 10, "vài": 3, "vai": 3, "mấy": 3, "may": 3, "cả": 1,
    "ca": 1, "chục": 10, "chuc": 10, "trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "ngan": 1_000,
    "nghin": 1_000,
}  # fmt: skip
_PERIODS = {
    "ngày": "day", "ngay": "day", "đêm": "day", "bữa": "day", "ca": "day", "buổi": "day",
    "buoi": "day", "giờ": "hour", "gio": "hour", "h": "hour", "tuần": "week", "tuan": "week",
    "tháng": "month", "thang": "month", "month": "month", "day": "day", "năm": "year",
    "đơn": "piece", "don": "piece", "bài": "piece", "video": "piece", "clip": "piece",
    "người": "head", "nguoi": "head", "suất": "head", "lượt": "piece", "đầu": "head",
    "nhiệm": "piece", "form": "piece", "case": "piece", "chuyến": "piece", "chuyen": "piece",
}  # fmt: skip
#: Right after a sum these mean "for each of them": 4tr/em. Not where somebody is spoken to: 4tr em nhé.
_PEOPLE = frozenset(words("em bạn ban bé be đứa dua khách khach cháu đầu cô chị mạng nhân"))
_SPOKEN_TO = frozenset(
    words(
        "nào nao ơi oi nhé nhe nha ạ à có co cần can muốn muon quan thì thi đi di gái gai "
        "đang dang inbox liên chỉ sẽ cũng không khong tự lo bao trả gửi cho đưa mới biết được "
        "ai trai yêu trẻ hàng mua sạn"
    )
)
_SMALLEST = 10_000
_EACH = frozenset(words("một mot 1 mỗi moi từng tung đầu dau trên tren"))
_DAYS = frozenset({"ngày", "ngay", "đêm", "dem", "tối", "toi", "ca"})
_COUNTED = frozenset(
    words(
        "người nguoi km khách khach đơn don sản san bài calo bước lượt luot m năm nam ca cái "
        "cai ml gam g kg con chiếc từ trang like sub view"
    )
)
#: Money in slang: also bottles and litres, so only where a period follows.
_SLANG = {
    "chai": 1_000_000, "lúa": 1_000_000, "lua": 1_000_000, "lít": 100_000, "lit": 100_000,
    "xị": 100_000, "xi": 100_000,
}  # fmt: skip
_DIGITS = {
    **dict.fromkeys(words("một mốt mot"), 1), "hai": 2, "ba": 3, **dict.fromkeys(words("bốn bon tư tu"), 4),
    **dict.fromkeys(words("năm nam lăm lam nhăm nham"), 5), **dict.fromkeys(words("sáu sau"), 6),
    **dict.fromkeys(words("bảy bay bẩy"), 7), **dict.fromkeys(words("tám tam"), 8),
    **dict.fromkeys(words("chín chin"), 9),
}  # fmt: skip
_TENS = frozenset(words("mươi muoi chục chuc"))
_TEN = frozenset(words("mười muoi"))
_FIVES = frozenset(words("lăm lam nhăm nham"))
_HALF = frozenset(words("rưỡi ruoi rưởi"))
_MILLIONS = frozenset(words("triệu trieu củ cu tỷ tỉ ty"))
#: A sum right after one of these is what something costs, not what is paid.
_PRICES = frozenset({"giá", "gia", "phí", "tặng", "giảm", "sale", "freeship"})

#: What is said before and behind a sum, folded: numbers in words; units and slang; what a day's pay is for.
SPOKEN_NUMBERS = frozenset(map(fold, (*_WORDS, *_DIGITS)))
SPOKEN_UNITS = frozenset(map(fold, (*_UNITS, *_SLANG)))
DAYS = frozenset(map(fold, _DAYS))


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum in VND at tokens [start, end); `currency` as written, `per` a period or ""."""

    start: int
    end: int
    value: int
    currency: str
    per: str


def amounts_in(tokens: Sequence[str]) -> list[Amount]:
    """Every sum named in the kept tokens of a normal text. Figures under 10,000 VND are no sums.

    >>> amounts_in("ngày 800k".split())[0]
    Amount(start=1, end=2, value=800000, currency='', per='day')
    """
    found: list[Amount] = []
    past = 0
    for at, token in enumerate(tokens):
        if at < past or not (token[0] in "0123456789" or token in _WORDS or token in _DIGITS):
            continue
        amount = _amount_at(tokens, at)
        if amount is not None:
            found.append(amount)
            past = amount.end
    return found


def _amount_at(tokens: Sequence[str], at: int) -> Amount | None:
    figure, end = _figure_at(tokens, at)
    if figure is None:
        return None
    value, currency, past, factor = figure, "", end, 1
    if tokens[at].endswith("u"):
        currency = "usd"
    elif end < len(tokens) and tokens[end] in _SLANG and _period_after(tokens, end + 1):
        value, past = value * _SLANG[tokens[end]], end + 1
    elif end - at > 1 and tokens[at].isdigit():
        currency = "vnd"
    while past < len(tokens) and past < end + 3 and tokens[past] in _UNITS:
        factor, name = _UNITS[tokens[past]]
        value *= factor
        currency = currency or name
        past += 1
        if name:
            break
    value, past = _rest_of(tokens, past, value, factor)
    if at and tokens[at - 1] == "usd" and not currency and tokens[at].isdigit():
        currency = "usd"
    bare = not currency and past == end and not tokens[at].endswith("k")
    if bare and _by_the_day(tokens, at):
        value, bare = value * 1_000, False
    if bare and (value < 100_000 or not tokens[at].endswith("000")):
        return None
    in_vnd = round(value * _VND.get(currency, 1))
    if in_vnd < _SMALLEST or _is_number_of_a_phone(tokens[at]):
        return None
    if at and tokens[at - 1] in _PRICES:
        return None
    return Amount(at, past, in_vnd, currency or "vnd", _period(tokens, at, past))


def _rest_of(tokens: Sequence[str], past: int, value: float, factor: int) -> tuple[float, int]:
    """What follows a unit: 5 triệu rưỡi is 5.5, 2 triệu 5 is 2.5 where no more is said of the 5."""
    if factor > 1 and past < len(tokens) and tokens[past] in _HALF:
        return value + factor / 2, past + 1
    tenth = tokens[past] if past < len(tokens) and tokens[past - 1] in _MILLIONS else ""
    if (
        len(tenth) == 1
        and tenth.isdigit()
        and tokens[past + 1 : past + 2] in ([], ["một"], ["mỗi"])
    ):
        return value + int(tenth) * factor / 10, past + 1
    return value, past


def _period_after(tokens: Sequence[str], at: int) -> str:
    """The period that a sum of slang is for: right behind it, or behind "1", "một", "mỗi"."""
    if at < len(tokens) and tokens[at] in _EACH:
        at += 1
    return _PERIODS.get(tokens[at], "") if at < len(tokens) else ""


def _is_number_of_a_phone(token: str) -> bool:
    return token.startswith("0") or (token.isdigit() and len(token) > 8)


def _figure_at(tokens: Sequence[str], at: int) -> tuple[float | None, int]:
    token = tokens[at]
    if token[0].isdigit() and token.isascii():
        bare = token.removesuffix("k")
        if bare.replace(".", "", 1).isdigit():
            figure, end = _with_thousands(tokens, at) if bare == token else (bare, at + 1)
            return float(figure) * (1_000 if bare != token else 1), end
        if token[-1] == "u" and token[:-1].isdigit():
            return float(token[:-1]), at + 1
        return None, at
    spelled, end = _spelled(tokens, at)
    if spelled and end < len(tokens) and tokens[end] in _UNITS:
        return float(spelled), end
    if token in _WORDS and at + 1 < len(tokens) and tokens[at + 1] in _UNITS:
        return float(_WORDS[token]), at + 1
    return None, at


def _with_thousands(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """25 000 000 as one figure; a single group of three only with the currency behind it."""
    end = at + 1
    while end < len(tokens) and len(tokens[end]) == 3 and tokens[end].isdigit():
        end += 1
    first = tokens[at]
    many = end - at > 2 or (
        end - at == 2 and end < len(tokens) and tokens[end] in {"đ", "đồng", "vnd"}
    )
    if (
        many
        and len(first) <= 3
        and first.isdigit()
        and first[0] != "0"
        and tokens[end - 1] == "000"
    ):
        return "".join(tokens[at:end]), end
    return first, at + 1


def _spelled(tokens: Sequence[str], at: int) -> tuple[int, int]:
    """Numbers of two digits in words: mười lăm, hai mươi, ba mươi lăm, hai lăm; 0 where it is none."""
    first = tokens[at]
    second = tokens[at + 1] if at + 1 < len(tokens) else ""
    third = tokens[at + 2] if at + 2 < len(tokens) else ""
    if first in _TEN and second in _DIGITS:
        return 10 + _DIGITS[second], at + 2
    if first not in _DIGITS:
        return 0, at
    if second in _TENS:
        if third in _DIGITS:
            return 10 * _DIGITS[first] + _DIGITS[third], at + 3
        return 10 * _DIGITS[first], at + 2
    return (10 * _DIGITS[first] + 5, at + 2) if second in _FIVES else (0, at)


def _by_the_day(tokens: Sequence[str], at: int) -> bool:
    """Whether a bare figure is a day's pay in thousands, as people write: 1 ngày 700, 500/ngày."""
    if not (tokens[at].isdigit() and 3 <= len(tokens[at]) <= 4 and tokens[at].endswith("0")):
        return False
    before, after = tokens[max(0, at - 2) : at], tokens[at + 1 : at + 3]
    if before and before[-1] in _DAYS:
        return not (len(before) == 2 and before[0].isdigit() and before[0] not in {"1", "01"}) and (
            not after or after[0] not in _COUNTED
        )
    named = after[1:] if after and after[0] in {"1", "một", "mot"} else after
    return bool(named) and named[0] in _DAYS


def _period(tokens: Sequence[str], start: int, end: int) -> str:
    if end < len(tokens) and tokens[end] in _PEOPLE:
        follows = tokens[end + 1] if end + 1 < len(tokens) else ""
        if follows not in _SPOKEN_TO and not (
            follows.isalpha() and tokens[end] == "nhân" and follows not in {"sự", "su"}
        ):
            return "head"
    after = [_PERIODS[token] for token in tokens[end : end + 2] if token in _PERIODS]
    if after and (after[0] != "head" or tokens[end] in _PERIODS or tokens[end] in _EACH):
        return after[0]
    before = [
        _PERIODS[tokens[at]]
        for at in range(max(0, start - 3), start)
        if tokens[at] in _PERIODS
        and not (at and tokens[at - 1].isdigit() and tokens[at - 1] != "1")
    ]
    return before[-1] if before else ""
