"""The legal steps of a file in their order: what is done, what runs until when, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from casework.domain.deadlines import Due, WorkingCalendar, due, office_day
from casework.domain.sanction_lifecycle import Form, SanctionState
from casework.law.catalogue import Catalogue
from casework.law.model import Deadline
from casework.sanctions.assessing import (
    act_of,
    limitation_key,
    may_explain,
    record_key,
    track_of,
)
from casework.sanctions.models import Sanction

DONE, NOW, AHEAD, SKIPPED = "done", "now", "ahead", "skipped"
_S = SanctionState
_ENDED = {_S.CANCELLED, _S.REMINDED, _S.ELSEWHERE}


@dataclass(frozen=True)
class LegalStep:
    """One step. `status`: done, now, ahead, skipped. `missing` are keys that the page words.

    `rule` is the catalogue's period and `limit` its end, counted as far as its start is known.
    """

    key: str
    status: str
    rule: Deadline | None = None
    limit: Due | None = None
    done_on: date | None = None
    missing: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        """Done after its last day."""
        return bool(self.limit and self.done_on and self.done_on > self.limit.on)


def legal_steps(sanction: Sanction, catalogue: Catalogue, *, on: date) -> tuple[LegalStep, ...]:
    """All steps of the file as they stand on a day."""
    steps = tuple(_steps(sanction, catalogue, WorkingCalendar(catalogue.holidays), on))
    if sanction.state not in _ENDED:
        return steps
    return tuple(
        replace(each, status=SKIPPED, limit=None) if each.status != DONE else each for each in steps
    )


def running(sanction: Sanction, catalogue: Catalogue, *, on: date) -> tuple[str, Due] | None:
    """The period that runs now and ends first: its key in the catalogue, and when."""
    if sanction.has_crime_signs:
        return None
    found = [
        (each.rule.key, each.limit)
        for each in legal_steps(sanction, catalogue, on=on)
        if each.rule and each.limit and _runs(each, sanction)
    ]
    return min(found, key=lambda each: each[1].at, default=None)


def _runs(step: LegalStep, sanction: Sanction) -> bool:
    """Limitation runs until the decision, though what it counts from is long known."""
    if step.key == "facts":
        return sanction.decided_on is None and sanction.state not in _ENDED
    return step.status == NOW


def _steps(
    sanction: Sanction, catalogue: Catalogue, days: WorkingCalendar, on: date
) -> Iterator[LegalStep]:
    record_on = office_day(sanction.recorded_at) if sanction.recorded_at else None
    yield _period(
        "facts", DONE, catalogue, days, limitation_key(sanction), act_of(sanction).governing_day, on
    )
    yield _period(
        "record",
        DONE if record_on else NOW,
        catalogue,
        days,
        record_key(sanction),
        sanction.detected_on,
        on,
        record_on,
    )
    yield _explanation(sanction, catalogue, days, record_on, on)
    yield _proposal(sanction)
    decided = sanction.decided_on
    yield _period(
        "decision",
        DONE if decided else NOW if record_on else AHEAD,
        catalogue,
        days,
        track_of(sanction).value,
        record_on,
        on,
        decided,
        () if decided or sanction.state == _S.PROPOSED else ("proposal",),
    )
    served = sanction.served_on
    status = DONE if served else NOW if decided else AHEAD
    yield _period("service", status, catalogue, days, "service", decided, on, served)
    yield _compliance(sanction, catalogue, days, on)


def _period(
    key: str,
    status: str,
    catalogue: Catalogue,
    days: WorkingCalendar,
    rule_key: str,
    start: date | None,
    on: date,
    done_on: date | None = None,
    missing: tuple[str, ...] = (),
) -> LegalStep:
    rule = catalogue.deadline(rule_key, done_on or on)
    limit = due(rule, start, days) if start else None
    return LegalStep(key, status, rule, limit, done_on, missing if status == NOW else ())


def _explanation(
    sanction: Sanction,
    catalogue: Catalogue,
    days: WorkingCalendar,
    record_on: date | None,
    on: date,
) -> LegalStep:
    if sanction.explanations:
        last = sanction.explanations[-1].on
        return _period(
            "explanation", DONE, catalogue, days, "explanation.written", record_on, on, last
        )
    if not may_explain(sanction, catalogue, on=on):
        return LegalStep("explanation", SKIPPED, missing=("no_right",))
    waits = sanction.state == _S.EXPLANATION
    return _period(
        "explanation",
        NOW if waits else AHEAD,
        catalogue,
        days,
        "explanation.written",
        record_on,
        on,
        missing=("explanation",),
    )


def _proposal(sanction: Sanction) -> LegalStep:
    if sanction.state in {_S.PROPOSED, _S.DECIDED, _S.SERVED, _S.PAID, _S.ENFORCED}:
        return LegalStep("proposal", DONE)
    ready = sanction.state in {_S.RECORDED, _S.EXPLAINED}
    return LegalStep(
        "proposal", NOW if ready else AHEAD, missing=("amount",) if sanction.amount is None else ()
    )


def _compliance(
    sanction: Sanction, catalogue: Catalogue, days: WorkingCalendar, on: date
) -> LegalStep:
    no_money = sanction.form == Form.WARNING
    finished = sanction.settled_on or (sanction.served_on if no_money else None)
    open_remedies = bool(sanction.remedies) and sanction.remedied_on is None
    status = AHEAD
    if sanction.served_on:
        status = DONE if finished and not open_remedies else NOW
    missing = (() if finished else ("payment",)) + (("remedies",) if open_remedies else ())
    done_on = max(filter(None, (finished, sanction.remedied_on)), default=None)
    return _period(
        "compliance",
        status,
        catalogue,
        days,
        "compliance",
        sanction.served_on,
        on,
        done_on if status == DONE else None,
        missing,
    )
