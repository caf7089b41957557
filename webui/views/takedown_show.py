"""One request on one page: each address before and after, the clock, notices, history, what may be done."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, make_response, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from casework.channels.mail import DOCX
from casework.domain.deadlines import office_day
from casework.domain.takedown_lifecycle import REQUEST, ItemState, RequestState
from casework.law.catalogue import Catalogue
from casework.takedowns import (
    accounts,
    captures,
    drafting,
    letter,
    listing,
    reuploads,
    service,
)
from casework.takedowns.basis import LEGAL_CHANNEL
from casework.takedowns.captures import Captures
from casework.takedowns.duties import next_look_at
from casework.takedowns.models import NoticeState, TakedownItem, TakedownRequest
from crawler.reasons import translated
from foundation.lifecycle import Step, TransitionRow, history
from foundation.people import Actor
from search.models import Observation
from search.watch import observations
from webui.formats import is_vietnamese
from webui.requests import actor, allowed, may, now, session, wiring
from webui.security import untrusted
from webui.templating import render
from webui.views import takedown_words
from webui.views.post_parts import first_line, safe_url
from webui.views.takedown_form import typed_now
from webui.views.takedowns import bp, deadline_of
from webui.views.text_diff import word_diff

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
WITH_REASON = frozenset(
    {"return", "refuse", "redraft", "unapprove", "withdraw", "hold", "close", "reopen"}
)
BY_FORM = frozenset({"edit", "send", "renotice", "answer"})
ACT_OF = {
    "approve": "takedown.approve",
    "return": "takedown.approve",
    "refuse": "takedown.approve",
    "unapprove": "takedown.approve",
    "close": "takedown.approve",
    "withdraw": "takedown.withdraw",
    "hold": "takedown.hold",
    "release": "takedown.hold",
}


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One address as the page shows it."""

    item: TakedownItem
    captures: Captures
    seen: list[Observation]
    original: str
    title: str
    next_look: datetime | None


@dataclass(frozen=True, slots=True)
class StepShown:
    """One act of the lifecycle: whether it can be taken, else why not."""

    step: Step
    missing: str = ""


@bp.get("/<int:request_id>")
@allowed("takedown.view")
def show(request_id: int) -> str:
    """Everything an approver needs to sign, and an inspector to follow, on one page."""
    return page(request_id)


def page(request_id: int, *, problem: tuple[str, str] = ("", ""), opened_part: str = "") -> str:
    """The page, with what was typed wrong in one of its forms."""
    reading, who = session(), actor()
    row = service.get_request(reading, who, request_id)
    catalogue = wiring().catalogue
    steps = history(reading, "takedown", row.id)
    shown = [_item(reading, item) for item in row.items]
    return render(
        "takedowns/show.html",
        row=row,
        items=shown,
        deadline=deadline_of(row),
        history=_history(reading, row, steps),
        steps=_steps(row, who, steps),
        seen=steps[-1].id if steps else 0,
        warnings=_warnings(row, shown),
        provisions=[catalogue.provision(one) for one in row.legal_basis],
        regime=catalogue.regime(row.regime_id),
        cite=catalogue.cite,
        sender=catalogue.agency(row.sender).vi,
        accounts=accounts.of_request(reading, row, catalogue, on=_day(row)),
        repeated=drafting.repeated(
            reading, [one.url for one in row.items], at=now(), but=row.id, actor=who
        ),
        reuploads=reuploads.of_request(reading, who, row),
        word_diff=word_diff,
        letter=letter.letter_context(reading, row, catalogue, wiring().settings),
        channels=_channels(row, catalogue),
        escalated=listing.escalated(row, now()),
        vietnamese=is_vietnamese(),
        takedown_words=takedown_words,
        said=lambda text: translated(text, gettext),
        first_line=first_line,
        typed_now=typed_now(),
        typed=request.form,
        problem=problem,
        opened_part=opened_part,
        broken={NoticeState.FAILED, NoticeState.UNCERTAIN},
    )


@bp.get("/<int:request_id>/letter.docx")
@allowed("takedown.view")
def letter_file(request_id: int) -> Response:
    """The letter as it will print."""
    row = service.get_request(session(), actor(), request_id)
    renotice = row.sent_at is not None
    data = letter.letter(session(), row, wiring().catalogue, wiring().settings, renotice=renotice)
    return _document(data, f"{row.number}.docx")


@bp.get("/<int:request_id>/notices/<int:notice_id>/letter.docx")
@allowed("takedown.view")
def sent_letter(request_id: int, notice_id: int) -> Response:
    """The letter exactly as it was sent."""
    notice = service.get_notice(session(), actor(), request_id, notice_id)
    if not notice.file_digest:
        abort(404)
    return _document(wiring().files.get(notice.file_digest), f"{notice.request.number}.docx")


