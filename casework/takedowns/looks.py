"""What was seen of the addresses: by the crawler, or attested by an officer; the same path for both."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from casework.domain.removal import Judged, Sighting, judge
from casework.domain.takedown_lifecycle import ITEM, REQUEST, ItemState, RequestState
from casework.evidence.service import recognise
from casework.takedowns.captures import evidence_before
from casework.takedowns.drafting import ASKED
from casework.takedowns.models import TakedownItem, TakedownRequest
from foundation import audit
from foundation.errors import InvalidInput
from foundation.files import FileStore
from foundation.lifecycle import perform
from foundation.people import SYSTEM, Actor
from search.models import Observation
from search.post import Availability
from search.watch import CaptureFile, CaptureFiles, observations, observe

LEAST_WORDS = 10
_FIELDS = ("first_gone_at", "removed_at", "reappeared_at", "online_at")


def attest(
    session: Session,
    actor: Actor,
    files: FileStore,
    item: TakedownItem,
    availability: Availability,
    seen: str,
    screenshot: bytes,
    distance: timedelta,
    *,
    at: datetime,
) -> Observation:
    """An officer says what stands at the address now (xác nhận), with a picture of it.

    The moment is now, never one that is typed in: the distance between two sightings is a proof.
    InvalidInput without words or without a picture.
    """
    if len(seen.strip()) < LEAST_WORDS:
        raise InvalidInput(
            "say what was seen", about="seen", key="error.takedown.attest_words", least=LEAST_WORDS
        )
    if not screenshot:
        raise InvalidInput(
            "a screenshot is needed", about="screenshot", key="error.takedown.attest_picture"
        )
    media_type, role = recognise(screenshot)
    if role != "screenshot":
        raise InvalidInput(
            "a picture is needed", about="screenshot", key="error.takedown.attest_picture"
        )
    stored = CaptureFile(role, files.put(screenshot), media_type, len(screenshot))
    moment = at.isoformat()
    capture = CaptureFiles(
        item.url, item.url, None, moment, moment, "officer", (stored,), detail={"seen": seen}
    )
    row = observe(
        session,
        item.url,
        availability,
        at=at,
        actor=actor,
        asked_kind=ASKED,
        asked_id=item.id,
        post_id=item.post_id,
        capture=capture,
        detail=seen.strip(),
    )
    audit.record(
        session,
        actor,
        "takedown:attest",
        item.request_id,
        at=at,
        item=item.id,
        observation=row.id,
        availability=availability,
        digest=stored.digest,
    )
    take_in(session, item, distance, at=at)
    return row


def take_in(session: Session, item: TakedownItem, distance: timedelta, *, at: datetime) -> bool:
    """Judge the address by everything seen of it, and the request by its addresses; safe to do twice.

    Returns whether anything about the address changed its state.
    """
    if item.before_evidence_id is None:
        item.before_evidence_id = evidence_before(session, item.post, until=item.first_gone_at)
    judged = judged_of(session, item, distance)
    for name in _FIELDS:
        setattr(item, name, getattr(judged, name))
    item.before_observation_id = judged.before_id
    item.after_observation_id = judged.after_id
    item.last_availability = judged.last or ""
    item.last_looked_at = judged.last_at
    session.flush()
    changed = judged.state != item.state
    if changed:
        _step_item(session, item, judged, at=at)
    session.refresh(item, ["before_observation", "after_observation"])
    settle(session, item.request, at=at)
    return changed


def judged_of(session: Session, item: TakedownItem, distance: timedelta) -> Judged:
    """What all observations of the address say together."""
    seen = observations(session, ASKED, [item.id])
    sightings = [
        Sighting(row.id, Availability(row.availability), row.at, _has_picture(row)) for row in seen
    ]
    return judge(sightings, distance, has_before=item.before_evidence_id is not None)


def settle(session: Session, request: TakedownRequest, *, at: datetime) -> None:
    """All addresses proven gone: the request is done, by the system. One seen again: it is open again."""
    states = {item.state for item in request.items}
    if request.state == RequestState.SENT and states == {ItemState.REMOVED}:
        perform(session, REQUEST, request, "finish", SYSTEM, at=at)
        request.done_at = at
        audit.record(session, SYSTEM, "takedown:finish", request.id, at=at, case=request.case_id)
    elif request.state == RequestState.DONE and _came_back(request):
        perform(session, REQUEST, request, "reopen", SYSTEM, at=at, reason="reappeared")
        request.done_at = None
        audit.record(session, SYSTEM, "takedown:reopen", request.id, at=at, case=request.case_id)
    session.flush()


def _came_back(request: TakedownRequest) -> bool:
    """Whether an address was seen again since the request was done."""
    done = request.done_at
    return done is not None and any(
        item.reappeared_at is not None and item.reappeared_at >= done for item in request.items
    )


def _step_item(session: Session, item: TakedownItem, judged: Judged, *, at: datetime) -> None:
    before = item.state
    perform(
        session,
        ITEM,
        item,
        f"seen_{judged.state}",
        SYSTEM,
        at=at,
        reason="reappeared" if judged.reappeared_at and before == ItemState.REMOVED else "",
        data={"request": item.request_id, "before": judged.before_id, "after": judged.after_id},
    )
    audit.record(
        session,
        SYSTEM,
        "takedown:item",
        item.request_id,
        at=at,
        item=item.id,
        was=before,
        state=item.state,
    )


def _has_picture(row: Observation) -> bool:
    return any(file["role"] == "screenshot" for file in row.capture.get("files", ()))
