"""What is done with a sanction file: one route a step; on an error the page comes back with what was typed."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from casework.documents.office import Office
from casework.domain.sanction_lifecycle import SANCTION, ExplanationOutcome
from casework.sanctions import asides, deciding, proposing, service
from casework.sanctions.deciding import DecisionBlocked
from casework.sanctions.models import Sanction
from foundation.errors import Conflict, InvalidInput
from foundation.lifecycle import require_unchanged
from webui.requests import actor, allowed, now, session, toast, wiring, writing
from webui.views.sanction_form import (
    Shown,
    day,
    day_or_none,
    proposal_of,
    record_of,
    whole,
)
from webui.views.sanctions import bp, page

Done = Callable[[Session, Sanction], Any]
Answer = Response | tuple[str, int]


def _do(sanction_id: int, act: str, done: Done, said: str) -> Answer:
    """Do it in one transaction; what cannot be done comes back with the form as it was typed."""
    try:
        with writing() as opened:
            done(opened, service.get_sanction(opened, actor(), sanction_id))
    except (InvalidInput, Conflict) as error:
        row = service.get_sanction(session(), actor(), sanction_id)
        shown = Shown.failed(request.form, error)
        if isinstance(error, DecisionBlocked):
            shown.problems[""] = shown.problems.pop("", "") or str(error)
        return page(row, act, shown), error.status
    toast(said)
    return redirect(url_for("sanctions.show", sanction_id=sanction_id), code=303)


def _at() -> dict[str, Any]:
    return {"at": now(), "catalogue": wiring().catalogue}


def _papers() -> dict[str, Any]:
    return {**_at(), "office": Office.of(wiring().settings), "files": wiring().files}


def _reason() -> str:
    return request.form.get("reason", "")


@bp.post("/<int:sanction_id>/record")
@allowed("sanction.record")
def record(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "record",
        lambda opened, row: proposing.draw_record(
            opened, actor(), row, record_of(request.form), **_papers()
        ),
        gettext("The record of violation is drawn up."),
    )


@bp.post("/<int:sanction_id>/explain")
@allowed("sanction.record")
def explain(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        outcome = request.form.get("outcome", "")
        if outcome not in set(ExplanationOutcome):
            raise InvalidInput("how", key="error.form.choice", field="outcome")
        text = request.form.get("text", "")
        on = day(request.form, "on")
        proposing.explain(opened, actor(), row, outcome, on, text, **_at())

    return _do(sanction_id, "explain", done, gettext("The explanation is written down."))


@bp.post("/<int:sanction_id>/propose")
@allowed("sanction.propose")
def propose(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        ordered = wiring().catalogue.provision(row.provision_id).remedies
        proposing.propose(opened, actor(), row, proposal_of(request.form, ordered), **_at())

    return _do(sanction_id, "propose", done, gettext("Proposed; a second person decides."))


@bp.post("/<int:sanction_id>/return")
@allowed("sanction.return")
def return_(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "return",
        lambda opened, row: deciding.return_proposal(opened, actor(), row, _reason(), **_at()),
        gettext("The proposal went back to the inspector."),
    )


@bp.post("/<int:sanction_id>/decide")
@allowed("sanction.decide")
def decide(sanction_id: int) -> Answer:
    """Sign by one's own title; what the law forbids is refused with its sources."""
    form = request.form

    def done(opened: Session, row: Sanction) -> None:
        # What was proposed anew since the page came up has not been read by who signs.
        require_unchanged(opened, SANCTION.kind, row.id, request.args.get("seen", type=int))
        deciding.decide(
            opened,
            actor(),
            row,
            acknowledged=form.get("acknowledged", ""),
            delegation=form.get("delegation", ""),
            **_papers(),
        )

    return _do(sanction_id, "decide", done, gettext("The decision is signed. Next: serve it."))


@bp.post("/<int:sanction_id>/serve")
@allowed("sanction.serve")
def serve(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        served_on, proof = day(request.form, "served_on"), request.form.get("proof", "")
        deciding.serve(opened, actor(), row, served_on, proof, **_at())

    return _do(sanction_id, "serve", done, gettext("Served; the time to comply runs."))


@bp.post("/<int:sanction_id>/pay")
@allowed("sanction.pay")
def pay(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        form = request.form
        amount, interest = whole(form, "paid", empty=0), whole(form, "interest", empty=0)
        paid_on, receipt = day(form, "paid_on"), form.get("receipt", "")
        deciding.pay(opened, actor(), row, paid_on, amount or 0, interest or 0, receipt, **_at())

    return _do(sanction_id, "pay", done, gettext("The payment is written down."))


@bp.post("/<int:sanction_id>/remedied")
@allowed("sanction.pay")
def remedied(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "remedied",
        lambda opened, row: deciding.remedied(
            opened, actor(), row, day(request.form, "on"), **_at()
        ),
        gettext("The remedies are carried out."),
    )


@bp.post("/<int:sanction_id>/enforce")
@allowed("sanction.enforce")
def enforce(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "enforce",
        lambda opened, row: deciding.enforce(opened, actor(), row, _reason(), **_at()),
        gettext("Enforcement has begun."),
    )


@bp.post("/<int:sanction_id>/remind")
@allowed("sanction.remind")
def remind(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "remind",
        lambda opened, row: asides.remind(opened, actor(), row, _reason(), **_at()),
        gettext("Ended with a reminder. It is not a form of sanction."),
    )


@bp.post("/<int:sanction_id>/elsewhere")
@allowed("sanction.record")
def elsewhere(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        form = request.form
        asides.fined_elsewhere(
            opened,
            actor(),
            row,
            form.get("body", ""),
            form.get("reference", ""),
            whole(form, "other_amount", empty=0) or 0,
            day(form, "decided_on"),
            **_at(),
        )

    return _do(sanction_id, "elsewhere", done, gettext("Kept as another body's fine."))


@bp.post("/<int:sanction_id>/crime")
@allowed("sanction.flag_crime")
def flag_crime(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "flag_crime",
        lambda opened, row: asides.flag_crime(
            opened, actor(), row, _reason(), request.form.get("reference", ""), **_at()
        ),
        gettext("The file rests until the crime signs are cleared."),
    )


@bp.post("/<int:sanction_id>/crime/clear")
@allowed("sanction.clear_crime")
def clear_crime(sanction_id: int) -> Answer:
    def done(opened: Session, row: Sanction) -> None:
        returned = day_or_none(request.form, "returned_on")
        asides.clear_crime(opened, actor(), row, _reason(), returned, **_at())

    return _do(sanction_id, "clear_crime", done, gettext("The file goes on."))


@bp.post("/<int:sanction_id>/cancel")
@allowed("sanction.cancel")
def cancel(sanction_id: int) -> Answer:
    return _do(
        sanction_id,
        "cancel",
        lambda opened, row: asides.cancel(opened, actor(), row, _reason(), **_at()),
        gettext("The file is cancelled. It stays, and is not counted."),
    )
