"""What takedowns tell the case page: each step on the timeline, each request as a measure with its clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.timeline import Measure, TimelineEntry, register_measures, register_timeline
from casework.domain.takedown_lifecycle import OPEN, RequestState
from casework.takedowns.models import TakedownItem, TakedownRequest
from foundation.lifecycle import TransitionRow

ENDPOINT = "takedowns.show"


def deadline_of(request: TakedownRequest) -> datetime | None:
    """The deadline of the latest sending while the request is followed; else None."""
    if request.state != RequestState.SENT:
        return None
    return max((one.deadline_at for one in request.notices if one.deadline_at), default=None)


def _steps(session: Session, case: Case) -> Sequence[TimelineEntry]:
    requests = {
        one.id: one.number
        for one in session.scalars(
            select(TakedownRequest).where(TakedownRequest.case_id == case.id)
        ).unique()
    }
    found = session.scalars(select(TakedownItem).where(TakedownItem.request_id.in_(requests)))
    items = {item.id: item.request_id for item in found.unique()}
    rows = session.scalars(
        select(TransitionRow).where(
            ((TransitionRow.subject_kind == "takedown") & TransitionRow.subject_id.in_(requests))
            | (
                (TransitionRow.subject_kind == "takedown_item")
                & TransitionRow.subject_id.in_(items)
            )
        )
    )
    return [_entry(row, requests, items) for row in rows]


def _entry(row: TransitionRow, requests: dict[int, str], items: dict[int, int]) -> TimelineEntry:
    of_item = row.subject_kind == "takedown_item"
    request_id = items[row.subject_id] if of_item else row.subject_id
    reason = "" if row.reason == "reappeared" else row.reason
    said = f"{requests[request_id]}: {reason}" if reason else requests[request_id]
    return TimelineEntry(
        row.at,
        "" if row.actor_id is None else row.actor_name,
        f"{row.subject_kind}:{row.act}",
        said,
        ENDPOINT,
        {"request_id": request_id},
    )


def _measures(session: Session, case: Case) -> Sequence[Measure]:
    rows = session.scalars(
        select(TakedownRequest)
        .where(TakedownRequest.case_id == case.id)
        .order_by(TakedownRequest.id)
    ).unique()
    return [
        Measure(
            kind="takedown",
            number=one.number,
            state=one.state,
            title=one.recipient,
            endpoint=ENDPOINT,
            args={"request_id": one.id},
            deadline=deadline_of(one),
            open=one.state in OPEN,
        )
        for one in rows
    ]


register_timeline("takedowns", _steps)
register_measures("takedowns", _measures)
