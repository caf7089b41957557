"""Watching for re-uploads: posts first seen after a removal that share its text, a contact or a picture.

A duty finds them and makes a task; a person says whether they are the same. Nothing follows by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework.cases.tasks import add_task
from casework.domain.case_lifecycle import CaseState
from casework.domain.takedown_lifecycle import ItemState, RequestState
from casework.takedowns.models import Reupload, ReuploadState, TakedownItem, TakedownRequest
from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import NotFound
from foundation.people import SYSTEM, Actor
from search.campaigns import HUB
from search.models import PostContact, PostRow
from search.pictures.store import seen_elsewhere

WATCHED = timedelta(days=180)
"""So long after a removal its text, contacts and pictures are looked for."""
MOST = 50
"""Posts found for one address at once; more are found the next time."""
BATCH = 50
TEXT, CONTACT, PICTURE = "text", "contact", "picture"
_GONE = (ItemState.GONE_ONCE, ItemState.GONE, ItemState.REMOVED)
_FOLLOWED = (RequestState.SENT, RequestState.DONE)
_TELLING = ("phone", "zalo", "telegram", "facebook", "bank_account", "email", "wallet")
"""Kinds of contacts that belong to somebody; a link alone says little."""


def find(database: Database, clock: Clock) -> int:
    """Look for re-uploads of everything that is gone; an entry point that can be done twice. Returns new ones."""
    with database.reading() as session:
        ids = session.scalars(
            select(TakedownItem.id)
            .join(TakedownItem.request)
            .where(
                TakedownItem.state.in_(_GONE),
                TakedownItem.first_gone_at > clock.now() - WATCHED,
                TakedownRequest.state.in_(_FOLLOWED),
            )
            .order_by(TakedownItem.id)
        ).all()
    made = 0
    for item_id in ids:
        with database.reading() as session:
            found = alike(session, session.get_one(TakedownItem, item_id))
        if found:
            with database.writing() as session:
                made += _keep(session, item_id, found, at=clock.now())
    return made


def alike(session: Session, item: TakedownItem) -> dict[int, list[str]]:
    """Posts that are like a removed one and came after it, with what is the same; those known are left out."""
    since = item.first_gone_at
    if since is None:
        return {}
    found: dict[int, list[str]] = {}
    for same, posts in (
        (TEXT, _by_campaign(session, item, since)),
        (CONTACT, _by_contact(session, item, since)),
        (PICTURE, _by_picture(session, item, since)),
    ):
        for post_id in posts:
            found.setdefault(post_id, []).append(same)
    known = set(session.scalars(select(Reupload.post_id).where(Reupload.item_id == item.id)))
    own = {one.post_id for one in item.request.items}
    kept = [post_id for post_id in sorted(found) if post_id not in known | own]
    return {post_id: found[post_id] for post_id in kept[:MOST]}


def of_request(session: Session, actor: Actor, request: TakedownRequest) -> Sequence[Reupload]:
    """What was found for a request, open ones first, each only if the actor may see its post."""
    rows = session.scalars(
        select(Reupload)
        .where(Reupload.request_id == request.id)
        .order_by(Reupload.state != ReuploadState.OPEN, Reupload.id.desc())
    ).all()
    return [row for row in rows if actor.sees_unit(row.post.unit_id)]


def decide(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    reupload_id: int,
    state: str,
    *,
    at: datetime,
) -> Reupload:
    """Say whether it is the same (đúng là đăng lại), is not, or open the question again."""
    row = session.get(Reupload, reupload_id)
    if row is None or row.request_id != request.id or not actor.sees_unit(row.post.unit_id):
        raise NotFound(f"no re-upload {reupload_id}", about=f"reupload:{reupload_id}")
    row.state = ReuploadState(state)
    decided = row.state != ReuploadState.OPEN
    row.decided_at, row.decided_by_id = (at, actor.user_id) if decided else (None, None)
    audit.record(
        session, actor, "takedown:reupload", request.id, at=at, post=row.post_id, state=row.state
    )
    return row


def open_count(session: Session, request_ids: Sequence[int]) -> dict[int, int]:
    """How many wait for an answer, for each request that has some."""
    rows = session.execute(
        select(Reupload.request_id, func.count())
        .where(Reupload.request_id.in_(request_ids), Reupload.state == ReuploadState.OPEN)
        .group_by(Reupload.request_id)
    )
    return {row[0]: row[1] for row in rows}


def _keep(session: Session, item_id: int, found: dict[int, list[str]], *, at: datetime) -> int:
    item = session.get_one(TakedownItem, item_id)
    known = set(session.scalars(select(Reupload.post_id).where(Reupload.item_id == item_id)))
    new = {post_id: same for post_id, same in found.items() if post_id not in known}
    if not new:
        return 0
    request = item.request
    waiting = open_count(session, [request.id]).get(request.id, 0)
    for post_id, same in new.items():
        row = Reupload(
            request_id=request.id, item_id=item_id, post_id=post_id, same=same, found_at=at
        )
        session.add(row)
    audit.record(
        session,
        SYSTEM,
        "takedown:reuploads_found",
        request.id,
        at=at,
        item=item_id,
        posts=sorted(new),
    )
    if not waiting and request.case.state != CaseState.CLOSED:
        add_task(
            session,
            SYSTEM,
            request.case,
            f"Xem {len(new):02d} bài nghi đăng lại nội dung đã gỡ theo {request.number}",
            at=at,
            assignee_id=None,
            origin=f"takedown:{request.id}",
        )
    return len(new)


def _after(since: datetime) -> ColumnElement[bool]:
    return PostRow.seen_at > since


def _by_campaign(session: Session, item: TakedownItem, since: datetime) -> Sequence[int]:
    """The same text or nearly the same, as campaigns see it."""
    campaign = item.post.campaign_id
    if campaign is None:
        return []
    query = select(PostRow.id).where(PostRow.campaign_id == campaign, _after(since))
    return session.scalars(query.order_by(PostRow.id.desc()).limit(BATCH)).all()


def _by_contact(session: Session, item: TakedownItem, since: datetime) -> Sequence[int]:
    """The same number or account; one that many posts name belongs to a shop and ties nothing."""
    found: set[int] = set()
    for contact in item.post.contacts:
        if contact.kind not in _TELLING:
            continue
        same = (PostContact.kind == contact.kind, PostContact.value == contact.value)
        many = select(func.count(func.distinct(PostContact.post_id))).where(*same)
        if (session.scalar(many) or 0) > HUB:
            continue
        query = select(PostRow.id).join(PostRow.contacts).where(*same, _after(since))
        found.update(session.scalars(query.limit(BATCH)))
    return sorted(found)


def _by_picture(session: Session, item: TakedownItem, since: datetime) -> Sequence[int]:
    """The same picture, told by its perceptual hash."""
    found = {post for one in seen_elsewhere(session, item.post_id) for post, _ in one.posts}
    if not found:
        return []
    return session.scalars(select(PostRow.id).where(PostRow.id.in_(found), _after(since))).all()
