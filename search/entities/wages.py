"""What is promised: sums that a normalised text calls pay, as ranges in VND."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from search.entities.model import Entity, EntityKind
from search.rules.amounts import Amount, amounts_in
from search.syllables import words
from search.text import Spans

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
        "bán ban tặng tang chuyển chuyen bồi hoàn mất mat vốn von cược cuoc tiền_nhà giảm giam voucher lừa lua "
        "lãi lai học_phí gửi gui doanh_thu bảo_hiểm"
    )
)
_TO = frozenset({"đến", "den", "tới", "toi"})
_DASHES = frozenset("-–~→>")
_ENDS = ",;.\n!|"
_REACH = 7


def wages_in(text: str, spans: Spans) -> Iterator[Entity]:
    """Pay, normal form "15000000-20000000/month": VND, and behind a space the currency if it is another.

    What a sum is per is one of hour, day, week, month, year, piece, head.
    """
    kept = spans.normal.kept.split()
    sums = amounts_in(kept)
    at = 0
    while at < len(sums):
        amount, past = sums[at], at + 1
        low, start = _lower(text, spans, kept, amount)
        if past < len(sums) and _is_range(text, spans, kept, amount, sums[past]):
            low, amount, past = amount.value, sums[past], past + 1
        per = _per(text, spans, kept, start, amount)
        if _is_pay(kept, start, per):
            first, last = spans.starts[start], spans.ends[_last(kept, amount) - 1]
            value = _value(low, amount, per)
            yield Entity(EntityKind.WAGE, value, text[first:last], first, last)
        at = past


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
    if not amount.per or _last(kept, amount) > amount.end:
        return amount.per
    if any(_period_of(token) == amount.per for token in kept[amount.end : amount.end + 2]):
        return amount.per
    for at in range(start - 1, max(-1, start - 4), -1):
        if set(_ENDS) & set(text[spans.ends[at] : spans.starts[at + 1]]):
            return ""
        if _period_of(kept[at]) == amount.per:
            return amount.per
    return ""


def _last(kept: Sequence[str], amount: Amount) -> int:
    """Past the last token of a sum with the word that it is per, where that follows."""
    follows = amount.end < len(kept) and _period_of(kept[amount.end])
    return amount.end + 1 if amount.per and follows == amount.per else amount.end


@lru_cache(maxsize=1024)
def _period_of(token: str) -> str:
    """The period that a token names, as the reader of sums understands it; "" where it names none."""
    known = amounts_in(["1000000", "đồng", token])
    return known[0].per if known and token else ""
