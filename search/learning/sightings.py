"""In which stored posts a rule was met last: rules that are never met are told from that.

Moments only, and the latest of two is the latest whatever the order: reading a post twice changes nothing, so
each run goes back an hour over what it has read, for posts that were stored late.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, tuple_, update
from sqlalchemy.orm import Session

from foundation.clock import Clock
from foundation.database import Database
from search.lab.models import PostJudgement
from search.learning.counting import known_rules, read_note, rules_of, write_note
from search.learning.models import LearnedRule
from search.models import PostRow, PostVersion
from search.rules.model import Combination, Pack, Signal, State

READ = "sightings"
BATCH = 500
OVERLAP = timedelta(hours=1)
SECONDS = 120.0
"""After so long a run stops and the next one goes on, so that the worker does other things too."""
Sightings = dict[str, tuple[datetime, datetime]]


def live_rules(packs: Iterable[Pack]) -> dict[str, int]:
    """The names of all rules that can flag, with their weights."""
    found = {}
    for pack in packs:
        rules: tuple[Signal | Combination, ...] = (*pack.signals, *pack.combinations)
        for one in rules:
            if one.state is State.LIVE:
                found[f"{pack.id}/{one.id}"] = one.weight
    return found


def look(
    database: Database, clock: Clock, packs: Iterable[Pack], *, seconds: float = SECONDS
) -> int:
    """Read the posts that came since the last time; returns how many were read."""
    began, end, total = clock.now(), time.monotonic() + seconds, 0
    with database.writing() as session:
        _keep_known(session, live_rules(packs), began)
        note = read_note(session, READ)
        place = _place(note.data if note else {})
        before = note.at if note else None
    while True:
        with database.reading() as session:
            batch = session.execute(_next(place)).all()
            found = _sightings((row.seen_at, row.judgement) for row in batch)
        total += len(batch)
        done = len(batch) < BATCH
        place = (batch[-1].seen_at, batch[-1].id) if batch else place
        with database.writing() as session:
            _keep(session, found, began)
            _write_place(session, place, began, done=done)
        if done or time.monotonic() > end:
            break
    return total + (_judged_again(database, clock, before) if before else 0)


def _next(place: tuple[datetime, int] | None) -> Select[Any]:
    query = select(PostRow.id, PostRow.seen_at, PostRow.judgement)
    if place is not None:
        query = query.where(tuple_(PostRow.seen_at, PostRow.id) > place)
    return query.order_by(PostRow.seen_at, PostRow.id).limit(BATCH)


def _judged_again(database: Database, clock: Clock, since: datetime) -> int:
    """Posts that were edited, or judged again by other rules: their place in time is behind us."""
    since -= OVERLAP
    again = select(PostJudgement.post_id).where(PostJudgement.until >= since)
    edited = (
        select(PostVersion.post_id)
        .join(PostRow, PostRow.id == PostVersion.post_id)
        .where(PostRow.last_seen_at >= since)
    )
    with database.reading() as session:
        ids = sorted({*session.scalars(again), *session.scalars(edited)})
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        with database.reading() as session:
            query = select(PostRow.last_seen_at, PostRow.judgement).where(PostRow.id.in_(part))
            found = _sightings((row[0], row[1]) for row in session.execute(query))
        with database.writing() as session:
            _keep(session, found, clock.now())
    return len(ids)


def _sightings(posts: Iterable[tuple[datetime, Mapping[str, Any]]]) -> Sightings:
    found: Sightings = {}
    for seen, judgement in posts:
        for name in rules_of(judgement):
            first, last = found.get(name, (seen, seen))
            found[name] = min(first, seen), max(last, seen)
    return found


def _keep(session: Session, found: Sightings, at: datetime) -> None:
    if not found:
        return
    known_rules(session, dict.fromkeys(found, 0), at)
    rows = session.scalars(select(LearnedRule).where(LearnedRule.name.in_(list(found))))
    for row in rows:
        first, last = found[row.name]
        row.first_hit_at = min(row.first_hit_at or first, first)
        row.last_hit_at = max(row.last_hit_at or last, last)


def _keep_known(session: Session, rules: Mapping[str, int], at: datetime) -> None:
    """Every rule of today is known, with the weight that it has today."""
    ids = known_rules(session, rules, at)
    rows = session.execute(select(LearnedRule.name, LearnedRule.weight))
    weights = {row.name: row.weight for row in rows}
    changed: Sequence[str] = [name for name in rules if weights[name] != rules[name]]
    for name in changed:
        session.execute(
            update(LearnedRule).where(LearnedRule.id == ids[name]).values(weight=rules[name])
        )


def _place(data: Mapping[str, Any]) -> tuple[datetime, int] | None:
    return (datetime.fromisoformat(data["seen_at"]), int(data["id"])) if data else None


def _write_place(
    session: Session, place: tuple[datetime, int] | None, at: datetime, *, done: bool
) -> None:
    """How far was read; at the end an hour before, so that what is stored late is read the next time."""
    if place is None:
        return
    seen, last = (place[0] - OVERLAP, 0) if done else place
    write_note(session, READ, at, seen_at=seen.isoformat(), id=last)
