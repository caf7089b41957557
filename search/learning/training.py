"""Training a second opinion: on older decisions, measured on newer ones, stored as a version with its quality.

Training switches nothing on. What is stored has learned from all decisions; its measured quality is that of
the same training on the older ones alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.clock import Clock
from foundation.database import Database
from foundation.files import FileStore
from foundation.people import SYSTEM
from search.learning.counting import read_note, write_note
from search.learning.lessons import Read, held, lessons, read
from search.learning.model import Linear, Task, fit
from search.learning.models import LearnedPost, OpinionModel, Outcome
from search.learning.quality import Quality, measure
from search.learning.splitting import Lesson, split, thinned

TRAINED = "trained"
LEAST, LEAST_EACH = 200, 50
EVERY = timedelta(days=7)
NEW_DECISIONS = 20
"""Under so many new decisions a week's training would only repeat the last one."""


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from: decisions, copies of a campaign left out, and those of each verdict."""

    decisions: int
    kept: int

    @property
    def dismissed(self) -> int:
        return self.decisions - self.kept

    @property
    def missing(self) -> dict[str, int]:
        """What is needed still, by name; empty where it is enough."""
        needs = {
            "decisions": LEAST - self.decisions,
            "kept": LEAST_EACH - self.kept,
            "dismissed": LEAST_EACH - self.dismissed,
        }
        return {name: number for name, number in needs.items() if number > 0}


def is_due(session: Session, *, at: datetime) -> bool:
    """Whether it is a week since the last training, and enough was decided since."""
    note = read_note(session, TRAINED)
    if note is not None and at - note.at < EVERY:
        return False
    query = select(func.count()).select_from(LearnedPost)
    query = query.where(LearnedPost.outcome.in_([Outcome.KEPT, Outcome.DISMISSED]))
    if note is not None:
        query = query.where(LearnedPost.at > note.at)
    return (session.scalar(query) or 0) >= NEW_DECISIONS


def material(session: Session, *, since: datetime) -> Material:
    """What could be learned from now."""
    some, _cluster = thinned(lessons(session, since=since))
    return Material(len(some), sum(one.kept for one in some))


def train(
    database: Database, files: FileStore, clock: Clock, retention: timedelta
) -> OpinionModel | Material:
    """A new version, or what there is where that is too little. Slow work is outside of transactions."""
    at = clock.now()
    with database.reading() as session:
        every = lessons(session, since=at - retention)
        some, _cluster = thinned(every)
        enough = Material(len(some), sum(one.kept for one in some))
        posts = {} if enough.missing else read(session, [one.post_id for one in some])
    if enough.missing:
        _note(database, at, enough)
        return enough
    quality, whole = learned(every, some, posts)
    row = OpinionModel(
        digest=files.put(whole.to_bytes()),
        decisions=enough.decisions,
        kept=enough.kept,
        until=max(one.at for one in every),
        quality=quality.to_dict(),
        created_at=at,
    )
    with database.writing() as session:
        session.add(row)
        session.flush()
        audit.record(session, SYSTEM, "opinion:train", row.id, at=at, digest=row.digest)
    _note(database, at, enough)
    return row


def learned(
    every: Sequence[Lesson], some: Sequence[Lesson], posts: Mapping[int, Read]
) -> tuple[Quality, Linear]:
    """A model of all decisions, and how good one is on the newer ones that has seen only the older ones."""
    parts = split(every)
    known = {one.post_id: one for one in every if one.post_id in posts}
    older = [known[id_] for id_ in parts.train if id_ in known]
    newer = [known[id_] for id_ in parts.test if id_ in known]
    tasks = [_task(some, posts)]
    if len({one.kept for one in older}) == 2:
        tasks.append(_task(older, posts))
    models = fit(*tasks)
    if len(models) == 1:
        return Quality(), models[0]
    scores = {one.post_id: models[1].score(posts[one.post_id].features) for one in newer}
    return measure(list(held(newer, posts, parts.cluster, scores))), models[0]


def _task(some: Sequence[Lesson], posts: Mapping[int, Read]) -> Task:
    known = [one for one in some if one.post_id in posts]
    return [posts[one.post_id].features for one in known], [one.kept for one in known]


def _note(database: Database, at: datetime, enough: Material) -> None:
    with database.writing() as session:
        write_note(session, TRAINED, at, **asdict(enough))
