"""The triage queue (hàng đợi rà soát): what waits, in which order, and what comes next for whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from casework.triage.claims import claimed_by, claimed_by_other, claims_of
from casework.triage.models import Claim, Decision, Verdict
from foundation.people import Actor
from search.learning.models import PostOpinion
from search.learning.opinion import id_in_force
from search.models import PostRow, WorkState

SUNK_KINDS = ("warning", "news", "legal", "satire")
"""What only quotes the lures sinks to the end of the queue; it never vanishes."""
NO_OPINION = 50
LEVELS = {"critical": 3, "high": 2, "medium": 1, "low": 0}


class Tab(StrEnum):
    """The lists of the queue page."""

    URGENT = "urgent"  # luồng khẩn
    HELP = "help"  # cần người giúp
    QUEUE = "queue"  # hàng đợi
    MINE = "mine"  # của tôi
    KEPT = "kept"  # đã gắn cờ
    DISMISSED = "dismissed"  # đã bỏ qua


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list; an empty value narrows nothing.

    `post_ids` come from a text search; `text` is for when the index does not answer, and finds only what
    is written exactly so.
    """

    tab: Tab = Tab.QUEUE
    source_id: int | None = None
    platform: str = ""
    level: str = ""
    group: str = ""
    campaign_id: int | None = None
    post_ids: tuple[int, ...] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One line of the list: the post, who looks at it now, and whether it is in the help lane."""

    post: PostRow
    claim: Claim | None = None
    needs_help: bool = False

    def claimed_by_other(self, actor: Actor) -> bool:
        return self.claim is not None and self.claim.user_id != actor.user_id


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some lines in order; `after` is the id to ask for more with, None at the end."""

    items: tuple[QueueItem, ...]
    total: int
    after: int | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Posts of the actor's own unit and of none; everything for an actor without a unit."""
    if actor.unit_id is None:
        return true()
    return or_(PostRow.unit_id.is_(None), PostRow.unit_id == actor.unit_id)


def routed_to_help() -> ColumnElement[bool]:
    """Posts that an officer put into the help lane."""
    routed = select(Decision.post_id).where(
        Decision.decision == Verdict.HELP, Decision.undone_at.is_(None)
    )
    return PostRow.id.in_(routed)


def help_lane() -> ColumnElement[bool]:
    """Posts of people who need help, by the rules or by an officer."""
    return or_(PostRow.verdict_kind == "help", routed_to_help())


def queue(
    session: Session,
    actor: Actor,
    filters: Filters,
    *,
    at: datetime,
    limit: int = 50,
    after: int | None = None,
) -> QueuePage:
    """One page of a list, behind the post `after` (which may meanwhile have left it)."""
    wanted = _wanted(filters, actor, at)
    order = _order(filters.tab, id_in_force(session))
    query = select(PostRow.id).where(*wanted)
    if after is not None and (place := _place(session, order, after)) is not None:
        query = query.where(tuple_(*order) > tuple_(*place))
    ids = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    return QueuePage(
        items=tuple(_items(session, ids[:limit], at)),
        total=_count(session, wanted),
        after=ids[limit - 1] if len(ids) > limit else None,
    )


def _items(session: Session, ids: Sequence[int], at: datetime) -> Iterator[QueueItem]:
    """The rows of these ids, in their order; loaded after sorting, or the texts would be sorted along."""
    rows = session.execute(select(PostRow, help_lane()).where(PostRow.id.in_(ids))).unique()
    found = {post.id: (post, bool(lane)) for post, lane in rows}
    claims = claims_of(session, ids, at=at)
    for id_ in ids:
        if id_ in found:
            post, lane = found[id_]
            yield QueueItem(post, claims.get(id_), lane)


def counts(session: Session, actor: Actor, *, at: datetime) -> dict[Tab, int]:
    """How many posts each tab holds for this actor."""
    return {tab: _count(session, _wanted(Filters(tab), actor, at)) for tab in Tab}


def waiting_for(session: Session, actor: Actor, *, at: datetime) -> int:
    """New posts that nobody else is looking at, without the warnings and news that sank."""
    return _count(
        session,
        [
            *_wanted(Filters(), actor, at),
            not_(claimed_by_other(actor, at)),
            not_(_sunk()),
        ],
    )


def next_after(
    session: Session, actor: Actor, filters: Filters, post_id: int | None, *, at: datetime
) -> int | None:
    """The next post of the list to offer: behind `post_id`, else from the top; never one that
    somebody else is looking at. None when nothing is left. Ask before deciding about `post_id`."""
    order = _order(filters.tab, id_in_force(session))
    free = [*_wanted(filters, actor, at), not_(claimed_by_other(actor, at))]
    query = select(PostRow.id).where(*free).order_by(*order).limit(1)
    if post_id is None:
        return session.scalar(query)
    place = _place(session, order, post_id)
    if place is not None:
        behind = session.scalar(query.where(tuple_(*order) > tuple_(*place)))
        if behind is not None:
            return behind
    return session.scalar(query.where(PostRow.id != post_id))


