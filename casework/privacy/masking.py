"""The one door to victims' and informants' data: masked for everybody, unmasked with a reason that is logged.

Law 53/2024/QH15 art. 3.10 forbids disclosing information on a victim, or on a person who is being identified
as one, without consent; whoever reported them is protected alike. Lists, screenshots, exports and documents
read `view()`; only `unmask()` gives the row's own words.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from casework.cases.models import Subject, SubjectRole
from foundation import audit
from foundation.errors import NeedsMissing
from foundation.people import Actor, add_note

MASK = "*"
PROTECTED = frozenset({SubjectRole.VICTIM, SubjectRole.INFORMANT})
_LETTERS = re.compile(r"\w", re.UNICODE)
MIN_REASON = 10


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A subject as a page or document may show it. `masked`: what is shown is not what is stored."""

    id: int
    case_id: int
    role: str
    kind: str
    name: str
    account: str
    phone: str
    id_number: str
    address: str
    born_on: date | None
    note: str
    masked: bool


def view(subject: Subject) -> SubjectView:
    """The subject with a victim's or an informant's data masked (che thông tin)."""
    if subject.role not in PROTECTED:
        return _as_is(subject)
    return SubjectView(
        id=subject.id,
        case_id=subject.case_id,
        role=subject.role,
        kind=subject.kind,
        name=mask_name(subject.name),
        account=mask_all(subject.account),
        phone=mask_phone(subject.phone),
        id_number=mask_all(subject.id_number),
        address=mask_all(subject.address),
        born_on=None,
        note=mask_all(subject.note),
        masked=True,
    )


def unmask(
    session: Session, actor: Actor, subject: Subject, reason: str, *, at: datetime
) -> SubjectView:
    """The subject as stored. NeedsMissing without a reason in words; the act is in the audit log."""
    if len(reason.strip()) < MIN_REASON:
        raise NeedsMissing(
            f"unmasking needs a reason of at least {MIN_REASON} characters",
            about=f"subject:{subject.id}",
            missing=["reason"],
        )
    note = add_note(session, actor, "subject", subject.id, reason.strip(), at=at)
    # The reason may name people, so the log holds the note's id only.
    audit.record(
        session,
        actor,
        "subject:unmask",
        subject.id,
        at=at,
        case=subject.case_id,
        note=note.id,
    )
    return _as_is(subject)


def mask_name(name: str) -> str:
    """`Nguyễn Thị Hoa` -> `N***** T** H**`: initials and lengths, so that two people stay apart."""
    return " ".join(
        word[0] + MASK * (len(word) - 1) if len(word) > 1 else MASK for word in name.split()
    )


def mask_phone(phone: str) -> str:
    """All but the last two digits; a number too short to hide behind them is hidden whole."""
    digits = [i for i, char in enumerate(phone) if char.isdigit()]
    hidden = set(digits[:-2] if len(digits) > 5 else digits)
    return "".join(MASK if i in hidden else char for i, char in enumerate(phone))


def mask_all(text: str) -> str:
    """Every letter and digit hidden; the length stays, so that one sees that something is there."""
    return _LETTERS.sub(MASK, text)


def _as_is(subject: Subject) -> SubjectView:
    return SubjectView(
        id=subject.id,
        case_id=subject.case_id,
        role=subject.role,
        kind=subject.kind,
        name=subject.name,
        account=subject.account,
        phone=subject.phone,
        id_number=subject.id_number,
        address=subject.address,
        born_on=subject.born_on,
        note=subject.note,
        masked=False,
    )
