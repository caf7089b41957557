"""Tips of citizens: received with a code and a digest, found again by the code, their sender behind one door."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from casework.domain.case_lifecycle import CLOSERS, WORKERS
from casework.privacy.masking import MIN_REASON
from casework.tips.models import Tip
from foundation import audit
from foundation.errors import NeedsMissing, NotFound
from foundation.people import SYSTEM, Actor, add_note
from foundation.permissions import acts
from search.models import PostRow

ACTS = acts({"tip.view": CLOSERS, "tip.contact": WORKERS})
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No letter that looks like a figure: codes are read out over the telephone."""
LENGTH = 10
PAGE = 100


@dataclass(frozen=True, slots=True)
class Received:
    """What a citizen sent, as it is printed on the receipt and covered by its digest."""

    text: str
    url: str = ""
    where_seen: str = ""
    when_seen: str = ""
    contact: str = ""
    screenshot: str = ""
    """SHA-256 of the picture."""

    def digest(self, at: datetime) -> str:
        """SHA-256 over everything and the moment it came."""
        moment = at.astimezone(UTC).isoformat()
        written = json.dumps([asdict(self), moment], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()


def receive(
    session: Session,
    post: PostRow,
    given: Received,
    *,
    at: datetime,
    retention: timedelta = timedelta(days=90),
) -> Tip:
    """Keep a tip as it was typed, with a code of its own; its post is in the queue already."""
    tip = Tip(
        code=_free_code(session),
        post_id=post.id,
        text=given.text,
        url=given.url,
        when_seen=given.when_seen,
        where_seen=given.where_seen,
        contact=given.contact,
        digest=given.digest(at),
        screenshot=given.screenshot,
        received_at=at,
        retain_until=at + retention,
    )
    session.add(tip)
    session.flush()
    audit.record(session, SYSTEM, "tip:receive", tip.id, at=at, post=post.id, digest=tip.digest)
    return tip


def is_intact(tip: Tip) -> bool | None:
    """Whether what is kept still is what the receipt's digest says; None where it is not kept any more."""
    if tip.text is None:
        return None
    kept = Received(tip.text, tip.url, tip.where_seen, tip.when_seen, tip.contact, tip.screenshot)
    return kept.digest(tip.received_at) == tip.digest


def receipt(session: Session, code: str) -> Tip:
    """The tip of a code, for whoever was given the code; NotFound for any other."""
    found = session.scalars(select(Tip).where(Tip.code == plain(code))).first()
    if found is None:
        raise NotFound("no such receipt", about="tip")
    return found


def listed(session: Session, actor: Actor, code: str = "") -> Sequence[Tip]:
    """The newest tips, or that of a code, as far as the actor may see their posts."""
    query = _seen_by(actor).order_by(Tip.received_at.desc(), Tip.id.desc()).limit(PAGE)
    if code:
        query = query.where(Tip.code == plain(code))
    return session.scalars(query).unique().all()


def get_tip(session: Session, actor: Actor, tip_id: int) -> Tip:
    """The tip, however old, if this actor may see its post; else NotFound."""
    found = session.scalars(_seen_by(actor).where(Tip.id == tip_id)).first()
    if found is None:
        raise NotFound(f"no tip {tip_id}", about=f"tip:{tip_id}")
    return found


def _seen_by(actor: Actor) -> Select[Tip]:
    query = select(Tip)
    if actor.unit_id is None:
        return query
    # A tip whose post is gone belongs to no unit any more: only who sees all units sees it.
    return query.join(Tip.post).where(
        or_(PostRow.unit_id.is_(None), PostRow.unit_id == actor.unit_id)
    )


def of_post(session: Session, post_id: int) -> Sequence[Tip]:
    """The tips that brought a post."""
    return (
        session.scalars(select(Tip).where(Tip.post_id == post_id).order_by(Tip.id)).unique().all()
    )


def contact_of(session: Session, actor: Actor, tip: Tip, reason: str, *, at: datetime) -> str:
    """How the sender may be asked back. NeedsMissing without a reason in words; the act is in the audit log."""
    if len(reason.strip()) < MIN_REASON:
        raise NeedsMissing(
            f"unmasking needs a reason of at least {MIN_REASON} characters",
            about=f"tip:{tip.id}",
            missing=["reason"],
        )
    note = add_note(session, actor, "tip", tip.id, reason.strip(), at=at)
    audit.record(session, actor, "tip:contact", tip.id, at=at, note=note.id)
    return tip.contact


def plain(code: str) -> str:
    """A code as it is stored, however it was written down: spaces, dashes, small letters."""
    return "".join(letter for letter in code.upper() if letter.isalnum())[:20]


def shown(code: str) -> str:
    """ABCDE-FGHJK."""
    return f"{code[:5]}-{code[5:]}"


def _free_code(session: Session) -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if session.scalar(select(Tip.id).where(Tip.code == code)) is None:
            return code
