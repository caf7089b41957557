"""All evidence as a list: filters, search, pages that do not slow down with their number (danh mục chứng cứ)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.evidence.models import EvidenceItem
from foundation.people import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty fields ask for nothing."""

    text: str = ""
    """Found in the address, the title or the note; a digest finds the item or the file."""
    origin: str = ""
    availability: str = ""
    case_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page, newest first; `after` asks for the next one, empty at the end."""

    items: Sequence[EvidenceItem]
    after: str = ""


def visible(actor: Actor) -> ColumnElement[bool]:
    """What this actor may know of."""
    if actor.unit_id is None:
        return true()
    return or_(EvidenceItem.unit_id.is_(None), EvidenceItem.unit_id == actor.unit_id)


def listed(
    session: Session, actor: Actor, wanted: Wanted, *, after: str = "", page: int = PAGE
) -> Listed:
    """A page of evidence. `after` is what the page before gave; anything else begins at the newest."""
    query = _filtered(actor, wanted)
    place = _place(after)
    if place is not None:
        at, last = place
        query = query.where(
            or_(
                EvidenceItem.captured_at < at,
                and_(EvidenceItem.captured_at == at, EvidenceItem.id < last),
            )
        )
    order = (EvidenceItem.captured_at.desc(), EvidenceItem.id.desc())
    rows = session.scalars(query.order_by(*order).limit(page + 1)).all()
    more = (
        f"{rows[page - 1].captured_at.isoformat()}~{rows[page - 1].id}" if len(rows) > page else ""
    )
    return Listed(rows[:page], more)


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are in all."""
    counted = _filtered(actor, wanted).with_only_columns(func.count(EvidenceItem.id)).order_by(None)
    return session.scalar(counted) or 0


def cases_of(session: Session, items: Sequence[EvidenceItem]) -> dict[int, Case]:
    """The cases of a page, in one question."""
    ids = {item.case_id for item in items if item.case_id is not None}
    return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}


def _filtered(actor: Actor, wanted: Wanted) -> Select[EvidenceItem]:
    query = select(EvidenceItem).where(visible(actor))
    for column, value in (
        (EvidenceItem.origin, wanted.origin),
        (EvidenceItem.availability, wanted.availability),
        (EvidenceItem.case_id, wanted.case_id),
    ):
        if value:
            query = query.where(column == value)
    if wanted.since:
        query = query.where(EvidenceItem.captured_at >= wanted.since)
    if wanted.until:
        query = query.where(EvidenceItem.captured_at < wanted.until)
    text = wanted.text.strip()
    if text:
        query = query.where(_says(text))
    return query


def _says(text: str) -> ColumnElement[bool]:
    if len(text) >= 12 and set(text.lower()) <= set("0123456789abcdef"):
        return EvidenceItem.manifest_digest.startswith(text.lower(), autoescape=True)
    return or_(
        *(
            column.icontains(text, autoescape=True)
            for column in (EvidenceItem.url, EvidenceItem.title, EvidenceItem.note)
        )
    )


def _place(after: str) -> tuple[datetime, int] | None:
    moment, _, last = after.partition("~")
    try:
        at, number = datetime.fromisoformat(moment), int(last)
    except ValueError:
        return None
    return (at, number) if at.tzinfo is not None and 0 < number < 2**62 else None
