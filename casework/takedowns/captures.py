"""The captures of an address, before and after: from observations, or from evidence that was there before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.evidence.models import EvidenceItem
from casework.evidence.service import item_of
from casework.takedowns.models import TakedownItem
from search.models import Observation, PostRow
from search.post import Availability


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture as a page shows it. `evidence_id` None: the evidence duty has not taken it yet."""

    at: datetime
    origin: str
    screenshot: str
    media_type: str
    evidence_id: int | None
    observation_id: int | None
    availability: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Captures:
    """Side by side; None: there is none."""

    before: Capture | None
    after: Capture | None


def capture_of(session: Session, item: TakedownItem) -> Captures:
    """The captures of an address."""
    before = _seen(session, item.before_observation)
    if before is None and item.before_evidence_id is not None:
        before = _kept(session.get(EvidenceItem, item.before_evidence_id))
    return Captures(before, _seen(session, item.after_observation))


def evidence_before(
    session: Session, post: PostRow, *, until: datetime | None = None
) -> int | None:
    """The newest picture that shows the post as it stood: captured online, or brought by an officer.

    Never one that a citizen or anybody else brought: nobody of the office saw what it shows.
    `until`: it must be older than the first sighting of the removal.
    """
    query = (
        select(EvidenceItem)
        .where(
            EvidenceItem.post_id == post.id,
            EvidenceItem.availability.in_([Availability.ONLINE, ""]),
        )
        .order_by(EvidenceItem.captured_at.desc(), EvidenceItem.id.desc())
    )
    if until is not None:
        query = query.where(EvidenceItem.captured_at < until)
    found = (item for item in session.scalars(query) if _seen_by_us(item))
    return next((item.id for item in found if screenshot_of(item.files)[0]), None)


def screenshot_of(files: list[dict[str, Any]]) -> tuple[str, str]:
    """Digest and type of the picture among a capture's files; empty when there is none."""
    for file in files:
        if file["role"] == "screenshot":
            return str(file["digest"]), str(file["media_type"])
    return "", ""


def _seen_by_us(item: EvidenceItem) -> bool:
    detail = item.detail or {}
    if item.origin == "crawler":
        return "by_hand" not in detail
    return bool(detail.get("bringer", "officer") == "officer")


def _seen(session: Session, seen: Observation | None) -> Capture | None:
    if seen is None:
        return None
    digest, media_type = screenshot_of(seen.capture.get("files", []))
    item = item_of(session, seen.id)
    evidence = item.id if item else None
    return Capture(
        seen.at, seen.origin, digest, media_type, evidence, seen.id, seen.availability, seen.detail
    )


def _kept(item: EvidenceItem | None) -> Capture | None:
    if item is None:
        return None
    digest, media_type = screenshot_of(item.files)
    return Capture(
        item.captured_at,
        item.origin,
        digest,
        media_type,
        item.id,
        item.observation_id,
        item.availability,
        item.note,
    )
