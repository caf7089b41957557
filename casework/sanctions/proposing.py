"""Record, explanation and proposal of a sanction file. Never commits; the entry point does."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.documents.office import Office
from casework.domain.deadlines import office_day
from casework.domain.figures import grouped
from casework.domain.sanction_lifecycle import ExplanationOutcome, Form
from casework.law.catalogue import Catalogue
from casework.sanctions import assessing, papers
from casework.sanctions.models import Explanation, Sanction
from casework.sanctions.service import keep_paper, official_number, ready, refresh, step
from casework.sanctions.steps import running
from foundation.errors import Conflict, InvalidInput
from foundation.files import FileStore
from foundation.people import Actor, User


@dataclass(frozen=True, kw_only=True)
class RecordData:
    """How the record was drawn up (biên bản vi phạm hành chính)."""

    started_at: datetime
    place: str
    party_statement: str = ""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is proposed to the signer; money in đồng, one circumstance a line."""

    form: str = Form.FINE
    amount: int | None = None
    amount_reason: str = ""
    mitigating: tuple[str, ...] = ()
    aggravating: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()


def draw_record(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    data: RecordData,
    *,
    at: datetime,
    catalogue: Catalogue,
    office: Office,
    files: FileStore,
) -> None:
    """Draw up the record (MBB01); where the bracket gives the right to explain, that time begins."""
    ready(sanction)
    if not data.place.strip():
        raise InvalidInput("where was it", key="error.sanction.place", field="place")
    if not data.started_at <= at:
        raise InvalidInput("the record ended", key="error.sanction.started", field="started_at")
    papers.refuse_victims(
        session, sanction.case, act_text=sanction.act_text, place=data.place,
        party_statement=data.party_statement,
    )  # fmt: skip
    sanction.record_place = data.place.strip()
    sanction.party_statement = data.party_statement.strip()
    sanction.record_number = official_number(session, "violation_record", at)
    sanction.recorded_at = at
    step(session, actor, sanction, "record", at=at, catalogue=catalogue)
    document = papers.record_document(
        sanction,
        session.get_one(User, actor.user_id),
        office,
        catalogue,
        started_at=data.started_at,
        ended_at=at,
        has_victims=papers.has_victims(session, sanction.case),
    )
    sanction.record_digest = keep_paper(
        session, actor, sanction, files, document, "violation_record", at=at
    )
    if assessing.may_explain(sanction, catalogue, on=office_day(at)):
        step(session, actor, sanction, "await_explanation", at=at, catalogue=catalogue)
    else:
        refresh(session, sanction, catalogue, at)


def explain(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    outcome: str,
    on: date,
    text: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> Explanation:
    """Write down how the right to explain was used, waived, or that its time is over."""
    ready(sanction)
    kind = ExplanationOutcome(outcome)
    record_on = office_day(sanction.recorded_at) if sanction.recorded_at else on
    if not record_on <= on <= office_day(at):
        raise InvalidInput("not between record and today", key="error.sanction.day", field="on")
    if kind in assessing.HEARD and not text.strip():
        raise InvalidInput("what was said", key="error.needs_missing", field="text")
    if kind is ExplanationOutcome.EXPIRED and not _time_over(sanction, catalogue, at):
        raise Conflict("there is time left", key="error.sanction.time_left")
    row = Explanation(
        sanction_id=sanction.id, outcome=kind, on=on, text=text.strip(), unit_id=sanction.unit_id,
        created_at=at, created_by_id=actor.user_id,
    )  # fmt: skip
    sanction.explanations.append(row)
    step(session, actor, sanction, "explain", at=at, catalogue=catalogue, outcome=kind.value)
    return row


def propose(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    proposal: Proposal,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Propose form, amount, circumstances and remedies; nothing is judged by the signer's title yet.

    InvalidInput for an amount outside the bracket, for one that the circumstances do not carry without a
    reason, and for a remedy that the provision does not order.
    """
    ready(sanction)
    form = Form(proposal.form)
    _require_remedies(sanction, proposal, catalogue)
    sanction.form = form
    sanction.amount = None if form is Form.WARNING else proposal.amount
    sanction.amount_reason = proposal.amount_reason.strip()
    sanction.mitigating = [each.strip() for each in proposal.mitigating if each.strip()]
    sanction.aggravating = [each.strip() for each in proposal.aggravating if each.strip()]
    sanction.remedies = list(proposal.remedies)
    papers.refuse_victims(
        session, sanction.case, amount_reason=sanction.amount_reason,
        mitigating=" ".join(sanction.mitigating), aggravating=" ".join(sanction.aggravating),
    )  # fmt: skip
    if form is Form.FINE:
        _require_amount(sanction, catalogue, office_day(at))
    elif not sanction.amount_reason:
        raise InvalidInput("why a warning", key="error.sanction.reason", field="amount_reason")
    step(
        session, actor, sanction, "propose", at=at, catalogue=catalogue,
        form=form.value, amount=sanction.amount,
    )  # fmt: skip


def _require_amount(sanction: Sanction, catalogue: Catalogue, today: date) -> None:
    if sanction.amount is None:
        raise InvalidInput("how much", key="error.sanction.amount", field="amount")
    assessment = assessing.assessment_of(sanction, catalogue, on=today)
    span = {"low": grouped(assessment.min), "high": grouped(assessment.max)}
    if not assessment.min <= sanction.amount <= assessment.max:
        raise InvalidInput(
            "outside the bracket", key="error.sanction.bracket", field="amount", **span
        )
    fits = assessment.lower <= sanction.amount <= assessment.upper
    if not fits and not sanction.amount_reason:
        raise InvalidInput("why", key="error.sanction.reason", field="amount_reason")


def _require_remedies(sanction: Sanction, proposal: Proposal, catalogue: Catalogue) -> None:
    ordered = catalogue.provision(sanction.provision_id).remedies
    if set(proposal.remedies) - set(ordered):
        raise InvalidInput("not ordered here", key="error.sanction.remedy", field="remedies")


def _time_over(sanction: Sanction, catalogue: Catalogue, at: datetime) -> bool:
    found = running(sanction, catalogue, on=office_day(at))
    return found is None or found[0] != "explanation.written" or found[1].passed(at)
