"""Sending an approved request, and re-noticing: over the recorded channel, with its proof. Never commits.

The clock starts at the moment of the sending itself, not when it is written down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.cases.service import add_document, require_open
from casework.channels import mail
from casework.channels.proof import ChannelKind, Proof
from casework.domain.deadlines import hours_due, office_day
from casework.domain.takedown_lifecycle import REQUEST, RequestState
from casework.evidence.service import recognise
from casework.law.catalogue import Catalogue
from casework.takedowns import basis
from casework.takedowns.letter import letter
from casework.takedowns.models import Notice, NoticeKind, NoticeState, TakedownRequest
from casework.takedowns.service import put_mail, require_law, require_no_mail
from foundation import audit
from foundation.errors import Conflict, NotAllowedInState
from foundation.files import FileStore
from foundation.lifecycle import perform
from foundation.people import SYSTEM, Actor
from foundation.settings import Settings

ESCALATE_AFTER = timedelta(hours=24)
"""An address still online a day after the deadline is told to the approver; the office's own rule."""
WITH_LETTER = frozenset({ChannelKind.LETTER, ChannelKind.PORTAL})


class Held(Conflict):
    """The police hold the post: nothing is sent."""

    key = "error.takedown.held"


@dataclass(frozen=True, slots=True)
class Office:
    """What sending needs of the deployment."""

    files: FileStore
    catalogue: Catalogue
    settings: Settings


def send(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    proof: Proof,
    office: Office,
    *,
    at: datetime,
    proof_file: bytes = b"",
) -> Notice:
    """Record a sending that a person made by telephone, letter or portal; the first starts the clock.

    Held, Conflict while a mail is on its way, InvalidInput for a channel the regime does not know.
    """
    notice = _begin(actor, request, proof.channel, proof.recipient, office, at=at)
    notice.reference, notice.proof = proof.reference, proof.text
    if proof_file:
        notice.proof_digest = _keep_proof(session, actor, request, office, proof_file, at=at)
    if proof.channel in WITH_LETTER:
        number = proof.reference if proof.channel is ChannelKind.LETTER else ""
        _keep_letter(session, actor, request, notice, office, number, proof.at, at=at)
    session.add(notice)
    session.flush()
    _sent(session, actor, request, notice, proof.at, at=at)
    return notice


def queue_mail(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    to: str,
    office: Office,
    *,
    at: datetime,
    document_number: str = "",
) -> Notice:
    """Let a mail with the letter be sent after the commit; its Message-ID is recorded first."""
    address = mail.require_address(to)
    notice = _begin(actor, request, ChannelKind.MAIL, address, office, at=at)
    notice.state = NoticeState.QUEUED
    notice.reference = mail.new_message_id(office.settings)
    _keep_letter(session, actor, request, notice, office, document_number, at, at=at)
    session.add(notice)
    session.flush()
    put_mail(session, notice, at=at)
    audit.record(
        session,
        actor,
        "takedown:mail",
        request.id,
        at=at,
        notice=notice.id,
        digest=notice.file_digest,
    )
    session.refresh(request, ["notices"])
    return notice


def retry_mail(
    session: Session, actor: Actor, notice: Notice, *, at: datetime, confirmed: bool = False
) -> None:
    """Send a mail again that failed. One that may have arrived needs `confirmed`; the Message-ID stays."""
    if notice.state not in {NoticeState.FAILED, NoticeState.UNCERTAIN}:
        raise NotAllowedInState(
            f"notice {notice.id} is {notice.state}", about="notice", state=notice.state, act="retry"
        )
    if notice.state == NoticeState.UNCERTAIN and not confirmed:
        raise Conflict(
            "the mail may have arrived", about="notice", key="error.takedown.mail_maybe_sent"
        )
    _require_sendable(notice.request)
    require_no_mail(notice.request)
    notice.state, notice.error = NoticeState.QUEUED, ""
    put_mail(session, notice, at=at)
    audit.record(session, actor, "takedown:retry_mail", notice.request_id, at=at, notice=notice.id)


def claim_mail(session: Session, notice: Notice, *, at: datetime) -> bool:
    """Take a queued mail for sending, by compare-and-set; False when it may not go (any more)."""
    try:
        _require_sendable(notice.request)
    except Conflict as reason:
        if notice.state == NoticeState.QUEUED:
            notice.state, notice.error = NoticeState.FAILED, str(reason)
        return False
    if notice.request.state == RequestState.SENT:
        notice.kind = NoticeKind.RENOTICE  # it was sent over another channel meanwhile
        session.flush()
    taken = session.execute(
        update(Notice)
        .where(Notice.id == notice.id, Notice.state == NoticeState.QUEUED)
        .values(state=NoticeState.SENDING, attempts=Notice.attempts + 1, begun_at=at)
        .execution_options(synchronize_session=False)
    )
    session.refresh(notice)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def mail_left(session: Session, notice: Notice, answer: str, *, at: datetime) -> None:
    """The mail server took the mail: its answer is the receipt, and the clock starts."""
    notice.proof, notice.error = answer, ""
    _sent(session, SYSTEM, notice.request, notice, at, at=at)


