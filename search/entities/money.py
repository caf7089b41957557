"""Where money is sent: bank accounts and crypto wallets."""

import re
from collections.abc import Iterator

from search.entities.model import Entity, EntityKind

#: Banks by the names that posts use; the key is the short name that stands in the normal form.
_BANKS = {
    "vietcombank": "vietcombank|vcb", "vietinbank": "vietinbank|viettinbank|ctg",
    "bidv": "bidv", "agribank": "agribank|agri", "techcombank": "techcombank|tcb|techcom",
    "mbbank": r"mb\s?bank|mbb|mb", "acb": "acb", "sacombank": "sacombank|sacom|stb",
    "vpbank": r"vp\s?bank|vpb", "tpbank": r"tp\s?bank|tpb", "vib": "vib", "shb": "shb",
    "hdbank": r"hd\s?bank|hdb", "msb": "msb", "ocb": "ocb", "scb": "scb", "seabank": "seabank",
    "eximbank": "eximbank", "lpbank": "lpbank|lienvietpostbank", "momo": "momo",
    "zalopay": "zalopay", "viettelpay": r"viettel\s?(?:pay|money)",
}  # fmt: skip
_BANK = re.compile(
    "|".join(rf"(?P<{key}>(?<!\w)(?:{names})(?!\w))" for key, names in _BANKS.items()),
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?<!\w)(?:stk|số\s+tài\s+khoản|so\s+tai\s+khoan|số\s+tk|so\s+tk|tài\s+khoản|tai\s+khoan|tk|account)"
    r"[^\d\n]{0,40}?(\d(?:[ .\-]?\d){5,18})(?!\d)",
    re.IGNORECASE,
)
_NEAR = 40
_WALLETS = re.compile(
    r"(?<!\w)(?:T[1-9A-HJ-NP-Za-km-z]{33}|0x[0-9a-fA-F]{40}|bc1[02-9ac-hj-np-z]{25,62}"
    r"|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?!\w)"
)


def accounts_in(text: str) -> Iterator[Entity]:
    """Bank accounts: a number that is called one, or that stands beside a bank's name."""
    seen: set[int] = set()
    for match in _LABELLED.finditer(text):
        bank = _bank_near(text, match.start(), match.end())
        seen.add(match.start(1))
        yield _account(text, match.start(1), match.end(1), bank)
    for match in _BANK.finditer(text):
        number = re.compile(r"[\s:.\-]{0,3}(\d(?:[ .\-]?\d){7,18})(?!\d)").match(text, match.end())
        if number and number.start(1) not in seen:
            yield _account(text, number.start(1), number.end(1), match.lastgroup)


def wallets_in(text: str) -> Iterator[Entity]:
    """Addresses of Bitcoin, Ethereum and Tron wallets; their case carries meaning and stays."""
    for match in _WALLETS.finditer(text):
        if any(char.isdigit() for char in match[0]) and any(char.isalpha() for char in match[0]):
            yield Entity(EntityKind.WALLET, match[0], match[0], match.start(), match.end())


def _bank_near(text: str, start: int, end: int) -> str | None:
    found = _BANK.search(text, max(0, start - _NEAR), min(len(text), end + _NEAR))
    return found.lastgroup if found else None


def _account(text: str, start: int, end: int, bank: str | None) -> Entity:
    raw = text[start:end]
    digits = re.sub(r"\D", "", raw)
    value = f"{bank} {digits}" if bank else digits
    return Entity(EntityKind.BANK_ACCOUNT, value, raw, start, end)
