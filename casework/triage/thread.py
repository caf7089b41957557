"""Comments belong to their post: what a post answers, and what of its answers is stored (bình luận)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from casework.triage.queue import visible
from foundation.people import Actor
from search.models import PostRow, WorkState
from search.preparing import sha256

MOST = 200
"""So many answers of a post are looked up; a longer thread says that it has more."""
LISTED = 40
FEW = 5
DEPTH = 8
FLAGGED = frozenset({WorkState.KEPT, WorkState.IN_CASE})


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored comment; `depth` 1 answers the post itself, 2 answers such an answer, and so on."""

    post: PostRow
    depth: int

    @property
    def flagged(self) -> bool:
        """Somebody decided that it counts."""
        return self.post.state in FLAGGED


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a post stands among posts: above it, where the thread began, below it."""

    above: PostRow | None = None
    """The stored post that this one answers."""
    top: PostRow | None = None
    """Where the thread began, when that is stored and not `above`."""
    beside: int = 0
    """How many other stored posts answer the same."""
    others: tuple[PostRow, ...] = ()
    """The first few of those, where what they answer is not stored and so does not list them."""
    answers: tuple[Answer, ...] = ()
    """In the order of a thread: each answer is followed by its own answers. At most LISTED."""
    total: int = 0
    more: bool = False
    """There are more than MOST; then `total` and the two figures below count the first MOST only."""
    flagged: int = 0
    waiting: int = 0


class _Line(NamedTuple):
    id: int
    url: str
    reply_to: str
    state: str
    at: datetime


@dataclass(slots=True)
class _Below:
    """What was found below a post, by what it answers; `more`: the search ended at MOST."""

    lines: dict[str, list[_Line]] = field(default_factory=dict)
    count: int = 0
    more: bool = False


def thread(session: Session, actor: Actor, post: PostRow) -> Thread:
    """The thread of a post as far as it is stored and this actor may see it."""
    above, top = _above(session, actor, post)
    beside = _beside(session, actor, post) if post.reply_to else 0
    below = _below(session, actor, post)
    order = list(_in_order(below, post.url, 1, {post.id}))
    rows = _rows(session, [line.id for line, _ in order[:LISTED]])
    states = [line.state for line, _ in order]
    return Thread(
        above=above,
        top=top,
        beside=beside,
        others=_others(session, actor, post) if beside and above is None else (),
        answers=tuple(Answer(rows[line.id], depth) for line, depth in order[:LISTED]),
        total=len(order),
        more=below.more,
        flagged=sum(state in FLAGGED for state in states),
        waiting=states.count(WorkState.NEW),
    )


def comment_counts(session: Session, actor: Actor, posts: Collection[PostRow]) -> dict[int, int]:
    """How many stored posts answer each of these directly; posts without any are left out."""
    by_url = {spelling: post.id for post in posts for spelling in _spellings(post.url)}
    if not by_url:
        return {}
    counted = session.execute(
        select(PostRow.reply_to, func.count())
        .where(*answering(by_url), visible(actor))
        .group_by(PostRow.reply_to)
    )
    found: dict[int, int] = {}
    for url, number in counted:
        found[by_url[url]] = found.get(by_url[url], 0) + number
    return found


def _above(session: Session, actor: Actor, post: PostRow) -> tuple[PostRow | None, PostRow | None]:
    """The post it answers and, when that is another, the one where the thread began."""
    first = last = None
    met, here = {post.id}, post
    for _ in range(DEPTH):
        found = _at_address(session, actor, here.reply_to) if here.reply_to else None
        if found is None or found.id in met:
            break
        met.add(found.id)
        first, last, here = first or found, found, found
    return first, (last if last is not first else None)


def _at_address(session: Session, actor: Actor, url: str) -> PostRow | None:
    keys = [sha256(spelling) for spelling in _spellings(url)]
    wanted = select(PostRow).where(PostRow.url_key.in_(keys), visible(actor)).order_by(PostRow.id)
    return session.scalars(wanted.limit(1)).first()


def _beside(session: Session, actor: Actor, post: PostRow) -> int:
    wanted = [*answering(_spellings(post.reply_to)), PostRow.id != post.id, visible(actor)]
    return session.scalar(select(func.count()).select_from(PostRow).where(*wanted)) or 0


def _others(session: Session, actor: Actor, post: PostRow) -> tuple[PostRow, ...]:
    answers = _level(session, actor, _spellings(post.reply_to), FEW + 1)
    ids = [line.id for line in answers if line.id != post.id][:FEW]
    rows = _rows(session, ids)
    return tuple(rows[one] for one in ids)


def _below(session: Session, actor: Actor, post: PostRow) -> _Below:
    """Answers, their answers and so on, one question for each level."""
    below, asked = _Below(), set(_spellings(post.url))
    level = asked
    for _ in range(DEPTH):
        room = MOST - below.count
        found = _level(session, actor, level, room + 1)
        below.more = below.more or len(found) > room
        for line in found[:room]:
            below.lines.setdefault(_bare(line.reply_to), []).append(line)
            below.count += 1
        level = {each for line in found for each in _spellings(line.url)} - asked
        asked |= level
        if not level or below.count >= MOST:
            break
    return below


def _level(session: Session, actor: Actor, urls: Collection[str], limit: int) -> list[_Line]:
    when = func.coalesce(PostRow.posted_at, PostRow.seen_at)
    columns = (PostRow.id, PostRow.url, PostRow.reply_to, PostRow.state, when)
    wanted = select(*columns).where(*answering(urls), visible(actor))
    rows = session.execute(wanted.order_by(when, PostRow.id).limit(limit))
    return [_Line._make(row) for row in rows]


def _in_order(below: _Below, url: str, depth: int, met: set[int]) -> Iterator[tuple[_Line, int]]:
    for line in below.lines.get(_bare(url), ()):
        if line.id not in met:
            met.add(line.id)
            yield line, depth
            yield from _in_order(below, line.url, depth + 1, met)


def _rows(session: Session, ids: list[int]) -> dict[int, PostRow]:
    if not ids:
        return {}
    found = session.scalars(select(PostRow).where(PostRow.id.in_(ids))).unique()
    return {row.id: row for row in found}


def answering(urls: Iterable[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Posts that answer one of these addresses, in words that let the index be used: it leaves out the rest."""
    return PostRow.reply_to.in_(list(urls)), PostRow.reply_to != literal_column("''")


def _bare(url: str) -> str:
    return url.rstrip("/")


def _spellings(url: str) -> tuple[str, str]:
    """An address with and without its last slash: sites say either of one page."""
    bare = _bare(url)
    return bare, f"{bare}/"
