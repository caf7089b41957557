"""From rows to what the index knows of them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only, selectinload

from search.index.base import IndexDocument
from search.models import PostContact, PostRow
from search.text import normalise


def document(post: PostRow) -> IndexDocument:
    """What the index is told of a post as it stands in the database now."""
    normal = normalise(post.body)
    return IndexDocument(
        id=post.id,
        kept=normal.kept,
        folded=normal.folded,
        source_id=post.source_id,
        source=post.source.name,
        platform=post.platform,
        level=post.level,
        score=post.score,
        kind=post.verdict_kind,
        state=post.state,
        groups=tuple(post.groups),
        author=post.author_name or post.author_handle,
        contacts=tuple(f"{contact.kind}:{contact.value}" for contact in post.contacts),
        urgent=post.urgent,
        unit_id=post.unit_id,
        case_id=post.case_id,
        posted_at=post.posted_at,
        seen_at=post.seen_at,
        version=int(post.last_seen_at.timestamp()),
    )


_NEEDED = (
    load_only(
        PostRow.source_id,
        PostRow.platform,
        PostRow.level,
        PostRow.score,
        PostRow.verdict_kind,
        PostRow.state,
        PostRow.groups,
        PostRow.author_name,
        PostRow.author_handle,
        PostRow.urgent,
        PostRow.unit_id,
        PostRow.case_id,
        PostRow.posted_at,
        PostRow.seen_at,
        PostRow.last_seen_at,
        PostRow.title,
        PostRow.text,
    ),
    selectinload(PostRow.contacts).load_only(PostContact.kind, PostContact.value),
)
"""What a document is made of: the judgement alone is larger than all of it."""


def posts_by_id(session: Session, ids: Iterable[int]) -> dict[int, PostRow]:
    """The rows that are there, with what a document needs of them."""
    query = select(PostRow).where(PostRow.id.in_(list(ids))).options(*_NEEDED)
    return {post.id: post for post in session.scalars(query).unique()}


def posts_after(session: Session, after: int, limit: int) -> list[PostRow]:
    """The next rows by id."""
    query = (
        select(PostRow)
        .where(PostRow.id > after)
        .order_by(PostRow.id)
        .limit(limit)
        .options(*_NEEDED)
    )
    return list(session.scalars(query).unique())
