"""Runs over everything whose time is over: counted first, then deleted in slices, day by day (dọn theo thời hạn).

Nothing is deleted before a person has seen what a dry run counted and has begun the first real run; from then
on a duty begins one every day.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.evidence import retention as evidence
from casework.evidence.retention import Slice
from crawler import retention as crawling
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotAllowedInState
from foundation.files import FileStore
from foundation.models_storage import RetentionRun, StorageSample, UnusedFile
from foundation.people import SYSTEM, Actor
from webui.storage.survey import survey
from webui.storage.terms import EVIDENCE, PACKAGES, SAVED_PAGES, UNUSED, days_of, due

SURVEY = "survey"
STEPS = (SURVEY, EVIDENCE, PACKAGES, SAVED_PAGES, UNUSED)
PIECE = 50
LAST_SURVEY = timedelta(days=1)
"""A survey that is older says too little about what nothing refers to."""
EVERY = timedelta(days=1)


def latest(session: Session, *, real: bool | None = None) -> RetentionRun | None:
    """The newest run, going on or ended."""
    query = select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1)
    if real is not None:
        query = query.where(RetentionRun.real.is_(real))
    return session.scalars(query).first()


def running(session: Session) -> RetentionRun | None:
    """The run that is not at its end yet."""
    return session.scalars(select(RetentionRun).where(RetentionRun.ended_at.is_(None))).first()


def ask(session: Session, actor: Actor, *, real: bool, at: datetime) -> RetentionRun:
    """Begin a run; the one that goes on already, where there is one.

    NotAllowedInState for the first real run when nobody has counted before.
    """
    going = running(session)
    if going is not None:
        return going
    if real and not was_counted(session):
        raise NotAllowedInState("count first", key="error.retention.not_counted")
    evidence.follow_posts(session)
    total = sum(one.rows for one in due(session, at).values())
    row = RetentionRun(
        real=real, step=STEPS[0], total=total, created_at=at, created_by_id=actor.user_id
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "retention:run" if real else "retention:count", row.id, at=at, due=total
    )
    return row


def is_on(session: Session) -> bool:
    """Whether a person has begun a real run, so that the duty may go on by itself."""
    first = select(RetentionRun.id).where(
        RetentionRun.real.is_(True), RetentionRun.created_by_id.is_not(None)
    )
    return session.scalar(first.limit(1)) is not None


def waits(session: Session, at: datetime) -> bool:
    """Whether a run is going on, or its day has come."""
    return running(session) is not None or _is_time(session, at)


def work(database: Database, files: FileStore, clock: Clock, *, seconds: float = 5.0) -> int:
    """Go on with the run for some seconds, or begin the day's; can be interrupted and done again."""
    with database.writing() as session:
        if running(session) is None:
            if not _is_time(session, clock.now()):
                return 0
            ask(session, SYSTEM, real=is_on(session), at=clock.now())
    worker, until, slices = _Worker(database, files, clock), time.monotonic() + seconds, 0
    while time.monotonic() < until and worker.slice():
        slices += 1
    return slices


def _is_time(session: Session, at: datetime) -> bool:
    """A day after the last run; while no person has begun a real one, only the first count is made."""
    last = latest(session)
    if last is None:
        return True
    return is_on(session) and last.created_at <= at - EVERY


def was_counted(session: Session) -> bool:
    """Whether a dry run has told what would go, so that a real one may begin."""
    counted = select(RetentionRun.id).where(
        RetentionRun.real.is_(False), RetentionRun.ended_at.is_not(None)
    )
    return is_on(session) or session.scalar(counted.limit(1)) is not None


class _Worker:
    """Does slices of the run that goes on."""

    def __init__(self, database: Database, files: FileStore, clock: Clock) -> None:
        self._database = database
        self._files = files
        self._clock = clock

    def slice(self) -> bool:
        """One transaction, after what needs none; False when there is no run any more."""
        with self._database.reading() as session:
            run = running(session)
            surveyed = session.scalar(select(func.max(StorageSample.at)))
        if run is None:
            return False
        stale = surveyed is None or surveyed < self._clock.now() - LAST_SURVEY
        if run.step == SURVEY or (run.step == UNUSED and stale):
            survey(self._database, self._files, self._clock)
        unused = self._discard(run) if run.step == UNUSED else None
        with self._database.writing() as session:
            row = session.get_one(RetentionRun, run.id)
            if row.ended_at is not None or (row.step, row.after) != (run.step, run.after):
                return True
            self._note(session, row, unused or self._done(session, row))
        return True

    def _done(self, session: Session, row: RetentionRun) -> Slice:
        at, after = self._clock.now(), int(row.after or 0)
        if row.step == EVIDENCE:
            return evidence.purge_items(session, after, at, limit=PIECE, real=row.real)
        if row.step == PACKAGES:
            before = self._since(session, PACKAGES)
            return evidence.expire_packages(
                session, after, before, limit=PIECE, real=row.real, at=at
            )
        if row.step == SAVED_PAGES:
            before = self._since(session, SAVED_PAGES)
            count, last = crawling.forget_saved_pages(
                session, after, before, limit=PIECE * 10, real=row.real
            )
            return Slice(count, after=str(last or ""))
        evidence.follow_posts(session)
        return Slice()

    def _discard(self, run: RetentionRun) -> Slice:
        """A slice of the files that nothing has referred to for some days, but what was stored again since."""
        with self._database.reading() as session:
            before = self._since(session, UNUSED)
            waiting = session.scalars(
                select(UnusedFile)
                .where(UnusedFile.since <= before, UnusedFile.digest > run.after)
                .order_by(UnusedFile.digest)
                .limit(PIECE)
            ).all()
        gone = [one for one in waiting if not run.real or self._files.discard(one.digest, before)]
        if run.real and gone:
            with self._database.writing() as session:
                named = UnusedFile.digest.in_([one.digest for one in gone])
                session.execute(
                    delete(UnusedFile).where(named).execution_options(synchronize_session=False)
                )
        last = waiting[-1].digest if len(waiting) == PIECE else ""
        return Slice(len(gone), sum(one.bytes for one in gone), len(waiting) - len(gone), last)

    def _note(self, session: Session, row: RetentionRun, done: Slice) -> None:
        kept: dict[str, Any] = dict(row.counts)
        if row.step != SURVEY:
            had = kept.get(row.step, {"rows": 0, "bytes": 0, "held": 0})
            kept[row.step] = {
                "rows": had["rows"] + done.rows,
                "bytes": had["bytes"] + done.bytes,
                "held": had["held"] + done.held,
            }
        row.counts, row.done, row.after = kept, row.done + done.rows, done.after
        if done.after:
            return
        if row.step != STEPS[-1]:
            row.step = STEPS[STEPS.index(row.step) + 1]
            return
        row.ended_at = self._clock.now()
        act = "retention:ended" if row.real else "retention:counted"
        told = {step: one["rows"] for step, one in kept.items()}
        size = sum(one["bytes"] for one in kept.values())
        audit.record(session, SYSTEM, act, row.id, at=row.ended_at, size=size, **told)

    def _since(self, session: Session, step: str) -> datetime:
        return self._clock.now() - timedelta(days=days_of(session, step))
