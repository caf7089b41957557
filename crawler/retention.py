"""Pages that broke their parser are kept for the developer, and not for long (trang lưu của bộ đọc bị lỗi)."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from crawler.models import RunError


def count_saved_pages(session: Session, before: datetime) -> tuple[int, datetime | None]:
    """How many errors older than that moment still name a saved page, and the oldest that is younger."""
    due = session.scalar(select(func.count(RunError.id)).where(_due(before))) or 0
    later = select(func.min(RunError.at)).where(RunError.saved_page != "", RunError.at > before)
    return due, session.scalar(later)


def forget_saved_pages(
    session: Session, after: int, before: datetime, *, limit: int, real: bool
) -> tuple[int, int]:
    """Errors of a slice let go of their page, and stay themselves. Returns how many, and the last id or 0."""
    ids = session.scalars(
        select(RunError.id)
        .where(_due(before), RunError.id > after)
        .order_by(RunError.id)
        .limit(limit)
    ).all()
    if real and ids:
        session.execute(
            update(RunError)
            .where(RunError.id.in_(ids))
            .values(saved_page="")
            .execution_options(synchronize_session=False)
        )
    return len(ids), ids[-1] if len(ids) == limit else 0


def _due(before: datetime) -> ColumnElement[bool]:
    return and_(RunError.saved_page != "", RunError.at <= before)
