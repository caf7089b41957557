"""How long what is kept, and what goes next by that (thời hạn lưu giữ).

What the law or the matter itself says is not here: evidence and documents of a case stay as long as the case.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.evidence import retention as evidence
from crawler import retention as crawling
from foundation import audit
from foundation.errors import InvalidInput
from foundation.models_storage import UnusedFile
from foundation.people import Actor, Setting

EVIDENCE, PACKAGES, SAVED_PAGES, UNUSED = "evidence", "packages", "saved_pages", "unused"
"""Steps of a run, each over one kind of thing."""


@dataclass(frozen=True, slots=True)
class Term:
    """How many days something is kept, and within which limits an administrator may say otherwise."""

    default: int
    least: int
    most: int


TERMS: dict[str, Term] = {
    PACKAGES: Term(90, 7, 3650),
    SAVED_PAGES: Term(30, 1, 365),
    UNUSED: Term(7, 7, 365),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What goes at the next run, its bytes where they are known, and when the next thing's day comes."""

    rows: int
    bytes: int | None
    next: datetime | None
    waiting: int = 0
    """Things without a day: evidence of no case and no post, packages that nobody has handed over."""


def days_of(session: Session, step: str) -> int:
    """For how many days it is kept: as set, or by default."""
    row = session.get(Setting, f"retention.{step}")
    return int(row.value["days"]) if row else TERMS[step].default


def set_days(session: Session, actor: Actor, step: str, days: int, *, at: datetime) -> None:
    """Keep something longer or shorter from now on. InvalidInput outside of the limits."""
    term = TERMS[step]
    if not term.least <= days <= term.most:
        raise InvalidInput(
            "outside of the limits", key="error.retention.days", least=term.least, most=term.most
        )
    before = days_of(session, step)
    if before == days:
        return
    row = session.get(Setting, f"retention.{step}")
    if row is None:
        row = Setting(key=f"retention.{step}")
        session.add(row)
    row.value, row.updated_at, row.updated_by_id = {"days": days}, at, actor.user_id
    audit.record(session, actor, "retention:set", step, at=at, before=before, days=days)


def due(session: Session, at: datetime) -> dict[str, Due]:
    """What goes at the next run, by step; counted in the database, no file is looked at."""

    def since(step: str) -> datetime:
        return at - timedelta(days=days_of(session, step))

    def day(step: str, begins: datetime | None) -> datetime | None:
        return begins + timedelta(days=days_of(session, step)) if begins else None

    items, next_item = evidence.count_items(session, at)
    packages, size, handed, waiting = evidence.count_packages(session, since(PACKAGES))
    pages, next_page = crawling.count_saved_pages(session, since(SAVED_PAGES))
    unused, bytes_ = session.execute(
        select(func.count(), func.sum(UnusedFile.bytes)).where(UnusedFile.since <= since(UNUSED))
    ).one()
    next_unused = session.scalar(
        select(func.min(UnusedFile.since)).where(UnusedFile.since > since(UNUSED))
    )
    return {
        EVIDENCE: Due(items, None, next_item, evidence.count_homeless(session)),
        PACKAGES: Due(packages, size, day(PACKAGES, handed), waiting),
        SAVED_PAGES: Due(pages, None, day(SAVED_PAGES, next_page)),
        UNUSED: Due(unused, int(bytes_ or 0), day(UNUSED, next_unused)),
    }
