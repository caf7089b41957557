"""What people do with a request: its steps, sending over a channel, answers, attesting what was seen."""

from datetime import timedelta

from flask import redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from casework.channels import letter, portal, telephone
from casework.channels.proof import ChannelKind, Proof
from casework.takedowns import drafting, looks, reuploads, sending, service
from casework.takedowns.models import AnswerKind, ReuploadState, TakedownRequest
from foundation.errors import Conflict, InvalidInput
from foundation.lifecycle import require_unchanged
from search.models import WishKind
from search.post import Availability
from search.watch import wish
from webui.errors import message
from webui.requests import actor, allowed, now, toast, wiring, writing
from webui.views import takedown_words
from webui.views.takedown_form import moment_of, upload
from webui.views.takedown_show import page
from webui.views.takedowns import bp

PLAIN = {
    "submit": service.submit,
    "recall": service.recall,
    "restore": service.restore,
    "resume": service.restore,
}
REASONED = {"redraft": service.redraft, "reopen": service.reopen}
APPROVAL = {
    "return": service.give_back,
    "refuse": service.refuse,
    "unapprove": service.unapprove,
    "close": service.close,
}
UNDONE_BY = {"submit": "recall"}


@bp.post("/<int:request_id>/steps/<act>")
@allowed("takedown.draft")
def step(request_id: int, act: str) -> Response:
    """submit, recall, restore, redraft, reopen, as the table of the lifecycle allows."""
    with writing() as opened:
        row = service.get_request(opened, actor(), request_id)
        if act in PLAIN:
            PLAIN[act](opened, actor(), row, at=now())
        elif act in REASONED:
            REASONED[act](opened, actor(), row, _reason(), at=now())
        else:
            raise PageNotFound
    undo = UNDONE_BY.get(act)
    return _done(
        request_id, act, url_for("takedowns.step", request_id=request_id, act=undo) if undo else ""
    )


@bp.post("/<int:request_id>/approval/<act>")
@allowed("takedown.approve")
def approval(request_id: int, act: str) -> Response:
    """approve, return, refuse, take the approval back, close without proof."""
    with writing() as opened:
        row = service.get_request(opened, actor(), request_id)
        _require_unchanged(opened, row)
        if act == "approve":
            service.approve(opened, actor(), row, wiring().catalogue, at=now())
        elif act in APPROVAL:
            APPROVAL[act](opened, actor(), row, _reason(), at=now())
        else:
            raise PageNotFound
    return _done(request_id, act)


def _require_unchanged(opened: Session, row: TakedownRequest) -> None:
    """Who signs has read what is there: Conflict when it was recalled and changed since the page came up."""
    require_unchanged(opened, "takedown", row.id, request.args.get("seen", type=int))


@bp.post("/<int:request_id>/withdraw")
@allowed("takedown.withdraw")
def withdraw(request_id: int) -> Response:
    """Rút yêu cầu."""
    with writing() as opened:
        row = service.get_request(opened, actor(), request_id)
        service.withdraw(opened, actor(), row, _reason(), at=now())
    return _done(request_id, "withdraw")


@bp.post("/<int:request_id>/hold/<act>")
@allowed("takedown.hold")
def hold(request_id: int, act: str) -> Response:
    """hold or release: tạm giữ bài (chưa yêu cầu gỡ)."""
    with writing() as opened:
        row = service.get_request(opened, actor(), request_id)
        if act == "hold":
            service.hold(opened, actor(), row, _reason(), at=now())
        elif act == "release":
            service.release(opened, actor(), row, at=now())
        else:
            raise PageNotFound
    return _done(request_id, act)


@bp.post("/<int:request_id>/send/<channel>")
@allowed("takedown.send")
def send(request_id: int, channel: str) -> Response | tuple[str, int]:
    """Record a sending by telephone, letter or portal with its proof, or let a mail be sent."""
    try:
        with writing() as opened:
            row = service.get_request(opened, actor(), request_id)
            first = row.sent_at is None
            if channel == ChannelKind.MAIL:
                _mail(opened, row)
            else:
                proof = _proof(row, channel)
                file = upload("proof_file")
                sending.send(opened, actor(), row, proof, _office(), at=now(), proof_file=file)
    except (InvalidInput, Conflict) as error:
        problem = (error.about, message(error))
        return page(request_id, problem=problem, opened_part=f"send-{channel}"), error.status
    if channel == ChannelKind.MAIL:
        toast(
            gettext("The mail waits to be sent; the clock starts when the server takes it."),
            kind="info",
        )
        return _back(request_id)
    return _done(request_id, "send" if first else "renotice")


@bp.post("/<int:request_id>/notices/<int:notice_id>/retry")
@allowed("takedown.send")
def retry(request_id: int, notice_id: int) -> Response | tuple[str, int]:
    """Send a mail again that failed; one that may have arrived only when the box is ticked."""
    try:
        with writing() as opened:
            notice = service.get_notice(opened, actor(), request_id, notice_id)
            confirmed = bool(request.form.get("confirmed"))
            sending.retry_mail(opened, actor(), notice, at=now(), confirmed=confirmed)
    except Conflict as error:
        problem = (f"notice-{notice_id}", message(error))
        return page(request_id, problem=problem), error.status
    toast(gettext("The mail waits to be sent again, under the same number."), kind="info")
    return _back(request_id)


