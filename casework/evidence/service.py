"""Evidence: captures that were wished for, files that were brought, and the checks that they are unchanged."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.domain.case_lifecycle import CLOSERS, WORKERS
from casework.evidence import custody
from casework.evidence.models import EvidenceItem, Sighting
from foundation import audit, outbox
from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput, NotFound
from foundation.files import FileStore
from foundation.people import SYSTEM, Actor, Role, User
from foundation.permissions import acts
from search.models import Observation, PostRow, Wish, WishKind
from search.watch import CAPTURE_CONSUMER, CaptureFiles, wish

ACTS = acts(
    {
        "evidence.view": CLOSERS,
        "evidence.capture": WORKERS,
        "evidence.upload": WORKERS,
        "evidence.export": CLOSERS,
        "evidence.export_unmasked": WORKERS | {Role.APPROVER},
        "evidence.check": CLOSERS,
    }
)
log = structlog.get_logger()
ASKED = "evidence"
MAX_UPLOAD = 25 * 2**20
_SEEN_BY_US = ("crawler", "officer")
_FILE = ("role", "digest", "size", "media_type", "name", "source")
# What may be brought, by the first bytes of the file, whatever its name says.
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": ("image/png", "screenshot"),
    b"\xff\xd8\xff": ("image/jpeg", "screenshot"),
    b"RIFF": ("image/webp", "screenshot"),
    b"%PDF-": ("application/pdf", "document"),
}


@dataclass(frozen=True, slots=True)
class HashCheck:
    """Whether the stored bytes still are what their digests say."""

    checked: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def get_item(session: Session, actor: Actor, item_id: int) -> EvidenceItem:
    """The item, if this actor may know of it; else NotFound."""
    item = session.get(EvidenceItem, item_id)
    if item is None or not actor.sees_unit(item.unit_id):
        raise NotFound(f"no evidence {item_id}", about=f"evidence:{item_id}")
    return item


def ask_capture(
    session: Session, actor: Actor, url: str, *, at: datetime, post: PostRow | None = None
) -> Wish:
    """Wish for a capture (bản chụp) of the address; the crawler makes it."""
    if not url.startswith(("http://", "https://")):
        raise InvalidInput("only web pages can be captured", key="error.evidence.address", url=url)
    made = wish(session, WishKind.CAPTURE, url, actor, at=at, post=post, asked_kind=ASKED)
    audit.record(session, actor, "evidence:ask", made.id, at=at, post=post.id if post else None)
    return made


def take_captures(database: Database, clock: Clock, *, limit: int = 50) -> int:
    """Turn observations with a capture into evidence; an entry point that can be done twice. Returns how many.

    Each by itself: one that cannot be read is put off with what was wrong, and the others go on.
    """
    with database.reading() as session:
        waiting = outbox.take(session, CAPTURE_CONSUMER, at=clock.now(), limit=limit)
    return sum(_taken(database, clock, one) for one in waiting)


def _taken(database: Database, clock: Clock, one: outbox.Waiting) -> bool:
    try:
        with database.writing() as session:
            seen = session.get(Observation, one.thing_id)
            if seen is not None and seen.capture and item_of(session, seen.id) is None:
                from_observation(session, seen, at=clock.now())
            outbox.done(session, [one])
    except Exception as error:  # noqa: BLE001 - whatever one capture holds, the others become evidence
        log.warning("capture not taken", observation=one.thing_id, error=str(error))
        with database.writing() as session:
            outbox.failed(session, one, f"{type(error).__name__}: {error}", at=clock.now())
        return False
    return True


def from_observation(session: Session, seen: Observation, *, at: datetime) -> EvidenceItem:
    """The item of one observation that has a capture, with its first row of custody.

    Of a capture that showed the same as an earlier one it is the earlier's item, with one more row.
    """
    capture = CaptureFiles.from_dict(seen.capture)
    known = _unchanged_item(session, capture)
    if known is not None:
        return _seen_again(session, known, seen, at=at)
    post = session.get(PostRow, seen.post_id) if seen.post_id else None
    asked = session.get(Wish, seen.wish_id) if seen.wish_id else None
    asker = session.get(User, seen.actor_id or (asked.created_by_id if asked else None) or 0)
    item = EvidenceItem(
        case_id=post.case_id if post else None,
        post_id=seen.post_id,
        observation_id=seen.id,
        url=seen.url,
        final_url=capture.final_url,
        status=capture.status,
        availability=seen.availability,
        title=capture.title,
        captured_at=datetime.fromisoformat(capture.started_at),
        ended_at=datetime.fromisoformat(capture.ended_at),
        origin=seen.origin,
        tool=capture.tool[:120],
        robots=capture.robots[:120],
        files=capture.to_dict()["files"],
        note="" if seen.origin in _SEEN_BY_US else seen.detail,
        detail=capture.detail,
        unit_id=_unit_of(session, seen, post),
        created_at=at,
        created_by_id=asker.id if asker else None,
    )
    keep(session, item)
    doer = _actor_of(asker)
    act = "captured" if seen.origin == "crawler" else "brought"
    custody.add(session, item, act, doer, at=at, detail=_came_how(item))
    audit.record(session, doer, "evidence:add", item.id, at=at, digest=item.manifest_digest)
    return item


def _unit_of(session: Session, seen: Observation, post: PostRow | None) -> int | None:
    """The case's, where the post is in one; else that of whoever asked, or of the post."""
    case = session.get(Case, post.case_id) if post and post.case_id else None
    return case.unit_id if case else seen.unit_id or (post.unit_id if post else None)


