"""Which digits are a telephone number: `phonenumbers` decides. The only module on that library."""

import re
from functools import lru_cache

import phonenumbers

#: Mobile prefixes of eleven digits until 2018, and what they became (Decision 798/QĐ-BTTTT of 2018).
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
#: The shapes of a number at home and of one with its country; everything else is not even asked about.
_HOME = re.compile(r"0(?:[35789]\d{8}|2\d{9}|1[26789]\d{8})")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_HOTLINE = re.compile(r"1[89]00(?:\d{4}|\d{6})")
_HOTLINE_TYPES = frozenset(
    {phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE}
)
#: Countries that posts of this trade name, for numbers without a plus behind a word like "zalo".
_NEIGHBOURS = re.compile(r"(?:855|856|95|86|66|886|60|63|65|971|852|853|81|82)\d{7,11}")


def e164(digits: str, *, plus: bool = False) -> str | None:
    """The international form ("+84900000123") of `digits`, or None where they are no possible number.

    >>> e164("0900000123"), e164("01280000123"), e164("12345678")
    ('+84900000123', '+84780000123', None)
    """
    if plus and not digits.startswith("0"):
        return _abroad("+" + digits)
    if digits.startswith("00"):
        return _abroad("+" + digits[2:])
    if digits.startswith("84") and len(digits) in {11, 12, 13}:
        return _abroad("+" + digits)
    new = _OLD_PREFIXES.get(digits[:4])
    if new and len(digits) == 11:
        digits = new + digits[4:]
    return _valid(digits, "VN") if _HOME.fullmatch(digits) else None


def labelled(digits: str) -> str | None:
    """A number that only the word before it makes one: without its first zero, or without the plus."""
    if len(digits) == 9 and digits[0] in "35789":
        return e164("0" + digits)
    return _abroad("+" + digits) if _NEIGHBOURS.fullmatch(digits) else None


def hotline(digits: str) -> str | None:
    """A number of a company that is called from within the country only: 1800 1234, 1900 123 456."""
    if not _HOTLINE.fullmatch(digits):
        return None
    kind = phonenumbers.number_type(phonenumbers.parse(digits, "VN"))
    return digits if kind in _HOTLINE_TYPES else None


def partial(digits: str, hidden: int) -> str | None:
    """The known part of a mobile number with an x for each digit that is held back."""
    if len(digits) + hidden != 10 or not re.match(r"0[35789]", digits):
        return None
    return f"+84{digits[1:]}{'x' * hidden}"


def _abroad(number: str) -> str | None:
    if number.startswith("+840"):
        number = "+84" + number[4:]
    if number.startswith("+84"):
        return e164("0" + number[3:])
    return _valid(number, None) if _ABROAD.fullmatch(number) else None


@lru_cache(maxsize=1 << 14)
def _valid(number: str, region: str | None) -> str | None:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
