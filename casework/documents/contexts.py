"""What each document needs, as frozen dataclasses. Money in đồng, days Vietnamese, moments aware."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.documents.parties import Party
from casework.domain.figures import count, official_date


def _given(owner: str, **texts: str) -> None:
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{owner}: {name} is empty")


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who issues, number and symbol, place and day. A draft has no number or no day yet.

    `superior` may be empty (a body without one above it); both names as written in a sentence.
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    number: int | None = None
    day: date | None = None
    year: int | None = None

    def __post_init__(self) -> None:
        _given("letterhead", issuer=self.issuer, symbol=self.symbol, place=self.place)

    @property
    def number_line(self) -> str:
        """Số: 05/BC-SVHTTDL; blank where the number is not given yet."""
        number = "        " if self.number is None else count(self.number).replace(".", "")
        return f"Số: {number}/{self.symbol}"

    @property
    def place_line(self) -> str:
        """Bắc Sơn, ngày 05 tháng 02 năm 2026; blank where the day is not known yet."""
        if self.day:
            return f"{self.place}, {official_date(self.day)}"
        return f"{self.place}, ngày      tháng      năm {self.year or '        '}"


@dataclass(frozen=True, kw_only=True)
class Signature:
    """The lines over the signature (KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC) and the signer's name."""

    heading: tuple[str, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.heading:
            raise ValueError("signature: heading is empty")


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Nơi nhận: lines without dash and semicolon, and where the file copy goes (VT, QLTTBC)."""

    lines: tuple[str, ...]
    archive: str = "VT"


@dataclass(frozen=True, kw_only=True)
class Directive:
    """A directive issued in the period (văn bản chỉ đạo); count and list come from these rows."""

    kind: str
    number: str
    day: date
    subject: str

    @property
    def line(self) -> str:
        return f"{self.kind} số {self.number} ngày {self.day:%d/%m/%Y} {self.subject}"


@dataclass(frozen=True, kw_only=True)
class ReportFigures:
    """The figures of a period, each counted from records; None where a register is not kept."""

    posts_reviewed: int
    posts_flagged: int
    posts_dismissed: int
    cases_opened: int
    takedown_requests: int
    urls_requested: int
    urls_removed: int
    urls_removed_on_time: int
    account_locks_requested: int = 0
    reminders: int
    warnings: int = 0
    sanctioned_organisations: int
    sanctioned_individuals: int
    fines_total: int
    fines_collected: int | None = None
    referrals: int
    inspections: int | None = None
    inspected_organisations: int | None = None
    inspected_individuals: int | None = None
    communication_items: int | None = None

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"figures.{name} is negative")
        for part, whole in (
            ("urls_removed", "urls_requested"),
            ("urls_removed_on_time", "urls_removed"),
        ):
            if getattr(self, part) > getattr(self, whole):
                raise ValueError(f"figures.{part} is above figures.{whole}")
        if self.posts_flagged + self.posts_dismissed > self.posts_reviewed:
            raise ValueError("figures: flagged and dismissed posts are more than those reviewed")
        if self.fines_total and not self.sanctioned:
            raise ValueError("figures: fines without anybody sanctioned")

    @property
    def sanctioned(self) -> int:
        return self.sanctioned_organisations + self.sanctioned_individuals


@dataclass(frozen=True, kw_only=True)
class PeriodReport:
    """Báo cáo định kỳ về công tác phòng, chống mua bán người, lừa đảo trên không gian mạng.

    `subject` stands under BÁO CÁO; `request` is what asked for it ("Công văn số … của Công an tỉnh
    về …"), empty for a report by the calendar. `restates` names the report that this one corrects.
    """

    letterhead: Letterhead
    subject: str
    period: str
    first: date
    last: date
    request: str = ""
    restates: str = ""
    directives: tuple[Directive, ...] = ()
    direction: tuple[str, ...] = ()
    figures: ReportFigures
    previous_period: str = ""
    previous: ReportFigures | None = None
    notable: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    next_period: str
    tasks: tuple[str, ...]
    addressee: str
    recipients: Recipients
    signature: Signature

    def __post_init__(self) -> None:
        _given("period_report", subject=self.subject, period=self.period, addressee=self.addressee)
        if self.last < self.first:
            raise ValueError("last is before first")


@dataclass(frozen=True, kw_only=True)
class TakedownItem:
    """One address to be removed: what stands there, when it was seen, what it violates."""

    url: str
    account: str = ""
    quote: str
    captured_at: datetime
    violation: str
    evidence_sha256: str = ""

    def __post_init__(self) -> None:
        _given("items", url=self.url, quote=self.quote, violation=self.violation)
        if self.captured_at.tzinfo is None:
            raise ValueError("items.captured_at needs a time zone")


@dataclass(frozen=True, kw_only=True)
class TakedownRequest:
    """Công văn yêu cầu gỡ bỏ. `basis` holds căn cứ lines without the word and the semicolon."""

    letterhead: Letterhead
    summary: str
    addressees: tuple[str, ...]
    basis: tuple[str, ...]
    findings: str
    items: tuple[TakedownItem, ...]
    hours: int
    deadline_basis: str
    lock_request: str = ""
    renotice_of: str = ""
    contact: str
    recipients: Recipients
    signature: Signature

    def __post_init__(self) -> None:
        _given("takedown_request", summary=self.summary, contact=self.contact)
        for name in ("addressees", "basis", "items"):
            if not getattr(self, name):
                raise ValueError(f"takedown_request: {name} is empty")
        if self.hours <= 0:
            raise ValueError("takedown_request: hours must be above 0")


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
        _given("acts", text=self.text, provision=self.provision)


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
