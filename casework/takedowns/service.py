"""Takedown requests: drafted, approved by a second person, held, withdrawn, answered. Never commits.

Drafting is in `drafting`, sending in `sending`, what was seen in `looks`, figures in `figures`.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from casework.cases.service import require_open
from casework.domain.case_lifecycle import CLOSERS
from casework.domain.deadlines import office_day
from casework.domain.takedown_lifecycle import APPROVERS, DRAFTERS, HOLDERS, REQUEST
from casework.law.catalogue import Catalogue
from casework.law.model import Target
from casework.takedowns import basis
from casework.takedowns.figures import TakedownFigures, figures
from casework.takedowns.models import (
    Answer,
    AnswerKind,
    Notice,
    NoticeState,
    TakedownItem,
    TakedownRequest,
)
from foundation import audit, outbox
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.lifecycle import TransitionRow, perform
from foundation.people import Actor, Role
from foundation.permissions import acts

__all__ = ["ACTS", "MAIL_CONSUMER", "TakedownFigures", "figures"]
MAIL_CONSUMER = "takedown.mail"
ACTS = acts(
    {
        "takedown.view": CLOSERS | {Role.REPORT_WRITER},
        "takedown.draft": DRAFTERS,
        "takedown.approve": APPROVERS,
        "takedown.send": DRAFTERS,
        "takedown.attest": DRAFTERS,
        "takedown.withdraw": DRAFTERS | APPROVERS,
        "takedown.hold": HOLDERS,
    }
)


def get_request(session: Session, actor: Actor, request_id: int) -> TakedownRequest:
    """The request, if this actor may know of it; else NotFound."""
    request = session.get(TakedownRequest, request_id)
    if request is None or not actor.sees_unit(request.unit_id):
        raise NotFound(f"no takedown {request_id}", about=f"takedown:{request_id}")
    return request


def get_item(session: Session, actor: Actor, request_id: int, item_id: int) -> TakedownItem:
    """An address of that request; else NotFound."""
    request = get_request(session, actor, request_id)
    for item in request.items:
        if item.id == item_id:
            return item
    raise NotFound(f"no address {item_id}", about=f"takedown:{request_id}")


def get_notice(session: Session, actor: Actor, request_id: int, notice_id: int) -> Notice:
    """A sending of that request; else NotFound."""
    request = get_request(session, actor, request_id)
    for notice in request.notices:
        if notice.id == notice_id:
            return notice
    raise NotFound(f"no notice {notice_id}", about=f"takedown:{request_id}")


def submit(session: Session, actor: Actor, request: TakedownRequest, *, at: datetime) -> None:
    """Ask for approval (trình duyệt)."""
    require_open(request.case)
    _step(session, actor, request, "submit", at=at, given=_content(request))


def recall(session: Session, actor: Actor, request: TakedownRequest, *, at: datetime) -> None:
    """Take the submission back (rút trình)."""
    _step(session, actor, request, "recall", at=at)


def approve(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    catalogue: Catalogue,
    *,
    at: datetime,
) -> None:
    """Duyệt, by a person who neither drafted, changed nor submitted it.

    InvalidInput when the regime or a provision is no longer in force: the draft must be made anew.
    """
    require_open(request.case)
    require_law(request, catalogue, at=at)
    _step(session, actor, request, "approve", at=at, given=_content(request))
    request.approved_by_id, request.approved_at = actor.user_id, at
    session.flush()
    session.refresh(request, ["approved_by"])


def give_back(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Return to the drafter, with a reason (trả lại)."""
    _step(session, actor, request, "return", at=at, reason=reason)