def item_of(session: Session, observation_id: int) -> EvidenceItem | None:
    """The item that holds what this observation captured, its own or an earlier one that is the same."""
    own = select(EvidenceItem).where(EvidenceItem.observation_id == observation_id)
    again = session.get(Sighting, observation_id)
    return session.scalar(own) or (session.get(EvidenceItem, again.item_id) if again else None)


def sightings(session: Session, item: EvidenceItem) -> Sequence[Sighting]:
    """When the item's address showed the same again, oldest first."""
    query = select(Sighting).where(Sighting.item_id == item.id)
    return session.scalars(query.order_by(Sighting.at, Sighting.observation_id)).all()


def _unchanged_item(session: Session, capture: CaptureFiles) -> EvidenceItem | None:
    since = capture.detail.get("unchanged_since")
    return item_of(session, int(since["observation"])) if since else None


def _seen_again(
    session: Session, item: EvidenceItem, seen: Observation, *, at: datetime
) -> EvidenceItem:
    """Note that the item's address showed the same once more; there are no new files."""
    asked = session.get(Wish, seen.wish_id) if seen.wish_id else None
    asker = session.get(User, asked.created_by_id) if asked and asked.created_by_id else None
    session.add(Sighting(observation_id=seen.id, item_id=item.id, at=seen.at))
    session.flush()
    detail = f"observation {seen.id}, {seen.at.astimezone(UTC).isoformat(timespec='seconds')}"
    custody.add(session, item, "seen_unchanged", _actor_of(asker), at=at, detail=detail)
    return item


def _came_how(item: EvidenceItem) -> str:
    if item.origin in _SEEN_BY_US:
        return f"{len(item.files)} files"
    bringer = item.detail.get("bringer", item.origin)
    return f"{bringer}: {item.note or f'{len(item.files)} files'}"


def _actor_of(user: User | None) -> Actor:
    return user.actor() if user else SYSTEM


def recognise(data: bytes) -> tuple[str, str]:
    """Media type and role of a file by its first bytes; InvalidInput for anything else or too much."""
    if len(data) > MAX_UPLOAD:
        raise InvalidInput(
            "the file is too large", key="error.evidence.too_large", limit=MAX_UPLOAD
        )
    for signature, found in _SIGNATURES.items():
        if data.startswith(signature) and (signature != b"RIFF" or data[8:12] == b"WEBP"):
            return found
    raise InvalidInput("only PNG, JPEG, WebP and PDF files", key="error.evidence.media_type")


def check_hashes(
    session: Session, actor: Actor, files: FileStore, item: EvidenceItem, *, at: datetime
) -> HashCheck:
    """Read every file, compare digests and the chain of custody, and write that it was checked."""
    problems = problems_of(session, files, item)
    checked = HashCheck(len(item.files), tuple(problems))
    detail = "ok" if checked.ok else "; ".join(problems)
    custody.add(session, item, "hash_checked", actor, at=at, detail=detail)
    audit.record(session, actor, "evidence:check", item.id, at=at, ok=checked.ok)
    return checked


