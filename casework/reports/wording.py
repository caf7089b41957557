"""A report as it will print: the sections that people write, and the context made of them and the figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from casework.documents.contexts import (
    PeriodReport,
    PlatformFigures,
    Recipients,
    ReportFigures,
    Signature,
)
from casework.documents.office import Office
from casework.domain.figures import count, official_date
from casework.law.catalogue import Catalogue
from casework.law.periods import Period
from casework.reports.figures import Figure
from casework.reports.models import Report

ON_REQUEST, NEXT = "theo yêu cầu", "thời gian tới"
AS_HALF_YEAR = {"electronic_information": "half_year"}
"""Kinds whose name is a report's title; their period is called as that of the other kind."""
PLATFORMS = {
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "zalo": "Zalo",
    "telegram": "Telegram",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "wiki": "trang wiki",
    "website": "trang thông tin điện tử",
    "forum": "diễn đàn",
}


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """What people write; lists hold one paragraph or line each."""

    subject: str
    addressee: str
    symbol: str
    direction: tuple[str, ...] = ()
    notable: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    archive: str = "VT"
    heading: tuple[str, ...] = ("GIÁM ĐỐC",)
    signer: str = ""

    def plain(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Narrative":
        """From what `plain` gave."""
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return cls(**given)


def first_narrative(period: str, office: Office) -> Narrative:
    """What a new report begins with."""
    return Narrative(
        subject=f"Kết quả rà soát, xử lý thông tin vi phạm trên không gian mạng {period}",
        addressee=office.superior,
        symbol=f"BC-{office.short}",
        recipients=(office.superior, f"Lãnh đạo {office.issuer.split(' ')[0]}"),
        tasks=(
            "Tiếp tục rà soát, phát hiện, xử lý thông tin vi phạm pháp luật trên không gian mạng",
        ),
    )


def period_words(period: Period | None, catalogue: Catalogue) -> str:
    """6 tháng đầu năm 2026; free dates are a report on request."""
    if period is None:
        return ON_REQUEST
    other = AS_HALF_YEAR.get(period.kind)
    return catalogue.period(other, period.ref).vi if other else period.vi


def next_words(period: Period | None, catalogue: Catalogue) -> str:
    """What the period after this one is called."""
    if period is None:
        return NEXT
    following = catalogue.periods.containing(period.kind, period.last + timedelta(days=1))
    return period_words(following, catalogue)


def named(report: Report, office: Office) -> str:
    """An issued report as another one names it: Báo cáo số 05/BC-SVHTTDL ngày 12 tháng 6 năm 2026."""
    number = "…" if report.official_number is None else count(report.official_number)
    day = f" {official_date(report.issued_at)}" if report.issued_at else ""
    symbol = report.narrative.get("symbol", f"BC-{office.short}")
    return f"Báo cáo số {number}/{symbol}{day}"


def context_of(
    report: Report,
    figures: Mapping[str, Figure],
    before: Mapping[str, Figure] | None,
    office: Office,
    catalogue: Catalogue,
    *,
    period: Period | None,
    restates: str = "",
    day: date | None = None,
    anchor: str = "",
) -> PeriodReport:
    """Everything that the document prints."""
    said = Narrative.read(report.narrative)
    earlier = catalogue.periods.previous(period) if period and before is not None else None
    return PeriodReport(
        letterhead=office.letterhead(said.symbol, report.official_number, day),
        subject=said.subject,
        period=period_words(period, catalogue),
        first=report.first,
        last=report.last,
        request=report.request,
        restates=restates,
        direction=said.direction,
        figures=report_figures(figures),
        previous_period=period_words(earlier, catalogue) if earlier else "",
        previous=report_figures(before) if earlier and before is not None else None,
        notable=said.notable,
        difficulties=said.difficulties,
        next_period=next_words(period, catalogue),
        tasks=said.tasks,
        addressee=said.addressee,
        recipients=Recipients(lines=said.recipients, archive=said.archive),
        signature=Signature(heading=said.heading, name=said.signer),
        anchor=anchor,
    )


def report_figures(figures: Mapping[str, Figure]) -> ReportFigures:
    """The figures as the documents take them."""
    known = {
        name: figure.value
        for name, figure in figures.items()
        if name in ReportFigures.__dataclass_fields__
    }
    return ReportFigures(**known, platforms=_platforms(figures))


def _platforms(figures: Mapping[str, Figure]) -> tuple[PlatformFigures, ...]:
    asked, gone = figures["urls_requested"].parts, figures["urls_removed"].parts
    return tuple(
        PlatformFigures(
            platform=name,
            name=PLATFORMS.get(name, name),
            urls_requested=len(refs),
            urls_removed=len(gone.get(name, ())),
        )
        for name, refs in sorted(asked.items(), key=lambda each: (-len(each[1]), each[0]))
    )
