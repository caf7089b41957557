"""What signals see besides words: sums of money, telephone numbers, and where a post comes from."""

import re
from collections.abc import Sequence

from search.rules.amounts import Amount
from search.rules.judgement import Context
from search.rules.model import AmountRule, Signal
from search.rules.scanning import Span

_FIGURES = re.compile(
    r"[0-9]k | 0[0-9]|[0-9]{5}|[0-9] (?:trieu|cu|usd|ngan|nghin|ty|do|te|dong|vnd|chuc|tram|baht|man|euro|yen)"
    r"| (?:chuc|tram|vai|may|ca|mot|hai|ba|muoi) (?:chuc|tram|trieu|ngan|nghin|ty|cu|do) | 84 "
)
_PHONE = re.compile(
    r" (?:0|84 ?|855 ?|95 ?9)(?:[0-9] ?){8,10}(?= )"
    r"| (?:zalo|so|thoai|he|telegram|goi|so nay) 0[35789][0-9x]{0,3}(?= )"
)


def has_figures(padded: str) -> bool:
    """Whether a folded text could name a sum or a number at all."""
    return bool(_FIGURES.search(padded))


def applies(signal: Signal, context: Context) -> bool:
    scope = signal.scope
    limits = (
        (scope.source, context.source),
        (scope.platform, context.platform),
        (scope.language, context.language),
    )
    return all(not allowed or actual in allowed for allowed, actual in limits)


def sums_for(signal: Signal, sums: Sequence[Amount]) -> list[Span]:
    return [(s.start, s.end) for s in sums if any(_fits(rule, s) for rule in signal.amounts)]


def _fits(rule: AmountRule, amount: Amount) -> bool:
    if amount.value < rule.least or (rule.most is not None and amount.value > rule.most):
        return False
    if rule.currency and amount.currency not in rule.currency:
        return False
    return not rule.per or (amount.per or "none") in rule.per


def phones_for(signal: Signal, folded: str) -> list[Span]:
    """Telephone numbers, also those cut short: enough to see that one is given."""
    if "phone" not in signal.facts:
        return []
    padded = f" {folded} "
    found = []
    for match in _PHONE.finditer(padded):
        first = padded.count(" ", 0, match.start())
        found.append((first, first + len(match[0].split())))
    return found
