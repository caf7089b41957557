"""Where money is sent: bank accounts and electronic wallets. The names of holders are never taken."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from search.entities import surroundings
from search.entities.model import Entity, EntityKind
from search.entities.numbers import e164
from search.entities.reading import Reading
from search.text_tables import fold_kept

_NUMBER = r"\d(?:[ .\-]?\d){5,18}(?![\w])"
_LABELLED = re.compile(
    r"(?<!\w)(?:s[ốo]?tk|số\s+tài\s+khoản|so\s+tai\s+khoan|số\s+tk|so\s+tk|tài\s+khoản|tai\s+khoan|tk|account"
    r"|acc(?:ount)?\s+(?:number|no)|a/c|chuyển\s+khoản|chuyen\s+khoan|ck(?:\s+(?:qua|vào|vao))?)(?!\w)"
    rf"((?:[^\d\n]{{0,40}}\n)?[^\d\n]{{0,40}}?)({_NUMBER})",
    re.IGNORECASE,
)
#: Between "account" and a number: then it is the number of something or somebody else.
_OTHER = re.compile(
    r"(?<!\w)(?:fb|facebook|zalo|zl|tele\w*|tiktok|game|shopee|lazada|lh|liên\s+hệ|lien\s+he|gọi|goi|sđt|sdt"
    r"|inbox|ib|hotline|call|cell|phone|mobile|di\s+động|điện\s+thoại|dien\s+thoai|đt|số\s+tiền|so\s+tien|nhận|nhan|được|duoc|tuổi|lương)(?!\w)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DATE = re.compile(r"[0-3]?\d[./-][01]?\d[./-](?:19|20)\d\d")
_BEHIND = re.compile(
    rf"[\s:.\-–()/]{{0,4}}(?:(?:stk|số|so|tk)[\s:.]{{0,3}})?({_NUMBER})", re.IGNORECASE
)
_IN_FRONT = re.compile(r"(?<![\w.+])(\d(?:[ .\-]?\d){5,18})[\s\-–(/,:.]{1,4}$")
_NEAR, _REACH = 60, 48
_FIGURE = re.compile(r"\d(?:[ .\-]?\d){5,18}")


def accounts_in(reading: Reading) -> Iterator[Entity]:
    """Bank accounts: a number of 6 to 19 digits that is called one, or that stands beside a bank's name."""
    text = reading.plain
    if not _FIGURE.search(text):
        return
    seen: set[int] = set()
    for match in _LABELLED.finditer(text):
        bank = _bank_near(text, match.start(), match.end())
        if not _OTHER.search(match[1]) and _is_account(text, *match.span(2), named=bool(bank)):
            seen.add(match.start(2))
            yield from _account(reading, *match.span(2), bank)
    for bank_match in _banks_near_figures(text):
        found = _beside(text, bank_match)
        if found and found[0] not in seen:
            seen.add(found[0])
            yield from _account(reading, *found, _bank(bank_match))


def _banks_near_figures(text: str) -> Iterator[re.Match[str]]:
    """The names of banks that stand within reach of a figure that is long enough."""
    past = 0
    for figure in _FIGURE.finditer(text):
        start = max(past, figure.start() - _REACH)
        past = min(len(text), figure.end() + _REACH)
        yield from _banks().finditer(text, start, past)


def _beside(text: str, bank: re.Match[str]) -> tuple[int, int] | None:
    """The number right behind a bank's name, else right in front of it."""
    behind = _BEHIND.match(text, bank.end())
    if behind:
        digits = re.sub(r"\D", "", behind[1])
        fits = len(digits) >= 8 and _is_account(text, *behind.span(1), named=True)
        return behind.span(1) if fits else None
    front = _IN_FRONT.search(text, max(0, bank.start() - 32), bank.start())
    if front is None:
        return None
    digits = re.sub(r"\D", "", front[1])
    called = surroundings.is_called_number(text, front.start(1))
    is_phone = e164(digits) is not None and (called or _bank(bank) not in _wallets())
    fits = len(digits) >= 8 and not is_phone and _is_account(text, *front.span(1), named=True)
    return front.span(1) if fits else None


def _is_account(text: str, start: int, end: int, *, named: bool) -> bool:
    """Not a sum, a date or a time; without a bank's name no round thousands either."""
    if surroundings.is_sum(text, end) or _DATE.match(text, start):
        return False
    return named or not _THOUSANDS.fullmatch(text, start, end)


def _bank_near(text: str, start: int, end: int) -> str | None:
    """The bank named in or right behind the words around an account, else the nearest before."""
    inside = _banks().search(text, start, min(len(text), end + _NEAR))
    if inside:
        return _bank(inside)
    before = list(_banks().finditer(text, max(0, start - _NEAR), start))
    return _bank(before[-1]) if before else None


def _account(reading: Reading, start: int, end: int, bank: str | None) -> Iterator[Entity]:
    digits = re.sub(r"\D", "", reading.plain[start:end])
    value = f"{bank} {digits}" if bank else digits
    yield reading.entity(EntityKind.BANK_ACCOUNT, value, start, end)
    number = e164(digits) if bank in _wallets() else None
    if number:
        yield reading.entity(EntityKind.PHONE, number, start, end)


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    source = resources.files("search.entities") / "data/banks.yaml"
    return dict(yaml.safe_load(source.read_text("utf-8")))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every spelling, folded and without spaces, and the bank that it means."""
    banks = {**_data()["banks"], **_data()["wallets"]}
    return {_squeezed(name): key for key, names in banks.items() for name in names}


@lru_cache(maxsize=1)
def _wallets() -> frozenset[str]:
    return frozenset(_data()["wallets"])


@lru_cache(maxsize=1)
def _banks() -> re.Pattern[str]:
    """All spellings, the longest first, with and without diacritics."""
    listed = [
        name for group in ("banks", "wallets") for some in _data()[group].values() for name in some
    ]
    spelled = {spelling for name in listed for spelling in (name, fold_kept(name))}
    ordered = sorted(spelled, key=lambda name: (-len(name), name))
    names = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in ordered)
    return re.compile(rf"(?<!\w)(?:ngân\s+hàng\s+|nh\s+)?({names})(?!\w)", re.IGNORECASE)


def _bank(match: re.Match[str]) -> str:
    return _names()[_squeezed(match[1])]


def _squeezed(name: str) -> str:
    return fold_kept(re.sub(r"\s", "", name.lower()))
