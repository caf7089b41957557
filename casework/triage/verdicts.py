"""Which decisions learning does not know yet: the last one that stands counts, a case counts as a flag.

Told by comparison, not by a cursor: whatever was undone, decided again or lost in between is found.
A post that is no longer stored keeps the verdict that was learned of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from casework.domain.triage_lifecycle import KIND
from casework.triage.models import Decision, Verdict
from foundation.lifecycle import TransitionRow
from search.lab.stored import NOT_ABOUT_RULES
from search.learning import verdicts as learning
from search.learning.models import LearnedPost, Outcome
from search.models import PostRow, WorkState

IN_CASE = (WorkState.IN_CASE, WorkState.CLOSED)


def changes(session: Session, limit: int) -> learning.Changes:
    """At most `limit` verdicts that are new or other than learned, and as many that were taken back."""
    ids = {*_decided_otherwise(session, limit), *_case_otherwise(session, limit)}
    chosen = sorted(ids)[:limit]
    found = list(_verdicts(session, chosen))
    told = {one.post_id for one in found}
    withdrawn = [id_ for id_ in chosen if id_ not in told] + _withdrawn(session, limit)
    return learning.Changes(found, sorted(set(withdrawn)))


def _decided_otherwise(session: Session, limit: int) -> Sequence[int]:
    latest = (
        select(Decision.post_id, func.max(Decision.id).label("id"))
        .where(Decision.undone_at.is_(None))
        .group_by(Decision.post_id)
        .subquery()
    )
    query = (
        select(latest.c.post_id)
        .outerjoin(LearnedPost, LearnedPost.post_id == latest.c.post_id)
        .where(or_(LearnedPost.post_id.is_(None), LearnedPost.decision_id != latest.c.id))
    )
    return session.scalars(query.order_by(latest.c.post_id).limit(limit)).all()


def _case_otherwise(session: Session, limit: int) -> Iterable[int]:
    """Posts that went into a case, or came out of one, since their verdict was learned."""
    inside = PostRow.state.in_(IN_CASE)
    went = (
        select(PostRow.id)
        .outerjoin(LearnedPost, LearnedPost.post_id == PostRow.id)
        .where(inside, or_(LearnedPost.post_id.is_(None), LearnedPost.by_case.is_(False)))
    )
    came = (
        select(LearnedPost.post_id)
        .join(PostRow, PostRow.id == LearnedPost.post_id)
        .where(LearnedPost.by_case.is_(True), PostRow.state.not_in(IN_CASE))
    )
    for query in (went.order_by(PostRow.id), came.order_by(LearnedPost.post_id)):
        yield from session.scalars(query.limit(limit))


def _withdrawn(session: Session, limit: int) -> list[int]:
    """Posts that are still stored, but about which no decision stands any more."""
    stands: ColumnElement[bool] = (
        select(Decision.id)
        .where(Decision.post_id == LearnedPost.post_id, Decision.undone_at.is_(None))
        .exists()
    )
    query = (
        select(LearnedPost.post_id)
        .join(PostRow, PostRow.id == LearnedPost.post_id)
        .where(~stands, PostRow.state.not_in(IN_CASE))
    )
    return list(session.scalars(query.order_by(LearnedPost.post_id).limit(limit)))


def _verdicts(session: Session, post_ids: Sequence[int]) -> Iterable[learning.Verdict]:
    if not post_ids:
        return
    inside = set(
        session.scalars(
            select(PostRow.id).where(PostRow.id.in_(post_ids), PostRow.state.in_(IN_CASE))
        )
    )
    decisions = {
        one.post_id: one
        for one in session.execute(
            select(
                Decision.post_id,
                Decision.id,
                Decision.decision,
                Decision.reason,
                Decision.at,
                Decision.batch_id,
            )
            .where(Decision.post_id.in_(post_ids), Decision.undone_at.is_(None))
            .order_by(Decision.id)
        )
    }
    entered = _entered(session, sorted(inside - decisions.keys()))
    for id_ in post_ids:
        one = decisions.get(id_)
        if one is not None:
            by_case = id_ in inside
            outcome = Outcome.KEPT if by_case else outcome_of(one.decision, one.reason)
            reason = "" if outcome is Outcome.KEPT else one.reason
            together = one.batch_id or 0
            yield learning.Verdict(id_, one.id, outcome, reason, one.at, together, by_case)
        elif id_ in entered:
            yield learning.Verdict(id_, 0, Outcome.KEPT, "", entered[id_], 0, by_case=True)


def outcome_of(decision: str, reason: str) -> Outcome:
    """What a decision says of the rules; some reasons to dismiss a post say nothing of them."""
    if decision == Verdict.KEEP:
        return Outcome.KEPT
    if decision == Verdict.HELP:
        return Outcome.HELP
    return Outcome.ASIDE if reason in NOT_ABOUT_RULES else Outcome.DISMISSED


def _entered(session: Session, post_ids: Sequence[int]) -> dict[int, datetime]:
    """When posts went into their case, for those that nobody had decided about before."""
    if not post_ids:
        return {}
    seen = session.execute(select(PostRow.id, PostRow.seen_at).where(PostRow.id.in_(post_ids)))
    found = {row[0]: row[1] for row in seen}
    rows = session.execute(
        select(TransitionRow.subject_id, TransitionRow.at)
        .where(
            TransitionRow.subject_kind == KIND,
            TransitionRow.subject_id.in_(post_ids),
            TransitionRow.to_state == WorkState.IN_CASE,
        )
        .order_by(TransitionRow.id)
    )
    return found | {row[0]: row[1] for row in rows}
