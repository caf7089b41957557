"""Judged posts as rows: many with one INSERT, put into campaigns at once; edits keep what was said before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from search import campaigns
from search.models import PostContact, PostRow, PostVersion, WorkState
from search.post import BROUGHT
from search.rules.matcher import Judgement, Kind

if TYPE_CHECKING:
    from search.preparing import Prepared
    from search.store import Intent

_POST, _CONTACT = cast("Table", PostRow.__table__), cast("Table", PostContact.__table__)


def seen_again(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Stored posts that say what they said are seen once more."""
    if ids:
        seen = update(PostRow).where(PostRow.id.in_(ids)).values(last_seen_at=at)
        session.execute(seen.execution_options(synchronize_session=False))


def insert_all(
    session: Session, new: Sequence["Prepared"], edited: Mapping[int, "Prepared"], intent: "Intent"
) -> list[int]:
    """New posts with their contacts, and all posts of the batch put into campaigns; the new ids in order."""
    placings = [_placing(id_, one) for id_, one in edited.items()]
    placings += [_placing(-number, one) for number, one in enumerate(new, start=1)]
    plan = campaigns.plan(session, [one for one in placings if one], at=intent.at)
    ids: dict[int, int] = {}
    if new:
        rows = [
            {**begun(one, intent), "campaign_id": plan.campaign_of(-number)}
            for number, one in enumerate(new, start=1)
        ]
        stored = session.execute(insert(_POST).returning(_POST.c.url_key, _POST.c.id), rows)
        id_of = {row.url_key: row.id for row in stored}
        ids = {-number: id_of[one.url_key] for number, one in enumerate(new, start=1)}
    told = {**edited, **{ids[-number]: one for number, one in enumerate(new, start=1)}}
    found = [row for id_, one in told.items() for row in contact_rows(id_, one)]
    if found:
        session.execute(insert(_CONTACT), found)
    campaigns.settle(session, plan, ids, at=intent.at)
    return list(ids.values())


def _placing(key: int, one: "Prepared") -> campaigns.Placing | None:
    if one.signature is None:
        return None
    tying = campaigns.own_contacts((each.kind, each.value[:500]) for each in one.entities)
    return campaigns.Placing(key, one.text_hash, one.signature, tying)


def edit(session: Session, edited: Mapping[int, "Prepared"], intent: "Intent") -> None:
    """Keep what posts said before, then take what they say now; people's decisions stand."""
    if not edited:
        return
    for row in session.scalars(select(PostRow).where(PostRow.id.in_(edited))).unique():
        session.add(
            PostVersion(
                post_id=row.id,
                title=row.title,
                text=row.text,
                content_key=row.content_key,
                seen_until=row.last_seen_at,
            )
        )
        campaigns.forget_bands(session, row)
        for name, value in said(edited[row.id], intent).items():
            setattr(row, name, value)
    session.flush()
    old = delete(PostContact).where(PostContact.post_id.in_(edited))
    session.execute(old.execution_options(synchronize_session=False))


def begun(one: "Prepared", intent: "Intent") -> dict[str, Any]:
    """All columns of a new post, but its campaign."""
    return {
        "source_id": intent.source_id,
        "run_id": intent.run_id,
        "url": one.post.url,
        "url_key": one.url_key,
        "platform": one.post.platform.value,
        "seen_at": intent.at,
        "state": WorkState.NEW.value,
        "case_id": None,
        "unit_id": intent.unit_id,
        "origin": intent.origin.value,
        "retain_until": None if _waits(one, intent) else intent.retain_until,
        "created_by_id": intent.actor.user_id,
        **said(one, intent),
    }


def _waits(one: "Prepared", intent: "Intent") -> bool:
    """Whether it stays until a person decides: what a person brought, and cries for help."""
    help_asked = one.judgement is not None and one.judgement.kind is Kind.HELP
    return help_asked or intent.origin in BROUGHT


def said(one: "Prepared", intent: "Intent") -> dict[str, Any]:
    """The columns that say what a post says now and what the rules make of it."""
    post, judgement = one.post, one.judgement or Judgement.none()
    return {
        "author_name": post.author.name,
        "author_handle": post.author.handle[:300],
        "author_url": post.author.url,
        "title": post.title,
        "text": post.text,
        "language": post.language[:10],
        "posted_at": post.posted_at,
        "zone": post.zone[:6],
        "last_seen_at": intent.at,
        "media": [{"url": m.url, "kind": m.kind, "alt": m.alt} for m in post.media],
        "links": list(post.links),
        "reply_to": post.reply_to,
        "forwarded_from": post.forwarded_from,
        "counts": dict(post.counts),
        "content_key": one.content_key,
        "text_hash": one.text_hash,
        "score": judgement.score,
        "level": judgement.level.value,
        "verdict_kind": judgement.kind.value,
        "groups": list(judgement.groups),
        "urgent": bool(judgement.urgent),
        "judgement": judgement.to_dict(),
        "matcher_version": one.matcher_version,
    }


def contact_rows(post_id: int, one: "Prepared") -> Iterator[dict[str, Any]]:
    """The rows of a post's contacts."""
    for entity in one.entities:
        yield {
            "post_id": post_id,
            "kind": entity.kind.value,
            "value": entity.value[:500],
            "raw": entity.raw,
            "start": entity.start,
            "end": entity.end,
        }
