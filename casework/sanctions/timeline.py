"""What a case tells of its sanction files: its measures and its timeline."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.cases.timeline import Measure, TimelineEntry, register_measures, register_timeline
from casework.domain.sanction_lifecycle import OPEN
from casework.sanctions.models import Sanction
from foundation.lifecycle import TransitionRow

ENDPOINT = "sanctions.show"


def register() -> None:
    """Tell the cases of sanction files; told again, it replaces."""
    register_measures("sanction", measures)
    register_timeline("sanction", timeline)


def measures(session: Session, case: Case) -> Sequence[Measure]:
    """The case's sanction files, each with the legal period that runs."""
    rows = session.scalars(
        select(Sanction).where(Sanction.case_id == case.id).order_by(Sanction.id)
    )
    return [
        Measure(
            kind="sanction",
            number=row.number,
            state=row.state,
            title=row.cited,
            endpoint=ENDPOINT,
            args={"sanction_id": row.id},
            deadline=row.due_at,
            open=row.state in OPEN,
        )
        for row in rows.unique()
    ]


def timeline(session: Session, case: Case) -> Sequence[TimelineEntry]:
    """Every step of the case's sanction files."""
    files = {
        row.id: row.number
        for row in session.execute(
            select(Sanction.id, Sanction.number).where(Sanction.case_id == case.id)
        )
    }
    rows = session.scalars(
        select(TransitionRow).where(
            TransitionRow.subject_kind == "sanction", TransitionRow.subject_id.in_(files)
        )
    )
    return [
        TimelineEntry(
            row.at,
            row.actor_name,
            f"sanction:{row.act}",
            " · ".join(filter(None, (files[row.subject_id], row.reason))),
            ENDPOINT,
            {"sanction_id": row.subject_id},
        )
        for row in rows
    ]


register()
