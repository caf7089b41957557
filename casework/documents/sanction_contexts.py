"""What the record of violation and the sanction decision need. Money in đồng."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.documents.heads import Letterhead, Recipients, Signature, given
from casework.documents.parties import Party


@dataclass(frozen=True, kw_only=True)
class Officer:
    """Who draws up a record."""

    name: str
    position: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class Witness:
    """Người chứng kiến."""

    name: str
    job: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class ActLine:
    """What was done, and the provision it is judged by; the fine only in a decision (đồng)."""

    text: str
    provision: str
    fine: int = 0

    def __post_init__(self) -> None:
        given("acts", text=self.text, provision=self.provision)


@dataclass(frozen=True, kw_only=True)
class ViolationRecord:
    """Biên bản vi phạm hành chính (mẫu MBB01)."""

    letterhead: Letterhead
    field: str
    started_at: datetime
    held_at: str
    basis: tuple[str, ...]
    officers: tuple[Officer, ...]
    witnesses: tuple[Witness, ...] = ()
    party: Party
    acts: tuple[ActLine, ...]
    harmed: str = ""
    party_statement: str = ""
    witness_statement: str = ""
    harmed_statement: str = ""
    preventive_measures: str = ""
    seized: str = ""
    explanation_right: bool
    explanation_to: str = ""
    oral_request_days: int = 0
    written_days: int = 0
    appointment_at: datetime | None = None
    appointment_place: str = ""
    ended_at: datetime
    sheets: int
    copies: int
    refusal_reason: str = ""

    def __post_init__(self) -> None:
        for name in ("basis", "officers", "acts"):
            if not getattr(self, name):
                raise ValueError(f"violation_record: {name} is empty")
        if self.explanation_right and not (self.explanation_to and self.written_days):
            raise ValueError("explanation_right needs explanation_to and written_days")
        if self.ended_at < self.started_at:
            raise ValueError("ended_at is before started_at")


@dataclass(frozen=True, kw_only=True)
class RemedyLine:
    """A remedy ordered, and how many days there are to carry it out."""

    text: str
    days: int


@dataclass(frozen=True, kw_only=True)
class SanctionDecision:
    """Quyết định xử phạt vi phạm hành chính (mẫu MQĐ02). The fine is the sum over the acts."""

    letterhead: Letterhead
    authority: str
    basis: tuple[str, ...]
    party: Party
    acts: tuple[ActLine, ...]
    aggravating: tuple[str, ...] = ()
    mitigating: tuple[str, ...] = ()
    warning_only: bool = False
    additional: str = ""
    remedies: tuple[RemedyLine, ...] = ()
    effective_on: date
    pay_to: str
    compliance_days: int
    carried_out_by: str
    recipients: Recipients
    signature: Signature

    def __post_init__(self) -> None:
        for name in ("basis", "acts"):
            if not getattr(self, name):
                raise ValueError(f"sanction_decision: {name} is empty")
        if self.warning_only == bool(self.fine):
            raise ValueError("acts: a fine for each act, or warning_only and no fine")

    @property
    def fine(self) -> int:
        return sum(each.fine for each in self.acts)
