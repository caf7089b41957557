"""Wishes to look at an address again or to capture it, and what was then seen.

The meeting place of crawler and casework, which do not know each other: casework wishes, the crawler leases
wishes and observes. Each observation waits in the outbox for whoever asked (consumer LOOK_CONSUMER) and, when
something was captured, for whoever keeps evidence (consumer CAPTURE_CONSUMER).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.database import insert_into
from foundation.people import Actor
from search.models import Observation, PostRow, Wish, WishKind
from search.pictures.models import LastCapture
from search.post import Availability

LOOK_CONSUMER = "observation.look"
CAPTURE_CONSUMER = "observation.capture"
LEASE = timedelta(minutes=10)
"""Longer than one visit may take; who leases several at once renews the lease of each when its turn comes."""
MAX_ATTEMPTS = 5
POSTPONED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """One file of a capture: its role, digest, type and size.

    Roles: screenshot (several, from top to bottom), html (as rendered), raw (as received), text, metadata,
    headers, tls, wacz, media (pictures of the page), video, ocr (read from pictures), document.
    """

    role: str
    digest: str
    media_type: str
    size: int
    name: str = ""
    """What the file is called where files are laid out for people; empty: by its role."""
    source: str = ""
    """The address that the file itself was loaded from, for pictures and videos of the page."""


@dataclass(frozen=True, slots=True)
class CaptureFiles:
    """One capture of one address (bản chụp): what was stored, when, how it was publicly visible."""

    url: str
    final_url: str
    status: int | None
    started_at: str
    """ISO 8601, UTC."""
    ended_at: str
    tool: str
    files: tuple[CaptureFile, ...] = ()
    title: str = ""
    robots: str = ""
    """allowed, or what robots.txt says."""
    detail: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "CaptureFiles":
        files = tuple(CaptureFile(**file) for file in raw.get("files", ()))
        return cls(**{**raw, "files": files})

    def digest_of(self, role: str) -> str:
        """The digest of the file in that role, or an empty string."""
        return next((file.digest for file in self.files if file.role == role), "")


def wish(
    session: Session,
    kind: WishKind,
    url: str,
    actor: Actor,
    *,
    at: datetime,
    due_at: datetime | None = None,
    post: PostRow | None = None,
    asked_kind: str = "",
    asked_id: int | None = None,
) -> Wish:
    """Wish that the address be looked at or captured, from `due_at` on (now when None)."""
    row = Wish(
        kind=kind,
        url=url,
        post_id=post.id if post else None,
        expected_key=post.content_key if post else "",
        asked_kind=asked_kind,
        asked_id=asked_id,
        state="waiting",
        due_at=due_at or at,
        unit_id=actor.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    return row


def lease(session: Session, *, at: datetime, limit: int = 5) -> list[Wish]:
    """Take due wishes for a while, by compare-and-set; those whose lease ran out are given out again."""
    open_wish = or_(Wish.state == "waiting", and_(Wish.state == "leased", Wish.lease_until < at))
    due = session.scalars(
        select(Wish.id)
        .where(open_wish, Wish.due_at <= at)
        .order_by(Wish.due_at, Wish.id)
        .limit(limit)
    ).all()
    mine = [
        wish_id
        for wish_id in due
        if session.execute(
            update(Wish)
            .where(Wish.id == wish_id, open_wish)
            .values(state="leased", lease_until=at + LEASE, attempts=Wish.attempts + 1)
            .execution_options(synchronize_session=False)
        ).rowcount  # type: ignore[attr-defined]
    ]
    return list(session.scalars(select(Wish).where(Wish.id.in_(mine)).order_by(Wish.id)))


def renew(session: Session, row: Wish, *, at: datetime) -> bool:
    """Begin the lease anew, by compare-and-set; False when another has taken the wish, or served it."""
    still = and_(Wish.id == row.id, Wish.state == "leased", Wish.attempts == row.attempts)
    renewed = session.execute(
        update(Wish)
        .where(still)
        .values(lease_until=at + LEASE)
        .execution_options(synchronize_session=False)
    )
    return bool(renewed.rowcount)  # type: ignore[attr-defined]


def put_off(session: Session, row: Wish, error: str, *, at: datetime) -> None:
    """The look itself failed (not: nothing was there). Tried again later; after five times given up, aloud."""
    row.last_error = error[:2000]
    row.lease_until = None
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "failed"
        observe(session, row.url, Availability.UNREACHABLE, at=at, wish_row=row, detail=error)
        return
    row.state = "waiting"
    row.due_at = at + timedelta(seconds=20 * 2**row.attempts)


def postpone(row: Wish, why: str, *, at: datetime) -> None:
    """We could not look, through no fault of the address: tried again in a while, and not counted as a try."""
    row.state, row.lease_until = "waiting", None
    row.attempts = max(0, row.attempts - 1)
    row.last_error, row.due_at = why[:2000], at + POSTPONED


def observe(
    session: Session,
    url: str,
    availability: Availability | None,
    *,
    at: datetime,
    wish_row: Wish | None = None,
    actor: Actor | None = None,
    asked_kind: str = "",
    asked_id: int | None = None,
    post_id: int | None = None,
    capture: CaptureFiles | None = None,
    final_url: str = "",
    status: int | None = None,
    detail: str = "",
    seen_text: str = "",
    origin: str = "",
) -> Observation:
    """Write what was seen; a wish it answers is done. An officer's attestation names the `actor`.

    `availability` None and an `origin` of its own, citizen or agency: nobody of the office looked, something
    was only brought.
    """
    row = Observation(
        wish_id=wish_row.id if wish_row else None,
        url=url,
        post_id=wish_row.post_id if wish_row else post_id,
        asked_kind=wish_row.asked_kind if wish_row else asked_kind,
        asked_id=wish_row.asked_id if wish_row else asked_id,
        availability=availability or "",
        at=at,
        origin=origin or ("officer" if actor and not actor.is_system else "crawler"),
        final_url=final_url,
        status=status,
        detail=detail,
        seen_text=seen_text,
        capture=capture.to_dict() if capture else {},
        actor_id=actor.user_id if actor else None,
        unit_id=(wish_row.unit_id if wish_row else None) or (actor.unit_id if actor else None),
    )
    session.add(row)
    if wish_row is not None and wish_row.state != "failed":
        wish_row.state = "done"
        wish_row.lease_until = None
    session.flush()
    if row.asked_kind:
        outbox.put(session, LOOK_CONSUMER, [row.id], at=at)
    if capture:
        outbox.put(session, CAPTURE_CONSUMER, [row.id], at=at)
    return row


def observations(session: Session, asked_kind: str, asked_ids: Sequence[int]) -> list[Observation]:
    """Everything seen for these askers, oldest first."""
    return list(
        session.scalars(
            select(Observation)
            .where(Observation.asked_kind == asked_kind, Observation.asked_id.in_(asked_ids))
            .order_by(Observation.at, Observation.id)
        )
    )


@dataclass(frozen=True, slots=True)
class KnownCapture:
    """The last capture of an address that showed something new."""

    observation_id: int
    compared: str
    files: CaptureFiles


def last_capture(session: Session, asked: Wish) -> KnownCapture | None:
    """What the next capture for this wish is compared with; None where there is nothing yet."""
    row = session.get(LastCapture, _address_key(asked.url, asked.post_id, asked.unit_id))
    seen = session.get(Observation, row.observation_id) if row else None
    if row is None or seen is None or not seen.capture:
        return None
    return KnownCapture(seen.id, row.compared, CaptureFiles.from_dict(seen.capture))


def remember_capture(session: Session, seen: Observation, compared: str) -> None:
    """From now on captures of this address are compared with this one.

    Each post and each unit has its own: whoever asked must find the files under what is theirs.
    """
    values = {
        "address_key": _address_key(seen.url, seen.post_id, seen.unit_id),
        "observation_id": seen.id,
        "compared": compared,
        "at": seen.at,
    }
    statement = insert_into(session, LastCapture).values(**values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["address_key"],
            set_={name: values[name] for name in ("observation_id", "compared", "at")},
        )
    )


def _address_key(url: str, post_id: int | None, unit_id: int | None) -> str:
    whole = f"{unit_id or ''}\n{post_id or ''}\n{url}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
