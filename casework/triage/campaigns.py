"""A campaign (chùm bài) as people see it: its posts and why they belong, and taking it apart. Never commits.

Units stay apart: a person sees of a campaign the posts of the own unit, and may divide one only where no
other unit has posts in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.triage.access import post_for
from casework.triage.queue import visible
from foundation.errors import Forbidden, NotFound
from foundation.people import Actor
from search import campaigns
from search.campaigns import reading, splitting
from search.models import (
    Campaign,
    CampaignMember,
    CampaignMerge,
    CampaignSplit,
    PostContact,
    PostRow,
    WorkState,
)

SHARED_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Shared:
    """A contact and in how many posts of the campaign it stands; `everywhere`: in how many posts at all,
    where those are so many that it ties nobody, else 0."""

    kind: str
    value: str
    posts: int
    everywhere: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """One campaign for one person. `hidden` are posts of other units; `members` is one page of them."""

    id: int
    created_at: datetime
    total: int
    hidden: int
    states: dict[str, int]
    first_seen: datetime | None
    last_seen: datetime | None
    members: list[tuple[PostRow, CampaignMember | None]]
    contacts: list[Shared]
    merges: Sequence[CampaignMerge]
    splits: Sequence[CampaignSplit]
    next_new: int | None

    @property
    def is_full(self) -> bool:
        return self.total + self.hidden >= campaigns.FULL


def living(session: Session, actor: Actor, campaign_id: int) -> int:
    """The campaign that this id leads to. NotFound where nobody made it, or all its posts are another unit's."""
    found = campaigns.living(session, campaign_id)
    if found is None or (_count(session, found) and not _count(session, found, actor)):
        raise NotFound(f"no campaign {campaign_id}", about=f"campaign:{campaign_id}")
    return found


def overview(
    session: Session, actor: Actor, campaign_id: int, *, limit: int, offset: int = 0
) -> Overview:
    """A living campaign with one page of its posts, the oldest first."""
    wanted = [PostRow.campaign_id == campaign_id, visible(actor)]
    counted = session.execute(
        select(PostRow.state, func.count()).where(*wanted).group_by(PostRow.state)
    )
    states = {state: count for state, count in counted}  # noqa: C416 - typed rows
    first, last = session.execute(
        select(func.min(PostRow.seen_at), func.max(PostRow.seen_at)).where(*wanted)
    ).one()
    new = select(func.min(PostRow.id)).where(*wanted, PostRow.state == WorkState.NEW)
    total = sum(states.values())
    return Overview(
        id=campaign_id,
        created_at=session.get_one(Campaign, campaign_id).created_at,
        total=total,
        hidden=_count(session, campaign_id) - total,
        states=states,
        first_seen=first,
        last_seen=last,
        members=_members(session, actor, campaign_id, limit, offset),
        contacts=shared_contacts(session, actor, campaign_id),
        merges=reading.merges_of(session, campaign_id),
        splits=reading.splits_of(session, campaign_id),
        next_new=session.scalar(new),
    )


def shared_contacts(session: Session, actor: Actor, campaign_id: int) -> list[Shared]:
    """The contacts in most posts of a campaign, and the hubs among them."""
    posts = func.count(PostContact.post_id.distinct())
    found = session.execute(
        select(PostContact.kind, PostContact.value, posts)
        .join(PostRow, PostRow.id == PostContact.post_id)
        .where(PostRow.campaign_id == campaign_id, visible(actor))
        .group_by(PostContact.kind, PostContact.value)
        .order_by(posts.desc(), PostContact.kind, PostContact.value)
        .limit(SHARED_SHOWN)
    ).all()
    hubs = campaigns.hubs(session, [(kind, value) for kind, value, _ in found])
    return [
        Shared(kind, value, count, hubs.get((kind, value), 0))
        for kind, value, count in found
        if count > 1 or (kind, value) in hubs
    ]


def take_out(
    session: Session, actor: Actor, campaign_id: int, post_id: int, why: str, *, at: datetime
) -> CampaignSplit:
    """Take one post out of its campaign; it stays out whatever comes next. NotFound where it is not in it."""
    post = post_for(session, actor, post_id)
    if post.campaign_id != living(session, actor, campaign_id):
        raise NotFound(
            f"post {post_id} is not in campaign {campaign_id}", about=f"campaign:{campaign_id}"
        )
    return splitting.take_out(session, actor, post_id, why, at=at)


def undo_merge(
    session: Session, actor: Actor, merge_id: int, why: str, *, at: datetime
) -> CampaignSplit:
    """Make two campaigns of one again; no post puts them together while that stands."""
    merge = session.get(CampaignMerge, merge_id)
    if merge is None:
        raise NotFound(f"no merge {merge_id}", about=f"merge:{merge_id}")
    _require_own(session, actor, living(session, actor, merge.gone_id))
    return splitting.undo_merge(session, actor, merge_id, why, at=at)


def undo_split(session: Session, actor: Actor, split_id: int, *, at: datetime) -> int:
    """Take a split back: the campaign that both sides are in then."""
    split = session.get(CampaignSplit, split_id)
    if split is None:
        raise NotFound(f"no split {split_id}", about=f"split:{split_id}")
    for side in (split.one_id, split.other_id):
        _require_own(session, actor, living(session, actor, side))
    return splitting.undo_split(session, actor, split_id, at=at)


def _members(
    session: Session, actor: Actor, campaign_id: int, limit: int, offset: int
) -> list[tuple[PostRow, CampaignMember | None]]:
    rows = session.execute(
        select(PostRow, CampaignMember)
        .outerjoin(CampaignMember, CampaignMember.post_id == PostRow.id)
        .where(PostRow.campaign_id == campaign_id, visible(actor))
        .order_by(PostRow.id)
        .limit(limit)
        .offset(offset)
    ).unique()
    return [(post, member) for post, member in rows]


def _count(session: Session, campaign_id: int, actor: Actor | None = None) -> int:
    query = select(func.count()).select_from(PostRow).where(PostRow.campaign_id == campaign_id)
    return session.scalar(query.where(visible(actor)) if actor else query) or 0


def _require_own(session: Session, actor: Actor, campaign_id: int) -> None:
    if hidden := _count(session, campaign_id) - _count(session, campaign_id, actor):
        raise Forbidden(
            f"{hidden} posts of campaign {campaign_id} belong to other units",
            about=f"campaign:{campaign_id}",
            key="error.campaign.other_units",
        )