def campaign_new_posts(
    session: Session, actor: Actor, campaign_id: int, *, at: datetime
) -> list[PostRow]:
    """The new posts of a campaign that one decision of this actor would cover.

    Not those of people who need help: a call that names the number of whoever holds them belongs to the
    campaign, but is never put away, or flagged, along with it.
    """
    return list(
        session.scalars(
            select(PostRow)
            .where(
                PostRow.campaign_id == campaign_id,
                PostRow.state == WorkState.NEW,
                visible(actor),
                not_(claimed_by_other(actor, at)),
                not_(help_lane()),
            )
            .order_by(PostRow.id)
        )
    )


def _wanted(filters: Filters, actor: Actor, at: datetime) -> list[ColumnElement[bool]]:
    wanted = [visible(actor), *_of_tab(filters.tab, actor, at)]
    if filters.source_id is not None:
        wanted.append(PostRow.source_id == filters.source_id)
    if filters.platform:
        wanted.append(PostRow.platform == filters.platform)
    if filters.level:
        wanted.append(PostRow.level == filters.level)
    if filters.group:
        code = filters.group.replace("\\", "").replace("%", "").replace("_", r"\_")
        wanted.append(cast(PostRow.groups, String).like(f'%"{code}"%', escape="\\"))
    if filters.campaign_id is not None:
        wanted.append(PostRow.campaign_id == filters.campaign_id)
    if filters.post_ids is not None:
        wanted.append(PostRow.id.in_(filters.post_ids) if filters.post_ids else false())
    if filters.text:
        columns = (PostRow.text, PostRow.title, PostRow.author_name)
        wanted.append(or_(*(column.icontains(filters.text, autoescape=True) for column in columns)))
    return wanted


def _of_tab(tab: Tab, actor: Actor, at: datetime) -> list[ColumnElement[bool]]:
    if tab is Tab.KEPT:
        return [PostRow.state == WorkState.KEPT]
    if tab is Tab.DISMISSED:
        return [PostRow.state == WorkState.DISMISSED]
    new = PostRow.state == WorkState.NEW
    if tab is Tab.URGENT:
        return [new, PostRow.urgent.is_(True), not_(_sunk())]
    if tab is Tab.HELP:
        return [new, help_lane()]
    if tab is Tab.MINE:
        return [new, claimed_by(actor.user_id, at)]
    return [new]


def _sunk() -> ColumnElement[bool]:
    return and_(PostRow.verdict_kind.in_(SUNK_KINDS), not_(routed_to_help()))


def _order(tab: Tab, model: int | None) -> list[ColumnElement[Any]]:
    """Lane, level, score, age, id, each counting up; what was decided: the latest decision first.

    A second opinion in force (`model`) comes between level and score, and nowhere else.
    """
    if tab in {Tab.KEPT, Tab.DISMISSED}:
        latest = (
            select(func.max(Decision.id))
            .where(Decision.post_id == PostRow.id, Decision.undone_at.is_(None))
            .correlate(PostRow)
            .scalar_subquery()
        )
        return [-func.coalesce(latest, 0), PostRow.id.expression]
    lane = case(
        (_sunk(), 3),
        (PostRow.urgent.is_(True), 0),
        (help_lane(), 1),
        else_=2,
    )
    level = case(*((PostRow.level == name, -rank) for name, rank in LEVELS.items()), else_=0)
    rest: list[ColumnElement[Any]] = [
        -PostRow.score,
        PostRow.seen_at.expression,
        PostRow.id.expression,
    ]
    opinion = [_opinion(model)] if model is not None else []
    return [lane, level, *opinion, *rest]


def _opinion(model: int) -> ColumnElement[Any]:
    """The second opinion on a post, the highest first; where there is none yet, the middle."""
    value = (
        select(PostOpinion.value)
        .where(PostOpinion.post_id == PostRow.id, PostOpinion.model_id == model)
        .correlate(PostRow)
        .scalar_subquery()
    )
    return -func.coalesce(value, NO_OPINION)


def _place(session: Session, order: Sequence[ColumnElement[Any]], post_id: int) -> list[Any] | None:
    row = session.execute(select(*order).where(PostRow.id == post_id)).one_or_none()
    return list(row) if row else None


def _count(session: Session, wanted: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(PostRow).where(*wanted)) or 0
