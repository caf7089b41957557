"""Pictures of posts as rows: noted with their hashes, found again, their text judged beside the post's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.clock import Clock
from foundation.database import Database, insert_into
from search.models import PostRow
from search.pictures.hashing import NEAR, bands, distance, look_at, near_bands
from search.pictures.models import Picture, PictureText
from search.preparing import sha256
from search.rules.matcher import Context, Judgement, Matcher

READ_CONSUMER = "picture.text"
MOST_ALIKE = 200
"""More posts than this with the same picture are not counted: it belongs to the site, not to the posts."""


@dataclass(frozen=True, slots=True)
class NotedPicture:
    """A picture to be noted: the digest of its file, and its hash and size."""

    digest: str
    phash: int
    width: int
    height: int
    media_type: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A picture of a post, and the other posts that show the same one with how many bits it differs."""

    picture: Picture
    posts: tuple[tuple[int, int], ...]


def examined(data: bytes, digest: str, media_type: str, source: str = "") -> NotedPicture | None:
    """The picture with its hash; None where there is nothing to know again. Takes some milliseconds."""
    seen = look_at(data)
    if seen is None:
        return None
    return NotedPicture(digest, seen.phash, seen.width, seen.height, media_type, source)


def note_pictures(
    session: Session,
    post_id: int,
    pictures: Sequence[NotedPicture],
    *,
    at: datetime,
    observation_id: int | None = None,
) -> None:
    """Keep the pictures of a post; one that is known of the post is not kept again."""
    rows = []
    for one in pictures:
        parts = bands(one.phash)
        rows.append(
            {
                "digest": one.digest,
                "phash": f"{one.phash:016x}",
                **{f"band_{number}": part for number, part in enumerate(parts)},
                "width": one.width,
                "height": one.height,
                "media_type": one.media_type[:40],
                "source": one.source[:2_000],
                "post_id": post_id,
                "observation_id": observation_id,
                "seen_at": at,
            }
        )
    if rows:
        session.execute(insert_into(session, Picture).values(rows).on_conflict_do_nothing())


def pictures_of(session: Session, post_id: int) -> Sequence[Picture]:
    """The pictures of a post, in the order they were seen."""
    return session.scalars(
        select(Picture).where(Picture.post_id == post_id).order_by(Picture.id)
    ).all()


def alike(session: Session, phash: int, *, within: int = NEAR) -> list[tuple[Picture, int]]:
    """Pictures that look the same, the nearest first; `within` at most NEAR bits."""
    columns = (Picture.band_0, Picture.band_1, Picture.band_2, Picture.band_3)
    wanted = [
        column.in_(near_bands(band)) for column, band in zip(columns, bands(phash), strict=True)
    ]
    found = session.scalars(select(Picture).where(or_(*wanted)).limit(20_000))
    measured = ((one, distance(int(one.phash, 16), phash)) for one in found)
    near = [(one, bits) for one, bits in measured if bits <= min(within, NEAR)]
    return sorted(near, key=lambda pair: (pair[1], pair[0].id))


def seen_elsewhere(session: Session, post_id: int) -> list[Alike]:
    """For each picture of the post the other posts that show it; what many posts show is left out."""
    found = []
    for picture in pictures_of(session, post_id):
        nearest: dict[int, int] = {}
        for other, bits in alike(session, int(picture.phash, 16)):
            if other.post_id != post_id:
                nearest.setdefault(other.post_id, bits)
        if len(nearest) <= MOST_ALIKE:
            found.append(Alike(picture, tuple(nearest.items())))
    return found


def note_text(
    session: Session,
    post_id: int,
    text: str,
    *,
    at: datetime,
    origin: str,
    observation_id: int | None = None,
) -> None:
    """Keep what was read from pictures of a post; it waits for the rules' judgement."""
    if not text.strip():
        return
    values: dict[str, Any] = {
        "post_id": post_id,
        "observation_id": observation_id,
        "text_key": sha256(text),
        "text": text,
        "origin": origin,
        "judgement": {},
        "matcher_version": "",
        "seen_at": at,
    }
    session.execute(insert_into(session, PictureText).values(values).on_conflict_do_nothing())
    row = session.scalar(
        select(PictureText).where(
            PictureText.post_id == post_id, PictureText.text_key == values["text_key"]
        )
    )
    if row is not None and not row.matcher_version:
        outbox.put(session, READ_CONSUMER, [row.id], at=at)


def texts_of(session: Session, post_id: int) -> Sequence[PictureText]:
    """What was read from pictures of the post, the newest first."""
    return session.scalars(
        select(PictureText).where(PictureText.post_id == post_id).order_by(PictureText.id.desc())
    ).all()


def judge_texts(
    database: Database, clock: Clock, matcher: Callable[[], Matcher], *, limit: int = 50
) -> int:
    """Judge what was read from pictures like a text of its own; an entry point that can be done twice.

    `matcher` gives the rules of this moment.
    """
    rules = matcher()
    with database.reading() as session:
        waiting = outbox.take(session, READ_CONSUMER, at=clock.now(), limit=limit)
        judged = {}
        for row in session.scalars(
            select(PictureText).where(PictureText.id.in_([one.thing_id for one in waiting]))
        ):
            found = _judged(row, session.get(PostRow, row.post_id), rules, clock)
            judged[row.id] = found.to_dict() if found is not None else {}
    with database.writing() as session:
        for row_id, judgement in judged.items():
            values = {"judgement": judgement, "matcher_version": rules.version}
            session.execute(update(PictureText).where(PictureText.id == row_id).values(**values))
        outbox.done(session, waiting)
    return len(waiting)


def _judged(
    row: PictureText, post: PostRow | None, matcher: Matcher, clock: Clock
) -> Judgement | None:
    if post is None:
        return None
    context = Context(post.source.name, post.platform, post.language, post.posted_at, clock.now())
    return matcher.match(row.text, context)
