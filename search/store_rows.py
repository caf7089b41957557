"""What the columns of a post hold, from what was prepared: values for one INSERT of many rows, or for an edit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from search.models import WorkState
from search.rules.matcher import Judgement

if TYPE_CHECKING:
    from search.store import Intent, Prepared


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
        "retain_until": intent.retain_until,
        "created_by_id": intent.actor.user_id,
        **said(one, intent),
    }


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
        "last_seen_at": intent.at,
        "media": [{"url": m.url, "kind": m.kind, "alt": m.alt} for m in post.media],
        "links": list(post.links),
        "reply_to": post.reply_to,
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
