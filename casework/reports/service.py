"""Period reports: written, submitted, issued and frozen, restated openly. Never commits; the entry point does."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.numbers import next_number
from casework.documents.office import Office
from casework.documents.renderer import DocumentKind, context_as_json, render
from casework.domain.deadlines import office_day
from casework.domain.report_lifecycle import REPORT, ReportState
from casework.law.catalogue import Catalogue
from casework.law.periods import Period
from casework.reports import providers, wording
from casework.reports.acts import ACTS
from casework.reports.models import Report
from casework.reports.previewing import live, preview
from casework.reports.wording import Narrative
from foundation import audit
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.files import FileStore
from foundation.lifecycle import TransitionRow, begin, perform
from foundation.people import Actor

__all__ = ["ACTS", "Timing"]
SIX_MONTHS = "six_months"
KINDS = ("half_year", "electronic_information", "quarter", "year", "month")
"""Kinds of period that a report can be made of."""
providers.register()


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Which days a report is about: a period of the catalogue, or free dates with what asked for them."""

    kind: str = ""
    ref: str = ""
    first: date | None = None
    last: date | None = None
    request: str = ""


def get_report(session: Session, actor: Actor, report_id: int) -> Report:
    """The report, if this actor may know of it; else NotFound."""
    found = session.get(Report, report_id)
    if found is None or not actor.sees_unit(found.unit_id):
        raise NotFound(f"no report {report_id}", about=f"report:{report_id}")
    return found