def items_for(
    session: Session,
    *,
    case_id: int | None = None,
    post_id: int | None = None,
    most: int | None = None,
) -> Sequence[EvidenceItem]:
    """The items of a case or of a post, newest first; no more than `most` of them."""
    query = select(EvidenceItem).order_by(EvidenceItem.captured_at.desc(), EvidenceItem.id.desc())
    if case_id is not None:
        query = query.where(EvidenceItem.case_id == case_id)
    if post_id is not None:
        query = query.where(EvidenceItem.post_id == post_id)
    return session.scalars(query.limit(most)).all()


def count_of_case(session: Session, case_id: int) -> int:
    """How many items a case has."""
    query = select(func.count(EvidenceItem.id)).where(EvidenceItem.case_id == case_id)
    return session.scalar(query) or 0


def put_to_case(session: Session, actor: Actor, case: Case, *, at: datetime) -> int:
    """Evidence of the case's posts that belongs to no case yet becomes the case's."""
    posts = select(PostRow.id).where(PostRow.case_id == case.id)
    rows = session.scalars(
        select(EvidenceItem)
        .where(EvidenceItem.case_id.is_(None), EvidenceItem.post_id.in_(posts))
        .order_by(EvidenceItem.id)
    ).all()
    for item in rows:
        # Whoever may open the case may open what proves it, whichever unit asked for the capture.
        item.case_id, item.unit_id = case.id, case.unit_id
        custody.add(session, item, "put_to_case", actor, at=at, detail=case.number)
    return len(rows)


def take_from_case(
    session: Session, actor: Actor, case: Case, post: PostRow, *, at: datetime
) -> int:
    """Evidence of a post that is taken out of the case leaves the case with it; custody tells it."""
    rows = session.scalars(
        select(EvidenceItem)
        .where(EvidenceItem.case_id == case.id, EvidenceItem.post_id == post.id)
        .order_by(EvidenceItem.id)
    ).all()
    for item in rows:
        item.case_id, item.unit_id = None, post.unit_id
        custody.add(session, item, "taken_from_case", actor, at=at, detail=case.number)
    return len(rows)


def claim_of(item: EvidenceItem) -> str:
    """All that the item claims, as one line of JSON: the text whose SHA-256 is the item's digest.

    Items that earlier versions kept have a shorter one, without what is said of how they were captured.
    """
    claim = _claim(item, _FILE)
    claim["ended_at"] = item.ended_at.astimezone(UTC).isoformat() if item.ended_at else None
    claim["detail"] = item.detail or {}
    written = _written(claim)
    if item.manifest_digest and _sha256(written) != item.manifest_digest:
        shorter = _written(_claim(item, _FILE[:3]))
        return shorter if _sha256(shorter) == item.manifest_digest else written
    return written


def manifest_digest(item: EvidenceItem) -> str:
    """SHA-256 over what the item claims: the first link of its chain of custody."""
    return _sha256(claim_of(item))


def _claim(item: EvidenceItem, of_files: Sequence[str]) -> dict[str, Any]:
    return {
        "url": item.url,
        "final_url": item.final_url or "",
        "captured_at": item.captured_at.astimezone(UTC).isoformat(),
        "origin": item.origin,
        "availability": item.availability or "",
        "status": item.status,
        "title": item.title or "",
        "tool": item.tool or "",
        "robots": item.robots or "",
        "note": item.note or "",
        "files": sorted([file.get(key, "") for key in of_files] for file in item.files),
    }


def _written(claim: dict[str, Any]) -> str:
    return json.dumps(claim, sort_keys=True, ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def keep(session: Session, item: EvidenceItem) -> None:
    """Store a new item with the digest over everything it claims."""
    item.manifest_digest = ""
    item.manifest_digest = manifest_digest(item)
    session.add(item)
    session.flush()


def problems_of(session: Session, files: FileStore, item: EvidenceItem) -> list[str]:
    """What of an item is no longer what it was, in words: files, what it claims, its chain of custody."""
    problems = [wrong for file in item.files if (wrong := _file_problem(files, file["digest"]))]
    if item.manifest_digest != manifest_digest(item):
        problems.append("manifest")
    if broken := custody.problem(session, item):
        problems.append(broken)
    return problems


def _file_problem(files: FileStore, digest: str) -> str:
    try:
        return "" if files.intact(digest) else f"file {digest[:12]} was changed"
    except NotFound:
        return f"file {digest[:12]} is missing"
