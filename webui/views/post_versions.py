"""The wordings of a post side by side, and which of them evidence was captured of."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.evidence.listing import visible
from casework.evidence.models import EvidenceItem
from casework.triage.versions import Version, at_time, shown_in, versions_of
from foundation.errors import NotFound, Unavailable
from foundation.files import FileStore
from foundation.people import Actor
from search.models import PostRow, PostVersion
from webui.views.text_diff import Piece, word_diff

MOST_ITEMS = 20
MOST_TEXT = 2**20
"""Bytes of a capture's text that are read to know what it shows."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version, what it changed in the one before, and the evidence that shows it."""

    version: Version
    pieces: Sequence[Piece]
    """Empty for the first one, which changed nothing."""
    evidence: Sequence[EvidenceItem]


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions, the oldest first; empty where the post was never edited."""

    all: Sequence[ShownVersion] = ()
    unsure: Sequence[EvidenceItem] = ()
    """Evidence of the post that shows one of them, or something else."""


def versions(session: Session, actor: Actor, post: PostRow, files: FileStore) -> Versions:
    """The versions of a post that was edited."""
    before = session.scalars(select(PostVersion).where(PostVersion.post_id == post.id)).all()
    if not before:
        return Versions()
    known = versions_of(post, before)
    items = session.scalars(
        select(EvidenceItem)
        .where(EvidenceItem.post_id == post.id, visible(actor))
        .order_by(EvidenceItem.captured_at.desc())
        .limit(MOST_ITEMS)
    ).all()
    shows = [(item, _version_of(item, known, files)) for item in reversed(items)]
    found = []
    for index, version in enumerate(known):
        pieces = word_diff(known[index - 1].body, version.body) if index else ()
        mine = [item for item, seen in shows if seen is version]
        found.append(ShownVersion(version, pieces, mine))
    return Versions(found, [item for item, seen in shows if seen is None])


def _version_of(item: EvidenceItem, known: Sequence[Version], files: FileStore) -> Version | None:
    """By the words that the capture holds; without any, as of a picture, by its time where that is enough."""
    text = _text(item, files)
    return shown_in(known, text) if text else at_time(known, item.captured_at)


def _text(item: EvidenceItem, files: FileStore) -> str:
    digest = next((file["digest"] for file in item.files if file["role"] == "text"), "")
    if not digest:
        return ""
    try:
        with files.open(digest) as stream:
            return stream.read(MOST_TEXT).decode("utf-8", "replace")
    except (NotFound, Unavailable):
        return ""  # the page of the post does not fail for a file; that of the evidence says that it is gone
