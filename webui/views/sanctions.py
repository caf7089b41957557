"""Xử phạt: the files, a new one, and one file led through its legal steps."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

import casework.sanctions.timeline  # noqa: F401 - cases hear of sanction files
from casework.cases.models import Case, SubjectRole
from casework.cases.service import get_case
from casework.cases.subjects import get_subject, subjects
from casework.documents.office import Office
from casework.domain.deadlines import office_day
from casework.domain.findings import Finding, Severity
from casework.domain.sanction_lifecycle import SANCTION, SanctionState
from casework.privacy.masking import view as masked
from casework.sanctions import assessing, deciding, listing, service
from casework.sanctions.listing import Filters
from casework.sanctions.models import Sanction
from casework.sanctions.steps import legal_steps
from foundation.errors import Conflict, InvalidInput
from foundation.lifecycle import history
from foundation.people import Actor
from webui.errors import messages
from webui.formats import is_vietnamese
from webui.given import whole_or
from webui.nav import TodayItem, today, waiting
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.templating import render
from webui.views import case_words, sanction_words
from webui.views.sanction_form import Shown, facts_of, offered, typed_of

bp = Blueprint("sanctions", __name__, url_prefix="/sanctions")
SIZES = (25, 50, 100)
messages(
    {
        "error.form.day": _l("Enter a date that exists."),
        "error.form.moment": _l("Enter a date and a time that exist."),
        "error.form.number": _l("Enter a whole number."),
        "error.form.choice": _l("Choose one of the values offered."),
    }
)


def init_app(_app: Flask) -> None:
    """The blueprint's other module adds its routes before it is registered."""
    import webui.views.sanction_acts  # noqa: F401


@waiting("sanctions.index")
def _count(opened: Session, who: Actor) -> int:
    return listing.count_waiting(opened, who, at=now())


@today("sanctions", _l("Sanctions"), order=25)
def _today(opened: Session, who: Actor) -> list[TodayItem]:
    return [_item(row) for row in listing.waiting_for(opened, who, at=now())]


def _item(row: Sanction) -> TodayItem:
    url = url_for("sanctions.show", sanction_id=row.id)
    if row.state == SanctionState.PROPOSED:
        text = gettext("Decide on %(number)s", number=row.number)
        return TodayItem(text, url, row.due_at, "warning")
    rule = wiring().catalogue.deadline(row.due_key, office_day(now()))
    text = f"{row.number}: {rule.vi if is_vietnamese() else rule.en}"
    return TodayItem(
        text, url, row.due_at, "urgent" if row.due_at and row.due_at <= now() else "warning"
    )


def today_day() -> Any:
    """Today in Viet Nam."""
    return office_day(now())


@bp.get("")
@allowed("sanction.view")
def index() -> str:
    """The files; filters, sort and page stand in the address."""
    asked = request.args
    page, size = max(asked.get("page", 1, type=int), 1), asked.get("size", 25, type=int)
    size = size if size in SIZES else 25
    filters = Filters(
        state=asked.get("state", ""),
        words=asked.get("q", ""),
        case_id=asked.get("case", type=int),
        mine=bool(asked.get("mine")),
        sort=asked.get("sort", "due"),
    )
    rows, total = listing.list_files(session(), actor(), filters, page=page, size=size)
    return render(
        "sanctions/index.html",
        "content",
        rows=rows,
        total=total,
        page=page,
        size=size,
        states=list(SanctionState),
        deadline_of=_rule_of,
        subject_of=lambda row: masked(row.subject),
    )


def _rule_of(row: Sanction) -> str:
    if not row.due_key:
        return ""
    rule = wiring().catalogue.deadline(row.due_key, today_day())
    return rule.vi if is_vietnamese() else rule.en


@bp.get("/new")
@allowed("sanction.open")
def new() -> str:
    """A file against a suspect of a case: `?case=1`, optionally `&subject=2`."""
    case = get_case(session(), actor(), request.args.get("case", 0, type=int))
    subject = request.args.get("subject", "")
    typed: MultiDict[str, str] = MultiDict(
        {"subject": subject, "detected_on": today_day().isoformat()}
    )
    if chosen := whole_or(subject, 0):
        typed["subject_kind"] = get_subject(session(), case, chosen).kind
    return _facts_page(case, Shown(typed))


@bp.post("/new")
@allowed("sanction.open")
def create() -> str | Response | tuple[str, int]:
    """Open the file; with `find` only look for the provisions of what was typed."""
    typed = request.form
    case = get_case(session(), actor(), typed.get("case", 0, type=int))
    if typed.get("act") == "find":
        return _facts_page(case, Shown(typed))
    try:
        facts = facts_of(typed)
        with writing() as opened:
            row = get_case(opened, actor(), case.id)
            subject = get_subject(opened, row, typed.get("subject", 0, type=int))
            made = service.open_sanction(
                opened, actor(), row, subject, facts, at=now(), catalogue=wiring().catalogue
            )
    except (InvalidInput, Conflict) as error:
        return _facts_page(case, Shown.failed(typed, error)), error.status
    toast(gettext("%(number)s is open. Next: the record of violation.", number=made.number))
    return redirect(url_for("sanctions.show", sanction_id=made.id), code=303)


