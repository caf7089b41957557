"""Lists of reports, those that wait, and those that the law wants soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from casework.domain.report_lifecycle import ISSUERS, WRITERS, ReportState
from casework.law.catalogue import Catalogue
from casework.law.periods import Period
from casework.reports.models import Report
from casework.reports.service import KINDS
from foundation.people import Actor

AHEAD = timedelta(days=30)
BEHIND = timedelta(days=30)


@dataclass(frozen=True)
class Owed:
    """A report that a legal day asks for and that is not issued yet; `report` is its draft, if any."""

    period: Period
    due: date
    report: Report | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """The reports this actor may know of."""
    if actor.unit_id is None:
        return true()
    return or_(Report.unit_id.is_(None), Report.unit_id == actor.unit_id)


def list_reports(
    session: Session, actor: Actor, state: str, *, page: int, size: int
) -> tuple[Sequence[Report], int]:
    """One page of reports, the latest period first, and how many there are; discarded ones only if asked."""
    query = select(Report).where(visible(actor))
    query = query.where(Report.state == state if state else Report.state != ReportState.DISCARDED)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.scalars(
        query.order_by(Report.last.desc(), Report.id.desc()).limit(size).offset((page - 1) * size)
    )
    return rows.unique().all(), total


def to_issue(session: Session, actor: Actor) -> Sequence[Report]:
    """Those that wait for the signature of somebody like this actor."""
    if not actor.roles & ISSUERS:
        return ()
    query = select(Report).where(visible(actor), Report.state == ReportState.SUBMITTED)
    return session.scalars(query.order_by(Report.id)).unique().all()


def owed(session: Session, actor: Actor, catalogue: Catalogue, *, on: date) -> list[Owed]:
    """Reports with a legal day to send within 30 days, before or after today, and not issued yet."""
    if not actor.roles & WRITERS:
        return []
    found = []
    for period in _due_periods(catalogue, on):
        if period.due is None:
            continue
        made = _of(session, actor, period)
        if not any(each.state == ReportState.ISSUED for each in made):
            found.append(Owed(period, period.due, next(iter(made), None)))
    return sorted(found, key=lambda each: each.due)


def _due_periods(catalogue: Catalogue, on: date) -> list[Period]:
    return [
        period
        for kind in KINDS
        for year in (on.year - 1, on.year, on.year + 1)
        for period in catalogue.periods.of_year(kind, year)
        if period.due and on - BEHIND <= period.due <= on + AHEAD
    ]


def _of(session: Session, actor: Actor, period: Period) -> Sequence[Report]:
    query = select(Report).where(
        visible(actor),
        Report.period_kind == period.kind,
        Report.period_ref == period.ref,
        Report.state != ReportState.DISCARDED,
    )
    return session.scalars(query.order_by(Report.id.desc())).unique().all()
