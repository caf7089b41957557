"""What is promised: sums that a normalised text calls pay, as ranges in VND."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from search.entities.model import Entity, EntityKind
from search.rules.amounts import Amount, amounts_in
from search.syllables import words
from search.text import Normal, Spans

#: Near these, in front, a sum is pay.
_PAY = frozenset(
    words(
        "lương luong lươngg lg lcb nhập nhap salary wage income công cong kiếm kiem trả tra thưởng thuong "
        "lãnh lanh lĩnh nhận nhan hưởng huong offer upto budget"
    )
)
#: Near these, in front, it is what somebody has to pay, owes, or is asked to pay in.
_COST = frozenset(
    words(
        "giá gia phí phi cọc coc thuê thue vay nợ no nộp nop đóng dong phạt phat chuộc chuoc nạp nap mua "
        "bán ban tặng tang chuyển chuyen bồi hoàn mất mat vốn von cược giảm giam voucher lừa lua "
        "lãi lai góp gop gửi gui chỉ gói goi cước cuoc ứng"
    )
)
_TO = frozenset({"đến", "den", "tới", "toi"})
_DASHES = frozenset("-–~→>")
#: Behind a sum "một ngày" says what it is per; in front a period counts up to the end of the clause.
_EACH = frozenset({"một", "mot", "1", "mỗi", "moi", "trên", "cho", "per"})
_ENDS = ",;.\n!|-–+("
_MOST = 5_000_000_000
_REACH = 7


def wages_in(text: str, spans: Spans) -> Iterator[Entity]:
    """Pay, normal form "15000000-20000000/month": VND, and behind a space the currency if it is another.

    What a sum is per is one of hour, day, week, month, year, piece, head.
    """
    spans = _dollars_behind(text, spans)
    kept = spans.normal.kept.split()
    sums = amounts_in(kept)
    at = 0
    while at < len(sums):
        amount, past = sums[at], at + 1
        low, start = _lower(text, spans, kept, amount)
        if past < len(sums) and _is_range(text, spans, kept, amount, sums[past]):
            low, amount, past = _of_same_unit(kept, amount, sums[past]), sums[past], past + 1
        per = _per(text, spans, kept, start, amount)
        if amount.value <= _MOST and _is_pay(kept, start, per):
            first, last = spans.starts[start], spans.ends[_last(text, spans, kept, amount) - 1]
            value = _value(low, amount, per)
            yield Entity(EntityKind.WAGE, value, text[first:last], first, last)
        at = past


def _dollars_behind(text: str, spans: Spans) -> Spans:
    """ "$3000" read as "3000$", as sums are written here; both tokens lead to the whole."""
    if "$" not in text:
        return spans
    kept, starts, ends = spans.normal.kept.split(), list(spans.starts), list(spans.ends)
    for at in range(len(kept) - 1):
        sign = text[starts[at] : ends[at]] == "$" and ends[at] == starts[at + 1]
        if sign and _is_figure(kept[at + 1]) and kept[at + 2 : at + 3] != ["usd"]:
            kept[at], kept[at + 1] = kept[at + 1], kept[at]
            starts[at + 1], ends[at] = starts[at], ends[at + 1]
    normal = Normal(" ".join(kept), spans.normal.folded)
    return Spans(normal, tuple(starts), tuple(ends))


def _value(low: int, amount: Amount, per: str) -> str:
    span = f"{low}-{amount.value}" if low < amount.value else str(amount.value)
    currency = "" if amount.currency == "vnd" else f" {amount.currency}"
    return f"{span}{f'/{per}' if per else ''}{currency}"


def _lower(text: str, spans: Spans, kept: Sequence[str], amount: Amount) -> tuple[int, int]:
    """The lower end of "10-15 triệu", whose unit stands only once, and the token where it begins."""
    at = amount.start - 1
    if at >= 0 and kept[at] in _TO:
        at -= 1
    elif at < 0 or not _DASHES & set(text[spans.ends[at] : spans.starts[at + 1]]):
        return amount.value, amount.start
    figure = kept[at].removesuffix("k") if at >= 0 else ""
    upper = kept[amount.start].removesuffix("k")
    if not (_is_figure(figure) and _is_figure(upper) and float(upper)):
        return amount.value, amount.start
    low = round(float(figure) * amount.value / float(upper))
    return (low, at) if 0 < low < amount.value else (amount.value, amount.start)


def _of_same_unit(kept: Sequence[str], low: Amount, high: Amount) -> int:
    """The lower sum of a range; "160.000 đến 180.000 yên" names its currency only once."""
    figures = kept[low.start], kept[high.start]
    if low.currency == high.currency or not all(map(_is_figure, figures)):
        return low.value
    return round(float(figures[0]) * high.value / max(float(figures[1]), 1))


def _is_figure(token: str) -> bool:
    return token.isascii() and len(token) < 16 and token.replace(".", "", 1).isdigit()


def _is_range(text: str, spans: Spans, kept: Sequence[str], low: Amount, high: Amount) -> bool:
    """Whether two sums are the ends of one: "800k-1tr2", "10 triệu đến 15 triệu"."""
    between = kept[low.end : high.start]
    gap = text[spans.ends[low.end - 1] : spans.starts[high.start]]
    joined = (len(between) == 1 and between[0] in _TO) or (
        not between and bool(_DASHES & set(gap)) and len(gap) <= 3
    )
    return joined and low.value < high.value and low.currency in {high.currency, "vnd"}


def _is_pay(kept: Sequence[str], start: int, per: str) -> bool:
    before = kept[max(0, start - _REACH) : start]
    pay = max((at for at, token in enumerate(before) if token in _PAY), default=-1)
    cost = max((at for at, token in enumerate(before) if token in _COST), default=-1)
    if pay >= 0 or cost >= 0:
        return pay > cost
    return per in {"hour", "day", "week", "month"}


def _per(text: str, spans: Spans, kept: Sequence[str], start: int, amount: Amount) -> str:
    """What a sum is per; a word in front counts only where no comma or line ends in between."""
    if not amount.per or _last(text, spans, kept, amount) > amount.end:
        return amount.per
    for at in range(start - 1, max(-1, start - 4), -1):
        if set(_ENDS) & set(text[spans.ends[at] : spans.starts[at + 1]]):
            return ""
        period = _period_of(kept[at])
        if period:
            return period if period != "hour" or (at and kept[at - 1] in _EACH) else ""
    return ""


def _last(text: str, spans: Spans, kept: Sequence[str], amount: Amount) -> int:
    """Past the last token of a sum with the word that it is per, where that follows."""
    at = amount.end
    if at < len(kept) and kept[at] in _EACH:
        at += 1
    if at >= len(kept) or _period_of(kept[at]) != (amount.per or None):
        return amount.end
    gap = text[spans.ends[amount.end - 1] : spans.starts[at]]
    tenure = at + 1 < len(kept) and kept[at + 1] in {"kinh", "kn", "exp", "experience"}
    return amount.end if tenure or set(_ENDS) & set(gap) else at + 1


@lru_cache(maxsize=1024)
def _period_of(token: str) -> str:
    """The period that a token names, as the reader of sums understands it; "" where it names none."""
    known = amounts_in(["1000000", "đồng", token])
    return known[0].per if known and token else ""
