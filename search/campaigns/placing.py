"""Posts come to their campaigns, a batch at a time: looked up together, decided in memory, written together.

`plan` is asked before new posts are stored, so that they are written with their campaign at once; `settle`
writes what needs their ids. Neither commits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, text, tuple_, update
from sqlalchemy.orm import Session

from search.campaigns import lookups
from search.campaigns.contacts import ties
from search.campaigns.grouping import Grouping, Joined, Merged, Tie
from search.campaigns.lookups import Contact
from search.campaigns.relatives import Placing, Relatives
from search.campaigns.signature import Signature, signature
from search.models import Campaign, CampaignMember, CampaignMerge, PostBand, PostRow
from search.text import fold

_PLACING_LOCK = 7_260_532  # any number, as long as nothing else of ours locks by it
_POST = cast("Table", PostRow.__table__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for a batch: `campaign_of` says with which campaign each post is to be stored."""

    grouping: Grouping
    bearing: dict[int, list[int]]
    """Post -> the bands it is to bear."""
    made: dict[int, int]
    """Campaign below zero -> its id."""

    def campaign_of(self, key: int) -> int | None:
        campaign = self.grouping.campaign_of(key)
        return None if campaign is None else self.made.get(campaign, campaign)

    def home_of(self, joined: Joined) -> int:
        """A campaign that began in this batch and merged in it was never seen by anybody."""
        if joined.home > 0:
            return joined.home
        home = self.grouping.living(joined.home)
        return self.made.get(home, home)

    def merged(self) -> list[Merged]:
        """The merges of campaigns that were stored."""
        return [one for one in self.grouping.merged if one.kept > 0 and one.gone > 0]


def own_contacts(contacts: Iterable[Contact]) -> frozenset[Contact]:
    """Those of a post's contacts that can tie it to others."""
    return frozenset((kind, value) for kind, value in contacts if ties(kind, value))


def lock(session: Session) -> None:
    """One who places or splits at a time: SQLite has one writer anyway, under PostgreSQL the others wait."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLACING_LOCK})


def plan(session: Session, placings: Sequence[Placing], *, at: datetime) -> Plan:
    """Decide about some posts; the campaigns that begin by it are written, nothing else yet."""
    lock(session)
    relatives = Relatives(session, placings, at)
    tied = [(one.key, relatives.ties_of(one)) for one in placings]
    where = relatives.where()
    campaigns = _campaigns(where, tied)
    grouping = Grouping(where, lookups.sizes(session, campaigns), _apart(session, campaigns))
    for key, found in tied:
        if found:
            grouping.place(key, found)
    return Plan(grouping, relatives.bearing, _begin(session, grouping, at))


def settle(session: Session, plan: Plan, ids: Mapping[int, int], *, at: datetime) -> None:
    """Write what was planned; `ids` are those that numbers below zero came to."""

    def id_of(key: int) -> int:
        return ids.get(key, key)

    joined = plan.grouping.joined
    if joined:
        session.execute(insert(CampaignMember), [_member(plan, one, id_of, at) for one in joined])
    _move(session, {one.post: plan.campaign_of(one.post) for one in joined if one.post > 0})
    for one in plan.merged():
        merge(session, one.kept, one.gone, _why(one.tie, id_of(one.post), id_of), at=at)
    rows = [(band, id_of(key)) for key, bands in plan.bearing.items() for band in bands]
    _bear(session, rows)


def place(session: Session, row: PostRow, mark: Signature, *, at: datetime) -> None:
    """Put one stored post to its copies, near copies and contacts."""
    session.flush()
    contacts = own_contacts((contact.kind, contact.value) for contact in row.contacts)
    decided = plan(session, [Placing(row.id, row.text_hash, mark, contacts)], at=at)
    settle(session, decided, {}, at=at)
    session.expire(row, ["campaign_id"])


def forget_bands(session: Session, row: PostRow) -> None:
    """Take away the bands of what a stored post says now, before it says something else."""
    keys = [(band, row.id) for band in signature(fold(row.body)).bands]
    if keys:
        gone = delete(PostBand).where(tuple_(PostBand.band, PostBand.post_id).in_(keys))
        session.execute(gone.execution_options(synchronize_session=False))


def merge(session: Session, kept: int, gone: int, why: dict[str, Any], *, at: datetime) -> None:
    """Make one living campaign lead to another, with its posts and all that led to it."""
    session.execute(insert(CampaignMerge), [{**why, "kept_id": kept, "gone_id": gone, "at": at}])
    quiet = {"synchronize_session": False}
    lead = update(Campaign).where(Campaign.root_id == gone).values(root_id=kept)
    end = update(Campaign).where(Campaign.id == gone).values(root_id=kept, merged_into_id=kept)
    posts = update(PostRow).where(PostRow.campaign_id == gone).values(campaign_id=kept)
    for statement in (lead, end, posts):
        session.execute(statement.execution_options(**quiet))


def _campaigns(
    where: Mapping[int, tuple[int, int]], tied: Sequence[tuple[int, list[Tie]]]
) -> set[int]:
    """The campaigns that these ties lead to, the posts' own included."""
    met = {key for key, ties in tied if ties} | {tie.other for _, ties in tied for tie in ties}
    return {where[key][0] for key in met if key in where}


def _apart(session: Session, campaigns: set[int]) -> Sequence[tuple[int, int]]:
    return lookups.apart(session, campaigns) if len(campaigns) > 1 else ()


def _begin(session: Session, grouping: Grouping, at: datetime) -> dict[int, int]:
    """Campaign below zero -> its id, the oldest first; those that merged at once are not made."""
    new = {grouping.living(one.home) for one in grouping.joined if one.home < 0}
    numbers = sorted((number for number in new if number < 0), reverse=True)
    if not numbers:
        return {}
    rows = [{"created_at": at} for _ in numbers]
    made = session.scalars(
        insert(Campaign).returning(Campaign.id, sort_by_parameter_order=True), rows
    )
    return dict(zip(numbers, made, strict=True))


def _member(plan: Plan, one: Joined, id_of: Callable[[int], int], at: datetime) -> dict[str, Any]:
    kind, value = one.tie.contact
    return {
        "post_id": id_of(one.post),
        "home_id": plan.home_of(one),
        "reason": one.tie.reason.value,
        "share": one.tie.share,
        "other_id": id_of(one.tie.other),
        "contact_kind": kind,
        "contact_value": value,
        "at": at,
    }


def _why(tie: Tie, post_id: int, id_of: Callable[[int], int]) -> dict[str, Any]:
    kind, value = tie.contact
    return {
        "reason": tie.reason.value,
        "share": tie.share,
        "post_id": post_id,
        "other_id": id_of(tie.other),
        "contact_kind": kind,
        "contact_value": value,
    }


def _move(session: Session, campaign_of: Mapping[int, int | None]) -> None:
    rows = [{"post": post, "campaign": campaign} for post, campaign in campaign_of.items()]
    if rows:
        statement = update(_POST).where(_POST.c.id == bindparam("post"))
        session.connection().execute(statement.values(campaign_id=bindparam("campaign")), rows)


def _bear(session: Session, rows: Sequence[tuple[int, int]]) -> None:
    """Sixteen rows a post, sorted so that neighbours are written together; one that is there stays."""
    if not rows:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    mark = "?, ?" if is_sqlite else "%s, %s"
    statement = f"INSERT INTO post_band (band, post_id) VALUES ({mark}) ON CONFLICT DO NOTHING"  # noqa: S608
    session.connection().exec_driver_sql(statement, sorted(rows))
