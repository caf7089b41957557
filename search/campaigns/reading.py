"""What a page asks of a campaign: where its id leads, its posts with why they belong, merges, hubs."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from search.campaigns.contacts import HUB, ties
from search.campaigns.lookups import Contact, posts_of_bands
from search.campaigns.signature import SIMILAR, jaccard, shingles, signature
from search.models import Campaign, CampaignMerge, CampaignSplit, PostContact, PostRow
from search.text import fold

MOST_COMPARED = 50


def living(session: Session, campaign_id: int) -> int | None:
    """The campaign that this id leads to, itself as a rule; None for an id that was never given."""
    campaign = session.get(Campaign, campaign_id)
    return None if campaign is None else campaign.root_id or campaign.id


def members(session: Session, campaign_id: int) -> Sequence[PostRow]:
    """All posts of a campaign, the oldest first."""
    query = select(PostRow).where(PostRow.campaign_id == campaign_id).order_by(PostRow.id)
    return session.scalars(query).unique().all()


def near_copies(session: Session, row: PostRow, limit: int = 20) -> list[tuple[PostRow, float]]:
    """Posts that say the same, or nearly so within the window, with their similarity, most alike first."""
    mark = signature(fold(row.body))
    bearers = posts_of_bands(session, set(mark.bands))
    shared = Counter(id_ for ids in bearers.values() for id_ in ids if id_ != row.id)
    same = select(PostRow.id).where(PostRow.text_hash == row.text_hash, PostRow.id != row.id)
    ids = [id_ for id_, _ in shared.most_common(MOST_COMPARED)]
    ids += session.scalars(same.order_by(PostRow.id).limit(limit))
    alike = similar(session, row, ids)
    found = session.scalars(select(PostRow).where(PostRow.id.in_(alike))).unique()
    return sorted(
        ((post, alike[post.id]) for post in found), key=lambda pair: (-pair[1], pair[0].id)
    )[:limit]


def similar(session: Session, row: PostRow, ids: Sequence[int]) -> dict[int, float]:
    """Those of the posts `ids` that say nearly the same as this one, with their similarity."""
    own = shingles(fold(row.body))
    rows = session.execute(
        select(PostRow.id, PostRow.title, PostRow.text).where(PostRow.id.in_(ids))
    )
    shares = {
        id_: jaccard(own, shingles(fold(f"{title}\n{body}" if title else body)))
        for id_, title, body in rows
    }
    return {id_: share for id_, share in shares.items() if share >= SIMILAR}


def merges_of(session: Session, campaign_id: int) -> Sequence[CampaignMerge]:
    """Every merge that made a living campaign what it is, the latest first; those undone too."""
    family = select(Campaign.id).where(
        (Campaign.id == campaign_id) | (Campaign.root_id == campaign_id)
    )
    query = select(CampaignMerge).where(CampaignMerge.kept_id.in_(family))
    return session.scalars(query.order_by(CampaignMerge.id.desc())).all()


def splits_of(session: Session, campaign_id: int) -> Sequence[CampaignSplit]:
    """Every split that this living campaign was a side of, the latest first; those taken back too."""
    family = select(Campaign.id).where(
        (Campaign.id == campaign_id) | (Campaign.root_id == campaign_id)
    )
    query = select(CampaignSplit).where(
        CampaignSplit.one_id.in_(family) | CampaignSplit.other_id.in_(family)
    )
    return session.scalars(query.order_by(CampaignSplit.id.desc())).all()


def hubs(session: Session, contacts: Sequence[Contact]) -> dict[Contact, int]:
    """Those of the contacts that are in so many posts that they tie nobody, with the number of posts."""
    wanted = [contact for contact in set(contacts) if ties(*contact)]
    if not wanted:
        return {}
    posts = func.count(PostContact.post_id.distinct())
    counted = session.execute(
        select(PostContact.kind, PostContact.value, posts)
        .where(tuple_(PostContact.kind, PostContact.value).in_(wanted))
        .group_by(PostContact.kind, PostContact.value)
        .having(posts > HUB)
    )
    return {(kind, value): count for kind, value, count in counted}
