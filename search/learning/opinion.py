"""The second opinion in force: switched by an administrator, by itself only off; what it says, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import NotAllowedInState, NotFound
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor
from search.learning.features import GROUP, LEVEL, valued, words_of
from search.learning.model import Linear
from search.learning.models import OpinionModel, OpinionState
from search.learning.quality import Quality
from search.models import PostRow

STRONGEST = 5
LEAST_WEIGHT = 0.01
"""A word that moves the log-odds by less is not worth telling."""
CHANGED = "quality"


@dataclass(frozen=True, slots=True)
class Said:
    """What the second opinion says of one post: words and groups that spoke for and against, strongest first.

    Group names begin with `search.learning.features.GROUP`.
    """

    speaks_for: tuple[str, ...]
    against: tuple[str, ...]


def in_force(session: Session) -> OpinionModel | None:
    """The model that orders the queue now, or None. One small query."""
    query = select(OpinionModel).where(OpinionModel.state == OpinionState.ON)
    return session.scalars(query.order_by(OpinionModel.id.desc()).limit(1)).first()


def id_in_force(session: Session) -> int | None:
    """Only its id, for ordering."""
    query = select(OpinionModel.id).where(OpinionModel.state == OpinionState.ON)
    return session.scalar(query.order_by(OpinionModel.id.desc()).limit(1))


def versions(session: Session, limit: int = 20) -> list[OpinionModel]:
    """All versions, the newest first."""
    return list(session.scalars(select(OpinionModel).order_by(OpinionModel.id.desc()).limit(limit)))


def may_switch_on(row: OpinionModel) -> bool:
    """Only what beat the rules on held-back decisions, and has not fallen behind them since."""
    if row.state not in {OpinionState.MEASURED, OpinionState.OFF} or row.why_off == CHANGED:
        return False
    return Quality.from_dict(row.quality).beats


def switch_on(session: Session, actor: Actor, model_id: int, *, at: datetime) -> OpinionModel:
    """Let this version order the queue within a level. NotAllowedInState where it does not beat the rules."""
    row = _get(session, model_id)
    if not may_switch_on(row):
        raise NotAllowedInState(
            "it does not beat the rules", about=f"opinion:{row.id}", key="error.learning.not_better"
        )
    for other in session.scalars(select(OpinionModel).where(OpinionModel.state == OpinionState.ON)):
        _switch(session, actor, other, OpinionState.OFF, "replaced", at)
    session.flush()
    _switch(session, actor, row, OpinionState.ON, "", at)
    return row


def switch_off(
    session: Session, actor: Actor, model_id: int, *, at: datetime, why: str = ""
) -> OpinionModel:
    """Order by the rules alone again; also how an administrator says that a fall has been seen."""
    row = _get(session, model_id)
    if row.state not in {OpinionState.ON, OpinionState.FELL}:
        raise NotAllowedInState("it is off", about=f"opinion:{row.id}")
    _switch(session, actor, row, OpinionState.OFF, why or row.why_off, at)
    return row


def fall(session: Session, row: OpinionModel, *, at: datetime) -> None:
    """New decisions say that it is worse than the rules: it switches itself off, and an administrator is told."""
    _switch(session, SYSTEM, row, OpinionState.FELL, CHANGED, at)


def fallen(session: Session) -> list[OpinionModel]:
    """Versions that switched themselves off, until an administrator has seen it."""
    query = select(OpinionModel).where(OpinionModel.state == OpinionState.FELL)
    return list(session.scalars(query.order_by(OpinionModel.id)))


def load(files: FileStore, digest: str) -> Linear:
    """The coefficients, checked against their digest; kept in memory, since they never change."""
    found = _LOADED.get(digest)
    if found is None:
        if len(_LOADED) > 2:
            _LOADED.clear()
        found = _LOADED[digest] = Linear.from_bytes(files.get(digest))
    return found


def say(model: Linear, post: PostRow) -> Said:
    """What moved the opinion about this post most, either way; of overlapping words the stronger."""
    weighed = [
        (value * model.weights.get(bucket, 0.0), name)
        for name, (bucket, value) in valued(words_of(post.body), post.groups, post.level).items()
        if not name.startswith(LEVEL)
    ]
    weighed.sort(key=lambda pair: (-abs(pair[0]), pair[1]))
    strong = [pair for pair in weighed if abs(pair[0]) >= LEAST_WEIGHT]
    return Said(
        _apart(name for weight, name in strong if weight > 0),
        _apart(name for weight, name in strong if weight < 0),
    )


_LOADED: dict[str, Linear] = {}


def _apart(names: Iterable[str]) -> tuple[str, ...]:
    told: list[str] = []
    for name in names:
        words = set(name.split())
        if name.startswith(GROUP) or not any(words & set(other.split()) for other in told):
            told.append(name)
        if len(told) == STRONGEST:
            break
    return tuple(told)


def _get(session: Session, model_id: int) -> OpinionModel:
    row = session.get(OpinionModel, model_id)
    if row is None:
        raise NotFound(f"no second opinion {model_id}", about=f"opinion:{model_id}")
    return row


def _switch(
    session: Session, actor: Actor, row: OpinionModel, state: OpinionState, why: str, at: datetime
) -> None:
    row.state, row.why_off = state, why
    row.switched_at, row.switched_by_id = at, actor.user_id
    session.flush()
    audit.record(session, actor, f"opinion:{state}", row.id, at=at, digest=row.digest, why=why)
