"""Gỡ bỏ: the board of requests with their clocks, drafting and changing one, the scorecard of the platforms."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

import casework.takedowns.timeline
from casework.cases.models import Case
from casework.cases.service import get_case
from casework.domain.takedown_lifecycle import REQUEST, RequestState
from casework.takedowns import basis, drafting, figures, listing, service
from casework.takedowns.listing import Filters
from casework.takedowns.models import TakedownRequest
from casework.triage.service import post_for
from foundation.clock import OFFICE_ZONE, office_time
from foundation.errors import Conflict, InvalidInput
from foundation.people import Actor
from search.post import Platform
from webui.errors import message
from webui.given import whole_or
from webui.nav import TodayItem, today, waiting
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import post_words, takedown_words
from webui.views.post_parts import first_line
from webui.views.takedown_form import data_of, of_request, offered, suggestion

bp = Blueprint("takedowns", __name__, url_prefix="/takedowns")
SIZES = (25, 50, 100)
COLUMNS = (
    RequestState.DRAFT,
    RequestState.SUBMITTED,
    RequestState.APPROVED,
    RequestState.SENT,
    RequestState.DONE,
)
PERIODS = (30, 90, 180, 365)
deadline_of = casework.takedowns.timeline.deadline_of


def init_app(_app: Flask) -> None:
    """The blueprint's other modules add their routes before it is registered."""
    import webui.views.takedown_acts
    import webui.views.takedown_show  # noqa: F401


@waiting("takedowns.index")
def _count(opened: Session, who: Actor) -> int:
    return listing.count_waiting(opened, who, at=now())


@today("takedowns", _l("Takedowns"), order=20)
def _today(opened: Session, who: Actor) -> list[TodayItem]:
    return [_item(row) for row in listing.waiting_for(opened, who, at=now(), limit=20)]


def _item(row: TakedownRequest) -> TodayItem:
    url = url_for("takedowns.show", request_id=row.id)
    if row.state == RequestState.SUBMITTED:
        return TodayItem(gettext("Approve %(number)s", number=row.number), url, None, "warning")
    if row.state == RequestState.APPROVED:
        return TodayItem(gettext("Send %(number)s", number=row.number), url, None, "warning")
    text = gettext(
        "%(number)s is overdue: re-notice %(recipient)s", number=row.number, recipient=row.recipient
    )
    return TodayItem(text, url, deadline_of(row), "urgent")


@bp.get("")
@allowed("takedown.view")
def index() -> str:
    """The board, or with `?view=list` (and whenever one state is chosen) the list."""
    asked, filters = request.args, _filters()
    context: dict[str, Any] = {
        "filters": filters,
        "takedown_words": takedown_words,
        "post_words": post_words,
        "platforms": [each.value for each in Platform],
        "deadline_of": deadline_of,
        "waiting": listing.count_waiting(session(), actor(), at=now()),
    }
    if asked.get("view") == "list" or filters.state or filters.ids or filters.items:
        page, size = max(asked.get("page", 1, type=int), 1), asked.get("size", 25, type=int)
        size = size if size in SIZES else 25
        rows, total = listing.list_requests(session(), actor(), filters, page=page, size=size)
        context.update(rows=rows, total=total, page=page, size=size, columns=None)
    else:
        context["columns"] = listing.by_state(session(), actor(), filters, COLUMNS)
    return render("takedowns/index.html", "content", **context)


def _filters() -> Filters:
    asked = request.args
    return Filters(
        state=asked.get("state", ""),
        platform=asked.get("platform", ""),
        case_id=asked.get("case", type=int),
        mine=bool(asked.get("mine")),
        words=asked.get("q", ""),
        ids=_numbers("ids"),
        items=_numbers("items"),
        sort=asked.get("sort", "deadline"),
    )


def _numbers(name: str) -> tuple[int, ...]:
    """Ids in the address, as a figure of a report names them."""
    return tuple(
        number for one in request.args.get(name, "").split(",") if (number := whole_or(one, 0)) > 0
    )


