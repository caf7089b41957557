"""The pages of a run as rows: put in, and ended by the batch in few statements. Never commits."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from crawler.models import FrontierRow
from crawler.page import Fetch, PageResult, to_json
from foundation.database import insert_into

_AT_ONCE = 400
_TABLE = cast("Table", FrontierRow.__table__)


def remember(session: Session, run_id: int, fetches: Sequence[Fetch]) -> None:
    """Pages that wait to be read; those the run has thought of before stay as they are."""
    rows = [
        {
            "run_id": run_id,
            "fingerprint": fetch.fingerprint,
            "url": fetch.url,
            "step": fetch.step,
            "depth": fetch.depth,
            "priority": fetch.priority,
            "data": to_json(data) if (data := fetch.to_dict()) else {},
            "state": "waiting",
        }
        for fetch in fetches
    ]
    if rows:
        table = cast(
            "Any", _TABLE
        )  # without the way through objects, which costs more than the rows
        session.execute(insert_into(session, table).on_conflict_do_nothing(), rows)


def end(session: Session, run_id: int, pages: Sequence[PageResult]) -> list[PageResult]:
    """Those pages from waiting to done, and what they lead to put in; the ones that were not done before.

    A page may be one that another page of the batch leads to. The run is held by its lease meanwhile.
    """
    states = _states(session, run_id, [page.fingerprint for page in pages])
    ended = []
    for page in pages:
        if states.get(page.fingerprint) == "waiting":
            states[page.fingerprint] = "done"
            for fetch in page.follow:
                states.setdefault(fetch.fingerprint, "waiting")
            ended.append(page)
    remember(session, run_id, [fetch for page in ended for fetch in page.follow])
    _done(session, run_id, [page.fingerprint for page in ended])
    return ended


def _states(session: Session, run_id: int, fingerprints: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(fingerprints), _AT_ONCE):
        query = select(_TABLE.c.fingerprint, _TABLE.c.state).where(
            _TABLE.c.run_id == run_id,
            _TABLE.c.fingerprint.in_(fingerprints[start : start + _AT_ONCE]),
        )
        found.update((fingerprint, state) for fingerprint, state in session.execute(query))
    return found


def _done(session: Session, run_id: int, fingerprints: Sequence[str]) -> None:
    for start in range(0, len(fingerprints), _AT_ONCE):
        session.execute(
            update(_TABLE)
            .where(
                _TABLE.c.run_id == run_id,
                _TABLE.c.fingerprint.in_(fingerprints[start : start + _AT_ONCE]),
            )
            .values(state="done")
        )
