"""What a post's pictures tell: where else they were seen, and what is written in them (đọc từ ảnh)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.triage.queue import visible
from foundation.people import Actor
from search.models import PostRow
from search.pictures.models import PictureText
from search.pictures.store import seen_elsewhere, texts_of
from search.rules.judgement import Judgement
from webui.views.post_parts import Segment, Why, reasons_of, segments_of

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One picture, and some of the other posts that show it with how many bits they differ."""

    source: str
    total: int
    posts: tuple[tuple[PostRow, int], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from pictures, cut where rules found something, with their sentences."""

    id: int
    parts: tuple[Segment, ...]
    reasons: tuple[Why, ...]
    judged: bool


def elsewhere(session: Session, actor: Actor, post: PostRow) -> list[Elsewhere]:
    """The post's pictures that other posts show which this actor may see."""
    found = []
    for one in seen_elsewhere(session, post.id):
        rows = {
            row.id: row
            for row in session.scalars(
                select(PostRow).where(
                    PostRow.id.in_([number for number, _ in one.posts]), visible(actor)
                )
            ).unique()
        }
        posts = [(rows[number], bits) for number, bits in one.posts if number in rows]
        if posts:
            found.append(Elsewhere(one.picture.source, len(posts), tuple(posts[:SHOWN])))
    return found


def read(session: Session, post: PostRow) -> list[Read]:
    """What was read from the post's pictures, the newest first."""
    return [_read(one) for one in texts_of(session, post.id)[:3]]


def _read(one: PictureText) -> Read:
    judgement = Judgement.from_dict(one.judgement) if one.judgement else Judgement.none()
    return Read(
        one.id,
        segments_of(one.text, judgement),
        tuple(reasons_of(judgement)),
        bool(one.matcher_version),
    )