def mail_failed(
    session: Session, notice: Notice, error: str, *, at: datetime, maybe_sent: bool
) -> None:
    """The mail did not leave, or nobody knows; a person decides about another try."""
    notice.state = NoticeState.UNCERTAIN if maybe_sent else NoticeState.FAILED
    notice.error = error[:2000]
    audit.record(
        session,
        SYSTEM,
        "takedown:mail_failed",
        notice.request_id,
        at=at,
        notice=notice.id,
        uncertain=maybe_sent,
    )


def _require_sendable(request: TakedownRequest) -> None:
    if request.state not in {RequestState.APPROVED, RequestState.SENT}:
        raise NotAllowedInState(
            f"takedown in state {request.state} has no send",
            about="takedown",
            state=request.state,
            act="send",
        )
    if request.is_held:
        raise Held(f"takedown {request.id} is held", about="hold", reason=request.held_reason)


def _begin(
    actor: Actor,
    request: TakedownRequest,
    channel: ChannelKind,
    recipient: str,
    office: Office,
    *,
    at: datetime,
) -> Notice:
    _require_sendable(request)
    require_open(request.case)
    require_no_mail(request)
    first = request.state == RequestState.APPROVED
    if first:
        require_law(request, office.catalogue, at=at)
    basis.require_channel(office.catalogue.regime(request.regime_id), channel)
    return Notice(
        request_id=request.id,
        kind=NoticeKind.FIRST if first else NoticeKind.RENOTICE,
        channel=channel,
        state=NoticeState.SENT,
        recipient=recipient[:500],
        by_id=actor.user_id,
        unit_id=request.unit_id,
        created_at=at,
    )


def _keep_proof(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    office: Office,
    data: bytes,
    *,
    at: datetime,
) -> str:
    """A scan or picture of the receipt becomes a document of the case; returns its digest."""
    media_type, _ = recognise(data)
    extension = media_type.partition("/")[2]
    return add_document(
        session,
        actor,
        request.case,
        office.files,
        data,
        kind="takedown_proof",
        title=f"{request.number} minh chứng gửi",
        filename=f"{request.number}-minh-chung.{extension}",
        media_type=media_type,
        at=at,
    ).digest


def _keep_letter(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    notice: Notice,
    office: Office,
    number: str,
    sent_at: datetime,
    *,
    at: datetime,
) -> None:
    """The letter exactly as it goes out becomes a document of the case."""
    data = letter(
        session,
        request,
        office.catalogue,
        office.settings,
        document_number=number,
        day=office_day(sent_at),
        renotice=notice.kind == NoticeKind.RENOTICE,
    )
    title = (
        f"{request.number} {'đôn đốc' if notice.kind == NoticeKind.RENOTICE else 'yêu cầu gỡ bỏ'}"
    )
    row = add_document(
        session,
        actor,
        request.case,
        office.files,
        data,
        kind="takedown_request",
        title=title,
        filename=f"{request.number}.docx",
        media_type=mail.DOCX,
        at=at,
    )
    notice.file_digest = row.digest


def _sent(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    notice: Notice,
    sent_at: datetime,
    *,
    at: datetime,
) -> None:
    notice.state, notice.at = NoticeState.SENT, sent_at
    notice.deadline_at = hours_due(sent_at, request.hours).at
    first = notice.kind == NoticeKind.FIRST
    act = "send" if first else "renotice"
    given = {"proof": notice.reference or notice.proof, "notice": notice.id}
    if actor.is_system:
        given["by"] = notice.by_id or 0
    if request.state != RequestState.DONE:  # done while the mail was on its way: only noted
        perform(session, REQUEST, request, act, actor, at=at, data=given)
    if first:
        request.sent_at, request.deadline_at = sent_at, notice.deadline_at
        request.escalate_at = notice.deadline_at + ESCALATE_AFTER
    audit.record(
        session,
        actor,
        f"takedown:{act}",
        request.id,
        at=at,
        notice=notice.id,
        channel=notice.channel,
        state=request.state,
        digest=notice.file_digest,
    )
    session.flush()
    session.refresh(request, ["notices"])
