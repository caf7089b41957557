"""Evidence in a table that leaves the house: titles and addresses without whoever must not be shown.

The note, which says who brought a file, is never in such a table. Law 53/2024/QH15 art. 3.10 forbids disclosing
information on a victim without consent.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Subject
from casework.evidence.hiding import shows, site_only
from casework.evidence.models import EvidenceItem
from casework.evidence.packages import posts_of_victims
from casework.privacy.spellings import HIDDEN, ROLES, Hidden, hidden_of


@dataclass(frozen=True, slots=True)
class Line:
    """What such a table says of an item's page."""

    title: str
    url: str


def lines(session: Session, items: Sequence[EvidenceItem]) -> dict[int, Line]:
    """Each item's line by its id, in two questions for all of them."""
    hidden = _hidden(session, items)
    victims = posts_of_victims(session, items)
    return {
        item.id: _line(
            item,
            hidden.get(item.case_id or 0, Hidden()),
            of_victim=item.shows_victim or item.post_id in victims,
        )
        for item in items
    }


def _hidden(session: Session, items: Sequence[EvidenceItem]) -> dict[int, Hidden]:
    """By case, what its victims and informants are known by."""
    cases = {item.case_id for item in items if item.case_id is not None}
    subjects = select(Subject).where(Subject.case_id.in_(cases), Subject.role.in_(ROLES))
    people: dict[int, list[Subject]] = defaultdict(list)
    for subject in session.scalars(subjects):
        people[subject.case_id].append(subject)
    return {case: hidden_of(those) for case, those in people.items()}


def _line(item: EvidenceItem, hidden: Hidden, *, of_victim: bool) -> Line:
    """Of an item that shows a victim only the site; else what names nobody."""
    if of_victim:
        return Line(item.title and HIDDEN, site_only(item.url))
    return Line(
        HIDDEN if shows(hidden, [item.title]) else item.title,
        site_only(item.url) if shows(hidden, [item.url]) else item.url,
    )
