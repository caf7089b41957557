"""What an officer enters by hand: one post, with a screenshot as attested observation. Never commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.service_sources import SourceInput, create_source, get_source
from crawler.sources.manual import parser as manual
from foundation import audit
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor
from search import watch
from search.models import PostRow, Source
from search.post import Availability, Origin
from search.store import Ingestor, IngestResult, store
from search.watch import CaptureFile, CaptureFiles


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
) -> PostRow:
    """Enter one post by hand; it is kept whatever the rules say, its origin is shown.

    A screenshot becomes an observation that the actor attests. FormProblems names what cannot be taken.
    """
    source = get_source(session, actor, source_id)
    entered = manual.read(given, screenshot)
    prepared = ingestor.prepare([entered.post], keep_all=True)
    intent = ingestor.intent(
        source.id, origin=Origin.MANUAL, actor=actor, unit_id=actor.unit_id or source.unit_id
    )
    stored = store(session, prepared, intent)
    post = _stored_post(session, source.id, prepared[0].url_key, stored)
    if screenshot:
        digest = files.put(screenshot)
        picture = CaptureFile("screenshot", digest, entered.screenshot_type, len(screenshot))
        moment = at.isoformat()
        capture = CaptureFiles(
            post.url, "", None, moment, moment, "officer", (picture,), detail={"by_hand": True}
        )
        watch.observe(
            session,
            post.url,
            Availability.ONLINE,
            at=at,
            actor=actor,
            post_id=post.id,
            capture=capture,
        )
    audit.record(session, actor, "post:enter", post.id, at=at, source=source.id)
    return post


def ensure_manual_source(
    session: Session, given: SourceInput, *, at: datetime, actor: Actor = SYSTEM
) -> Source:
    """The source that posts entered by hand belong to; made when there is none yet."""
    found = session.scalars(
        select(Source).where(Source.kind == "manual").order_by(Source.id).limit(1)
    ).first()
    return found or create_source(session, actor, given, at=at)


def _stored_post(session: Session, source_id: int, url_key: str, stored: IngestResult) -> PostRow:
    if stored.kept or stored.updated:
        return session.get_one(PostRow, (stored.kept or stored.updated)[0])
    query = select(PostRow).where(PostRow.source_id == source_id, PostRow.url_key == url_key)
    return session.scalars(query).one()
