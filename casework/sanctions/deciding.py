"""Decision, service and money of a sanction file. Never commits; the entry point does."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.documents.office import Office
from casework.domain.deadlines import WorkingCalendar, due, office_day
from casework.domain.findings import Finding, Severity, blocks
from casework.domain.sanction_lifecycle import Form
from casework.law.catalogue import Catalogue
from casework.sanctions import assessing, papers
from casework.sanctions.models import Payment, Sanction
from casework.sanctions.money import Balance, balance
from casework.sanctions.service import decided_before, keep_paper, official_number, ready, step
from foundation.errors import InvalidInput, NeedsMissing
from foundation.files import FileStore
from foundation.people import Actor, User


class DecisionBlocked(InvalidInput):
    """The law forbids this decision; `findings` say why, each with its source."""

    key = "error.sanction.blocked"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(each.code for each in findings))


def findings(
    session: Session, sanction: Sanction, title_id: str, catalogue: Catalogue, *, at: datetime
) -> tuple[Finding, ...]:
    """All that speaks against the decision if this title signs it now."""
    return assessing.findings_of(
        sanction, title_id, catalogue, on=office_day(at),
        earlier=decided_before(session, sanction),
    )  # fmt: skip


def return_proposal(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Give the proposal back to the inspector, with what has to be changed."""
    ready(sanction)
    step(session, actor, sanction, "return", at=at, catalogue=catalogue, reason=reason)


def decide(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    *,
    at: datetime,
    catalogue: Catalogue,
    office: Office,
    files: FileStore,
    acknowledged: str = "",
    delegation: str = "",
) -> None:
    """Sign the decision (MQĐ02) by the actor's own title; its paper and all that it rests on are kept.

    DecisionBlocked where the law forbids it; NeedsMissing where a warning is not acknowledged with a
    reason; InvalidInput for an actor without a title.
    """
    ready(sanction)
    if not actor.signer_title:
        raise InvalidInput("no title", key="error.sanction.no_title")
    found = findings(session, sanction, actor.signer_title, catalogue, at=at)
    if blocks(found):
        raise DecisionBlocked(blocks(found))
    if any(each.severity is Severity.WARN for each in found) and not acknowledged.strip():
        raise NeedsMissing("a reason", key="error.sanction.acknowledge", field="acknowledged")
    papers.refuse_victims(
        session, sanction.case, act_text=sanction.act_text, delegation=delegation,
        mitigating=" ".join(sanction.mitigating), aggravating=" ".join(sanction.aggravating),
    )  # fmt: skip
    sanction.signer_id, sanction.signer_title = actor.user_id, actor.signer_title
    sanction.delegation = delegation.strip()
    sanction.acknowledged = acknowledged.strip()
    sanction.findings = assessing.findings_as_kept(found)
    sanction.decided_on = office_day(at)
    sanction.pinned = assessing.pins_of(sanction, catalogue, on=office_day(at))
    sanction.law_version = catalogue.version
    sanction.decision_number = official_number(session, "sanction_decision", at)
    step(
        session, actor, sanction, "decide", at=at, catalogue=catalogue,
        title=actor.signer_title, number=sanction.decision_number,
    )  # fmt: skip
    signer = session.get_one(User, actor.user_id)
    document = papers.decision_document(sanction, signer, office, catalogue, day=office_day(at))
    sanction.decision_digest = keep_paper(
        session, actor, sanction, files, document, "sanction_decision", at=at
    )
    session.flush()


def serve(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    served_on: date,
    proof: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """The decision reached the violator (giao quyết định); the time to comply begins."""
    ready(sanction)
    if not proof.strip():
        raise NeedsMissing("how is it known", key="error.needs_missing", field="proof")
    if sanction.decided_on and not sanction.decided_on <= served_on <= office_day(at):
        raise InvalidInput("not on that day", key="error.sanction.day", field="served_on")
    sanction.served_on, sanction.served_proof = served_on, proof.strip()
    rule = catalogue.deadline("compliance", served_on)
    sanction.pay_by = due(rule, served_on, WorkingCalendar(catalogue.holidays)).on
    step(session, actor, sanction, "serve", at=at, catalogue=catalogue, proof=proof.strip())


def balance_of(sanction: Sanction, catalogue: Catalogue, *, on: date) -> Balance:
    """What is owed on a day; in đồng."""
    return balance(
        sanction.amount or 0, sanction.pay_by, sanction.payments, on, catalogue=catalogue
    )


def pay(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    paid_on: date,
    amount: int,
    interest: int,
    receipt: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> Payment:
    """Write down a payment by its receipt; the file is settled when fine and interest are paid."""
    ready(sanction)
    if sanction.form == Form.WARNING:
        raise InvalidInput("nothing to pay", key="error.sanction.nothing_to_pay", field="amount")
    if not receipt.strip():
        raise NeedsMissing("the receipt", key="error.needs_missing", field="receipt")
    earliest = sanction.served_on or sanction.decided_on
    if (earliest and paid_on < earliest) or paid_on > office_day(at):
        raise InvalidInput("not on that day", key="error.sanction.day", field="paid_on")
    _require_owed(sanction, paid_on, amount, interest, catalogue)
    row = Payment(
        sanction_id=sanction.id, paid_on=paid_on, amount=amount, interest=interest,
        receipt=receipt.strip(), unit_id=sanction.unit_id, created_at=at,
        created_by_id=actor.user_id,
    )  # fmt: skip
    sanction.payments.append(row)
    session.flush()
    settled = not balance_of(
        sanction, catalogue, on=max(each.paid_on for each in sanction.payments)
    ).owed
    if settled:
        sanction.settled_on = max(each.paid_on for each in sanction.payments)
    step(
        session, actor, sanction, "settle" if settled else "pay", at=at, catalogue=catalogue,
        receipt=receipt.strip(), amount=amount,
    )  # fmt: skip
    return row


def remedied(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    on: date,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """The remedies were carried out (biện pháp khắc phục hậu quả)."""
    ready(sanction)
    if not sanction.remedies or not (sanction.served_on or on) <= on <= office_day(at):
        raise InvalidInput("not on that day", key="error.sanction.day", field="on")
    sanction.remedied_on = on
    step(session, actor, sanction, "remedied", at=at, catalogue=catalogue)


def enforce(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    reason: str,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Enforcement (cưỡng chế): only after the time to comply is over and something is still owed."""
    ready(sanction)
    today = office_day(at)
    if sanction.pay_by is None or today <= sanction.pay_by:
        raise InvalidInput("there is time left", key="error.sanction.time_left")
    step(session, actor, sanction, "enforce", at=at, catalogue=catalogue, reason=reason)


def _require_owed(
    sanction: Sanction, paid_on: date, amount: int, interest: int, catalogue: Catalogue
) -> None:
    if amount < 0 or interest < 0 or amount + interest == 0:
        raise InvalidInput("how much", key="error.sanction.amount", field="amount")
    if amount > (sanction.amount or 0) - sum(each.amount for each in sanction.payments):
        raise InvalidInput("more than owed", key="error.sanction.overpaid", field="amount")
    stands = balance_of(sanction, catalogue, on=paid_on)
    if interest > stands.interest_unpaid:
        raise InvalidInput("more than owed", key="error.sanction.overpaid", field="interest")
