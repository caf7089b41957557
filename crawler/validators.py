"""What pages said of their version (ETag, Last-Modified), so that they are sent again only when changed.

Only of pages with posts that lead nowhere: what a list leads to may change without it.
"""

from collections.abc import Mapping

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from crawler.models_care import PageValidator
from foundation.database import insert_into

MOST = 5000
"""Pages of one run whose version is kept."""
_ROWS = 100


def validators_of(session: Session, source_id: int, rules: str) -> dict[str, tuple[str, str]]:
    """ETag and Last-Modified by the page's fingerprint, of pages that were read by the same rules."""
    query = select(PageValidator.fingerprint, PageValidator.etag, PageValidator.last_modified)
    found = session.execute(
        query.where(PageValidator.source_id == source_id, PageValidator.rules == rules)
    )
    return {fingerprint: (etag, modified) for fingerprint, etag, modified in found}


def keep_validators(
    session: Session, source_id: int, found: Mapping[str, tuple[str, str]], rules: str
) -> None:
    """Put these in; what was read by other rules goes, and everything when it became too much."""
    mine = PageValidator.source_id == source_id
    many = session.scalar(select(func.count()).select_from(PageValidator).where(mine)) or 0
    old = mine if many > 4 * MOST else and_(mine, PageValidator.rules != rules)
    session.execute(delete(PageValidator).where(old))
    rows = [
        {
            "source_id": source_id,
            "fingerprint": fingerprint,
            "etag": etag,
            "last_modified": modified,
            "rules": rules,
        }
        for fingerprint, (etag, modified) in list(found.items())[-MOST:]
    ]
    for start in range(0, len(rows), _ROWS):
        statement = insert_into(session, PageValidator).values(rows[start : start + _ROWS])
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["source_id", "fingerprint"],
                set_={
                    "etag": statement.excluded.etag,
                    "last_modified": statement.excluded.last_modified,
                    "rules": rules,
                },
            )
        )


def forget_validators(session: Session, source_id: int) -> None:
    """Ask for every page whole again: the source is read in another way now."""
    session.execute(delete(PageValidator).where(PageValidator.source_id == source_id))
