"""Made-up posts that made-up officers have decided about: many of them, as rows, since services are slow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text, update

from casework.triage.models import Decision, Verdict
from foundation.clock import Clock
from foundation.database import Database
from search.models import PostRow, WorkState
from search.preparing import sha256
from tests.support.posts import Posts, judgement

STATES = {Verdict.KEEP: WorkState.KEPT, Verdict.DISMISS: WorkState.DISMISSED}


@dataclass(frozen=True, slots=True)
class Made:
    """One post to make: what it says, which rules counted in it, what was decided when, and for what reason.

    `rules` are (name, weight); `batch` is the same for posts that one decision was made about.
    """

    rules: Sequence[tuple[str, int]] = ()
    verdict: Verdict | None = None
    at: datetime | None = None
    reason: str = ""
    batch: int = 0
    text: str = "Tuyển người"
    campaign_id: int | None = None
    author: str = ""
    level: str = "medium"
    score: int = 50
    groups: tuple[str, ...] = ("offer",)
    seen_at: datetime | None = None


def judged(rules: Sequence[tuple[str, int]], **more: Any) -> dict[str, Any]:
    """A stored judgement in which these rules counted."""
    packs = sorted({name.partition("/")[0] for name, _ in rules})
    reasons = [[name, "offer", weight, "Vì thế.", "That is why."] for name, weight in rules]
    return judgement(reasons=reasons, packs=packs, **more)


def make(database: Database, clock: Clock, made: Sequence[Made]) -> list[int]:
    """Write the posts and their decisions; ids in the order given."""
    source = Posts(database, clock).source()
    with database.writing() as session:
        first = (session.query(PostRow.id).order_by(PostRow.id.desc()).limit(1).scalar() or 0) + 1
        ids = list(range(first, first + len(made)))
        session.execute(
            insert(PostRow),
            [_post(i, one, source, clock) for i, one in zip(ids, made, strict=True)],
        )
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT setval('post_id_seq', :last)"), {"last": max(ids)})
        rows = [_decision(i, one, clock) for i, one in zip(ids, made, strict=True) if one.verdict]
        if rows:
            session.execute(insert(Decision), rows)
    return ids


def _post(id_: int, one: Made, source: int, clock: Clock) -> dict[str, Any]:
    seen = one.seen_at or one.at or clock.now()
    url = f"https://dien-dan.example/bai/d{id_}"
    return {
        "id": id_,
        "source_id": source,
        "url": url,
        "url_key": sha256(url),
        "platform": "forum",
        "author_name": one.author,
        "author_handle": one.author,
        "text": one.text,
        "posted_at": seen,
        "seen_at": seen,
        "last_seen_at": seen,
        "content_key": sha256(one.text),
        "text_hash": sha256(one.text.casefold()),
        "campaign_id": one.campaign_id,
        "state": STATES.get(one.verdict, WorkState.NEW) if one.verdict else WorkState.NEW,
        "score": one.score,
        "level": one.level,
        "verdict_kind": "lure",
        "groups": list(one.groups),
        "urgent": False,
        "judgement": judged(one.rules, groups=list(one.groups), score=one.score, level=one.level),
        "origin": "crawl",
        "retain_until": seen + timedelta(days=90),
    }


def _decision(id_: int, one: Made, clock: Clock) -> dict[str, Any]:
    return {
        "post_id": id_,
        "decision": one.verdict,
        "reason": one.reason,
        "from_state": WorkState.NEW,
        "content_key": sha256(one.text),
        "batch_id": one.batch or None,
        "at": one.at or clock.now(),
    }


def undo(database: Database, clock: Clock, post_id: int) -> None:
    """Take back what was decided about a post, as rows."""
    with database.writing() as session:
        session.execute(
            update(Decision)
            .where(Decision.post_id == post_id, Decision.undone_at.is_(None))
            .values(undone_at=clock.now())
        )
        session.execute(update(PostRow).where(PostRow.id == post_id).values(state=WorkState.NEW))
