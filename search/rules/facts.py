"""What signals see besides words: sums of money, telephone numbers, and where a post comes from."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from search.rules.amounts import DAYS, SPOKEN_NUMBERS, SPOKEN_UNITS, Amount
from search.rules.judgement import Context
from search.rules.model import AmountRule, Signal
from search.rules.scanning import Span
from search.syllables import words
from search.text import fold

_DIGIT = re.compile("[0-9]")
_UNITS, _DAYS = ("|".join(sorted(words)) for words in (SPOKEN_UNITS, DAYS))
_SPELLED = f" (?:{'|'.join(sorted(SPOKEN_NUMBERS))}) (?:{_UNITS}) "
_WITHOUT_DIGITS = re.compile(_SPELLED)
_FIGURES = re.compile(
    rf"[0-9][ku] | 0[0-9]|[0-9]{{5}}|[0-9] (?:{_UNITS}) "
    rf"|[0-9]0 (?:1 |mot )?(?:{_DAYS}) | (?:{_DAYS}) [0-9]{{2,3}}0 "
    r"| 2k[0-9]| (?:sinh|sn|nam|nu) [0-9]|[0-9] (?:tuoi)"
    rf"|[0-9] 000 | usd [0-9]| 84 |{_SPELLED}"
)
_PHONE = re.compile(
    r" (?:0|84 ?|855 ?|95 ?9)(?:[0-9] ?){8,10}(?= )"
    r"| (?:zalo|so|thoai|he|telegram|goi|so nay) 0[35789][0-9x]{0,3}(?= )"
)
#: How a sum begins: with a digit, or with a number in words.
_AMOUNT = " (?:[0-9]|mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|muoi|vai|may|ca|chuc|tram|nghin|ngan)"

_BORN = re.compile(r"2k([0-9]{1,2})")
_BACK = frozenset(words("nhận nhan hoàn hoan thành thanh rút rut lãnh lanh lấy lay ăn về"))
#: What there has to be in a padded folded text for a fact: for a birth year a short figure, for a sum that
#: comes back a word for it and soon a sum. Of other facts it is not known from afar whether they could be.
_CLUES = {
    "phone": _PHONE,
    "minor": re.compile(r" [12]\S{2,3} "),
    "return": re.compile(rf" (?:{'|'.join(sorted({*map(fold, _BACK)}))})(?: \S+){{0,3}}{_AMOUNT}"),
}
_BIRTH = frozenset({"sinh", "sn", "năm", "nam", "nữ", "nu"})
#: Người thành niên: from 18 (Bộ luật Dân sự 2015, Điều 20); below the youngest it is no recruit.
LEGAL_AGE, YOUNGEST = 18, 10


#: What comes back is at most this many times what was paid; more is two things that have two prices.
GROWTH = 4
#: Not at the beginning, where a comment names whom it answers.
_HANDLE = re.compile(r"(?<=[^\W@]\W)(?:\W{0,3})@[A-Za-z][A-Za-z0-9_.]{3,40}(?![\w])")


SUM = "sum"
SEEN_FROM_AFAR = frozenset({"handle", *_CLUES})


def has_figures(padded: str) -> bool:
    """Whether a folded text could name a sum, an age or a number at all."""
    figures = _FIGURES if _DIGIT.search(padded) else _WITHOUT_DIGITS
    return bool(figures.search(padded))


def possible_facts(text: str, padded: str) -> frozenset[str]:
    """The facts on figures and names that a text could hold: generous, and far quicker than to look.

    `padded` is its folded form with a space before and after.
    """
    found = ["handle"] if "@" in text else []
    if not has_figures(padded):
        return frozenset(found)
    return frozenset([*found, SUM, *(name for name, clue in _CLUES.items() if clue.search(padded))])


def applies(signal: Signal, context: Context) -> bool:
    """Whether a signal's scope takes in a post of this context."""
    scope = signal.scope
    limits = (
        (scope.source, context.source),
        (scope.platform, context.platform),
        (scope.language, context.language),
    )
    if scope.max_age_days and (age := context.age_days) is not None and age > scope.max_age_days:
        return False
    return all(not allowed or actual in allowed for allowed, actual in limits)


def sums_for(signal: Signal, sums: Sequence[Amount]) -> list[Span]:
    return [(s.start, s.end) for s in sums if any(_fits(rule, s) for rule in signal.amounts)]


def _fits(rule: AmountRule, amount: Amount) -> bool:
    if amount.value < rule.least or (rule.most is not None and amount.value > rule.most):
        return False
    if rule.currency and amount.currency not in rule.currency:
        return False
    return not rule.per or (amount.per or "none") in rule.per


def year_of(context: Context) -> int:
    """The year in which a post was written; this one where that is not known."""
    return context.posted_at.year if context.posted_at else datetime.now(UTC).year


def minors_in(tokens: Sequence[str], year: int) -> list[Span]:
    """Birth years as the young write them (2k9, sinh 2009), of people not yet 18 when `year` began."""
    found = []
    for at, token in enumerate(tokens):
        if token[0] not in "12":
            continue
        short = _BORN.fullmatch(token)
        born = 2000 + int(short[1]) if short else 0
        if not short and token.isdigit() and len(token) == 4 and at and tokens[at - 1] in _BIRTH:
            born = int(token)
        if year - LEGAL_AGE <= born <= year - YOUNGEST:
            found.append((at, at + 1))
    return found


def returns_in(sums: Sequence[Amount], tokens: Sequence[str]) -> list[Span]:
    """Where a sum is promised to come back as a bigger one: nạp 500k hoàn 650k."""
    return [
        (paid.start, back.end)
        for paid, back in pairwise(sums)
        if paid.value < back.value <= GROWTH * paid.value
        and 1 <= back.start - paid.end <= 4
        and not _BACK.isdisjoint(tokens[paid.end : back.start])
    ]


def handles_in(text: str, tokens: int) -> list[Span]:
    """Account names such as @tuyendung, as tokens of a text of so many; an e-mail address is none.

    They are counted apart from the text, whose letters may be read otherwise as a whole: a span that
    would end past its last token is left out.
    """
    if "@" not in text:
        return []
    found, token, read = [], 0, 0
    for match in _HANDLE.finditer(text):
        first = token + len(fold(text[read : match.start()]).split())
        token, read = first + len(fold(match[0]).split()), match.end()
        found.append((first, token))
    return [(first, past) for first, past in found if first < past <= tokens]


def phones_in(folded: str) -> list[Span]:
    """Telephone numbers, also those cut short: enough to see that one is given."""
    padded = f" {folded} "
    found, token, seen = [], 0, 0
    for match in _PHONE.finditer(padded):
        token += padded.count(" ", seen, match.start())
        seen = match.start()
        found.append((token, token + len(match[0].split())))
    return found
