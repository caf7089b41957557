"""What belongs to a post: where its contacts were seen before, and which posts say nearly the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.triage.queue import campaign_new_posts, visible
from foundation.people import Actor
from search.campaigns import own_contacts, similar
from search.models import PostContact, PostRow

MAX_CONTACTS = 20
MAX_COPIES = 10
Relation = Literal["same_text", "near_text", "contact", "chain"]
"""`chain`: both belong with a third one of the campaign."""
MAX_COMPARED = 60


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """A contact (đầu mối liên hệ) and in how many posts and cases this actor can see it, this post included."""

    kind: str
    value: str
    raw: str
    posts: int
    cases: int


@dataclass(frozen=True, slots=True)
class Copy:
    """Another post of the campaign and what ties it to this one; `share` is the similarity, 0 to 1."""

    post: PostRow
    relation: Relation
    share: float


@dataclass(frozen=True, slots=True)
class Copies:
    """The campaign (chùm bài) of a post: the nearest others, how many there are, how many one decision covers."""

    campaign_id: int | None
    others: tuple[Copy, ...]
    total: int
    new: int


def contacts_seen(session: Session, actor: Actor, post: PostRow) -> list[ContactSeen]:
    """The post's contacts, each once, those seen most often first."""
    found = {(contact.kind, contact.value): contact.raw for contact in post.contacts}
    keys = list(found)[:MAX_CONTACTS]
    if not keys:
        return []
    counted = session.execute(
        select(
            PostContact.kind,
            PostContact.value,
            func.count(PostContact.post_id.distinct()),
            func.count(PostRow.case_id.distinct()),
        )
        .join(PostRow, PostRow.id == PostContact.post_id)
        .where(tuple_(PostContact.kind, PostContact.value).in_(keys), visible(actor))
        .group_by(PostContact.kind, PostContact.value)
    )
    seen = [
        ContactSeen(kind, value, found[kind, value], posts, cases)
        for kind, value, posts, cases in counted
    ]
    return sorted(seen, key=lambda one: (-one.posts, one.kind, one.value))


def posts_with_contact(
    session: Session, actor: Actor, kind: str, value: str, *, limit: int, offset: int = 0
) -> tuple[list[PostRow], int]:
    """The posts that share a contact, the latest first, and how many there are."""
    shares = (
        select(PostContact.post_id)
        .where(PostContact.kind == kind, PostContact.value == value)
        .scalar_subquery()
    )
    wanted = [PostRow.id.in_(shares), visible(actor)]
    posts = session.scalars(
        select(PostRow)
        .where(*wanted)
        .order_by(PostRow.seen_at.desc(), PostRow.id.desc())
        .limit(limit)
        .offset(offset)
    ).unique()
    total = session.scalar(select(func.count()).select_from(PostRow).where(*wanted)) or 0
    return list(posts), total


def cases_with_contact(session: Session, actor: Actor, kind: str, value: str) -> list[int]:
    """The ids of the cases that hold a post with this contact; another unit's case is none."""
    return list(
        session.scalars(
            select(Case.id)
            .select_from(PostRow)
            .join(PostContact, PostContact.post_id == PostRow.id)
            .join(Case, Case.id == PostRow.case_id)
            .where(
                PostContact.kind == kind,
                PostContact.value == value,
                visible(actor),
                *_of_unit(actor),
            )
            .distinct()
            .order_by(Case.id)
        )
    )


def _of_unit(actor: Actor) -> list[ColumnElement[bool]]:
    """The cases that this actor may know of."""
    if actor.unit_id is None:
        return []
    return [or_(Case.unit_id.is_(None), Case.unit_id == actor.unit_id)]


def copies(session: Session, actor: Actor, post: PostRow, *, at: datetime) -> Copies:
    """The other posts of the campaign: same text first, then nearly the same, then by shared contact."""
    if post.campaign_id is None:
        return Copies(None, (), 0, 0)
    wanted = [PostRow.campaign_id == post.campaign_id, PostRow.id != post.id, visible(actor)]
    total = session.scalar(select(func.count()).select_from(PostRow).where(*wanted)) or 0
    first = PostRow.text_hash != post.text_hash, PostRow.id.desc()
    rows = session.scalars(select(PostRow).where(*wanted).order_by(*first).limit(MAX_COMPARED))
    others = rows.unique().all()
    near = similar(session, post, [other.id for other in others])
    found = sorted((_copy(post, other, near) for other in others), key=_nearest)
    return Copies(
        campaign_id=post.campaign_id,
        others=tuple(found[:MAX_COPIES]),
        total=total,
        new=len(campaign_new_posts(session, actor, post.campaign_id, at=at)),
    )


def _copy(post: PostRow, other: PostRow, near: dict[int, float]) -> Copy:
    if other.text_hash == post.text_hash:
        return Copy(other, "same_text", 1.0)
    if other.id in near:
        return Copy(other, "near_text", near[other.id])
    shared = own_contacts((one.kind, one.value) for one in post.contacts) & own_contacts(
        (one.kind, one.value) for one in other.contacts
    )
    return Copy(other, "contact" if shared else "chain", 0.0)


def _nearest(copy: Copy) -> tuple[bool, float, bool, int]:
    return (copy.relation != "same_text", -copy.share, copy.relation == "chain", -copy.post.id)
