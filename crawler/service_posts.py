"""What an officer enters by hand: one post, with a screenshot as attested observation. Never commits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.one_address import one_address
from crawler.pipeline import clean
from crawler.service_sources import SourceInput, create_source, get_source
from crawler.sources.manual import parser as manual
from foundation import audit
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor
from search import watch
from search.ingest import Ingestor
from search.models import PostRow, Source
from search.post import Availability, Origin, Post
from search.preparing import sha256
from search.store import IngestResult, store
from search.watch import CaptureFile, CaptureFiles

CITIZENS = "Tin báo của người dân"
"""Name of the source of what citizens send by the public form."""
_TOLD_BY = {"citizen": "citizen", "hotline": "citizen", "agency": "agency"}
"""Who saw what no officer saw himself, by how it became known."""


def enter_post(
    session: Session,
    ingestor: Ingestor,
    files: FileStore,
    actor: Actor,
    source_id: int,
    given: Mapping[str, Any],
    *,
    at: datetime,
    screenshot: bytes = b"",
    note: str = "",
    origin: Origin = Origin.MANUAL,
) -> PostRow:
    """Enter one post by hand; it is kept whatever the rules say, its origin is shown.

    A screenshot, or having seen it oneself, becomes an observation that the actor attests; a picture that a
    citizen or another agency brought is kept as theirs and attests nothing. `note` says in words how it became
    known. FormProblems names what cannot be taken.
    What a citizen says of an address that is known never changes what is there: it becomes a post of its own.
    """
    source = get_source(session, actor, source_id)
    entered = manual.read(given, screenshot)
    entered = replace(entered, post=clean(entered.post))
    wanted = entered.post
    if origin is Origin.CITIZEN:
        wanted = _beside(session, source.id, wanted)
    prepared = ingestor.prepare([wanted], source=source.name, keep_all=True)
    intent = ingestor.intent(
        source.id, origin=origin, actor=actor, unit_id=actor.unit_id or source.unit_id
    )
    stored = store(session, prepared, intent)
    post = _stored_post(session, source.id, prepared[0].url_key, stored)
    if screenshot or entered.how == "seen":
        _observe(session, files, actor, post, entered, screenshot, note, at=at)
    audit.record(session, actor, "post:enter", post.id, at=at, source=source.id, how=entered.how)
    return post


def same_address(session: Session, actor: Actor, url: str) -> list[PostRow]:
    """The posts of this canonical address that the actor may see, whatever source they came from."""
    keys = {sha256(url), sha256(one_address(url))}
    query = select(PostRow).where(PostRow.url_key.in_(keys)).order_by(PostRow.id)
    return [row for row in session.scalars(query).unique() if actor.sees_unit(row.unit_id)]


def named_source(session: Session, given: SourceInput, *, at: datetime) -> Source:
    """The source of that name that belongs to no unit; the system makes it when it is missing."""
    found = session.scalars(
        select(Source).where(Source.name == given.name, Source.unit_id.is_(None)).limit(1)
    ).first()
    return found or create_source(session, SYSTEM, given, at=at)


def standing_source(session: Session, actor: Actor, given: SourceInput, *, at: datetime) -> Source:
    """The source of that kind for what the actor's unit brings itself; the system makes it when it is missing.

    Each unit has its own, so that the same address from two units is two posts and nobody changes another's.
    """
    found = session.scalars(
        select(Source)
        .where(
            Source.kind == given.kind,
            Source.unit_id == actor.unit_id,
            Source.name != CITIZENS,
        )
        .order_by(Source.id)
        .limit(1)
    ).first()
    made_by = replace(SYSTEM, unit_id=actor.unit_id)
    return found or create_source(session, made_by, given, at=at)


def _beside(session: Session, source_id: int, post: Post) -> Post:
    """The post under an address of its own, where a post that says something else stands under this one.

    Anybody may send any address; what was received before, judged and perhaps decided on is not rewritten by it.
    """
    before = session.scalar(
        select(PostRow.content_key).where(
            PostRow.source_id == source_id, PostRow.url_key == sha256(post.url)
        )
    )
    if before is None or before == sha256(post.body):
        return post
    own = manual.address_of(f"{post.url}\n{post.text}")
    return replace(post, url=own, links=(post.url, *post.links))


def _observe(
    session: Session,
    files: FileStore,
    actor: Actor,
    post: PostRow,
    entered: manual.Entered,
    screenshot: bytes,
    note: str,
    *,
    at: datetime,
) -> None:
    """What the actor attests to have seen, or what others brought: then nobody says that it was online."""
    told_by = _TOLD_BY.get(entered.how, "")
    capture = None
    url = entered.post.url
    if screenshot:
        digest = files.put(screenshot)
        picture = CaptureFile("screenshot", digest, entered.screenshot_type, len(screenshot))
        capture = _brought(url, picture, told_by, at)
    watch.observe(
        session,
        url,
        None if told_by else Availability.ONLINE,
        at=at,
        actor=actor,
        post_id=post.id,
        capture=capture,
        detail=note,
        origin=told_by,
    )


def _brought(url: str, picture: CaptureFile, told_by: str, at: datetime) -> CaptureFiles:
    moment = at.isoformat()
    detail: dict[str, Any] = {"by_hand": True}
    if told_by:
        detail |= {"bringer": "authority" if told_by == "agency" else told_by, "seen": False}
    tool = told_by or "officer"
    return CaptureFiles(url, "", None, moment, moment, tool, (picture,), detail=detail)


def _stored_post(session: Session, source_id: int, url_key: str, stored: IngestResult) -> PostRow:
    if stored.kept or stored.updated:
        return session.get_one(PostRow, (stored.kept or stored.updated)[0])
    query = select(PostRow).where(PostRow.source_id == source_id, PostRow.url_key == url_key)
    return session.scalars(query).one()
