"""Which posts an actor may know of, and what was decided about them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.triage.models import Decision
from casework.triage.queue import visible
from foundation.errors import Conflict, NotFound
from foundation.people import Actor
from search.models import PostRow


class AlreadyDecided(Conflict):
    """Somebody decided about the post before; `detail` holds `state` and the `name` of who did."""

    key = "error.triage.already_decided"


def post_for(session: Session, actor: Actor, post_id: int) -> PostRow:
    """The post, if this actor may know of it; else NotFound."""
    post = session.scalars(
        select(PostRow).where(PostRow.id == post_id, visible(actor))
    ).one_or_none()
    if post is None:
        raise NotFound(f"no post {post_id}", about=f"post:{post_id}")
    return post


def decisions_of(session: Session, post_id: int) -> list[Decision]:
    """Everything decided about a post, the latest first."""
    return list(
        session.scalars(
            select(Decision).where(Decision.post_id == post_id).order_by(Decision.id.desc())
        )
    )


def decided_already(session: Session, post: PostRow) -> AlreadyDecided:
    latest = next(iter(d for d in decisions_of(session, post.id) if d.undone_at is None), None)
    return AlreadyDecided(
        f"post {post.id} is {post.state} already",
        about=f"post:{post.id}",
        state=post.state,
        name=latest.by.name if latest is not None and latest.by is not None else "",
    )
