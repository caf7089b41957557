"""Small things that the pages of learning share: their tabs, shares in words, the bars of a curve by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from search.learning.models import PhraseSuggestion, SuggestionState
from search.learning.precision import Share

TALLEST = 20
"""Height of a bar for 100 %, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of a curve: its height from 0 to TALLEST, and what it says in words."""

    height: int
    said: str
    faint: bool
    empty: bool


def percent(share: float | None) -> str:
    """A share from 0 to 1 as people read it."""
    return "–" if share is None else f"{round(share * 100)} %"


def bars(shares: Sequence[tuple[str, Share]]) -> tuple[Bar, ...]:
    """The months of a curve; those with too few decisions are drawn faint."""
    return tuple(_bar(month, share) for month, share in shares)


def month_words(month: str) -> str:
    """2026-11 as 11/2026."""
    year, _, number = month.partition("-")
    return f"{number}/{year}"


def tabs(session: Session) -> list[tuple[str, str, str, int | None]]:
    """The pages of learning, with how many suggestions wait."""
    waiting = session.scalar(
        select(func.count())
        .select_from(PhraseSuggestion)
        .where(PhraseSuggestion.state == SuggestionState.OPEN)
    )
    every = (
        ("rules", gettext("Rules measured"), "rules.learning", None),
        ("phrases", gettext("Suggested phrases"), "rules.phrases", waiting or 0),
        ("opinion", gettext("Second opinion"), "rules.opinion", None),
    )
    known = current_app.view_functions
    return [(key, said, url_for(at), count) for key, said, at, count in every if at in known]


def _bar(month: str, share: Share) -> Bar:
    value = share.value
    if value is None:
        said = gettext("%(month)s: no decision", month=month_words(month))
        return Bar(0, said, faint=True, empty=True)
    said = gettext(
        "%(month)s: %(share)s of %(total)s decisions",
        month=month_words(month),
        share=percent(value),
        total=share.total,
    )
    return Bar(max(1, round(value * TALLEST)), said, faint=share.too_few, empty=False)
