"""Telephone numbers spelled out: "không chín không không ...", also mixed with figures."""

import re
from collections.abc import Iterator

from search.entities import surroundings
from search.entities.model import Entity, EntityKind
from search.entities.numbers import e164
from search.entities.reading import Reading

_WORDS = {
    "0": "không khong khôg khg hông hong ko zero oh o linh lẻ le",
    "1": "một mot mốt one",
    "2": "hai two",
    "3": "ba three",
    "4": "bốn bon tư tu four",
    "5": "năm nam lăm lam nhăm nham five",
    "6": "sáu sau six",
    "7": "bảy bay bẩy seven",
    "8": "tám tam eight",
    "9": "chín chin nine",
    "10": "mười muoi mươi muơi",
    "100": "trăm tram",
}
_SPOKEN = {word: digit for digit, words in _WORDS.items() for word in words.split()}
_TENS, _HUNDREDS = "10", "100"
_START = re.compile(
    r"(?<!\w)(?:(?:không|khong|khôg|khg|hông|hong|ko|zero|oh|o|0)[\s.,\-]{1,3}"
    r"(?:ba|năm|nam|bảy|bẩy|bay|tám|tam|chín|chin|hai|một|mot|three|five|seven|eight|nine|[35789])"
    r"|(?:cộng|cong)[\s.,\-]{1,3}(?:tám|tam)[\s.,\-]{1,3}(?:tư|tu|bốn|bon))(?!\w)",
    re.IGNORECASE,
)
_PLUS = re.compile(r"(?:cộng|cong)[\s.,\-]{1,3}", re.IGNORECASE)
_TOKEN = re.compile(r"[\s.,\-]{0,3}(?:([^\W\d_]+)|(\d{1,7}))(?!\w)")
_MOST = 30
_LEAST_SPOKEN = 3


def spoken_in(reading: Reading) -> Iterator[Entity]:
    """Numbers of at least ten digits of which at least three are words, in E.164 form."""
    past = 0
    for start in _START.finditer(reading.plain):
        if start.start() < past:
            continue
        found = _number(reading.plain, start.start())
        if found and not surroundings.is_something_else(reading.plain, start.start(), found[1]):
            value, past = found
            yield reading.entity(EntityKind.PHONE, value, start.start(), past)


def _number(text: str, start: int) -> tuple[str, int] | None:
    """The first number that the words from `start` on spell, and where it ends."""
    plus = _PLUS.match(text, start)
    at = plus.end() if plus else start
    tokens: list[str] = []
    spoken = 0
    for _ in range(_MOST):
        token = _TOKEN.match(text, at)
        digits = token and (token[2] or _SPOKEN.get(token[1].lower()))
        if token is None or not digits:
            return None
        spoken += token[1] is not None
        tokens.append(digits if token[2] is None else f"={digits}")
        at = token.end()
        number = _figures(tokens)
        if len(number) > 13:
            return None
        value = e164(number, plus=bool(plus)) if len(number) >= 10 else None
        if value and spoken >= _LEAST_SPOKEN:
            return value, at
    return None


def _figures(tokens: list[str]) -> str:
    """Digits as they are said: "chín mươi hai" is 92, "một trăm linh ba" 103, "hai mươi" 20.

    Figures are marked by "=" and stand for themselves.
    """
    figures = ""
    for at, token in enumerate(tokens):
        if token.startswith("="):
            figures += token[1:]
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        before = tokens[at - 1] if at else ""
        if token == _TENS and before in set("123456789"):
            figures += "" if following in set("123456789") else "0"
        elif token == _TENS:
            figures += "1" if following in set("123456789") else "10"
        elif token == _HUNDREDS:
            figures += "" if following in set("0123456789") else "00"
        else:
            figures += token
    return figures
