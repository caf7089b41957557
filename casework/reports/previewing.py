"""A report as it stands: computed from the records, or as it was frozen when it was issued."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.contexts import PeriodReport
from casework.documents.office import Office
from casework.documents.renderer import DocumentKind, read_context
from casework.domain.report_lifecycle import ReportState
from casework.law.catalogue import Catalogue
from casework.law.periods import Period
from casework.reports import wording
from casework.reports.figures import Figure, Scope, compute
from casework.reports.models import Report


@dataclass(frozen=True)
class Preview:
    """A report as it stands: its figures, those of the period before, and what prints.

    `digest` is the SHA-256 over all figures with their records.
    """

    figures: Mapping[str, Figure]
    before: Mapping[str, Figure] | None
    context: PeriodReport
    digest: str


def preview(session: Session, report: Report, catalogue: Catalogue, office: Office) -> Preview:
    """The report as it stands now; an issued one as it was issued, whatever its records say today."""
    if report.state == ReportState.ISSUED:
        return _frozen(report)
    return live(session, report, catalogue, office)


def live_figures(session: Session, report: Report) -> dict[str, Figure]:
    """What the records say today, for the report's days and unit."""
    return compute(session, Scope(report.first, report.last, report.unit_id))


def figures_digest(figures: Mapping[str, Figure], before: Mapping[str, Figure] | None) -> str:
    """SHA-256 over every figure with its records."""
    said = [
        [each.plain() for each in group.values()] if group is not None else None
        for group in (figures, before)
    ]
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def live(
    session: Session,
    report: Report,
    catalogue: Catalogue,
    office: Office,
    *,
    day: date | None = None,
    anchor: str = "",
) -> Preview:
    figures = live_figures(session, report)
    period = period_of(report, catalogue)
    before = _before(session, report, period, catalogue)
    corrected = session.get(Report, report.restates_id) if report.restates_id else None
    context = wording.context_of(
        report, figures, before, office, catalogue, period=period,
        restates=wording.named(corrected, office) if corrected else "", day=day, anchor=anchor,
    )  # fmt: skip
    return Preview(figures, before, context, figures_digest(figures, before))


def _frozen(report: Report) -> Preview:
    kept = report.snapshot
    before = _by_id(kept["before"]) if kept["before"] else None
    said = {**kept["context"], "letterhead": {**kept["context"]["letterhead"]}}
    for group, name in ((said, "first"), (said, "last"), (said["letterhead"], "day")):
        group[name] = date.fromisoformat(group[name])
    context: PeriodReport = read_context(DocumentKind.PERIOD_REPORT, said)
    return Preview(_by_id(kept["figures"]), before, context, kept["digest"])


def _before(
    session: Session, report: Report, period: Period | None, catalogue: Catalogue
) -> dict[str, Figure] | None:
    """The figures of the period before: as they were issued, else as the records say."""
    if period is None:
        return None
    earlier = catalogue.periods.previous(period)
    issued = session.scalars(
        select(Report)
        .where(
            Report.period_kind == earlier.kind,
            Report.period_ref == earlier.ref,
            Report.state == ReportState.ISSUED,
            Report.unit_id == report.unit_id if report.unit_id else Report.unit_id.is_(None),
        )
        .order_by(Report.id.desc())
    ).first()
    if issued is not None:
        return _by_id(issued.snapshot["figures"])
    return compute(session, Scope(earlier.first, earlier.last, report.unit_id))


def _by_id(kept: list[dict[str, Any]]) -> dict[str, Figure]:
    return {each["id"]: Figure.read(each) for each in kept}


def period_of(report: Report, catalogue: Catalogue) -> Period | None:
    """The catalogue's period, or None for free dates."""
    if not report.period_kind:
        return None
    return catalogue.period(report.period_kind, report.period_ref)
