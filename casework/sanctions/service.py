"""Sanction files: opened in a case, and the steps that all of them take. Never commits; the entry point does.

The way of a file goes on in `proposing` (record, explanation, proposal), `deciding` (decision, service,
money) and `asides` (reminders, crime signs, other bodies, cancelling).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, SubjectRole
from casework.cases.numbers import next_number
from casework.cases.service import add_document, require_open
from casework.domain.deadlines import office_day
from casework.domain.sanction_lifecycle import SANCTION, Form, SanctionState
from casework.domain.sanctions import Act, Candidate, SubjectKind
from casework.law.catalogue import Catalogue
from casework.sanctions import assessing, papers
from casework.sanctions.acts import ACTS
from casework.sanctions.models import Sanction
from casework.sanctions.steps import running
from foundation import audit
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.files import FileStore
from foundation.lifecycle import TransitionRow, begin, perform
from foundation.people import Actor

__all__ = ["ACTS", "Facts"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was done, by whom, when, and by which provision it is judged. Days are Vietnamese days."""

    conduct: str
    act_text: str
    subject_kind: str
    ended_on: date | None = None
    still_going: bool = False
    detected_on: date
    provision_id: str
    choice_reason: str = ""
    age_at_act: int | None = None
    complex_case: bool = False
    transferred: bool = False

    def act(self) -> Act:
        """Raises InvalidInput where the days contradict each other."""
        try:
            return Act(
                provision=self.provision_id,
                ended_on=self.ended_on,
                still_going=self.still_going,
                detected_on=self.detected_on,
            )
        except ValueError as error:
            raise InvalidInput(str(error), key="error.sanction.days", field="ended_on") from error


def get_sanction(session: Session, actor: Actor, sanction_id: int) -> Sanction:
    """The file, if this actor may know of it; else NotFound."""
    found = session.get(Sanction, sanction_id)
    if found is None or not actor.sees_unit(found.unit_id):
        raise NotFound(f"no sanction {sanction_id}", about=f"sanction:{sanction_id}")
    return found


