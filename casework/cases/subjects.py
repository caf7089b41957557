"""People and organisations in a case: added, changed, taken out. Reading them goes through casework.privacy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, SubjectKind, SubjectRole
from casework.cases.service import require_open
from casework.privacy.masking import PROTECTED, SubjectView, view
from foundation import audit
from foundation.errors import InvalidInput, NotFound
from foundation.people import Actor


@dataclass(frozen=True, slots=True)
class SubjectData:
    """What an officer knows of a subject; at least a name, an account or a telephone number."""

    role: str
    kind: str = SubjectKind.INDIVIDUAL
    name: str = ""
    account: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    born_on: date | None = None
    note: str = ""

    def check(self) -> None:
        if self.role not in set(SubjectRole) or self.kind not in set(SubjectKind):
            raise InvalidInput("no such role or kind", key="error.subject.role")
        if not (self.name.strip() or self.account.strip() or self.phone.strip()):
            raise InvalidInput(
                "a name, an account or a number is needed", key="error.subject.empty"
            )


def add_subject(
    session: Session, actor: Actor, case: Case, data: SubjectData, *, at: datetime
) -> Subject:
    """Put a person or organisation into the case."""
    require_open(case)
    data.check()
    row = Subject(
        case_id=case.id,
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
        **asdict(data),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "subject:add", row.id, at=at, case=case.id, role=row.role)
    return row


def edit_subject(
    session: Session, actor: Actor, case: Case, subject: Subject, data: SubjectData, *, at: datetime
) -> None:
    """Change a subject. The audit log names the fields, never what stood in them."""
    require_open(case)
    data.check()
    if subject.role != data.role and PROTECTED & {subject.role, data.role}:
        # Who is a victim or an informant stays one: another role would show what is masked.
        raise InvalidInput("who is protected stays so", key="error.subject.role")
    changed = [name for name, value in asdict(data).items() if getattr(subject, name) != value]
    for name in changed:
        setattr(subject, name, getattr(data, name))
    if changed:
        audit.record(
            session, actor, "subject:edit", subject.id, at=at, case=case.id, fields=changed
        )


def remove_subject(
    session: Session, actor: Actor, case: Case, subject: Subject, *, at: datetime
) -> None:
    """Take a subject out of the case; the row stays until retention."""
    require_open(case)
    subject.removed_at = at
    audit.record(session, actor, "subject:remove", subject.id, at=at, case=case.id)


def restore_subject(
    session: Session, actor: Actor, case: Case, subject: Subject, *, at: datetime
) -> None:
    """Take back the removal."""
    require_open(case)
    subject.removed_at = None
    audit.record(session, actor, "subject:restore", subject.id, at=at, case=case.id)


def get_subject(session: Session, case: Case, subject_id: int) -> Subject:
    """The subject's row, for services that are allowed to it; NotFound when it is of another case."""
    row = session.get(Subject, subject_id)
    if row is None or row.case_id != case.id:
        raise NotFound(f"no subject {subject_id}", about=f"subject:{subject_id}")
    return row


def subjects(session: Session, case: Case) -> Sequence[SubjectView]:
    """The case's subjects as pages may show them: suspects, informants, then victims, masked."""
    order = {SubjectRole.SUSPECT: 0, SubjectRole.INFORMANT: 1, SubjectRole.VICTIM: 2}
    rows = session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.removed_at.is_(None))
    )
    return [
        view(row) for row in sorted(rows, key=lambda row: (order[SubjectRole(row.role)], row.id))
    ]
