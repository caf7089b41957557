"""Understands sums of money in normal text: 25 triệu, 800k một ngày, 1000 usd, mấy chục triệu, ngàn đô."""

from collections.abc import Sequence
from dataclasses import dataclass

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
}  # fmt: skip
_SMALLEST = 10_000
#: A sum right after one of these is what something costs, not what is paid.
_PRICES = frozenset({"giá", "gia", "phí", "tặng", "giảm", "sale", "freeship"})


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
        if at < past or not (token[0] in "0123456789" or token in _WORDS):
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
    value, currency, past = figure, "", end
    while past < len(tokens) and past < end + 3 and tokens[past] in _UNITS:
        factor, name = _UNITS[tokens[past]]
        value *= factor
        currency = currency or name
        past += 1
        if name:
            break
    bare = not currency and past == end and not tokens[at].endswith("k")
    if bare and (value < 100_000 or not tokens[at].endswith("000")):
        return None
    in_vnd = round(value * _VND.get(currency, 1))
    if in_vnd < _SMALLEST or _is_number_of_a_phone(tokens[at]):
        return None
    if at and tokens[at - 1] in _PRICES:
        return None
    return Amount(at, past, in_vnd, currency or "vnd", _period(tokens, at, past))


def _is_number_of_a_phone(token: str) -> bool:
    return token.startswith("0") or (token.isdigit() and len(token) > 8)


def _figure_at(tokens: Sequence[str], at: int) -> tuple[float | None, int]:
    token = tokens[at]
    if token[0].isdigit() and token.isascii():
        bare = token.removesuffix("k")
        if bare.replace(".", "", 1).isdigit():
            return float(bare) * (1_000 if bare != token else 1), at + 1
        return None, at
    if token in _WORDS and at + 1 < len(tokens) and tokens[at + 1] in _UNITS:
        return float(_WORDS[token]), at + 1
    return None, at


def _period(tokens: Sequence[str], start: int, end: int) -> str:
    after = [_PERIODS[token] for token in tokens[end : end + 2] if token in _PERIODS]
    if after:
        return after[0]
    before = [
        _PERIODS[tokens[at]]
        for at in range(max(0, start - 3), start)
        if tokens[at] in _PERIODS and not (at and tokens[at - 1].isdigit())
    ]
    return before[-1] if before else ""