def open_sanction(
    session: Session,
    actor: Actor,
    case: Case,
    subject: Subject,
    facts: Facts,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> Sanction:
    """Open a file against a subject of a case; a victim cannot be sanctioned."""
    require_open(case)
    if subject.case_id != case.id or subject.removed_at is not None:
        raise NotFound(f"no subject {subject.id}", about=f"subject:{subject.id}")
    if subject.role != SubjectRole.SUSPECT:
        raise InvalidInput("only a suspect can be sanctioned", key="error.sanction.subject")
    sanction = Sanction(
        number=next_number(session, "sanction", "XP", at=at),
        case_id=case.id,
        subject_id=subject.id,
        case=case,
        subject=subject,
        state=SANCTION.initial,
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
        explanations=[],
        payments=[],
        mitigating=[],
        aggravating=[],
        remedies=[],
        form=Form.FINE,
    )
    _take_facts(session, sanction, facts, catalogue, at)
    session.add(sanction)
    begin(session, SANCTION, sanction, actor, at=at, act="open")
    audit.record(
        session, actor, "sanction:open", sanction.id, at=at, case=case.id, subject=subject.id,
        provision=sanction.provision_id, law=catalogue.version,
    )  # fmt: skip
    refresh(session, sanction, catalogue, at)
    return sanction


def edit_facts(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    facts: Facts,
    *,
    at: datetime,
    catalogue: Catalogue,
) -> None:
    """Change what the file says before the record is drawn up."""
    _take_facts(session, sanction, facts, catalogue, at)
    step(session, actor, sanction, "edit", at=at, catalogue=catalogue)


def candidates(sanction: Sanction, catalogue: Catalogue, *, at: datetime) -> tuple[Candidate, ...]:
    """The provisions that may be applied, as the catalogue says today."""
    return assessing.candidates_for(
        assessing.act_of(sanction),
        sanction.conduct,
        SubjectKind(sanction.subject_kind),
        catalogue,
        on=office_day(at),
    )


def decided_before(session: Session, sanction: Sanction) -> bool:
    """Whether this subject's act was decided about in another file (một hành vi chỉ bị xử phạt một lần)."""
    standing = (
        SanctionState.DECIDED, SanctionState.SERVED, SanctionState.PAID, SanctionState.ENFORCED,
        SanctionState.ELSEWHERE,
    )  # fmt: skip
    day = assessing.act_of(sanction).governing_day
    others = session.scalars(
        select(Sanction).where(
            Sanction.subject_id == sanction.subject_id,
            Sanction.conduct == sanction.conduct,
            Sanction.id != sanction.id,
            Sanction.state.in_(standing),
        )
    )
    return any(assessing.act_of(each).governing_day == day for each in others)


def ready(sanction: Sanction) -> None:
    """Conflict while crime signs are being looked at (Điều 62): nothing else may be done."""
    if sanction.has_crime_signs:
        raise Conflict(
            f"sanction {sanction.id} rests", about=f"sanction:{sanction.id}",
            key="error.sanction.crime",
        )  # fmt: skip
    require_open(sanction.case)


def step(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    act: str,
    *,
    at: datetime,
    catalogue: Catalogue,
    reason: str = "",
    **data: Any,
) -> TransitionRow:
    """One step of the lifecycle, in the audit log, with the period that runs from now on."""
    session.flush()
    given = {name: value for name, value in data.items() if value is not None}
    taken = perform(session, SANCTION, sanction, act, actor, at=at, reason=reason, data=given)
    audit.record(
        session, actor, f"sanction:{act}", sanction.id, at=at, state=sanction.state,
        law=catalogue.version,
    )  # fmt: skip
    refresh(session, sanction, catalogue, at)
    return taken


def refresh(session: Session, sanction: Sanction, catalogue: Catalogue, at: datetime) -> None:
    found = running(sanction, catalogue, on=office_day(at))
    sanction.due_key, sanction.due_at = (found[0], found[1].at) if found else ("", None)
    session.flush()


def _take_facts(
    session: Session, sanction: Sanction, facts: Facts, catalogue: Catalogue, at: datetime
) -> None:
    act, today = facts.act(), office_day(at)
    if not facts.act_text.strip():
        raise InvalidInput("what was done", key="error.sanction.act_text", field="act_text")
    if max(filter(None, (facts.detected_on, facts.ended_on))) > today:
        raise InvalidInput("not yet", key="error.sanction.future", field="detected_on")
    kind = SubjectKind(facts.subject_kind)
    papers.refuse_victims(
        session, sanction.case, act_text=facts.act_text, choice_reason=facts.choice_reason
    )
    offered = assessing.candidates_for(act, facts.conduct, kind, catalogue, on=today)
    if facts.provision_id not in {each.provision.id for each in offered}:
        raise InvalidInput("not offered", key="error.sanction.provision", field="provision_id")
    if len(offered) > 1 and not facts.choice_reason.strip():
        raise InvalidInput("why this one", key="error.sanction.choice", field="choice_reason")
    for name, value in asdict(facts).items():
        setattr(sanction, name, value.strip() if isinstance(value, str) else value)
    sanction.candidates = assessing.as_offered(offered, catalogue)
    sanction.cited = catalogue.cite(facts.provision_id)
    sanction.law_version = catalogue.version
    provision = catalogue.provision(facts.provision_id)
    sanction.pinned = {
        "provision": catalogue.pin(provision.id),
        "instrument": catalogue.pin(provision.instrument),
    }


def official_number(session: Session, kind: str, at: datetime) -> int:
    return int(next_number(session, kind, "", at=at).rpartition("-")[2])


def keep_paper(
    session: Session,
    actor: Actor,
    sanction: Sanction,
    files: FileStore,
    data: bytes,
    kind: str,
    *,
    at: datetime,
) -> str:
    """Put a paper into the case; returns its digest."""
    name = {"violation_record": "MBB01", "sanction_decision": "MQD02"}[kind]
    row = add_document(
        session, actor, sanction.case, files, data, kind=kind, title=f"{name} {sanction.number}",
        filename=f"{name}-{sanction.number}.docx", media_type=DOCX, at=at,
    )  # fmt: skip
    return row.digest
