"""Opinions on waiting posts, written beside them in the background; and a watch on whether they still help."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from foundation.clock import Clock
from foundation.database import Database, insert_into
from foundation.files import FileStore
from search.learning.features import features
from search.learning.lessons import held, lessons, read
from search.learning.model import Linear, chance
from search.learning.models import LearnedPost, OpinionModel, PostOpinion
from search.learning.opinion import fall, id_in_force, in_force, load
from search.learning.quality import measure
from search.learning.splitting import thinned
from search.models import PostRow, PostVersion, WorkState

BATCH = 200
LEAST_SINCE, LEAST_SINCE_EACH = 50, 10
"""New decisions, and of each verdict, from which a model in force is judged anew."""


def waits(session: Session) -> bool:
    """Whether a waiting post has no opinion of the model in force."""
    model = id_in_force(session)
    return model is not None and bool(_without(session, model, 1))


def opine(database: Database, files: FileStore) -> int:
    """Write opinions on all waiting posts that lack one; returns how many. Can run twice."""
    with database.reading() as session:
        row = in_force(session)
    if row is None:
        return 0
    model, total = load(files, row.digest), 0
    with database.writing() as session:
        session.execute(delete(PostOpinion).where(PostOpinion.model_id != row.id))
        _forget_edited(session)
    while True:
        with database.reading() as session:
            ids = _without(session, row.id, BATCH)
            rows = _opinions(session, model, row.id, ids)
        if rows:
            with database.writing() as session:
                statement = insert_into(session, PostOpinion).on_conflict_do_nothing()
                session.execute(statement, rows)
        total += len(rows)
        if len(ids) < BATCH:
            return total


def watch(database: Database, files: FileStore, clock: Clock) -> bool:
    """Measure the model in force on what was decided since; off with it when it is worse than the rules.

    Returns whether it was switched off. Campaigns that it learned from are left out.
    """
    with database.reading() as session:
        row = in_force(session)
        if row is None:
            return False
        since = lessons(session, since=row.until, after=row.until)
        fresh = _fresh(session, [one.post_id for one in since], row.until)
        some, cluster = thinned([one for one in since if one.post_id in fresh])
        kept = sum(one.kept for one in some)
        few = len(some) < LEAST_SINCE or min(kept, len(some) - kept) < LEAST_SINCE_EACH
        if few or row.since.get("posts") == len(some):
            return False
        posts = read(session, [one.post_id for one in some])
    model = load(files, row.digest)
    scores = {id_: model.score(post.features) for id_, post in posts.items()}
    quality = measure(list(held(some, posts, cluster, scores)))
    with database.writing() as session:
        now = session.get_one(OpinionModel, row.id)
        now.since = quality.to_dict()
        worse = quality.difference < 0 and id_in_force(session) == row.id
        if worse:
            fall(session, now, at=clock.now())
    return worse


def _without(session: Session, model: int, limit: int) -> list[int]:
    """Waiting posts that this model has said nothing of yet."""
    has = (
        select(PostOpinion.post_id)
        .where(PostOpinion.post_id == PostRow.id, PostOpinion.model_id == model)
        .exists()
    )
    query = select(PostRow.id).where(PostRow.state == WorkState.NEW, ~has)
    return list(session.scalars(query.order_by(PostRow.id).limit(limit)))


def _opinions(
    session: Session, model: Linear, model_id: int, ids: list[int]
) -> list[dict[str, object]]:
    rows = session.execute(
        select(
            PostRow.id,
            PostRow.title,
            PostRow.text,
            PostRow.groups,
            PostRow.level,
            PostRow.content_key,
        ).where(PostRow.id.in_(ids))
    )
    return [
        {
            "post_id": row.id,
            "model_id": model_id,
            "value": round(100 * chance(model.score(_features(row)))),
            "content_key": row.content_key,
        }
        for row in rows
    ]


def _features(row: "object") -> dict[int, float]:
    title, text = getattr(row, "title", ""), getattr(row, "text", "")
    body = f"{title}\n{text}" if title else text
    return features(body, getattr(row, "groups", ()), getattr(row, "level", ""))


def _forget_edited(session: Session) -> None:
    """A post that says something else now gets another opinion."""
    edited = (
        select(PostOpinion.post_id)
        .join(PostRow, PostRow.id == PostOpinion.post_id)
        .join(PostVersion, PostVersion.post_id == PostRow.id)
        .where(PostOpinion.content_key != PostRow.content_key)
    )
    ids = list(session.scalars(edited.distinct()))
    session.execute(delete(PostOpinion).where(PostOpinion.post_id.in_(ids)))


def _fresh(session: Session, post_ids: list[int], until: datetime) -> set[int]:
    """Those that are no copies of anything the model has learned from."""
    learned = select(LearnedPost.post_id).where(LearnedPost.at <= until)
    campaigns = select(PostRow.campaign_id).where(
        PostRow.id.in_(learned), PostRow.campaign_id.is_not(None)
    )
    texts = select(PostRow.text_hash).where(PostRow.id.in_(learned))
    query = select(PostRow.id).where(
        PostRow.id.in_(post_ids),
        func.coalesce(PostRow.campaign_id, -1).not_in(campaigns),
        PostRow.text_hash.not_in(texts),
    )
    return set(session.scalars(query))