def refuse(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Refuse to approve, with a reason (không duyệt)."""
    _step(session, actor, request, "refuse", at=at, reason=reason)


def redraft(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Make a refused request a draft again."""
    _step(session, actor, request, "redraft", at=at, reason=reason)


def unapprove(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Take an approval back before anything was sent."""
    require_no_mail(request)
    _step(session, actor, request, "unapprove", at=at, reason=reason)
    request.approved_by_id = request.approved_at = None
    session.flush()
    session.refresh(request, ["approved_by"])


def withdraw(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Withdraw (rút yêu cầu); mail that waits is not sent, mail on its way must be awaited."""
    for notice in request.notices:
        if notice.state == NoticeState.QUEUED:
            notice.state, notice.error = NoticeState.FAILED, "withdrawn before it was sent"
    require_no_mail(request)
    _step(session, actor, request, "withdraw", at=at, reason=reason)


def restore(session: Session, actor: Actor, request: TakedownRequest, *, at: datetime) -> None:
    """Take the withdrawal back: to a draft, or to being followed when it had been sent."""
    require_open(request.case)
    _step(session, actor, request, "resume" if request.sent_at else "restore", at=at)
    if request.sent_at is None:
        request.approved_by_id = request.approved_at = None


def hold(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Tạm giữ bài (chưa yêu cầu gỡ): the police ask that nothing be sent yet."""
    if request.is_held:
        raise Conflict("it is held already", about="hold", key="error.takedown.held")
    _step(session, actor, request, "hold", at=at, reason=reason)
    request.held_at, request.held_by_id, request.held_reason = at, actor.user_id, reason.strip()
    session.flush()
    session.refresh(request, ["held_by"])


def release(session: Session, actor: Actor, request: TakedownRequest, *, at: datetime) -> None:
    """End the hold."""
    if not request.is_held:
        raise Conflict("it is not held", about="hold", key="error.takedown.not_held")
    _step(session, actor, request, "release", at=at)
    request.held_at, request.held_by_id, request.held_reason = None, None, ""
    session.flush()
    session.refresh(request, ["held_by"])


def close(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """End the following although not everything is proven gone; an approver says why."""
    require_no_mail(request)
    _step(session, actor, request, "close", at=at, reason=reason)
    request.done_at = at


def reopen(
    session: Session, actor: Actor, request: TakedownRequest, reason: str, *, at: datetime
) -> None:
    """Follow a finished request again."""
    require_open(request.case)
    _step(session, actor, request, "reopen", at=at, reason=reason)
    request.done_at = None


def answer(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    kind: AnswerKind,
    text: str,
    *,
    received_at: datetime,
    at: datetime,
    reference: str = "",
) -> Answer:
    """Write down what the addressee answered. An answer alone never counts as a removal."""
    if received_at > at or (request.sent_at and received_at < request.sent_at):
        raise InvalidInput(
            "not between the sending and now", about="received_at", key="error.takedown.answered_at"
        )
    _step(session, actor, request, "answer", at=at, given={"answer": text.strip()})
    row = Answer(
        request_id=request.id,
        kind=AnswerKind(kind),
        text=text.strip(),
        reference=reference.strip()[:300],
        received_at=received_at,
        by_id=actor.user_id,
        unit_id=request.unit_id,
        created_at=at,
    )
    session.add(row)
    session.flush()
    session.refresh(request, ["answers"])
    return row


def require_law(request: TakedownRequest, catalogue: Catalogue, *, at: datetime) -> None:
    """InvalidInput when what the request rests on is not in force on this day."""
    on = office_day(at)
    basis.require_regime(request.regime_id, Target(request.target), request.sender, on, catalogue)
    basis.require_basis(request.legal_basis, catalogue, on)


def require_no_mail(request: TakedownRequest) -> None:
    """Conflict while a mail waits or is on its way: two sendings at once would be a double."""
    underway = {NoticeState.QUEUED, NoticeState.SENDING}
    if any(notice.state in underway for notice in request.notices):
        raise Conflict(
            "a mail is on its way",
            about=f"takedown:{request.id}",
            key="error.takedown.mail_underway",
        )


def put_mail(session: Session, notice: Notice, *, at: datetime) -> None:
    """A mail waits for the job that sends it."""
    outbox.put(session, MAIL_CONSUMER, [notice.id], at=at)


def _content(request: TakedownRequest) -> dict[str, object]:
    return {
        "legal_basis": list(request.legal_basis),
        "items": [item.id for item in request.items],
    }


def _step(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    act: str,
    *,
    at: datetime,
    reason: str = "",
    given: dict[str, object] | None = None,
) -> TransitionRow:
    taken = perform(session, REQUEST, request, act, actor, at=at, reason=reason.strip(), data=given)
    audit.record(
        session,
        actor,
        f"takedown:{act}",
        request.id,
        at=at,
        state=request.state,
        case=request.case_id,
    )
    return taken
