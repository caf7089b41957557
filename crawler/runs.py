"""The life of a run in the database: made, leased by a process, kept alive, ended, given back.

Functions here take a session and never commit.
"""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, delete, func, select, update
from sqlalchemy.orm import Session

from crawler.models import OPEN_STATES, FrontierRow, Run, RunError, RunState
from crawler.page import Fetch
from foundation.errors import Conflict, NotFound
from foundation.people import SYSTEM, Actor
from search.models import Source
from search.post import Origin

LEASE = timedelta(seconds=30)
MAX_RESTARTS = 5
MAX_ERROR_ROWS = 500


class LeaseLost(Conflict):
    """Another process holds the run now, or it was ended; nothing more may be written."""

    key = "crawler.lease_lost"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to write for one run."""

    run_id: int
    token: str


def holder(pid: int | None = None) -> str:
    """How a process of this machine is named in `leased_by`."""
    return f"{socket.gethostname()}:{pid or os.getpid()}"


def create(
    session: Session,
    source: Source,
    *,
    at: datetime,
    actor: Actor = SYSTEM,
    params: Mapping[str, Any] | None = None,
    origin: Origin = Origin.CRAWL,
) -> Run:
    """A run that waits for a crawler."""
    run = Run(
        source_id=source.id,
        state=RunState.WAITING,
        params=dict(params or {}),
        created_at=at,
        unit_id=source.unit_id,
        origin=origin,
        created_by_id=actor.user_id,
    )
    session.add(run)
    session.flush()
    return run


def open_run(session: Session, source_id: int) -> Run | None:
    """The run of the source that waits or is under way."""
    query = select(Run).where(Run.source_id == source_id, Run.state.in_(OPEN_STATES))
    return session.scalars(query.order_by(Run.id).limit(1)).first()


def take(session: Session, run_id: int, *, at: datetime) -> Lease:
    """Lease a waiting run for this process by compare-and-set; Conflict when it waits no longer."""
    token = secrets.token_hex(16)
    took = _changed(
        session,
        update(Run)
        .where(Run.id == run_id, Run.state == RunState.WAITING)
        .values(
            state=RunState.RUNNING,
            leased_by=holder(),
            lease_token=token,
            lease_until=at + LEASE,
            started_at=func.coalesce(Run.started_at, at),
            restarts=Run.restarts + 1,
        ),
    )
    if took:
        return Lease(run_id, token)
    if session.get(Run, run_id) is None:
        raise NotFound(f"no run {run_id}", about=str(run_id))
    raise Conflict(f"run {run_id} does not wait to be started", about=str(run_id))


def renew(session: Session, lease: Lease, *, at: datetime, **values: Any) -> None:
    """Prolong the lease and write what else is given; LeaseLost when it is no longer ours."""
    if not _changed(
        session, update(Run).where(*_held(lease)).values(lease_until=at + LEASE, **values)
    ):
        raise LeaseLost(f"run {lease.run_id} is no longer ours", about=str(lease.run_id))


def finish(
    session: Session,
    lease: Lease,
    state: RunState,
    *,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """End the run; its frontier is forgotten with it, except when it failed."""
    renew(
        session,
        lease,
        at=at,
        state=state,
        ended_at=at,
        reason=reason,
        reason_detail=dict(detail or {}),
        leased_by="",
        lease_token="",
    )
    if state != RunState.FAILED:
        forget_frontier(session, lease.run_id)


def hand_on(session: Session, run_id: int, *, at: datetime, not_before: datetime) -> Run:
    """A run that goes on with what this one has not read: its pages, cursors and holes move there."""
    old = session.get_one(Run, run_id)
    new = Run(
        source_id=old.source_id,
        state=RunState.WAITING,
        params=dict(old.params),
        created_at=at,
        not_before=not_before,
        checkpoint={
            name: value for name, value in old.checkpoint.items() if name in {"at_end", "holes"}
        },
        unit_id=old.unit_id,
        origin=old.origin,
        created_by_id=old.created_by_id,
    )
    session.add(new)
    session.flush()
    session.execute(
        update(FrontierRow)
        .where(FrontierRow.run_id == run_id)
        .values(run_id=new.id)
        .execution_options(synchronize_session=False)
    )
    return new


def give_back(session: Session, lease: Lease, *, at: datetime) -> None:
    """Let the run wait again: this process ends before the run does."""
    renew(session, lease, at=at, state=RunState.WAITING, leased_by="", lease_token="")


def release_dead(session: Session, leased_by: str) -> int:
    """Let the runs of a process that has ended wait again, without waiting for the lease to run out."""
    return _changed(
        session,
        update(Run)
        .where(Run.state == RunState.RUNNING, Run.leased_by == leased_by)
        .values(state=RunState.WAITING, leased_by="", lease_token=""),
    )


def reap(session: Session, *, at: datetime) -> int:
    """Let runs wait again whose process is silent; give up those that get nowhere. Returns how many."""
    silent = _changed(
        session,
        update(Run)
        .where(Run.state == RunState.RUNNING, Run.lease_until < at)
        .values(state=RunState.WAITING, leased_by="", lease_token=""),
    )
    _changed(
        session,
        update(Run)
        .where(Run.state == RunState.WAITING, Run.stop_requested.is_(True))
        .values(state=RunState.STOPPED, ended_at=at, reason="stopped_by_person"),
    )
    for run in session.scalars(
        select(Run).where(Run.state == RunState.WAITING, Run.restarts > MAX_RESTARTS)
    ):
        run.state, run.ended_at = RunState.FAILED, at
        run.reason, run.reason_detail = "no_progress", {"restarts": run.restarts}
    session.flush()
    return silent


def request_stop(session: Session, run: Run, *, at: datetime) -> None:
    """Ask a run to end; one that only waits ends at once."""
    stopped = _changed(
        session,
        update(Run)
        .where(Run.id == run.id, Run.state == RunState.WAITING)
        .values(
            state=RunState.STOPPED, ended_at=at, reason="stopped_by_person", stop_requested=True
        ),
    )
    if not stopped:
        _changed(
            session,
            update(Run)
            .where(Run.id == run.id, Run.state == RunState.RUNNING)
            .values(stop_requested=True),
        )
    session.refresh(run)


def stop_requested(session: Session, run_id: int) -> bool:
    """Whether somebody asked the run to end."""
    return bool(session.scalar(select(Run.stop_requested).where(Run.id == run_id)))


def waiting_pages(session: Session, run_id: int) -> list[Fetch]:
    """The pages of the run that were not read yet, most urgent first."""
    rows = session.scalars(
        select(FrontierRow)
        .where(FrontierRow.run_id == run_id, FrontierRow.state == "waiting")
        .order_by(FrontierRow.priority.desc(), FrontierRow.id)
    )
    return [
        Fetch(row.url, row.step, depth=row.depth, priority=row.priority, **row.data) for row in rows
    ]


def known_fingerprints(session: Session, run_id: int) -> set[str]:
    """Every page the run has ever thought of."""
    query = select(FrontierRow.fingerprint).where(FrontierRow.run_id == run_id)
    return set(session.scalars(query))


def waiting_count(session: Session, run_id: int) -> int:
    """How many pages the run has yet to read."""
    query = select(func.count()).where(FrontierRow.run_id == run_id, FrontierRow.state == "waiting")
    return session.scalar(query) or 0


def forget_frontier(session: Session, run_id: int) -> None:
    """Delete the list of pages of a run that has ended: addresses of posts that were not kept are in it."""
    session.execute(delete(FrontierRow).where(FrontierRow.run_id == run_id))


def errors_of(session: Session, run_id: int, *, limit: int = 100) -> list[RunError]:
    """The first errors of the run."""
    query = select(RunError).where(RunError.run_id == run_id).order_by(RunError.id).limit(limit)
    return list(session.scalars(query))


def _held(lease: Lease) -> tuple[Any, ...]:
    return (
        Run.id == lease.run_id,
        Run.lease_token == lease.token,
        Run.state == RunState.RUNNING,
    )


def _changed(session: Session, statement: Update) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
