"""The papers of a file: the record of violation (MBB01) and the decision (MQĐ02).

No victim or informant stands in them.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, SubjectRole
from casework.documents.contexts import (
    ActLine,
    Officer,
    Party,
    Recipients,
    RemedyLine,
    SanctionDecision,
    Signature,
    ViolationRecord,
)
from casework.documents.office import Office
from casework.documents.renderer import DocumentKind, render
from casework.domain.deadlines import office_day
from casework.domain.figures import official_date
from casework.domain.sanction_lifecycle import ExplanationOutcome, Form
from casework.law.catalogue import Catalogue
from casework.law.model import SubjectKind
from casework.privacy.masking import view
from casework.privacy.spellings import ROLES, hidden_of
from casework.sanctions.assessing import may_explain
from casework.sanctions.models import Sanction
from foundation.errors import InvalidInput
from foundation.people import User

RECORD_SYMBOL, DECISION_SYMBOL = "BB-VPHC", "QĐ-XPHC"
TREASURY = "Kho bạc Nhà nước"
HARMED = "Có; thông tin về người bị hại không ghi trong biên bản."
_EXPLAINED = {
    ExplanationOutcome.WRITTEN: "Văn bản giải trình",
    ExplanationOutcome.ORAL: "Biên bản phiên giải trình trực tiếp",
}


def record_document(
    sanction: Sanction,
    officer: User,
    office: Office,
    catalogue: Catalogue,
    *,
    started_at: datetime,
    ended_at: datetime,
    has_victims: bool,
) -> bytes:
    """The record of violation as .docx."""
    day = office_day(ended_at)
    conduct = catalogue.conduct(sanction.conduct)
    context = ViolationRecord(
        letterhead=office.letterhead(RECORD_SYMBOL, sanction.record_number, day),
        field=conduct.vi[:1].lower() + conduct.vi[1:],
        started_at=started_at,
        held_at=sanction.record_place,
        basis=(*catalogue.form_basis("violation_record", day), _decree(sanction, catalogue)),
        officers=(
            Officer(name=officer.name, position=officer.position or "–", agency=office.issuer),
        ),
        party=party_of(sanction),
        acts=(ActLine(text=sanction.act_text, provision=sanction.cited),),
        harmed=HARMED if has_victims else "",
        party_statement=sanction.party_statement,
        explanation_right=may_explain(sanction, catalogue, on=day),
        explanation_to=f"Thủ trưởng {office.issuer}",
        oral_request_days=catalogue.deadline("explanation.oral_request", day).amount,
        written_days=catalogue.deadline("explanation.written", day).amount,
        ended_at=ended_at,
        sheets=2,
        copies=2,
    )
    return render(DocumentKind.VIOLATION_RECORD, context)


def decision_document(
    sanction: Sanction, signer: User, office: Office, catalogue: Catalogue, *, day: date
) -> bytes:
    """The sanction decision as .docx."""
    warned = sanction.form == Form.WARNING
    days = catalogue.deadline("compliance", day).amount
    party = party_of(sanction)
    title = catalogue.title(sanction.signer_title)
    context = SanctionDecision(
        letterhead=office.letterhead(DECISION_SYMBOL, sanction.decision_number, day),
        authority=title.vi,
        basis=_decision_basis(sanction, catalogue, day),
        party=party,
        acts=(
            ActLine(
                text=sanction.act_text,
                provision=sanction.cited,
                fine=0 if warned else sanction.amount or 0,
            ),
        ),
        mitigating=tuple(sanction.mitigating),
        aggravating=tuple(sanction.aggravating),
        warning_only=warned,
        remedies=tuple(
            RemedyLine(text=catalogue.remedy(each).vi, days=days) for each in sanction.remedies
        ),
        effective_on=day,
        pay_to=TREASURY,
        compliance_days=days,
        carried_out_by=office.issuer,
        recipients=Recipients(lines=(party.violator.capitalize(), TREASURY)),
        signature=_signature(title.vi, signer, sanction.delegation),
    )
    return render(DocumentKind.SANCTION_DECISION, context)


def party_of(sanction: Sanction) -> Party:
    """The violator as the forms name them; read through the door that masks."""
    seen = view(sanction.subject)
    person = sanction.subject_kind != SubjectKind.ORGANISATION
    return Party(
        kind=SubjectKind(sanction.subject_kind),
        name=seen.name or f"Chủ tài khoản {seen.account or seen.phone}",
        born=seen.born_on if person else None,
        address=seen.address,
        identity_number=seen.id_number if person else "",
        registration_number="" if person else seen.id_number,
    )


def has_victims(session: Session, case: Case) -> bool:
    """Whether somebody was harmed, which the record says without saying who."""
    victim = select(Subject.id).where(
        Subject.case_id == case.id, Subject.role == SubjectRole.VICTIM
    )
    return session.scalars(victim.limit(1)).first() is not None


def refuse_victims(session: Session, case: Case, **texts: str) -> None:
    """InvalidInput, naming the field, when a text gives away a victim or an informant of the case.

    In any spelling that casework.privacy.spellings knows: these papers are handed to the violator.
    """
    for person in session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.role.in_(ROLES))
    ):
        hidden = hidden_of([_known_by(person)])
        for field, text in texts.items():
            if hidden.found_in(text):
                raise InvalidInput(
                    f"{field} names somebody who is protected",
                    about=f"subject:{person.id}",
                    key="error.sanction.victim_named",
                    field=field,
                )


def _known_by(person: Subject) -> Subject:
    """A copy to search by. The bare name of a province gives nobody away, and papers name the office's own."""
    bare = "," not in person.address and not any(each.isdigit() for each in person.address)
    return Subject(
        role=person.role, name=person.name, account=person.account, phone=person.phone,
        id_number=person.id_number, address="" if bare else person.address,
    )  # fmt: skip


def _decree(sanction: Sanction, catalogue: Catalogue) -> str:
    return catalogue.instrument(catalogue.provision(sanction.provision_id).instrument).cite_vi


def _decision_basis(sanction: Sanction, catalogue: Catalogue, day: date) -> tuple[str, ...]:
    lines = [*catalogue.form_basis("sanction_decision", day), _decree(sanction, catalogue)]
    if sanction.recorded_at:
        lines.append(
            f"Biên bản vi phạm hành chính số {sanction.record_number:02d}/{RECORD_SYMBOL} lập "
            f"{official_date(sanction.recorded_at)}"
        )
    lines += [
        f"{_EXPLAINED[ExplanationOutcome(each.outcome)]} {official_date(each.on)}"
        for each in sanction.explanations
        if each.outcome in _EXPLAINED
    ]
    return (*lines, *([sanction.delegation] if sanction.delegation else []))


def _signature(title: str, signer: User, delegation: str) -> Signature:
    """A deputy signs for the head of the body (KT.), whose delegation stands in the basis."""
    head = " ".join(title.split()[:2]).upper()
    heading = (f"KT. {head}", signer.position.upper() or "–") if delegation else (head,)
    return Signature(heading=heading, name=signer.name)