@bp.get("/<int:request_id>/items/<int:item_id>/pictures/<digest>")
@allowed("takedown.view")
def picture(request_id: int, item_id: int, digest: str) -> Response:
    """A screenshot of this address, before or after; no other file can be asked for here."""
    item = service.get_item(session(), actor(), request_id, item_id)
    found = captures.capture_of(session(), item)
    known = {one.screenshot: one.media_type for one in (found.before, found.after) if one}
    for seen in observations(session(), drafting.ASKED, [item.id]):
        shot, media_type = captures.screenshot_of(seen.capture.get("files", []))
        known.setdefault(shot, media_type)
    if not digest or known.get(digest) not in PICTURES:
        abort(404)
    response = make_response(wiring().files.get(digest))
    response.headers["Content-Type"] = known[digest]
    return untrusted(response)


def _item(reading: Session, item: TakedownItem) -> ItemShown:
    return ItemShown(
        item=item,
        captures=captures.capture_of(reading, item),
        seen=list(reversed(observations(reading, drafting.ASKED, [item.id]))),
        original=safe_url(item.url),
        title=first_line(item.post, 90),
        next_look=next_look_at(item, _distance()),
    )


def _distance() -> timedelta:
    return timedelta(seconds=wiring().settings.removal_distance_seconds)


def _history(
    reading: Session, row: TakedownRequest, steps: list[TransitionRow]
) -> list[dict[str, Any]]:
    """Steps of the request and of its addresses, newest first."""
    found = [_told(step, takedown_words.ACTIONS.get(step.act, step.act)) for step in steps]
    for number, item in enumerate(row.items, start=1):
        for step in history(reading, "takedown_item", item.id):
            word = takedown_words.ITEMS[ItemState(step.to_state)].label
            found.append(
                _told(step, gettext("Address %(number)s: %(state)s", number=number, state=word))
            )
    return sorted(found, key=lambda each: each["id"], reverse=True)


def _told(step: TransitionRow, what: object) -> dict[str, Any]:
    note = gettext("It was seen again.") if step.reason == "reappeared" else step.reason
    tone = {"approve": "good", "finish": "good", "refuse": "bad", "reopen": "warning"}
    return {
        "id": step.id,
        "at": step.at,
        "who": step.actor_name if step.actor_id is not None else gettext("the system"),
        "what": str(what),
        "note": note,
        "tone": tone.get(step.act, "neutral"),
    }


def _steps(row: TakedownRequest, who: Actor, taken: list[TransitionRow]) -> list[StepShown]:
    """The acts that this person's roles open here; a disabled one says what is missing."""
    found = []
    for step in REQUEST.allowed(row.state, who):
        if step.act in BY_FORM or not may(ACT_OF.get(step.act, "takedown.draft")):
            continue
        if step.act in {"restore", "resume"} and (step.act == "resume") != bool(row.sent_at):
            continue
        if step.act in {"hold", "release"} and (step.act == "hold") == row.is_held:
            continue
        found.append(StepShown(step, _missing(step, who, taken)))
    return found


def _missing(step: Step, who: Actor, taken: list[TransitionRow]) -> str:
    mine = {each.act for each in taken if each.actor_id == who.user_id}
    if step.not_same_as and mine & set(step.not_same_as):
        return str(gettext("You drafted, changed or submitted it: a second person has to approve."))
    return ""


def _warnings(row: TakedownRequest, shown: list[ItemShown]) -> list[str]:
    """What an approver should know before signing."""
    if row.state not in {RequestState.DRAFT, RequestState.SUBMITTED, RequestState.APPROVED}:
        return []
    found = []
    for number, one in enumerate(shown, start=1):
        if one.captures.before is None:
            found.append(
                gettext("Address %(number)s has no capture from before yet.", number=number)
            )
        if one.item.first_gone_at is not None:
            found.append(gettext("Address %(number)s seems to be gone already.", number=number))
    return found


def _channels(row: TakedownRequest, catalogue: Catalogue) -> list[str]:
    """The channels that the regime counts, the drafted one first."""
    legal = catalogue.regime(row.regime_id).channels
    known = [name for name, channel in LEGAL_CHANNEL.items() if channel in legal]
    return sorted(known, key=lambda name: name != row.channel)


def _day(row: TakedownRequest) -> Any:
    moment: datetime = row.sent_at or now()
    return office_day(moment)


def _document(data: bytes, filename: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = DOCX
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return untrusted(response)
