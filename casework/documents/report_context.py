"""What the period report needs. Money in đồng, days Vietnamese."""

from dataclasses import dataclass
from datetime import date

from casework.documents.heads import Letterhead, Recipients, Signature, given


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
class PlatformFigures:
    """Addresses of one platform (nền tảng): asked to be removed, and removed."""

    platform: str
    name: str
    urls_requested: int
    urls_removed: int


@dataclass(frozen=True, kw_only=True)
class ReportFigures:
    """The figures of a period, each counted from records; None where a register is not kept.

    `fined_elsewhere`: what other bodies fined in the office's cases, never part of the office's own.
    """

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
    cases_closed: int | None = None
    cases_open: int | None = None
    renotices: int | None = None
    remedies_ordered: int | None = None
    fined_elsewhere: int | None = None
    fined_elsewhere_total: int | None = None
    platforms: tuple[PlatformFigures, ...] = ()

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, int) and value < 0:
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
    về …"), empty for a report by the calendar. `restates` names the report that this one corrects. `anchor` is the
    head of the audit log, kept in the file's properties so that it stands outside the database too.
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
    anchor: str = ""

    def __post_init__(self) -> None:
        given("period_report", subject=self.subject, period=self.period, addressee=self.addressee)
        if self.last < self.first:
            raise ValueError("last is before first")
