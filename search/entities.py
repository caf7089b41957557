"""Contacts in a text (đầu mối liên hệ): telephone numbers, addresses, handles, bank accounts, with their places.

`phonenumbers` decides what is a telephone number; a wage, a price or a date is never one. Offsets are into the
original text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from search.text import fold

MAX_TEXT = 200_000
"""Characters that are looked through; a longer text is looked through up to here."""


class EntityKind(StrEnum):
    """What a contact is (loại đầu mối)."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ZALO = "zalo"
    TELEGRAM = "telegram"
    FACEBOOK = "facebook"
    TIKTOK = "tiktok"
    BANK_ACCOUNT = "bank_account"


@dataclass(frozen=True, slots=True)
class Entity:
    """One contact: `value` is its normal form, `raw` what the text says at [start, end)."""

    kind: EntityKind
    value: str
    raw: str
    start: int
    end: int


# Numbers of eleven digits that became ten in 2018: old prefix -> new prefix.
_OLD_PREFIXES = {
    **{f"016{i}": f"03{i}" for i in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
_DIGIT = r"[0-9ol]"
_GAP = r"[\s.\-_,()\x00|*•·~]{0,3}"
_PHONE = re.compile(rf"(?<![0-9a-z@/.])(?:\+|00)?{_DIGIT}(?:{_GAP}{_DIGIT}){{7,13}}(?![0-9a-z])")
_GROUPED_SUM = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9o]{3})+(?:[.,][0-9]{1,2})?")
_DATE = re.compile(r"[0-3]?[0-9][.\-][01]?[0-9][.\-](?:19|20)?[0-9]{2}")
_SPELLED = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5",
    "sau": "6", "bay": "7", "tam": "8", "chin": "9",
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+", re.UNICODE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+|(?<![\w@.])(?:[a-z0-9-]+\.)+"
    r"(?:com|net|org|vn|info|xyz|top|me|co|link|ly|shop|vip|cc)(?:/[^\s<>\"']*)?(?!\w)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}…'\""
_SITES = (
    (re.compile(r"(?:^|\.)zalo\.me/(?:g/)?([\w.]+)"), EntityKind.ZALO),
    (re.compile(r"(?:^|\.)(?:t|telegram)\.me/(?:s/)?(\+?[\w]+)"), EntityKind.TELEGRAM),
    (
        re.compile(r"(?:^|\.)(?:facebook|fb)\.com/(?:profile\.php\?id=)?([\w.]+)"),
        EntityKind.FACEBOOK,
    ),
    (re.compile(r"(?:^|\.)tiktok\.com/@([\w.]+)"), EntityKind.TIKTOK),
)
_HANDLE = re.compile(
    r"(?P<site>telegram|tele|tiktok|facebook|face|fb)\s*[:\-=]*\s*(?P<handle>@[\w.]{3,40})",
    re.IGNORECASE,
)
_HANDLE_KINDS = {
    "telegram": EntityKind.TELEGRAM, "tele": EntityKind.TELEGRAM, "tiktok": EntityKind.TIKTOK,
    "facebook": EntityKind.FACEBOOK, "face": EntityKind.FACEBOOK, "fb": EntityKind.FACEBOOK,
}  # fmt: skip
BANKS = (
    "vietcombank", "vcb", "techcombank", "tcb", "bidv", "vietinbank", "agribank", "mbbank", "mb bank", "mb",
    "acb", "vpbank", "tpbank", "sacombank", "vib", "shb", "hdbank", "msb", "ocb", "scb", "eximbank", "seabank",
)  # fmt: skip
_BANK = re.compile(
    rf"(?:\bstk\b|tai khoan|\b(?:{'|'.join(BANKS)})\b)[^0-9\n]{{0,25}}(?P<number>[0-9](?:[ .-]?[0-9]){{5,18}})"
)


