"""Claims (nhận xử lý): one person at a time looks at a post; a claim runs out by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import DECIDERS
from casework.triage.models import Claim
from foundation import audit
from foundation.database import insert_into
from foundation.errors import Conflict, InvalidInput
from foundation.people import Actor, Setting, User
from search.models import PostRow

SETTING = "triage.claim"
DEFAULT_MINUTES = 15
HANDED_OVER = timedelta(hours=24)
"""A post handed over waits longer, since the other person has to see it first."""


class ClaimedByOther(Conflict):
    """Somebody else is looking at the post; `detail["name"]` says who, `detail["until"]` till when."""

    key = "error.triage.claimed_by_other"


def claim_minutes(session: Session) -> int:
    """How long a claim lasts: the setting row `triage.claim`, or 15 minutes."""
    row = session.get(Setting, SETTING)
    value = row.value.get("minutes") if row else None
    return value if isinstance(value, int) and 1 <= value <= 24 * 60 else DEFAULT_MINUTES


def live(at: datetime) -> ColumnElement[bool]:
    """Claims that have not run out."""
    return Claim.expires_at > at


def claimed_by_other(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """Posts that somebody else is looking at."""
    others = select(Claim.post_id).where(Claim.user_id != actor.user_id, live(at))
    return PostRow.id.in_(others)


def claimed_by(user_id: int | None, at: datetime) -> ColumnElement[bool]:
    """Posts that this person is looking at."""
    return PostRow.id.in_(select(Claim.post_id).where(Claim.user_id == user_id, live(at)))


def claims_of(session: Session, post_ids: Iterable[int], *, at: datetime) -> dict[int, Claim]:
    """The claims on these posts that have not run out, by post."""
    rows = session.scalars(select(Claim).where(Claim.post_id.in_(list(post_ids)), live(at)))
    return {row.post_id: row for row in rows}


def require_unclaimed(
    session: Session, actor: Actor, post_ids: Iterable[int], *, at: datetime
) -> None:
    """ClaimedByOther when somebody else is looking at one of the posts."""
    for claim in claims_of(session, post_ids, at=at).values():
        if claim.user_id != actor.user_id:
            raise _taken(claim)


def take(session: Session, actor: Actor, post: PostRow, *, at: datetime) -> Claim:
    """Take the post, or keep it a while longer; ClaimedByOther when somebody was faster."""
    until = at + timedelta(minutes=claim_minutes(session))
    return _put(session, actor, post, _person(actor), until, at=at)


def hand_over(
    session: Session, actor: Actor, post: PostRow, to_user_id: int, *, at: datetime
) -> Claim:
    """Give the post to another person who may decide about it (chuyển người khác)."""
    person = session.get(User, to_user_id)
    if person is None or not _may_decide(person, post):
        raise InvalidInput(
            "this person may not decide about this post",
            about="to_user_id",
            key="error.triage.cannot_hand_over",
        )
    claim = _put(session, actor, post, person.id, at + HANDED_OVER, at=at)
    claim.handed_over_by_id = actor.user_id
    session.flush()
    audit.record(session, actor, "post:hand_over", post.id, at=at, to=person.id)
    return claim


def release(session: Session, actor: Actor, post: PostRow, *, at: datetime) -> bool:
    """Let the post go; whether there was a claim of this actor's."""
    gone = session.execute(
        delete(Claim)
        .where(Claim.post_id == post.id, Claim.user_id == actor.user_id)
        .returning(Claim.post_id)
    ).all()
    if gone:
        audit.record(session, actor, "post:release", post.id, at=at)
    return bool(gone)


def forget(session: Session, post_ids: Iterable[int]) -> None:
    """A decision ends every claim on its posts."""
    session.execute(delete(Claim).where(Claim.post_id.in_(list(post_ids))))


def colleagues(session: Session, actor: Actor) -> list[User]:
    """The people to whom this actor can hand a post over."""
    people = session.scalars(select(User).where(User.active.is_(True)).order_by(User.name))
    return [
        person
        for person in people
        if person.id != actor.user_id
        and set(person.roles) & DECIDERS
        and person.actor().sees_unit(actor.unit_id)
    ]


def _put(
    session: Session, actor: Actor, post: PostRow, user_id: int, until: datetime, *, at: datetime
) -> Claim:
    """Insert, or replace a claim that has run out or is the actor's own; in one statement, so that one wins."""
    values = {"user_id": user_id, "at": at, "expires_at": until, "handed_over_by_id": None}
    replaceable = (Claim.expires_at <= at) | and_(Claim.user_id == actor.user_id)
    session.execute(
        insert_into(session, Claim)
        .values(post_id=post.id, **values)
        .on_conflict_do_update(index_elements=["post_id"], set_=values, where=replaceable)
    )
    claim = session.get_one(Claim, post.id, populate_existing=True)
    if claim.user_id != user_id or claim.at != at:
        raise _taken(claim)
    return claim


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise InvalidInput("only a person can claim a post", about="actor")
    return actor.user_id


def _may_decide(person: User, post: PostRow) -> bool:
    return (
        person.active
        and bool(set(person.roles) & DECIDERS)
        and person.actor().sees_unit(post.unit_id)
    )


def _taken(claim: Claim) -> ClaimedByOther:
    return ClaimedByOther(
        f"{claim.user.name} is looking at post {claim.post_id}",
        about=f"post:{claim.post_id}",
        name=claim.user.name,
        until=claim.expires_at,
    )
