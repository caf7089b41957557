"""What people set for a source's manners and watchfulness. Never commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from crawler.models import Run, RunState, SourceCare
from crawler.runs import open_run
from crawler.service_sources import get_source
from crawler.sources.forms import FieldProblem, FormProblems
from foundation import audit
from foundation.people import Actor

MOST_REQUESTS, MOST_MEGABYTES = 1_000_000, 100_000
_NUMBER = "A whole number from %(low)s to %(high)s is wanted."


@dataclass(frozen=True, slots=True)
class CareInput:
    """What was typed: numbers as text, hours 0 to 23 or empty."""

    day_requests: str = "0"
    day_megabytes: str = "0"
    hour_from: str = ""
    hour_to: str = ""
    canary: str = ""
    newest: bool = False


def care_of(session: Session, source_id: int) -> SourceCare:
    """What is set for a source; a new row, not stored, where nothing is."""
    found = session.get(SourceCare, source_id)
    return found or SourceCare(
        source_id=source_id,
        day_requests=0,
        day_megabytes=0,
        canary="",
        newest=False,
        robots="",
        terms="",
    )


def set_care(
    session: Session, actor: Actor, source_id: int, given: CareInput, *, at: datetime
) -> SourceCare:
    """Set budget, hours and canary; FormProblems names what cannot be taken.

    A run that waits only for its budget or hours may begin at once: it looks at what is set now.
    """
    source = get_source(session, actor, source_id)
    values = _read(given)
    care = care_of(session, source_id)
    session.add(care)
    for name, value in values.items():
        setattr(care, name, value)
    waiting = open_run(session, source_id)
    if waiting is not None and waiting.state == RunState.WAITING:
        _begin_anew(waiting, at)
    audit.record(session, actor, "source:care", source.id, at=at, **_facts(care))
    session.flush()
    return care


def note_site(session: Session, source_id: int, robots: str, terms: str) -> None:
    """Keep what robots.txt and the terms of use were when the source was added."""
    if not robots and not terms:
        return
    care = care_of(session, source_id)
    session.add(care)
    care.robots, care.terms = robots[:20], terms[:2000]
    session.flush()


def _begin_anew(run: Run, at: datetime) -> None:
    if run.not_before is not None:
        run.not_before = at


def _read(given: CareInput) -> dict[str, Any]:
    problems: list[FieldProblem] = []
    numbers = {
        "day_requests": _whole("day_requests", given.day_requests, MOST_REQUESTS, problems),
        "day_megabytes": _whole("day_megabytes", given.day_megabytes, MOST_MEGABYTES, problems),
    }
    hours = {
        name: _whole(name, text, 23, problems) if text.strip() else None
        for name, text in (("hour_from", given.hour_from), ("hour_to", given.hour_to))
    }
    if (hours["hour_from"] is None) != (hours["hour_to"] is None):
        problems.append(FieldProblem("hour_to", "Name both hours, or neither."))
    if len(given.canary) > 2000:
        problems.append(
            FieldProblem("canary", "This is longer than %(limit)s characters.", {"limit": 2000})
        )
    if problems:
        raise FormProblems(tuple(problems))
    return {**numbers, **hours, "canary": given.canary.strip(), "newest": given.newest}


def _whole(name: str, text: str, high: int, problems: list[FieldProblem]) -> int:
    plain = text.strip() or "0"
    if not plain.isascii() or not plain.isdigit() or int(plain[:9]) > high:
        problems.append(FieldProblem(name, _NUMBER, {"low": 0, "high": high}))
        return 0
    return int(plain[:9])


def _facts(care: SourceCare) -> Mapping[str, Any]:
    return {
        "day_requests": care.day_requests,
        "day_megabytes": care.day_megabytes,
        "hours": [care.hour_from, care.hour_to],
        "canary": bool(care.canary) or care.newest,
    }
