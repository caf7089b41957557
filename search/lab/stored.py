"""Stored posts as the rule lab reads them, in batches: their words, their context, what officers decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.lifecycle import TransitionRow
from search.lab.compare import Text
from search.models import PostRow, Source, WorkState
from search.rules.judgement import Context

#: States in which an officer has found the post right to be flagged.
RIGHT = frozenset({WorkState.KEPT, WorkState.IN_CASE, WorkState.CLOSED})
#: Reasons of a dismissal that say nothing about the rules: they were right, the post was no use.
NOT_ABOUT_RULES = frozenset({"duplicate", "wrong_place", "old"})
POST = "post"


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored post with what the rules said of it when it was judged last."""

    id: int
    body: str
    context: Context
    state: str
    reason: str
    content_key: str
    judgement: dict[str, Any]
    matcher_version: str
    score: int
    level: str
    kind: str

    @property
    def right(self) -> bool | None:
        """Whether officers found it right that it was flagged; None while nobody said so."""
        if self.state in RIGHT:
            return True
        dismissed = self.state == WorkState.DISMISSED
        return False if dismissed and self.reason not in NOT_ABOUT_RULES else None

    def as_text(self) -> Text:
        return Text("stored", str(self.id), self.body, self.right, self.reason, self.id)


def count_posts(session: Session) -> int:
    """How many posts are stored."""
    return session.scalar(select(func.count()).select_from(PostRow)) or 0


def read_batch(session: Session, after: int, limit: int) -> list[Stored]:
    """The next posts by id, without their contacts and pictures."""
    rows = session.execute(
        select(
            PostRow.id,
            PostRow.title,
            PostRow.text,
            PostRow.platform,
            PostRow.language,
            PostRow.posted_at,
            PostRow.seen_at,
            PostRow.state,
            PostRow.content_key,
            PostRow.judgement,
            PostRow.matcher_version,
            PostRow.score,
            PostRow.level,
            PostRow.verdict_kind,
            Source.name,
        )
        .join(Source, Source.id == PostRow.source_id)
        .where(PostRow.id > after)
        .order_by(PostRow.id)
        .limit(limit)
    ).all()
    dismissed = [row.id for row in rows if row.state == WorkState.DISMISSED]
    reasons = _reasons(session, dismissed)
    return [_stored(row, reasons.get(row.id, "")) for row in rows]


def _stored(row: Any, reason: str) -> Stored:
    body = f"{row.title}\n{row.text}" if row.title else row.text
    return Stored(
        id=row.id,
        body=body,
        context=Context(row.name, row.platform, row.language, row.posted_at, row.seen_at),
        state=row.state,
        reason=reason,
        content_key=row.content_key,
        judgement=row.judgement,
        matcher_version=row.matcher_version,
        score=row.score,
        level=row.level,
        kind=row.verdict_kind,
    )


def _reasons(session: Session, post_ids: Sequence[int]) -> dict[int, str]:
    """Why posts were dismissed, the last time."""
    if not post_ids:
        return {}
    rows = session.execute(
        select(TransitionRow.subject_id, TransitionRow.reason)
        .where(
            TransitionRow.subject_kind == POST,
            TransitionRow.subject_id.in_(post_ids),
            TransitionRow.to_state == WorkState.DISMISSED,
            TransitionRow.reason != "",
        )
        .order_by(TransitionRow.id)
    )
    return {row.subject_id: row.reason for row in rows}
