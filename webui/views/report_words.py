"""The words of reports: states, kinds of period, where a record is to be seen, what can go wrong."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.domain.report_lifecycle import ReportState
from casework.reports.figures import Ref
from casework.sanctions.models import Payment, Sanction
from casework.takedowns.models import Notice, TakedownItem, TakedownRequest
from search.models import PostRow
from webui import words
from webui.errors import messages
from webui.formats import date, moment, money
from webui.requests import actor
from webui.views.sanction_words import ACTS as _SANCTION_ACTS  # noqa: F401 - their states are shown here
from webui.words import State, Text

KINDS: Mapping[str, Text] = {
    "half_year": _l("6 months (15/12 to 14/6, 15/6 to 14/12)"),
    "electronic_information": _l(
        "Electronic information, 6 months (Decree 147/2024, art. 24.10.b)"
    ),
    "quarter": _l("Quarter"),
    "year": _l("Year"),
    "month": _l("Month"),
}
ACTS: Mapping[str, Text] = {
    "create": _l("Report begun"),
    "edit": _l("Sections changed"),
    "submit": _l("Submitted for issue"),
    "recall": _l("Submission taken back"),
    "return": _l("Report returned"),
    "issue": _l("Report issued"),
    "discard": _l("Report discarded"),
    "restore": _l("Report restored"),
}
NOTES: Mapping[str, Text] = {
    "several_decisions": _l("More decisions than persons: somebody was decided about twice."),
}
words.states(
    "report",
    {
        ReportState.DRAFT: State(_l("Draft"), "progress"),
        ReportState.SUBMITTED: State(_l("Waiting for issue"), "warning"),
        ReportState.ISSUED: State(_l("Issued"), "good"),
        ReportState.DISCARDED: State(_l("Discarded"), "neutral", "ban"),
    },
)
messages(
    {
        "error.report.period": _l("Choose a period that the catalogue knows."),
        "error.report.days": _l("Give the first and the last day."),
        "error.report.order": _l("The last day lies before the first."),
        "error.report.request": _l(
            "Free dates need what asked for the report: number, day and sender of the letter."
        ),
        "error.report.figures_changed": _l(
            "Records changed since this page was shown, so the figures are not those you saw. Look at "
            "them again, then issue."
        ),
        "error.report.not_issued": _l("Only an issued report can be restated."),
    }
)


def lines_of(session: Session, refs: tuple[Ref, ...]) -> list[dict[str, str]]:
    """Each record as a line: what it is called, its day, its state, a link; one that is gone says so."""
    return [_line(session, kind, each) for kind, each in refs]


def _line(session: Session, kind: str, record: int) -> dict[str, str]:
    row = session.get(_ROWS[kind], record) if kind in _ROWS else None
    if row is not None and not actor().sees_unit(row.unit_id):
        other = gettext("%(kind)s %(id)s of another unit", kind=kind, id=record)
        return {"text": other, "day": "", "state": "", "kind": kind, "url": ""}
    told = _TOLD[kind](session, record) if kind in _TOLD else None
    if told is None:
        gone = gettext("%(kind)s %(id)s, deleted when its retention ended", kind=kind, id=record)
        return {"text": gone, "day": "", "state": "", "kind": kind, "url": ""}
    return {"kind": kind, **told}


def _url(endpoint: str, **args: Any) -> str:
    return url_for(endpoint, **args) if endpoint in current_app.view_functions else ""


def _post(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(PostRow, record)
    if row is None:
        return None
    first = " ".join((row.title or row.text).split())[:90]
    url = _url("posts.show", post_id=row.id)
    return {"text": first, "day": date(row.seen_at), "state": row.state, "url": url}


def _case(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(Case, record)
    if row is None:
        return None
    text, url = f"{row.number} {row.title}", _url("cases.show", case_id=row.id)
    return {"text": text, "day": date(row.opened_at), "state": row.state, "url": url}


def _request(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(TakedownRequest, record)
    if row is None:
        return None
    text, url = f"{row.number} {row.recipient}", _url("takedowns.show", request_id=row.id)
    return {"text": text, "day": moment(row.sent_at), "state": row.state, "url": url}


def _item(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(TakedownItem, record)
    if row is None:
        return None
    url = _url("takedowns.show", request_id=row.request_id)
    day = moment(row.removed_at or row.request.sent_at)
    return {
        "text": f"{row.request.number} {row.url}", "day": day, "state": row.state, "url": url,
    }  # fmt: skip


def _notice(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(Notice, record)
    if row is None:
        return None
    url = _url("takedowns.show", request_id=row.request_id)
    return {"text": row.request.number, "day": moment(row.at), "state": row.state, "url": url}


def _sanction(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(Sanction, record)
    if row is None:
        return None
    sum_ = f" · {money(row.amount)}" if row.amount is not None else ""
    text = f"{row.number} {row.cited}{sum_}"
    day = date(row.decided_on or row.reminded_on or row.created_at)
    url = _url("sanctions.show", sanction_id=row.id)
    return {"text": text, "day": day, "state": row.state, "url": url}


def _payment(session: Session, record: int) -> dict[str, str] | None:
    row = session.get(Payment, record)
    if row is None:
        return None
    number = session.scalar(select(Sanction.number).where(Sanction.id == row.sanction_id))
    text = f"{number} {row.receipt} · {money(row.amount)}"
    url = _url("sanctions.show", sanction_id=row.sanction_id)
    return {"text": text, "day": date(row.paid_on), "state": "", "url": url}


_ROWS: dict[str, Any] = {
    "post": PostRow,
    "case": Case,
    "takedown": TakedownRequest,
    "takedown_item": TakedownItem,
    "notice": Notice,
    "sanction": Sanction,
    "payment": Payment,
}
_TOLD = {
    "post": _post,
    "case": _case,
    "takedown": _request,
    "takedown_item": _item,
    "notice": _notice,
    "sanction": _sanction,
    "payment": _payment,
}
