"""What a source remembers between runs: written with the page that says it, or at the end of a whole run.

A cursor ("nothing older than this is asked for again") may move only when everything before it was read.
So it waits with its run, and is kept when the run has ended and no page of it failed, or only pages that
fail in every run. Never commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crawler.models import Run, RunError, SourceState
from crawler.page import PageResult, to_json

PATIENCE = 3
"""Runs one after the other in which a page must fail before it is passed over."""
MOST_HOLES = 200
"""With more failed pages than this the site is out of order, and nothing is passed over."""
_HOLES = "_holes"
_BROKEN = frozenset(
    [
        "http_status", "timeout", "connection", "too_large", "redirects", "not_a_page", "empty_page",
        "parser_failed", "no_items", "not_a_feed", "not_a_sitemap", "malformed_feed", "json_cut", "not_json",
        "json_shape", "api_failed", "endless",
    ]
)  # fmt: skip
"""Faults of one page. A quota, a key, a block or a limit of the run is none: it passes, or a person ends it."""


def keep(session: Session, source_id: int, state: Mapping[str, Any], *, at: datetime) -> None:
    """Put these names into the source's memory; others stay."""
    row = session.get(SourceState, source_id)
    if row is None:
        row = SourceState(source_id=source_id, state={})
        session.add(row)
    row.state = {**row.state, **to_json(state)}
    row.updated_at = at
    session.flush()


def failed_page(page: PageResult) -> tuple[str, str]:
    """Fingerprint and address of a page that is itself broken; empty where something else made the hole."""
    broken = next((one for one in page.problems if one.reason in _BROKEN), None)
    return (page.fingerprint, broken.url) if broken is not None else ("", "")


def note(
    session: Session,
    run_id: int,
    at_end: Mapping[str, Any],
    *,
    hole: bool,
    page: tuple[str, str] = ("", ""),
) -> None:
    """What the source shall remember if the run ends whole; or which `page` failed, as `failed_page` names it."""
    known = session.scalar(select(Run.checkpoint).where(Run.id == run_id)) or {}
    waiting = {**known.get("at_end", {}), **to_json(at_end)}
    holes = _holes(known)
    if hole and len(holes) <= MOST_HOLES:
        holes[page[0]] = page[1][:1000]
    session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(checkpoint={**known, "at_end": waiting, "holes": holes})
        .execution_options(synchronize_session=False)
    )


def settle(session: Session, run_id: int, *, at: datetime) -> bool:
    """Keep what waited, when the run had no hole but pages that fail for good; returns whether anything was kept.

    A page fails for good when it failed in PATIENCE runs one after the other: it is then passed over, and the
    run says so, for else one broken page would let the source read everything again for ever.
    """
    run = session.get_one(Run, run_id)
    session.refresh(run)
    at_end, holes = run.checkpoint.get("at_end") or {}, _holes(run.checkpoint)
    failed = _failed_before(session, run.source_id)
    now = {page: failed.get(page, 0) + 1 for page in holes}
    out_of_order = "" in holes or len(holes) > MOST_HOLES
    waits = out_of_order or any(times < PATIENCE for times in now.values())
    if waits or not at_end:
        if now != failed:
            keep(session, run.source_id, {_HOLES: now}, at=at)
        return False
    keep(session, run.source_id, {**at_end, **({_HOLES: {}} if failed else {})}, at=at)
    _tell(session, run, holes, at)
    return True


def _holes(checkpoint: Mapping[str, Any]) -> dict[str, str]:
    """The pages that failed, by fingerprint. Runs that began before these were named have a number only."""
    found = checkpoint.get("holes") or {}
    return dict(found) if isinstance(found, dict) else {"": ""}


def _failed_before(session: Session, source_id: int) -> dict[str, int]:
    row = session.get(SourceState, source_id)
    found = row.state.get(_HOLES) if row is not None else None
    return {str(page): int(times) for page, times in found.items()} if found else {}


def _tell(session: Session, run: Run, passed_over: Mapping[str, str], at: datetime) -> None:
    """Name in the run the pages that are waited for no longer."""
    for address in passed_over.values():
        detail = {"runs": PATIENCE}
        session.add(
            RunError(run_id=run.id, at=at, url=address, reason="passed_over", detail=detail)
        )
    run.errors += len(passed_over)