@bp.post("/<int:request_id>/answers")
@allowed("takedown.send")
def answer(request_id: int) -> Response | tuple[str, int]:
    """Write down what the addressee answered."""
    given = request.form
    try:
        kind = _answer_kind(given.get("kind", ""))
        received_at = moment_of("received_at")
        with writing() as opened:
            row = service.get_request(opened, actor(), request_id)
            service.answer(
                opened,
                actor(),
                row,
                kind,
                given.get("text", ""),
                received_at=received_at,
                at=now(),
                reference=given.get("reference", ""),
            )
    except InvalidInput as error:
        return page(request_id, problem=(error.about, message(error)), opened_part="answer"), 422
    return _done(request_id, "answer")


@bp.post("/<int:request_id>/items/<int:item_id>/attest")
@allowed("takedown.attest")
def attest(request_id: int, item_id: int) -> Response | tuple[str, int]:
    """Attest what stands at an address now, with a screenshot."""
    try:
        with writing() as opened:
            item = service.get_item(opened, actor(), request_id, item_id)
            seen = _availability(request.form.get("availability", ""))
            looks.attest(
                opened,
                actor(),
                wiring().files,
                item,
                seen,
                request.form.get("seen", ""),
                upload("screenshot"),
                timedelta(seconds=wiring().settings.removal_distance_seconds),
                at=now(),
            )
    except InvalidInput as error:
        problem = (error.about, message(error))
        return page(request_id, problem=problem, opened_part=f"attest-{item_id}"), 422
    toast(gettext("What you saw is kept, with its picture."))
    return _back(request_id)


@bp.post("/<int:request_id>/items/<int:item_id>/look")
@allowed("takedown.attest")
def look(request_id: int, item_id: int) -> Response:
    """Ask the crawler to look now."""
    with writing() as opened:
        item = service.get_item(opened, actor(), request_id, item_id)
        wish(
            opened,
            WishKind.LOOK,
            item.url,
            actor(),
            at=now(),
            post=item.post,
            asked_kind=drafting.ASKED,
            asked_id=item.id,
        )
    toast(gettext("The crawler will look in a moment."), kind="info")
    return _back(request_id)


def _proof(row: TakedownRequest, channel: str) -> Proof:
    given = request.form
    at, earliest = moment_of("at"), row.approved_at
    if earliest is not None:
        earliest = earliest.replace(second=0, microsecond=0)  # the field knows no seconds
    if channel == ChannelKind.TELEPHONE:
        return telephone.call_note(
            number=given.get("number", ""),
            spoke_with=given.get("spoke_with", ""),
            said=given.get("said", ""),
            called_at=at,
            earliest=earliest,
            now=now(),
        )
    if channel == ChannelKind.LETTER:
        return letter.posted(
            document_number=given.get("document_number", ""),
            recipient=given.get("recipient", "") or row.recipient,
            how=given.get("how", ""),
            posted_at=at,
            earliest=earliest,
            now=now(),
        )
    if channel == ChannelKind.PORTAL:
        return portal.lodged(
            address=given.get("address", ""),
            receipt=given.get("receipt", ""),
            note=given.get("note", ""),
            lodged_at=at,
            earliest=earliest,
            now=now(),
        )
    raise PageNotFound


def _mail(opened: Session, row: TakedownRequest) -> None:
    sending.queue_mail(
        opened,
        actor(),
        row,
        request.form.get("to", ""),
        _office(),
        at=now(),
        document_number=request.form.get("document_number", ""),
    )


def _office() -> sending.Office:
    return sending.Office(wiring().files, wiring().catalogue, wiring().settings)


def _answer_kind(given: str) -> AnswerKind:
    if given not in set(AnswerKind):
        raise InvalidInput("no such answer", about="kind")
    return AnswerKind(given)


def _availability(given: str) -> Availability:
    if given not in set(Availability):
        raise InvalidInput("no such answer", about="availability")
    return Availability(given)


def _reason() -> str:
    return request.form.get("reason", "")


def _done(request_id: int, act: str, undo_url: str = "") -> Response:
    toast(str(takedown_words.ACTIONS[act]), undo_url=undo_url)
    return _back(request_id)


def _back(request_id: int) -> Response:
    return redirect(url_for("takedowns.show", request_id=request_id))


@bp.post("/<int:request_id>/reuploads/<int:reupload_id>")
@allowed("takedown.attest")
def reupload(request_id: int, reupload_id: int) -> Response:
    """Say whether a post is what was removed, uploaded again."""
    state = request.form.get("state", "")
    if state not in set(ReuploadState):
        raise PageNotFound
    with writing() as opened:
        row = service.get_request(opened, actor(), request_id)
        reuploads.decide(opened, actor(), row, reupload_id, state, at=now())
    toast(gettext("Noted."))
    return redirect(url_for("takedowns.show", request_id=request_id) + "#reuploads", code=303)