def extract(text: str) -> tuple[Entity, ...]:
    """Every contact in the text, in the order they stand there; each once at each place."""
    text = text[:MAX_TEXT]
    shadow = _shadow(text)
    found: list[Entity] = []
    for finder in (_emails, _links, _handles, _accounts, _phones, _spelled_phones):
        for one in finder(text, shadow):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def normal_phone(raw: str) -> str | None:
    """A number in E.164 (+84...), or None when it is no valid number; without a country it is Viet Nam's."""
    digits = re.sub(r"[^0-9+]", "", raw.replace("o", "0").replace("l", "1"))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    national = "0" + digits[3:] if digits.startswith("+84") else digits
    national = "0" + national[2:] if national.startswith("84") and len(national) > 10 else national
    if len(national) == 11 and national[:4] in _OLD_PREFIXES:
        digits = _OLD_PREFIXES[national[:4]] + national[4:]
    elif national.startswith("0"):
        digits = national
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _shadow(text: str) -> str:
    """The text with one plain character for each of its own: ASCII digits and letters, marks as NUL."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    decimal = unicodedata.decimal(char, None)
    if decimal is not None:
        return str(decimal)
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return "\x00"
    folded = fold(char)
    return folded if len(folded) == 1 else char


def _entity(kind: EntityKind, value: str, text: str, start: int, end: int) -> Entity:
    return Entity(kind, value, text[start:end], start, end)


def _emails(text: str, _shadow_text: str) -> Iterator[Entity]:
    for match in _EMAIL.finditer(text):
        yield _entity(EntityKind.EMAIL, match[0].lower(), text, *match.span())


def _links(text: str, _shadow_text: str) -> Iterator[Entity]:
    for match in _LINK.finditer(text):
        raw = match[0].rstrip(_TRAILING)
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", raw, flags=re.IGNORECASE)
        kind, value = EntityKind.LINK, bare.rstrip("/")
        host, _, path = value.partition("/")
        value = f"{host.lower()}/{path}" if path else host.lower()
        for pattern, site in _SITES:
            if (named := pattern.search(value)) is not None:
                kind, value = site, normal_phone(named[1]) or named[1].lower()
        yield _entity(kind, value, text, match.start(), match.start() + len(raw))


def _handles(text: str, _shadow_text: str) -> Iterator[Entity]:
    for match in _HANDLE.finditer(text):
        kind = _HANDLE_KINDS[match["site"].lower()]
        value = match["handle"].lstrip("@").rstrip(".").lower()
        yield _entity(kind, value, text, *match.span("handle"))


def _accounts(text: str, shadow: str) -> Iterator[Entity]:
    for match in _BANK.finditer(shadow):
        raw = match["number"]
        digits = re.sub(r"[^0-9]", "", raw)
        if _GROUPED_SUM.fullmatch(raw) or len(digits) < 6:
            continue
        named = next((bank for bank in BANKS if re.search(rf"\b{bank}\b", match[0])), "")
        value = f"{named.replace(' ', '')}:{digits}" if named else digits
        yield _entity(EntityKind.BANK_ACCOUNT, value, text, *match.span("number"))


def _phones(text: str, shadow: str) -> Iterator[Entity]:
    for match in _PHONE.finditer(shadow):
        raw = match[0]
        if _GROUPED_SUM.match(raw) or _DATE.match(raw):
            continue
        value = normal_phone(raw)
        if value is not None:
            yield _entity(EntityKind.PHONE, value, text, *match.span())


def _spelled_phones(text: str, _shadow_text: str) -> Iterator[Entity]:
    """Numbers written out in words: "không chín không không ..."."""
    run: list[tuple[str, int, int]] = []
    for match in _WORDS.finditer(text):
        digit = _SPELLED.get(fold(match[0]))
        if digit is not None and (not run or match.start() - run[-1][2] <= 3):
            run.append((digit, *match.span()))
            continue
        yield from _spelled_run(run, text)
        run = [(digit, *match.span())] if digit is not None else []
    yield from _spelled_run(run, text)


def _spelled_run(run: list[tuple[str, int, int]], text: str) -> Iterator[Entity]:
    if len(run) >= 9:
        value = normal_phone("".join(digit for digit, _, _ in run))
        if value is not None:
            yield _entity(EntityKind.PHONE, value, text, run[0][1], run[-1][2])