@bp.get("/<int:sanction_id>/edit")
@allowed("sanction.open")
def edit(sanction_id: int) -> str:
    row = service.get_sanction(session(), actor(), sanction_id)
    SANCTION.step(row.state, "edit")
    return _facts_page(row.case, Shown(typed_of(row)), row)


@bp.post("/<int:sanction_id>/edit")
@allowed("sanction.open")
def update(sanction_id: int) -> str | Response | tuple[str, int]:
    """Save changed facts, as long as there is no record."""
    row, typed = service.get_sanction(session(), actor(), sanction_id), request.form
    if typed.get("act") == "find":
        return _facts_page(row.case, Shown(typed), row)
    try:
        facts = facts_of(typed)
        with writing() as opened:
            found = service.get_sanction(opened, actor(), sanction_id)
            service.edit_facts(
                opened, actor(), found, facts, at=now(), catalogue=wiring().catalogue
            )
    except (InvalidInput, Conflict) as error:
        return _facts_page(row.case, Shown.failed(typed, error), row), error.status
    toast(gettext("Saved."))
    return redirect(url_for("sanctions.show", sanction_id=sanction_id), code=303)


def _facts_page(case: Case, form: Shown, row: Sanction | None = None) -> str:
    catalogue = wiring().catalogue
    suspects = [each for each in subjects(session(), case) if each.role == SubjectRole.SUSPECT]
    return render(
        "sanctions/facts.html",
        case=case,
        row=row,
        form=form,
        suspects=suspects,
        conducts=catalogue.conducts(),
        kinds=case_words.SUBJECT_KINDS,
        offered=assessing.as_offered(offered(form.typed, catalogue, today_day()), catalogue),
        vietnamese=is_vietnamese(),
        confidence=sanction_words.CONFIDENCE,
    )


@dataclass(frozen=True)
class Checked:
    """What speaks against the decision if the person who looks signs it."""

    title: str
    blocks: tuple[Finding, ...]
    warns: tuple[Finding, ...]


@bp.get("/<int:sanction_id>")
@allowed("sanction.view")
def show(sanction_id: int) -> str:
    return page(service.get_sanction(session(), actor(), sanction_id))


def page(row: Sanction, act: str = "", form: Shown | None = None) -> str:
    """The file with its steps; `form` is what was typed for `act` and what is wrong with it."""
    catalogue, today_ = wiring().catalogue, today_day()
    on = row.decided_on or today_
    return render(
        "sanctions/show.html",
        row=row,
        subject=masked(row.subject),
        act=act,
        form=form or Shown(),
        empty=Shown(),
        steps=legal_steps(row, catalogue, on=today_),
        allowed_acts={step.act for step in SANCTION.allowed(row.state, actor())},
        provision=row.pinned["provision"]["entry"],
        conduct=catalogue.conduct(row.conduct),
        assessment=assessing.assessment_of(row, catalogue, on=on),
        signers=assessing.signers_of(row, catalogue, on=on) if row.amount is not None else (),
        checked=_checked(row),
        remedies=[(each, catalogue.remedy(each)) for each in _orderable(row)],
        balance=deciding.balance_of(row, catalogue, on=today_) if row.served_on else None,
        title=catalogue.title(row.signer_title) if row.signer_title else None,
        history=list(reversed(history(session(), "sanction", row.id))),
        changed_law=row.law_version != catalogue.version,
        today=today_,
        started=now(),
        vietnamese=is_vietnamese(),
        sanction_words=sanction_words,
        case_words=case_words,
        office=Office.of(wiring().settings),
    )


def _orderable(row: Sanction) -> list[str]:
    ordered = wiring().catalogue.provision(row.provision_id).remedies
    return [*ordered, *(each for each in row.remedies if each not in ordered)]


def _checked(row: Sanction) -> Checked | None:
    """For those who can sign a proposal: what the law says of their signature."""
    who = actor()
    if row.state != SanctionState.PROPOSED or row.has_crime_signs or not who.signer_title:
        return None
    found = deciding.findings(session(), row, who.signer_title, wiring().catalogue, at=now())
    title = wiring().catalogue.title(who.signer_title)
    return Checked(
        title.vi if is_vietnamese() else title.en,
        tuple(each for each in found if each.severity is Severity.BLOCK),
        tuple(each for each in found if each.severity is Severity.WARN),
    )


@bp.get("/<int:sanction_id>/papers/<kind>")
@allowed("sanction.view")
def paper(sanction_id: int, kind: str) -> Response:
    """The record or the decision as it was signed; its digest is checked while it is read."""
    row = service.get_sanction(session(), actor(), sanction_id)
    digest = {"record": row.record_digest, "decision": row.decision_digest}.get(kind, "")
    name = {"record": "MBB01", "decision": "MQD02"}.get(kind, "")
    return docx(wiring().files.get(digest), f"{name}-{row.number}.docx")


def docx(data: bytes, name: str) -> Response:
    """A Word file to keep."""
    answer = Response(data, mimetype=service.DOCX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
