"""Alerts of sources: raised when a run was not as usual, ended by a good run or by a person. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.budget import PAUSES
from crawler.figures import Watched
from crawler.models import Run, RunError, RunState, SourceAlert, SourceCare, SourceState
from crawler.sources.addresses import canonical
from crawler.watchfulness import RunSeen, Sign, signs, usual
from foundation import audit
from foundation.errors import InvalidInput, NotAllowedInState, NotFound
from foundation.files import FileStore
from foundation.people import Actor

HISTORY = 60
"""So many runs back is what is usual taken from."""
NEWEST = "_newest"
MIN_REASON = 3


def watched_by(session: Session, source_id: int, state: Mapping[str, Any]) -> Watched:
    """What a run of the source looks out for."""
    care = session.get(SourceCare, source_id)
    if care is None:
        return Watched()
    canary = care.canary.strip()
    if canary.startswith(("http://", "https://")):
        canary = canonical(canary)
    return Watched(canary, str(state.get(NEWEST) or "") if care.newest else "")


def judge(
    session: Session,
    run_id: int,
    samples: Mapping[str, tuple[str, bytes]],
    files: FileStore | None,
    *,
    at: datetime,
) -> list[SourceAlert]:
    """Raise, prolong and end the alerts of a source after one of its runs has ended; those that are raised.

    `samples` are address and body of one page of each step, kept for a week where an alert needs it.
    """
    run = session.get_one(Run, run_id)
    if run.state not in {RunState.DONE, RunState.FAILED} or run.reason in PAUSES:
        return []
    watched = watched_by(session, run.source_id, _memory(session, run.source_id))
    before = [_seen(one) for one in history(session, run.source_id, before=run.id)]
    found = signs(_seen(run), before, watched.canary, watched.last)
    raised = [_raise(session, run, sign, samples, files, at) for sign in _first_of_each(found)]
    _end_others(session, run, {sign.kind for sign in found}, at)
    if run.posts and not raised:
        _remember_newest(session, run, at)
    session.flush()
    return raised


def history(session: Session, source_id: int, *, before: int | None = None) -> list[Run]:
    """The whole runs of a source, oldest first; those that a person stopped or a limit cut are none."""
    query = select(Run).where(
        Run.source_id == source_id, Run.state == RunState.DONE, Run.reason.not_in(PAUSES)
    )
    if before is not None:
        query = query.where(Run.id < before)
    return list(reversed(session.scalars(query.order_by(Run.id.desc()).limit(HISTORY)).all()))


def usual_yield(session: Session, source_id: int, at: datetime) -> float | None:
    """Posts that a run of the source usually finds on this weekday; None where that cannot be said yet."""
    return usual([_seen(one) for one in history(session, source_id)], at)


def open_alerts(session: Session, actor: Actor, source_id: int | None = None) -> list[SourceAlert]:
    """Alerts that have not ended, of one source or of all that the actor may see, newest first."""
    query = select(SourceAlert).where(SourceAlert.ended_at.is_(None))
    if source_id is not None:
        query = query.where(SourceAlert.source_id == source_id)
    rows = session.scalars(query.order_by(SourceAlert.id.desc()))
    return [one for one in rows if actor.sees_unit(one.unit_id)]


def past_alerts(session: Session, source_id: int, limit: int = 10) -> list[SourceAlert]:
    """Alerts of a source that have ended, newest first."""
    query = select(SourceAlert).where(
        SourceAlert.source_id == source_id, SourceAlert.ended_at.is_not(None)
    )
    return list(session.scalars(query.order_by(SourceAlert.id.desc()).limit(limit)))


def counts(session: Session) -> dict[str, int]:
    """Open alerts by kind, for monitoring."""
    query = select(SourceAlert.kind, func.count()).where(SourceAlert.ended_at.is_(None))
    rows = session.execute(query.group_by(SourceAlert.kind))
    return {str(row[0]): int(row[1]) for row in rows}


def end_alert(
    session: Session, actor: Actor, alert_id: int, reason: str, *, at: datetime
) -> SourceAlert:
    """A person ends an alert and says why; it stays quiet until a run no longer shows what raised it."""
    alert = session.get(SourceAlert, alert_id)
    if alert is None or not actor.sees_unit(alert.unit_id):
        raise NotFound(f"no alert {alert_id}", about=str(alert_id))
    if alert.ended_at is not None:
        raise NotAllowedInState("the alert has ended", about=str(alert_id))
    if len(reason.strip()) < MIN_REASON:
        raise InvalidInput("a reason is needed", about="reason")
    alert.ended_at, alert.end_reason, alert.ended_by_id = at, reason.strip()[:1000], actor.user_id
    audit.record(session, actor, "source:alert_end", alert.source_id, at=at, alert=alert.id)
    return alert


def saved_page(session: Session, alert: SourceAlert) -> str:
    """Digest of the page that shows what is wrong, while it is kept; empty otherwise."""
    error = session.get(RunError, alert.error_id) if alert.error_id else None
    return error.saved_page if error else ""


def _memory(session: Session, source_id: int) -> dict[str, Any]:
    row = session.get(SourceState, source_id)
    return dict(row.state) if row else {}


def _remember_newest(session: Session, run: Run, at: datetime) -> None:
    newest = run.figures.get("newest")
    if newest:
        row = session.get(SourceState, run.source_id)
        if row is None:
            row = SourceState(source_id=run.source_id, state={})
            session.add(row)
        row.state, row.updated_at = {**row.state, NEWEST: newest[1]}, at


def _seen(run: Run) -> RunSeen:
    began, ended = run.started_at or run.created_at, run.ended_at or run.started_at
    seconds = (ended - began).total_seconds() if ended else 0.0
    cursored = bool(run.checkpoint.get("at_end"))
    return RunSeen(began, run.posts, run.pages, seconds, run.figures, run.source.kind, cursored)


def _first_of_each(found: Sequence[Sign]) -> list[Sign]:
    first: dict[str, Sign] = {}
    for sign in found:
        first.setdefault(sign.kind, sign)
    return list(first.values())


def _raise(
    session: Session,
    run: Run,
    sign: Sign,
    samples: Mapping[str, tuple[str, bytes]],
    files: FileStore | None,
    at: datetime,
) -> SourceAlert:
    alert = session.scalars(
        select(SourceAlert)
        .where(
            SourceAlert.source_id == run.source_id,
            SourceAlert.kind == sign.kind,
            SourceAlert.over_at.is_(None),
        )
        .order_by(SourceAlert.id.desc())
    ).first()
    if alert is None:
        alert = SourceAlert(source_id=run.source_id, kind=sign.kind, began_at=at, runs=0)
        alert.unit_id = run.unit_id
    alert.reason, alert.step = sign.reason, sign.step[:80]
    alert.detail = {**_fills(session, run, sign), **sign.detail}
    alert.parser, alert.run_id, alert.last_at = run.source.kind, run.id, at
    alert.runs += 1
    alert.error_id = _evidence(session, run, sign, samples, files, at)
    session.add(alert)
    session.flush()
    return alert


def _fills(session: Session, run: Run, sign: Sign) -> dict[str, Any]:
    """What fills the sentence of the reason that a sign only names."""
    error = session.scalars(
        select(RunError)
        .where(RunError.run_id == run.id, RunError.reason == sign.detail.get("why", ""))
        .order_by(RunError.id)
        .limit(1)
    ).first()
    return dict(error.detail) if error else {}


def _evidence(
    session: Session,
    run: Run,
    sign: Sign,
    samples: Mapping[str, tuple[str, bytes]],
    files: FileStore | None,
    at: datetime,
) -> int | None:
    """The error of the run whose saved page shows it; made from the sample of the step where there is none."""
    query = select(RunError).where(RunError.run_id == run.id, RunError.saved_page != "")
    errors = session.scalars(query.order_by(RunError.id)).all()
    fitting = [one for one in errors if one.step == sign.step] or ([] if sign.step else errors)
    if fitting:
        return fitting[0].id
    step = sign.step or next(iter(samples), "")
    if files is None or step not in samples:
        return None
    url, body = samples[step]
    error = RunError(
        run_id=run.id,
        at=at,
        url=url[:4000],
        step=step[:80],
        reason=sign.reason,
        detail=dict(sign.detail),
        saved_page=files.put(body),
    )
    session.add(error)
    session.flush()
    return error.id


def _end_others(session: Session, run: Run, shown: set[str], at: datetime) -> None:
    """End what this run no longer shows. A run that read nothing proves nothing of it."""
    if not run.posts and not run.figures.get("unchanged"):
        return
    query = select(SourceAlert).where(
        SourceAlert.source_id == run.source_id, SourceAlert.over_at.is_(None)
    )
    for alert in session.scalars(query):
        if alert.kind not in shown:
            alert.over_at = at
            alert.ended_at = alert.ended_at or at
