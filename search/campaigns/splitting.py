"""People take apart what a post tied together (tách chùm), and take that back. Never commits.

What was split stays split, whatever the next post has in common with both: it joins one side, and no merge
follows. A split is written down with its reason and can be undone.
"""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.people import Actor
from search.campaigns.grouping import Reason
from search.campaigns.lookups import apart
from search.campaigns.placing import lock, merge
from search.models import Campaign, CampaignMember, CampaignMerge, CampaignSplit, PostRow

LONGEST_REASON = 500
_QUIET = {"synchronize_session": False}


def take_out(
    session: Session, actor: Actor, post_id: int, why: str, *, at: datetime
) -> CampaignSplit:
    """Take one post out of its campaign into one of its own.

    InvalidInput without a reason; Conflict where the post is in no campaign or alone in it.
    """
    why = _reason(why)
    lock(session)
    source = session.scalar(select(PostRow.campaign_id).where(PostRow.id == post_id))
    if source is None or _posts(session, source, limit=2) < 2:
        raise Conflict(
            f"post {post_id} is with no other",
            about=f"post:{post_id}",
            key="error.campaign.alone",
        )
    own = session.scalars(insert(Campaign).returning(Campaign.id), [{"created_at": at}]).one()
    _settle_alone(session, post_id, own, at)
    return _split(session, actor, source, own, None, 1, why, at=at)


def undo_merge(
    session: Session, actor: Actor, merge_id: int, why: str, *, at: datetime
) -> CampaignSplit:
    """Make two campaigns of one again: what had come to the merged one since goes with it.

    Conflict where the merge was undone before.
    """
    why = _reason(why)
    lock(session)
    row = session.get(CampaignMerge, merge_id)
    if row is None:
        raise NotFound(f"no merge {merge_id}", about=f"merge:{merge_id}")
    gone = session.get_one(Campaign, row.gone_id, populate_existing=True)
    if row.undone_at is not None or gone.merged_into_id != row.kept_id or gone.root_id is None:
        raise Conflict(
            f"merge {merge_id} was undone before",
            about=f"merge:{merge_id}",
            key="error.campaign.undone_before",
        )
    family = branch(session, row.gone_id)
    row.undone_at = at
    gone.merged_into_id = gone.root_id = None
    session.flush()
    _lead(session, family - {gone.id}, gone.id)
    posts = _move_home(session, family, gone.id)
    return _split(session, actor, row.kept_id, gone.id, merge_id, posts, why, at=at)


def undo_split(session: Session, actor: Actor, split_id: int, *, at: datetime) -> int:
    """Put together again what a person took apart; the campaign that lives on.

    Conflict when that was done before, or where another split still keeps the two apart.
    """
    lock(session)
    split = session.get(CampaignSplit, split_id)
    if split is None:
        raise NotFound(f"no split {split_id}", about=f"split:{split_id}")
    if split.undone_at is not None:
        raise Conflict(
            f"split {split_id} was taken back before",
            about=f"split:{split_id}",
            key="error.campaign.undone_before",
        )
    split.undone_at, split.undone_by_id = at, actor.user_id
    session.flush()
    one, other = (_living(session, campaign) for campaign in (split.one_id, split.other_id))
    kept, gone = sorted((one, other))
    _require_no_other_split(session, kept, gone)
    if kept != gone:
        why = {"reason": Reason.AGAIN.value, "share": 0.0, "by_id": actor.user_id}
        none = {"post_id": None, "other_id": None, "contact_kind": "", "contact_value": ""}
        merge(session, kept, gone, {**why, **none}, at=at)
    audit.record(session, actor, "campaign:join", kept, at=at, split=split.id, campaign=gone)
    session.flush()
    return kept


def _require_no_other_split(session: Session, one: int, other: int) -> None:
    if any({a, b} == {one, other} for a, b in apart(session, {one, other})):
        raise Conflict(
            f"another split keeps the campaigns {one} and {other} apart",
            about=f"campaign:{one}",
            key="error.campaign.other_split",
        )


def branch(session: Session, campaign_id: int) -> set[int]:
    """A campaign and all that were merged into it, on however many steps."""
    found, edge = {campaign_id}, {campaign_id}
    while edge:
        into = select(Campaign.id).where(Campaign.merged_into_id.in_(edge))
        edge = set(session.scalars(into)) - found
        found |= edge
    return found


def _reason(why: str) -> str:
    if not (why := why.strip()):
        raise InvalidInput("a split needs its reason", about="why", key="error.campaign.no_reason")
    return why[:LONGEST_REASON]


def _posts(session: Session, campaign_id: int, limit: int) -> int:
    query = select(PostRow.id).where(PostRow.campaign_id == campaign_id).limit(limit)
    return len(session.scalars(query).all())


def _settle_alone(session: Session, post_id: int, own: int, at: datetime) -> None:
    values = {
        "home_id": own,
        "reason": Reason.SPLIT.value,
        "share": 0.0,
        "other_id": None,
        "contact_kind": "",
        "contact_value": "",
        "at": at,
    }
    row = session.get(CampaignMember, post_id)
    if row is None:
        session.add(CampaignMember(post_id=post_id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    moved = update(PostRow).where(PostRow.id == post_id).values(campaign_id=own)
    session.execute(moved)


def _lead(session: Session, campaigns: set[int], root: int) -> None:
    if campaigns:
        led = update(Campaign).where(Campaign.id.in_(campaigns)).values(root_id=root)
        session.execute(led, execution_options=_QUIET)


def _move_home(session: Session, family: set[int], campaign_id: int) -> int:
    """The posts whose home is in the family come back to it; how many."""
    at_home = select(CampaignMember.post_id).where(CampaignMember.home_id.in_(family))
    moved = update(PostRow).where(PostRow.id.in_(at_home)).values(campaign_id=campaign_id)
    return int(session.execute(moved, execution_options=_QUIET).rowcount)  # type: ignore[attr-defined]


def _living(session: Session, campaign_id: int) -> int:
    campaign = session.get_one(Campaign, campaign_id, populate_existing=True)
    return campaign.root_id or campaign.id


def _split(
    session: Session,
    actor: Actor,
    one: int,
    other: int,
    merge_id: int | None,
    posts: int,
    why: str,
    *,
    at: datetime,
) -> CampaignSplit:
    split = CampaignSplit(
        one_id=one,
        other_id=other,
        merge_id=merge_id,
        posts=posts,
        why=why,
        at=at,
        by_id=actor.user_id,
    )
    session.add(split)
    session.flush()
    audit.record(
        session, actor, "campaign:split", one, at=at, split=split.id, campaign=other, posts=posts
    )
    return split
