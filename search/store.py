"""Posts become rows: normalise and match outside, then one short transaction; what does not match is forgotten.

`ingest` is an entry point and commits; `prepare` is pure and `store` leaves the commit to its caller. Where
thousands of posts come at once, `judged` has them judged by processes of their own while others are stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.clock import office_time
from foundation.database import insert_into
from foundation.people import SYSTEM, Actor
from search.lab import shadow
from search.models import Intake, NotKept, PostContact, PostRow, WorkState
from search.models_index import INDEX_CONSUMER as INDEX_CONSUMER
from search.post import Origin
from search.preparing import Prepared
from search.store_rows import edit, insert_all, seen_again

TRIAGE_CONSUMER = "triage"
BATCH = 100
_POST, _CONTACT = cast("Table", PostRow.__table__), cast("Table", PostContact.__table__)


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What became of some posts. `known` were not kept before and are neither matched nor counted again.

    `cut` are those, kept or not, of which only the beginning was judged because they are too long.
    """

    seen: int = 0
    kept: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    unchanged: int = 0
    not_kept: int = 0
    known: int = 0
    cut: int = 0

    def __add__(self, other: "IngestResult") -> "IngestResult":
        return IngestResult(
            self.seen + other.seen,
            self.kept + other.kept,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.not_kept + other.not_kept,
            self.known + other.known,
            self.cut + other.cut,
        )


@dataclass(frozen=True, slots=True)
class Intent:
    """Into what, from where and by whom posts are stored."""

    source_id: int
    at: datetime
    retain_until: datetime
    run_id: int | None = None
    origin: Origin = Origin.CRAWL
    actor: Actor = SYSTEM
    unit_id: int | None = None


def store(session: Session, prepared: Sequence[Prepared], intent: Intent) -> IngestResult:
    """Write judged posts: rows, contacts, bands, campaigns, counts and outbox rows. The caller commits."""
    prepared = _last_of_each(prepared)
    rows = _stored(session, intent.source_id, [one.url_key for one in prepared])
    known = known_digests(session, [one.digest for one in prepared if one.judgement is None])
    new: list[Prepared] = []
    edited: dict[int, Prepared] = {}
    forgotten: list[bytes] = []
    watched: list[tuple[Sequence[shadow.Outcome], int | None]] = []
    unchanged: list[int] = []
    again = 0
    for one in prepared:
        stored = rows.get(one.url_key)
        if stored is not None and stored[1] == one.content_key:
            unchanged.append(stored[0])
        elif stored is not None:
            edited[stored[0]] = one
        elif one.judgement is not None:
            new.append(one)
        elif one.digest in known:
            again += 1
        else:
            forgotten.append(one.digest)
            watched.append((one.watched, None))
    seen_again(session, unchanged, intent.at)
    edit(session, edited, intent)
    ids = insert_all(session, new, edited, intent)
    _forget(session, forgotten, intent.at)
    _count(session, intent, len(ids) + len(edited), len(forgotten))
    told = [*ids, *edited]
    watched += [(one.watched, number) for one, number in zip(new, ids, strict=True)]
    watched += [(one.watched, number) for number, one in edited.items()]
    shadow.count(session, watched, at=intent.at)
    outbox.put(session, INDEX_CONSUMER, told, at=intent.at)
    outbox.put(session, TRIAGE_CONSUMER, told, at=intent.at)
    return IngestResult(
        seen=len(prepared),
        kept=tuple(ids),
        updated=tuple(edited),
        unchanged=len(unchanged),
        not_kept=len(forgotten),
        known=again,
        cut=sum(one.cut for one in prepared),
    )


def set_work_state(
    session: Session,
    post_ids: Iterable[int],
    state: WorkState,
    *,
    at: datetime,
    case_id: int | None = None,
    retain_until: datetime | None = None,
) -> None:
    """What casework decided about posts, told to the index in the same transaction.

    `case_id` is set when given and cleared when a post goes back to NEW, KEPT or DISMISSED.
    `retain_until` is set when given; a post that is kept, or of a case, has no such day of its own.
    """
    ids = list(post_ids)
    values: dict[str, object] = {"state": state}
    if case_id is not None:
        values["case_id"] = case_id
    elif state not in {WorkState.IN_CASE, WorkState.CLOSED}:
        values["case_id"] = None
    if retain_until is not None:
        values["retain_until"] = retain_until
    elif state in {WorkState.KEPT, WorkState.IN_CASE, WorkState.CLOSED}:
        values["retain_until"] = None
    session.execute(update(PostRow).where(PostRow.id.in_(ids)).values(**values))
    outbox.put(session, INDEX_CONSUMER, ids, at=at)


def _last_of_each(prepared: Sequence[Prepared]) -> list[Prepared]:
    return list({one.url_key: one for one in prepared}.values())


def _stored(
    session: Session, source_id: int, url_keys: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Id and content key of the source's posts with these addresses."""
    found = session.execute(
        select(PostRow.url_key, PostRow.id, PostRow.content_key).where(
            PostRow.source_id == source_id, PostRow.url_key.in_(url_keys)
        )
    )
    return {url_key: (id_, content_key) for url_key, id_, content_key in found}


def known_digests(session: Session, digests: Sequence[bytes]) -> frozenset[bytes]:
    if not digests:
        return frozenset()
    return frozenset(session.scalars(select(NotKept.digest).where(NotKept.digest.in_(digests))))


def _forget(session: Session, digests: Sequence[bytes], at: datetime) -> None:
    if digests:
        rows = [{"digest": digest, "seen_at": at} for digest in sorted(set(digests))]
        session.execute(insert_into(session, NotKept).values(rows).on_conflict_do_nothing())


def _count(session: Session, intent: Intent, kept: int, not_kept: int) -> None:
    if not kept + not_kept:
        return
    values = {
        "source_id": intent.source_id,
        "day": office_time(intent.at).date(),
        "seen": kept + not_kept,
        "kept": kept,
        "not_kept": not_kept,
    }
    counted = {name: getattr(Intake, name) + values[name] for name in ("seen", "kept", "not_kept")}
    statement = insert_into(session, Intake).values(**values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["source_id", "day"], set_=counted)
    )
