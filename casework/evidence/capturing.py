"""Captures of many addresses at once: every address of a case, and a post's as soon as an officer keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.service import case_posts, require_open
from casework.evidence.models import EvidenceItem
from casework.evidence.service import ask_capture, item_of
from casework.triage.models import Decision
from casework.triage.service import FLAGGED_CONSUMER
from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput
from foundation.people import SYSTEM, Actor, User
from search.models import Observation, PostRow, Wish, WishKind, WorkState

OPEN = ("waiting", "leased")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the capture of one address of a case is: the last wish for it, and what came of it."""

    post: PostRow
    wish: Wish | None
    item: EvidenceItem | None
    unchanged: bool = False
    """The address showed the same as the item that was there before."""

    @property
    def open(self) -> bool:
        """Whether it is on its way: waiting, being captured, or not yet taken into the evidence."""
        if self.wish is None:
            return False
        return self.wish.state in OPEN or (self.wish.state == "done" and self.item is None)


def ask_case(session: Session, actor: Actor, case: Case, *, at: datetime) -> list[Wish]:
    """Wish for a capture of every address of the case; one that waits already is not asked for again.

    InvalidInput when no post of the case has an address on the web.
    """
    require_open(case)
    posts = [link.post for link in case_posts(session, case) if is_web(link.post.url)]
    if not posts:
        raise InvalidInput("no address to capture", key="error.evidence.no_address")
    waiting = _waiting(session, [post.id for post in posts])
    return [
        ask_capture(session, actor, post.url, at=at, post=post)
        for post in posts
        if post.id not in waiting
    ]


def progress(session: Session, case: Case) -> list[Progress]:
    """How far the captures of the case's addresses are, in the order of its posts."""
    posts = [link.post for link in case_posts(session, case) if is_web(link.post.url)]
    wishes = _last_wishes(session, [post.id for post in posts])
    return [_progress(session, post, wishes.get(post.id)) for post in posts]


def capture_of_wish(session: Session, asked: Wish) -> tuple[EvidenceItem | None, bool]:
    """The item that a wish led to, and whether it is one that was there before."""
    seen = session.scalar(
        select(Observation).where(Observation.wish_id == asked.id).order_by(Observation.id.desc())
    )
    if seen is None:
        return None, False
    return item_of(session, seen.id), "unchanged_since" in seen.capture.get("detail", {})


def take_flagged(database: Database, clock: Clock, *, wanted: bool, limit: int = 100) -> int:
    """Wish for a capture of each post that an officer has kept and that has none yet; safe to do twice.

    `wanted`: whether the deployment captures at flagging; else the posts are only let go.
    """
    with database.writing() as session:
        waiting = outbox.take(session, FLAGGED_CONSUMER, at=clock.now(), limit=limit)
        asked = [
            post_id
            for post_id in (one.thing_id for one in waiting)
            if wanted and _ask_once(session, post_id, at=clock.now())
        ]
        outbox.done(session, waiting)
    return len(asked)


def is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _ask_once(session: Session, post_id: int, *, at: datetime) -> bool:
    post = session.get(PostRow, post_id)
    if post is None or post.state not in {WorkState.KEPT, WorkState.IN_CASE}:
        return False
    if not is_web(post.url) or post_id in _waiting(session, [post_id]):
        return False
    captured = select(EvidenceItem.id).where(
        EvidenceItem.post_id == post_id, EvidenceItem.origin == "crawler"
    )
    if session.scalar(captured.limit(1)) is not None:
        return False
    ask_capture(session, _keeper(session, post_id), post.url, at=at, post=post)
    return True


def _keeper(session: Session, post_id: int) -> Actor:
    """Who kept the post: it is in this person's name that the page is captured."""
    decision = session.scalar(
        select(Decision).where(Decision.post_id == post_id).order_by(Decision.id.desc())
    )
    user = session.get(User, decision.by_id) if decision and decision.by_id else None
    return user.actor() if user else SYSTEM


def _waiting(session: Session, post_ids: Sequence[int]) -> set[int]:
    """The posts whose capture is on its way."""
    found = session.scalars(
        select(Wish.post_id).where(
            Wish.post_id.in_(post_ids), Wish.kind == WishKind.CAPTURE, Wish.state.in_(OPEN)
        )
    )
    return {post_id for post_id in found if post_id is not None}


def _last_wishes(session: Session, post_ids: Sequence[int]) -> dict[int, Wish]:
    rows = session.scalars(
        select(Wish)
        .where(Wish.post_id.in_(post_ids), Wish.kind == WishKind.CAPTURE)
        .order_by(Wish.id)
    )
    return {row.post_id: row for row in rows if row.post_id is not None}


def _progress(session: Session, post: PostRow, asked: Wish | None) -> Progress:
    item, unchanged = capture_of_wish(session, asked) if asked else (None, False)
    return Progress(post, asked, item, unchanged)
