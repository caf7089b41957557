"""What the database knows of posts like some others: a few queries for a whole batch, each of bounded size."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import BindParameter, TextClause, bindparam, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from search.campaigns.contacts import HUB
from search.campaigns.signature import shingles
from search.models import Campaign, CampaignMember, CampaignSplit, PostRow
from search.text import fold

Contact = tuple[str, str]
"""Kind and value."""
T = TypeVar("T")
_AT_ONCE = 500
_CONTACTS_AT_ONCE = 64


_ONE, _OTHER = aliased(Campaign), aliased(Campaign)
_LEFT, _RIGHT = func.coalesce(_ONE.root_id, _ONE.id), func.coalesce(_OTHER.root_id, _OTHER.id)
_AMONG: BindParameter[int] = bindparam("campaigns", expanding=True)
_APART = (
    select(_LEFT, _RIGHT)
    .select_from(CampaignSplit)
    .join(_ONE, _ONE.id == CampaignSplit.one_id)
    .join(_OTHER, _OTHER.id == CampaignSplit.other_id)
    .where(CampaignSplit.undone_at.is_(None), or_(_LEFT.in_(_AMONG), _RIGHT.in_(_AMONG)))
)


@dataclass(frozen=True, slots=True)
class Known:
    """A stored post: its campaign, the one it would be in had nothing been merged, when it was first seen."""

    campaign: int | None
    home: int | None
    seen_at: datetime


def first_copies(session: Session, hashes: Collection[str], but: Collection[int]) -> dict[str, int]:
    """The oldest post with each of these text hashes, leaving out the posts `but`."""
    query = select(PostRow.text_hash, func.min(PostRow.id)).group_by(PostRow.text_hash)
    if but:
        query = query.where(PostRow.id.not_in(but))
    found: dict[str, int] = {}
    for some in _batches(sorted(hashes)):
        rows = session.execute(query.where(PostRow.text_hash.in_(some)))
        found |= {row[0]: row[1] for row in rows}
    return found


def posts_of_contacts(
    session: Session, contacts: Collection[Contact]
) -> dict[Contact, tuple[int, ...]]:
    """The posts with each of these contacts, at most HUB + 1 of each: a hub is known without counting it."""
    found: dict[Contact, list[int]] = defaultdict(list)
    for some in _batches(sorted(contacts), _CONTACTS_AT_ONCE):
        values: dict[str, str | int] = {"most": HUB + 1}
        values |= {f"k{n}": kind for n, (kind, _) in enumerate(some)}
        values |= {f"v{n}": value for n, (_, value) in enumerate(some)}
        for number, post_id in session.execute(_sharing(len(some)), values):
            found[some[number]].append(post_id)
    return {contact: tuple(ids) for contact, ids in found.items()}


def posts_of_bands(session: Session, bands: Collection[int]) -> dict[int, list[int]]:
    """The posts that bear each of these bands."""
    found: dict[int, list[int]] = defaultdict(list)
    if bands:
        keys = ",".join(map(str, sorted(bands)))  # whole numbers of ours: nothing to escape
        query = f"SELECT band, post_id FROM post_band WHERE band IN ({keys})"  # noqa: S608
        for band, post_id in session.connection().exec_driver_sql(query):
            found[band].append(post_id)
    return found


def known(session: Session, ids: Iterable[int]) -> dict[int, Known]:
    """What is known of these posts; those that are gone are absent."""
    query = select(
        PostRow.id, PostRow.campaign_id, CampaignMember.home_id, PostRow.seen_at
    ).outerjoin(CampaignMember, CampaignMember.post_id == PostRow.id)
    return {
        id_: Known(campaign, home or campaign, seen_at)
        for some in _batches(sorted(set(ids)))
        for id_, campaign, home, seen_at in session.execute(query.where(PostRow.id.in_(some)))
    }


def shingles_of(session: Session, ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The shingles of what these posts say now."""
    query = select(PostRow.id, PostRow.title, PostRow.text)
    return {
        id_: shingles(fold(f"{title}\n{body}" if title else body))
        for some in _batches(sorted(set(ids)))
        for id_, title, body in session.execute(query.where(PostRow.id.in_(some)))
    }


def sizes(session: Session, campaigns: Collection[int]) -> dict[int, int]:
    """How many posts each of these campaigns has."""
    query = select(PostRow.campaign_id, func.count()).group_by(PostRow.campaign_id)
    return {
        campaign: count
        for some in _batches(sorted(campaigns))
        for campaign, count in session.execute(query.where(PostRow.campaign_id.in_(some)))
        if campaign is not None
    }


def apart(session: Session, campaigns: Collection[int]) -> Sequence[tuple[int, int]]:
    """The pairs of living campaigns that people took apart, one of these in each pair."""
    found = session.execute(_APART, {"campaigns": sorted(campaigns)}) if campaigns else ()
    return [(one, other) for one, other in found]


def _batches(things: Sequence[T], size: int = _AT_ONCE) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


@lru_cache(maxsize=_CONTACTS_AT_ONCE)
def _sharing(count: int) -> TextClause:
    one = (
        "SELECT {n} AS n, post_id FROM (SELECT DISTINCT post_id FROM post_contact "
        "WHERE kind = :k{n} AND value = :v{n} LIMIT :most) AS a{n}"
    )
    return text(" UNION ALL ".join(one.format(n=n) for n in range(count)))
