"""Files that citizens and officers bring (chứng cứ nộp tay): several at once, with who brought them and when seen.

Their pictures are looked at afterwards, by the worker: known again by what they show, and read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.service import require_open
from casework.evidence import custody
from casework.evidence.models import EvidenceItem
from casework.evidence.service import keep, recognise
from foundation import audit, outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import IntegrityError, InvalidInput, NotFound
from foundation.files import FileStore
from foundation.people import Actor
from search.models import PostRow
from search.pictures.reading import MOST_SECONDS, find_reader
from search.pictures.store import NotedPicture, examined, note_pictures, note_text

PICTURES_CONSUMER = "evidence.pictures"
MOST_FILES = 20
_NAME = 120


class Bringer(StrEnum):
    """Who brought it (người cung cấp)."""

    CITIZEN = "citizen"  # người dân
    OFFICER = "officer"  # cán bộ
    AUTHORITY = "authority"  # cơ quan khác
    PLATFORM = "platform"  # nền tảng, nhà cung cấp dịch vụ


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was brought: its bytes, and what it was called."""

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the files come from: in words, from whom, the address they show, and when that was seen."""

    note: str
    bringer: Bringer = Bringer.OFFICER
    url: str = ""
    seen_at: datetime | None = None


def bring_files(
    session: Session,
    actor: Actor,
    files: FileStore,
    uploads: Sequence[Upload],
    origin: Origin,
    *,
    at: datetime,
    case: Case | None = None,
    post: PostRow | None = None,
) -> EvidenceItem:
    """Keep files that belong together as one item. InvalidInput without a file, an origin, or with a wrong one."""
    if case is not None:
        require_open(case)
    if not uploads or len(uploads) > MOST_FILES:
        raise InvalidInput("no file, or too many", key="error.evidence.count", most=MOST_FILES)
    if not origin.note.strip():
        raise InvalidInput("say where the file comes from", key="error.evidence.origin")
    if origin.seen_at is not None and origin.seen_at > at:
        raise InvalidInput("seen in the future", key="error.evidence.seen_at")
    kinds = [recognise(one.data) for one in uploads]
    item = EvidenceItem(
        case_id=case.id if case else (post.case_id if post else None),
        post_id=post.id if post else None,
        url=origin.url.strip() or (post.url if post else ""),
        captured_at=origin.seen_at or at,
        origin="officer",
        files=[
            _stored(files, one, media_type, role)
            for one, (media_type, role) in zip(uploads, kinds, strict=True)
        ],
        note=origin.note.strip(),
        detail={"bringer": str(origin.bringer), "seen": origin.seen_at is not None},
        unit_id=case.unit_id if case else actor.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    keep(session, item)
    custody.add(session, item, "brought", actor, at=at, detail=f"{origin.bringer}: {item.note}")
    audit.record(session, actor, "evidence:bring", item.id, at=at, digest=item.manifest_digest)
    if item.post_id is not None:
        outbox.put(session, PICTURES_CONSUMER, [item.id], at=at)
    return item


def read_pictures(database: Database, files: FileStore, clock: Clock, *, limit: int = 5) -> int:
    """Look at pictures that were brought for a post: hashes and words; an entry point, safe to do twice."""
    with database.reading() as session:
        waiting = outbox.take(session, PICTURES_CONSUMER, at=clock.now(), limit=limit)
        items = [session.get(EvidenceItem, one.thing_id) for one in waiting]
    found = {item.id: _looked_at(files, item) for item in items if item is not None}
    with database.writing() as session:
        for item in items:
            if item is None or item.post_id is None:
                continue
            pictures, text = found[item.id]
            at = clock.now()
            note_pictures(session, item.post_id, pictures, at=at)
            note_text(session, item.post_id, text, at=at, origin="brought")
        outbox.done(session, waiting)
    return len(waiting)


def _looked_at(files: FileStore, item: EvidenceItem) -> tuple[list[NotedPicture], str]:
    """The hashes of an item's pictures, and what is written in them."""
    pictures, texts, left = [], [], MOST_SECONDS
    reader = find_reader()
    for file in item.files:
        if not str(file["media_type"]).startswith("image/"):
            continue
        try:
            data = files.get(file["digest"])
        except (NotFound, IntegrityError):
            continue
        noted = examined(data, file["digest"], file["media_type"])
        pictures += [noted] if noted else []
        if reader is not None and left > 1:
            text, took = reader.read(data, left)
            left -= took
            texts += [text] if text and text not in texts else []
    return pictures, "\n\n".join(texts)


def _stored(files: FileStore, one: Upload, media_type: str, role: str) -> dict[str, object]:
    return {
        "role": role,
        "digest": files.put(one.data),
        "media_type": media_type,
        "size": len(one.data),
        "name": one.name.strip()[:_NAME],
    }
