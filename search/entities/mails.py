"""Mail addresses, also those whose signs are spelled out or spaced."""

import re
from collections.abc import Iterator

from search.entities.model import Entity, EntityKind
from search.entities.reading import Reading

_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][a-z0-9._+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![\w-])",
    re.IGNORECASE,
)
_PROVIDERS = (
    "gmail|gmai|yahoo|ymail|outlook|hotmail|icloud|proton|protonmail|mail|zoho|yandex|qq|163"
)
_AT_WORD = r"(?:a\s?còng|a\s?cong|a\s?móc|a\s?vòng|at)"
_DOT_WORD = r"(?:chấm|cham|dot)"
_TOP = r"com|net|org|vn|edu|info|io|me|ru|cn|co|biz|top|xyz|club|vip|online"
#: The at sign in brackets or in words, or the sign itself with spaces beside it.
_AT = re.compile(
    rf"\s?[\[({{<]\s?(?:{_AT_WORD}|@)\s?[\])}}>]\s?|\s{_AT_WORD}\s|\s@\s?|@\s|@(?=[a-z0-9-]{{1,30}}(?:\s|[\[({{]))",
    re.IGNORECASE,
)
_AT_HINT = re.compile(
    r"a\s?(?:còng|cong|móc|vòng)|[\s(\[{<]at[\s)\]}>]|@\s|@[a-z0-9-]{1,30}[\s\[({]|[\[({<]@",
    re.IGNORECASE,
)
_DOT = rf"(?:\s?[\[({{]\s?(?:\.|{_DOT_WORD})\s?[\])}}]\s?|\s{_DOT_WORD}\s|\s?\.\s?)"
_NAME_BEFORE = re.compile(
    rf"(?<![\w.+-])[a-z0-9][a-z0-9._+-]{{0,40}}(?:{_DOT}[a-z0-9_+-]{{1,30}}){{0,2}}$", re.IGNORECASE
)
_DOMAIN = re.compile(
    rf"(?:({_PROVIDERS})|[a-z0-9-]{{2,40}}){_DOT}((?:{_TOP})(?:{_DOT}vn)?)(?!\w)", re.IGNORECASE
)
_DOT_SIGN = re.compile(_DOT, re.IGNORECASE)
_LONGEST_NAME = 72


def mails_in(reading: Reading) -> Iterator[Entity]:
    """Mail addresses, in lower case."""
    text = reading.plain
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield reading.entity(EntityKind.EMAIL, match[0].lower(), *match.span())
    for sign in _AT.finditer(text) if _AT_HINT.search(text) else ():
        found = _spelled(text, sign)
        if found:
            value, start, end = found
            yield reading.entity(EntityKind.EMAIL, value, start, end)


def _spelled(text: str, sign: re.Match[str]) -> tuple[str, int, int] | None:
    domain = _DOMAIN.match(text, sign.end())
    if domain is None or not (domain[1] or _is_meant(sign[0], domain[0])):
        return None
    name = _NAME_BEFORE.search(text, max(0, sign.start() - _LONGEST_NAME), sign.start())
    if name is None:
        return None
    address = f"{_dotted(name[0])}@{_dotted(domain[0])}".lower()
    return address, name.start(), domain.end()


def _is_meant(sign: str, domain: str) -> bool:
    """Whether an unknown domain is one: "meet at example.com" is no address, "x (at) example.com" is."""
    bracketed = sign.strip()[:1] in "[({<@"
    return bracketed or not sign.isascii() or "." not in domain


def _dotted(part: str) -> str:
    return _DOT_SIGN.sub(".", part)