def create(
    session: Session,
    actor: Actor,
    timing: Timing,
    *,
    at: datetime,
    catalogue: Catalogue,
    office: Office,
    template: str = SIX_MONTHS,
) -> Report:
    """A new draft; InvalidInput names the field where the days are no period."""
    period = _period(timing, catalogue)
    first, last = (period.first, period.last) if period else _free_days(timing)
    report = Report(
        number=next_number(session, "report", "BC", at=at),
        state=REPORT.initial,
        template=template,
        period_kind=timing.kind if period else "",
        period_ref=period.ref if period else "",
        first=first,
        last=last,
        due_on=period.due if period else None,
        request=timing.request.strip(),
        narrative=wording.first_narrative(wording.period_words(period, catalogue), office).plain(),
        snapshot={},
        unit_id=actor.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(report)
    begin(session, REPORT, report, actor, at=at)
    _told(session, actor, report, "create", at)
    return report


def edit(
    session: Session,
    actor: Actor,
    report: Report,
    narrative: Narrative,
    request: str,
    *,
    at: datetime,
) -> None:
    """Change the sections that people write; a figure cannot be changed, only its records."""
    for name in ("subject", "addressee", "symbol"):
        if not getattr(narrative, name).strip():
            raise InvalidInput(f"{name} is needed", key="error.needs_missing", field=name)
    if not narrative.tasks:
        raise InvalidInput("tasks are needed", key="error.needs_missing", field="tasks")
    if not narrative.heading:
        raise InvalidInput("a heading is needed", key="error.needs_missing", field="heading")
    if not report.period_kind and not request.strip():
        raise InvalidInput("what asked for it", key="error.report.request", field="request")
    report.narrative, report.request = narrative.plain(), request.strip()
    take_step(session, actor, report, "edit", at=at)


def submit(
    session: Session,
    actor: Actor,
    report: Report,
    *,
    at: datetime,
    catalogue: Catalogue,
    office: Office,
) -> None:
    """Hand it to the approver (trình duyệt)."""
    seen = preview(session, report, catalogue, office)
    take_step(session, actor, report, "submit", at=at, figures=seen.digest)


def issue(
    session: Session,
    actor: Actor,
    report: Report,
    shown: str,
    *,
    at: datetime,
    catalogue: Catalogue,
    office: Office,
    files: FileStore,
) -> None:
    """Issue and freeze (ban hành). `shown` is the digest of the figures that the approver saw.

    Conflict when a record changed between the page and the signature.
    """
    if not report.narrative.get("signer"):
        report.narrative = {**report.narrative, "signer": actor.name}
    if live(session, report, catalogue, office).digest != shown:
        raise Conflict("the figures changed", key="error.report.figures_changed")
    report.official_number = int(
        next_number(session, "issued_report", "", at=at).rpartition("-")[2]
    )
    report.issued_at, report.issued_by_id = at, actor.user_id
    head = audit.read_head(session)
    anchor = f"{head.sequence} {head.digest}"
    seen = live(session, report, catalogue, office, day=office_day(at), anchor=anchor)
    report.document_digest = files.put(render(DocumentKind.PERIOD_REPORT, seen.context))
    report.snapshot = {
        "figures": [each.plain() for each in seen.figures.values()],
        "before": [each.plain() for each in seen.before.values()] if seen.before else None,
        "digest": seen.digest,
        "context": context_as_json(seen.context),
        "office": asdict(office),
        "restates": seen.context.restates,
        "law": catalogue.version,
        "audit_head": {"sequence": head.sequence, "digest": head.digest},
    }
    take_step(
        session, actor, report, "issue", at=at, figures=seen.digest,
        document=report.document_digest,
    )  # fmt: skip


def document(report: Report, files: FileStore) -> bytes:
    """The .docx as it was issued; IntegrityError when its bytes are not what its digest says."""
    if not report.document_digest:
        raise NotFound("not issued", about=f"report:{report.id}")
    return files.get(report.document_digest)


def draft_document(session: Session, report: Report, catalogue: Catalogue, office: Office) -> bytes:
    """The .docx of what stands now."""
    return render(DocumentKind.PERIOD_REPORT, preview(session, report, catalogue, office).context)


def restate(
    session: Session,
    actor: Actor,
    report: Report,
    why: str,
    *,
    at: datetime,
) -> Report:
    """A new draft over the same days that corrects an issued report (đính chính), and names it."""
    if report.state != ReportState.ISSUED:
        raise Conflict("not issued", key="error.report.not_issued")
    if not why.strip():
        raise InvalidInput("a reason", key="error.needs_missing", field="reason")
    new = Report(
        number=next_number(session, "report", "BC", at=at),
        state=REPORT.initial,
        template=report.template,
        period_kind=report.period_kind,
        period_ref=report.period_ref,
        first=report.first,
        last=report.last,
        request=report.request,
        narrative={**report.narrative, "signer": ""},
        snapshot={},
        restates_id=report.id,
        restated_why=why.strip(),
        unit_id=report.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(new)
    begin(session, REPORT, new, actor, at=at, reason=why.strip())
    _told(session, actor, new, "restate", at, restates=report.id)
    return new


def restated_by(session: Session, report: Report) -> Report | None:
    """The issued report that corrects this one, if there is one."""
    return session.scalars(
        select(Report).where(Report.restates_id == report.id, Report.state == ReportState.ISSUED)
    ).first()


def take_step(
    session: Session,
    actor: Actor,
    report: Report,
    act: str,
    *,
    at: datetime,
    reason: str = "",
    **data: Any,
) -> TransitionRow:
    """One step of the lifecycle, in the audit log."""
    session.flush()
    taken = perform(session, REPORT, report, act, actor, at=at, reason=reason, data=data)
    _told(session, actor, report, act, at, **data)
    return taken


def _told(
    session: Session, actor: Actor, report: Report, act: str, at: datetime, **detail: Any
) -> None:
    audit.record(session, actor, f"report:{act}", report.id, at=at, state=report.state, **detail)


def _period(timing: Timing, catalogue: Catalogue) -> Period | None:
    if not timing.kind:
        return None
    if timing.kind not in KINDS:
        raise InvalidInput("no such kind", key="error.report.period", field="period")
    try:
        return catalogue.period(timing.kind, timing.ref)
    except NotFound:
        raise InvalidInput("no such period", key="error.report.period", field="period") from None


def _free_days(timing: Timing) -> tuple[date, date]:
    if timing.first is None or timing.last is None:
        raise InvalidInput("both days", key="error.report.days", field="first")
    if timing.last < timing.first:
        raise InvalidInput("the wrong way round", key="error.report.order", field="last")
    if not timing.request.strip():
        raise InvalidInput("what asked for it", key="error.report.request", field="request")
    return timing.first, timing.last
