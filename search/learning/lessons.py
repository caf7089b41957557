"""Decided posts as the second opinion learns from them, without those that it may not use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from search.learning.features import Features, features
from search.learning.models import LearnedPost, Outcome
from search.learning.quality import Held
from search.learning.splitting import Lesson
from search.models import PostRow, PostVersion

MOST = 20_000
"""Decisions that are read, the newest first."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class Read:
    """One post of a lesson: what is seen of it, and where the rules' own order has it within its level."""

    features: Features
    level: str
    rules: tuple[Any, ...]


def lessons(session: Session, *, since: datetime, after: datetime | None = None) -> list[Lesson]:
    """Decisions from `since` on, or made after `after`, about posts that are still stored as they were then.

    A dismissed post goes after its retention period and a flagged one stays: going back further would
    show only one side.
    """
    edited = (
        select(PostVersion.id)
        .where(PostVersion.post_id == PostRow.id, PostVersion.seen_until >= LearnedPost.at)
        .exists()
    )
    query = (
        select(
            LearnedPost.post_id,
            LearnedPost.at,
            LearnedPost.outcome,
            LearnedPost.together,
            PostRow.campaign_id,
            PostRow.text_hash,
        )
        .join(PostRow, PostRow.id == LearnedPost.post_id)
        .where(LearnedPost.outcome.in_([Outcome.KEPT, Outcome.DISMISSED]), ~edited)
        .where(LearnedPost.at >= since if after is None else LearnedPost.at > after)
        .order_by(LearnedPost.at.desc(), LearnedPost.post_id.desc())
        .limit(MOST)
    )
    return [_lesson(row) for row in session.execute(query)]


def read(session: Session, post_ids: Sequence[int]) -> dict[int, Read]:
    """What these posts say, in batches; ids that are gone are left out."""
    found: dict[int, Read] = {}
    for start in range(0, len(post_ids), BATCH):
        part = post_ids[start : start + BATCH]
        rows = session.execute(
            select(
                PostRow.id,
                PostRow.title,
                PostRow.text,
                PostRow.groups,
                PostRow.level,
                PostRow.score,
                PostRow.seen_at,
            ).where(PostRow.id.in_(part))
        )
        for row in rows:
            body = f"{row.title}\n{row.text}" if row.title else row.text
            seen = features(body, row.groups, row.level)
            found[row.id] = Read(seen, row.level, (-row.score, row.seen_at, row.id))
    return found


def held(
    lessons: Sequence[Lesson],
    posts: Mapping[int, Read],
    cluster: Mapping[int, int],
    scores: Mapping[int, float],
) -> Iterator[Held]:
    """Lessons with the opinion about them, to be measured."""
    for one in lessons:
        post = posts.get(one.post_id)
        if post is not None:
            group = cluster[one.post_id]
            yield Held(post.level, one.kept, group, scores[one.post_id], post.rules)


def _lesson(row: Any) -> Lesson:
    ties: list[tuple[str, Any]] = [("text", row.text_hash)]
    if row.campaign_id:
        ties.append(("campaign", row.campaign_id))
    if row.together:
        ties.append(("decision", row.together))
    return Lesson(row.post_id, row.at, row.outcome == Outcome.KEPT, tuple(ties))