@bp.get("/new")
@allowed("takedown.draft")
def new() -> str | Response:
    """A draft from a case, or from one post of a case: `?case=1` or `?post=2`."""
    post_id, case_id = request.args.get("post", type=int), request.args.get("case", type=int)
    chosen = [post_id] if post_id else []
    if post_id and not case_id:
        post = post_for(session(), actor(), post_id)
        case_id = post.case_id
        if case_id is None:
            toast(
                gettext("Open a case with this post first; the request is drafted from it."),
                kind="info",
            )
            return redirect(url_for("cases.new", post=post_id))
    if not case_id:
        raise InvalidInput("a case or a post?", about="case", key="error.takedown.no_post")
    case = get_case(session(), actor(), case_id)
    given = offered(session(), actor(), case)
    return _form(case, suggestion(session(), case, given, chosen))


@bp.post("/new")
@allowed("takedown.draft")
def create() -> str | Response | tuple[str, int]:
    """Write the draft; on an error the form comes back as it was typed."""
    case_id = request.form.get("case", 0, type=int)
    case = get_case(session(), actor(), case_id)
    catalogue = wiring().catalogue
    sender = basis.sender_of(
        actor(), wiring().settings.agency_name, catalogue, office_time(now()).date()
    )
    try:
        data = data_of(request.form)
        with writing() as opened:
            row = drafting.draft(
                opened,
                actor(),
                get_case(opened, actor(), case_id),
                data,
                catalogue,
                sender,
                at=now(),
            )
    except (InvalidInput, Conflict) as error:
        return _form(case, request.form, problem=(error.about, message(error))), error.status
    toast(gettext("%(number)s is drafted; its addresses are being captured.", number=row.number))
    return redirect(url_for("takedowns.show", request_id=row.id))


@bp.get("/<int:request_id>/edit")
@allowed("takedown.draft")
def edit(request_id: int) -> str:
    row = service.get_request(session(), actor(), request_id)
    REQUEST.step(row.state, "edit")
    return _form(row.case, of_request(row), row=row)


@bp.post("/<int:request_id>/edit")
@allowed("takedown.draft")
def update(request_id: int) -> str | Response | tuple[str, int]:
    """Save a changed draft."""
    row = service.get_request(session(), actor(), request_id)
    REQUEST.step(row.state, "edit")
    try:
        data = data_of(request.form)
        with writing() as opened:
            found = service.get_request(opened, actor(), request_id)
            drafting.edit(opened, actor(), found, data, wiring().catalogue, at=now())
    except (InvalidInput, Conflict) as error:
        problem = (error.about, message(error))
        return _form(row.case, request.form, row=row, problem=problem), error.status
    toast(gettext("Saved."))
    return redirect(url_for("takedowns.show", request_id=request_id))


@bp.get("/scorecard")
@allowed("takedown.view")
def scorecard() -> str:
    """How each platform answered in the last days, or between two days."""
    since, until, days = _period()
    scores = figures.scorecard(session(), actor(), since, until)
    return render(
        "takedowns/scorecard.html",
        "content",
        scores=scores,
        figures=figures.figures(session(), actor(), since, until),
        since=since,
        until=until,
        days=days,
        periods=PERIODS,
        post_words=post_words,
    )


def _period() -> tuple[datetime, datetime, int]:
    days = request.args.get("days", 90, type=int)
    days = days if days in PERIODS else 90
    until = now() + timedelta(seconds=1)
    try:
        first = datetime.fromisoformat(request.args.get("from", "")).replace(tzinfo=OFFICE_ZONE)
        last = datetime.fromisoformat(request.args.get("to", "")).replace(tzinfo=OFFICE_ZONE)
    except ValueError:
        return until - timedelta(days=days), until, days
    return first, last + timedelta(days=1), 0


def _form(
    case: Case,
    typed: MultiDict[str, str],
    *,
    row: TakedownRequest | None = None,
    problem: tuple[str, str] = ("", ""),
) -> str:
    given = offered(
        session(),
        actor(),
        case,
        sender=row.sender if row else "",
        but=row.id if row else None,
    )
    return render(
        "takedowns/form.html",
        case=case,
        row=row,
        offered=given,
        typed=typed,
        problem=problem,
        first_line=first_line,
        takedown_words=takedown_words,
        post_words=post_words,
    )
