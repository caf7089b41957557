"""What leads a file off its way: reminders, crime signs, other bodies' fines, cancelling."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.domain.deadlines import office_day
from casework.law.catalogue import Catalogue
from casework.sanctions.models import Sanction
from casework.sanctions.service import ready, step
from foundation.errors import InvalidInput
from foundation.people import Actor


def remind(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """End the file with a reminder (nhắc nhở), which is not a form of sanction."""
    ready(sanction)
    sanction.reminded_on = office_day(at)
    step(session, actor, sanction, "remind", at=at, catalogue=catalogue, reason=reason)


def fined_elsewhere(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    body: str,
    reference: str,
    amount: int,
    decided_on: date,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Another body fined for this act; kept with the case, never counted as this office's own."""
    ready(sanction)
    if not body.strip():
        raise InvalidInput("which body", key="error.needs_missing", field="body")
    if amount <= 0:
        raise InvalidInput("how much", key="error.sanction.amount", field="amount")
    if decided_on > office_day(at):
        raise InvalidInput("not yet", key="error.sanction.day", field="decided_on")
    sanction.other_body, sanction.other_reference = body.strip(), reference.strip()
    sanction.amount, sanction.decided_on = amount, decided_on
    step(session, actor, sanction, "elsewhere", at=at, catalogue=catalogue, body=body.strip())


def flag_crime(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    reference: str = "",
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Crime signs (Điều 62): the file rests and goes to the prosecution bodies; `reference` once it went."""
    if not sanction.has_crime_signs:
        sanction.crime_at, sanction.crime_reason = at, reason.strip()
    sanction.crime_reference = reference.strip() or sanction.crime_reference
    step(
        session, actor, sanction, "flag_crime", at=at, catalogue=catalogue, reason=reason,
        reference=reference.strip() or None,
    )  # fmt: skip


def clear_crime(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    returned_on: date | None = None,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """No crime, or the file came back (Điều 63): the sanction goes on, with the longer limitation."""
    if not sanction.has_crime_signs:
        raise InvalidInput("no crime signs", key="error.not_allowed_in_state")
    sanction.crime_at = None
    sanction.returned_on = returned_on
    step(session, actor, sanction, "clear_crime", at=at, catalogue=catalogue, reason=reason)


def cancel(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Cancel the file, or a decision that was made (hủy quyết định); it stays, and is not counted."""
    step(session, actor, sanction, "cancel", at=at, catalogue=catalogue, reason=reason)
