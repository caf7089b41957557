"""Verdicts become counts by rule and month: what changed since the last time, and only the months it is about.

A verdict is about what the officer saw: the rules are those that counted in the post when it is learned,
minutes after the decision. Later rules are measured by later decisions, or by a back-test.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation.clock import Clock, office_time
from foundation.database import Database, insert_into
from search.learning.models import LearnedPost, LearnedRule, LearningNote, Outcome, RuleMonth
from search.learning.verdicts import Changes, Verdict, Verdicts
from search.models import PostRow

COUNTED, DIRTY = "counted", "dirty"
LOOK, BATCH = 4000, 200
"""Changes looked for at once, since comparing takes a while, and written at once."""
Met = Mapping[str, int]
"""Names of the rules that counted in a post, with their weights."""
REMARKS = "matcher"
"""What the matcher says by itself, such as that a post is very long, is no rule."""


@dataclass(slots=True)
class Cell:
    """What was decided in one month about the posts of one rule."""

    posts: Counter[str] = field(default_factory=Counter)
    once: dict[str, set[int]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str, reason: str, decision: int) -> None:
        """Count one post; `decision` is the same for posts that were decided about as one."""
        self.posts[outcome] += 1
        self.once.setdefault(outcome, set()).add(decision)
        if reason:
            self.reasons[reason] += 1

    def decisions(self, outcome: str) -> int:
        return len(self.once.get(outcome, ()))


def count(database: Database, clock: Clock, verdicts: Verdicts) -> int:
    """Learn every verdict that is new or other, a short transaction for each batch; returns how many.

    Can run twice, and can be stopped anywhere: which months must be counted again is written down with the
    verdicts that changed them.
    """
    total = 0
    while True:
        with database.reading() as session:
            changes = verdicts(session, LOOK)
        for part in _parts(changes):
            with database.reading() as session:
                met = _met(session, part.verdicts)
            with database.writing() as session:
                learn(session, part, met, at=clock.now())
        total += len(changes.verdicts) + len(changes.withdrawn)
        if max(len(changes.verdicts), len(changes.withdrawn)) < LOOK:
            break
    _recount(database, clock)
    return total


def learn(session: Session, changes: Changes, met: Mapping[int, Met], *, at: datetime) -> None:
    """Store verdicts with the rules of their posts, and write down which months they touch."""
    ids = [one.post_id for one in changes.verdicts] + list(changes.withdrawn)
    touched = select(LearnedPost.month).where(LearnedPost.post_id.in_(ids)).distinct()
    months = set(session.scalars(touched))
    session.execute(delete(LearnedPost).where(LearnedPost.post_id.in_(ids)))
    rules = known_rules(session, {k: v for some in met.values() for k, v in some.items()}, at)
    rows = [_verdict_row(one, met.get(one.post_id, {}), rules) for one in changes.verdicts]
    if rows:
        session.execute(insert_into(session, LearnedPost), rows)
    months |= {row["month"] for row in rows}
    write_note(session, DIRTY, at, months=sorted(months | set(_dirty(session))))


def _recount(database: Database, clock: Clock) -> None:
    """Make the counts of the months that were touched from their verdicts, whatever stood there before."""
    with database.reading() as session:
        months = _dirty(session)
    for month in months:
        with database.reading() as session:
            cells = _cells(session, month)
        rows = [_row(rule, month, cell) for rule, cell in sorted(cells.items())]
        with database.writing() as session:
            session.execute(delete(RuleMonth).where(RuleMonth.month == month))
            if rows:
                session.execute(insert_into(session, RuleMonth), rows)
            left = [one for one in _dirty(session) if one != month]
            write_note(session, DIRTY, clock.now(), months=left)
    with database.writing() as session:
        write_note(session, COUNTED, clock.now())


def _dirty(session: Session) -> list[str]:
    note = read_note(session, DIRTY)
    return list(note.data["months"]) if note else []


def rules_of(judgement: Mapping[str, Any]) -> dict[str, int]:
    """The rules that counted in a stored judgement, with their weights; packs by their names, with 0."""
    rules = {str(pack): 0 for pack in judgement.get("packs", ())}
    for signal, _group, weight, *_words in judgement.get("reasons", ()):
        if not str(signal).startswith(f"{REMARKS}/"):
            rules[str(signal)] = int(weight)
    return rules


def month_of(at: datetime) -> str:
    """The month of a moment on the office's calendar, as 2026-11."""
    return f"{office_time(at):%Y-%m}"


def write_note(session: Session, name: str, at: datetime, **data: Any) -> None:
    """Keep what learning must know the next time."""
    values = {"at": at, "data": data}
    statement = insert_into(session, LearningNote).values(name=name, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def read_note(session: Session, name: str) -> LearningNote | None:
    return session.get(LearningNote, name)


def known_rules(session: Session, weights: Mapping[str, int], at: datetime) -> dict[str, int]:
    """Ids of rules by name; what was never met before is known from now on."""
    if weights:
        rows = [
            {"name": name, "weight": weight, "known_since": at}
            for name, weight in sorted(weights.items())
        ]
        session.execute(insert_into(session, LearnedRule).values(rows).on_conflict_do_nothing())
    found = session.execute(
        select(LearnedRule.name, LearnedRule.id).where(LearnedRule.name.in_(list(weights)))
    )
    return {row.name: row.id for row in found}


def _parts(changes: Changes) -> Iterator[Changes]:
    for start in range(0, max(len(changes.verdicts), len(changes.withdrawn)), BATCH):
        part = slice(start, start + BATCH)
        yield Changes(changes.verdicts[part], changes.withdrawn[part])


def _met(session: Session, verdicts: Sequence[Verdict]) -> dict[int, Met]:
    """The rules that counted in these posts, by the judgement that is stored."""
    ids = [one.post_id for one in verdicts]
    found = session.execute(select(PostRow.id, PostRow.judgement).where(PostRow.id.in_(ids)))
    return {row.id: rules_of(row.judgement) for row in found}


def _verdict_row(one: Verdict, met: Met, rules: Mapping[str, int]) -> dict[str, Any]:
    return {
        "post_id": one.post_id,
        "decision_id": one.decision_id,
        "by_case": one.by_case,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "at": one.at,
        "month": month_of(one.at),
        "together": one.together,
        "rules": sorted(rules[name] for name in met),
    }


def _cells(session: Session, month: str) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    rows = session.execute(
        select(
            LearnedPost.post_id,
            LearnedPost.outcome,
            LearnedPost.reason,
            LearnedPost.together,
            LearnedPost.rules,
        )
        .where(LearnedPost.month == month)
        .execution_options(yield_per=2000)
    )
    for post_id, outcome, reason, together, rules in rows:
        for rule in rules:
            # A post of its own has a negative number, so that it never meets one of a batch.
            cells.setdefault(rule, Cell()).add(outcome, reason, together or -post_id)
    return cells


def _row(rule: int, month: str, cell: Cell) -> dict[str, Any]:
    return {
        "rule_id": rule,
        "month": month,
        **{outcome.value: cell.posts[outcome] for outcome in Outcome},
        "kept_once": cell.decisions(Outcome.KEPT),
        "dismissed_once": cell.decisions(Outcome.DISMISSED),
        "reasons": dict(sorted(cell.reasons.items())),
    }
