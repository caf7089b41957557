"""What of the evidence goes when its time is over (thời hạn lưu giữ chứng cứ), and what never does.

An item of a case stays as long as the case. An item of no case has the day of its post, which `follow_posts`
keeps up to date and which it keeps when the post is gone. What a takedown request refers to stays, whatever its
day says. A package goes some time after it was handed over: it can be made again from the items.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.evidence.models import Custody, EvidenceItem, Sighting
from casework.evidence.models_packages import EvidencePackage, PackageState, TimeStamp
from casework.sanctions.models import Sanction
from casework.takedowns.models import TakedownItem
from foundation import audit
from foundation.people import SYSTEM, Note
from search.models import Observation, PostRow


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice did: rows that went (or would), their bytes, rows that something refers to, and how far."""

    rows: int = 0
    bytes: int = 0
    held: int = 0
    after: str = ""
    """The row it ended with; empty: there is none left."""


def follow_posts(session: Session) -> None:
    """Items of no case take over the day of their post; those of a case have none. To be done before posts go."""
    own = PostRow.retain_until
    loose = and_(PostRow.id == EvidenceItem.post_id, PostRow.case_id.is_(None))
    day = select(own).where(loose).scalar_subquery()
    for statement in (
        update(EvidenceItem)
        .where(
            EvidenceItem.case_id.is_(None),
            EvidenceItem.post_id.is_not(None),
            EvidenceItem.retain_until.is_distinct_from(day),
        )
        .values(retain_until=day),
        update(EvidenceItem)
        .where(EvidenceItem.case_id.is_not(None), EvidenceItem.retain_until.is_not(None))
        .values(retain_until=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def count_items(session: Session, at: datetime) -> tuple[int, datetime | None]:
    """How many items' day has come, and the next day of one that is still to come."""
    due = session.scalar(select(func.count(EvidenceItem.id)).where(_due(at), ~_referred())) or 0
    later = select(func.min(EvidenceItem.retain_until)).where(
        EvidenceItem.case_id.is_(None), EvidenceItem.retain_until > at
    )
    return due, session.scalar(later)


def count_homeless(session: Session) -> int:
    """Items that belong to no case and to no post and so have no day: somebody has to look at them."""
    return (
        session.scalar(
            select(func.count(EvidenceItem.id)).where(
                EvidenceItem.case_id.is_(None),
                EvidenceItem.post_id.is_(None),
                EvidenceItem.retain_until.is_(None),
            )
        )
        or 0
    )


def purge_items(session: Session, after: int, at: datetime, *, limit: int, real: bool) -> Slice:
    """Delete a slice of the items that are due, with custody and time stamps; their files become unused.

    The audit log keeps that they went: ids and digests, nothing else.
    """
    items = session.scalars(
        select(EvidenceItem)
        .where(_due(at), EvidenceItem.id > after)
        .order_by(EvidenceItem.id)
        .limit(limit)
    ).all()
    ids = [item.id for item in items]
    referred = set(
        session.scalars(select(EvidenceItem.id).where(EvidenceItem.id.in_(ids), _referred()))
    )
    free = [item for item in items if item.id not in referred]
    gone = [item for item in free if not real or _delete(session, item, at=at)]
    size = sum(file["size"] for item in gone for file in item.files)
    last = str(ids[-1]) if len(ids) == limit else ""
    return Slice(len(gone), size, len(items) - len(gone), last)


def count_packages(session: Session, before: datetime) -> tuple[int, int, datetime | None, int]:
    """Packages handed over before that moment, their bytes, the next handover, and how many still wait for one."""
    due, size = session.execute(
        select(func.count(), func.sum(EvidencePackage.size)).where(_expired(before))
    ).one()
    later = select(func.min(EvidencePackage.handed_over_at)).where(
        EvidencePackage.state == PackageState.DONE, EvidencePackage.handed_over_at > before
    )
    waiting = select(func.count(EvidencePackage.id)).where(
        EvidencePackage.state == PackageState.DONE, EvidencePackage.handed_over_at.is_(None)
    )
    return due, int(size or 0), session.scalar(later), session.scalar(waiting) or 0


def expire_packages(
    session: Session, after: int, before: datetime, *, limit: int, real: bool, at: datetime
) -> Slice:
    """Let go of the files of packages that were handed over; the row keeps the digest that the record names."""
    rows = session.scalars(
        select(EvidencePackage)
        .where(_expired(before), EvidencePackage.id > after)
        .order_by(EvidencePackage.id)
        .limit(limit)
    ).all()
    for row in rows if real else ():
        audit.record(
            session, SYSTEM, "evidence:package_expired", row.id, at=at,
            root=row.root, digest=row.digest,
        )  # fmt: skip
        row.state, row.digest = PackageState.EXPIRED, ""
    last = str(rows[-1].id) if len(rows) == limit else ""
    return Slice(len(rows), sum(row.size for row in rows), 0, last)


def _due(at: datetime) -> ColumnElement[bool]:
    return and_(EvidenceItem.case_id.is_(None), EvidenceItem.retain_until <= at)


def _referred() -> ColumnElement[bool]:
    """A takedown request names the item, what was seen with it, or its post."""
    seen = EvidenceItem.observation_id
    unchanged = select(Sighting.observation_id).where(Sighting.item_id == EvidenceItem.id)
    return exists().where(
        or_(
            TakedownItem.before_evidence_id == EvidenceItem.id,
            TakedownItem.post_id == EvidenceItem.post_id,
            TakedownItem.before_observation_id == seen,
            TakedownItem.after_observation_id == seen,
            TakedownItem.before_observation_id.in_(unchanged),
            TakedownItem.after_observation_id.in_(unchanged),
        )
    )


def _expired(before: datetime) -> ColumnElement[bool]:
    """Handed over long enough ago, custody told, and not with prosecution bodies that have not given it back."""
    away = exists().where(
        Sanction.case_id == EvidencePackage.case_id,
        Sanction.crime_at.is_not(None),
        Sanction.returned_on.is_(None),
    )
    return and_(
        EvidencePackage.state == PackageState.DONE,
        EvidencePackage.handed_over_at <= before,
        EvidencePackage.handed_item_id >= EvidencePackage.last_item_id,
        ~away,
    )


def _delete(session: Session, item: EvidenceItem, *, at: datetime) -> bool:
    """Whether it went: an item that a row refers to which this module does not know stays."""
    own = item.observation_id
    seen = [
        *session.scalars(select(Sighting.observation_id).where(Sighting.item_id == item.id)),
        *([own] if own is not None else []),
    ]
    told = {
        "digest": item.manifest_digest,
        "files": [file["digest"] for file in item.files],
        "observations": seen,
    }
    try:
        with session.begin_nested():
            for statement in (
                delete(Note).where(Note.subject_kind == "evidence", Note.subject_id == item.id),
                delete(Sighting).where(Sighting.item_id == item.id),
                delete(TimeStamp).where(TimeStamp.item_id == item.id),
                delete(Custody).where(Custody.item_id == item.id),
                delete(EvidenceItem).where(EvidenceItem.id == item.id),
            ):
                session.execute(statement.execution_options(synchronize_session=False))
    except IntegrityError:
        return False
    session.expunge(item)
    _forget(session, seen)
    audit.record(session, SYSTEM, "evidence:purge", item.id, at=at, **told)
    return True


def _forget(session: Session, observations: Sequence[int]) -> None:
    """What was seen goes with the capture; where something else refers to it, only the capture does."""
    for number in observations:
        try:
            with session.begin_nested():
                session.execute(
                    delete(Observation)
                    .where(Observation.id == number)
                    .execution_options(synchronize_session=False)
                )
        except IntegrityError:
            session.execute(
                update(Observation)
                .where(Observation.id == number)
                .values(capture={})
                .execution_options(synchronize_session=False)
            )
