"""Asking for a rebuild of the index, and following it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.people import SYSTEM, Actor
from search.models_index import IndexRequest, RequestState

RETRY = timedelta(minutes=10)
_OPEN = (RequestState.WAITING, RequestState.RUNNING)


def open_request(session: Session) -> IndexRequest | None:
    """The request that waits or runs, the oldest first."""
    return session.scalars(
        select(IndexRequest).where(IndexRequest.state.in_(_OPEN)).order_by(IndexRequest.id).limit(1)
    ).first()


def latest_request(session: Session) -> IndexRequest | None:
    """The request made last, whatever became of it."""
    return session.scalars(select(IndexRequest).order_by(IndexRequest.id.desc()).limit(1)).first()


def request_rebuild(
    session: Session, actor: Actor, *, at: datetime, reason: str = "asked"
) -> IndexRequest:
    """Ask for a rebuild; one that waits or runs already is given back instead."""
    found = open_request(session)
    if found is not None:
        return found
    request = IndexRequest(
        state=RequestState.WAITING, reason=reason, requested_at=at, by_id=actor.user_id
    )
    session.add(request)
    session.flush()
    audit.record(session, actor, "index:rebuild", request.id, at=at, reason=reason)
    return request


def request_if_outdated(session: Session, *, at: datetime) -> IndexRequest | None:
    """The program's own request; None for a while after one has failed, so that it does not spin."""
    latest = latest_request(session)
    if latest is not None and latest.state == RequestState.FAILED:
        failed_at = latest.finished_at or latest.requested_at
        if at - failed_at < RETRY:
            return None
    return request_rebuild(session, SYSTEM, at=at, reason="outdated")
