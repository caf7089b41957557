"""What the law says of one file: candidates, brackets, findings. Reads rows, writes nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.domain.competence import Signer, who_may_sign
from casework.domain.deadlines import office_day
from casework.domain.findings import Finding, Severity
from casework.domain.records import plain
from casework.domain.sanction_lifecycle import ExplanationOutcome, Form
from casework.domain.sanctions import (
    Act,
    Assessment,
    Candidate,
    Procedure,
    SubjectKind,
    Track,
    applicable_instruments,
    assess,
    check_amount,
)
from casework.law.catalogue import Catalogue
from casework.sanctions.models import Sanction

OF_AMOUNT = {"outside_bracket", "not_by_circumstances", "above_signers_limit"}
OF_MINORS = {"minor_warning_only", "minor"}
HEARD = {ExplanationOutcome.WRITTEN, ExplanationOutcome.ORAL}


def act_of(sanction: Sanction) -> Act:
    """What was done and when, as the law asks for it."""
    return Act(
        provision=sanction.provision_id,
        ended_on=sanction.ended_on,
        still_going=sanction.still_going,
        detected_on=sanction.detected_on,
    )


def candidates_for(
    act: Act, conduct: str, kind: SubjectKind, catalogue: Catalogue, *, on: date
) -> tuple[Candidate, ...]:
    """The provisions that may be applied, with the later lighter law as of `on`."""
    return applicable_instruments(act, conduct, catalogue, subject_kind=kind, on=on)


def as_offered(candidates: Iterable[Candidate], catalogue: Catalogue) -> list[dict[str, Any]]:
    """The candidates as they are kept with the file."""
    return [
        {
            "provision": each.provision.id,
            "instrument": each.instrument,
            "cited": catalogue.cite(each.provision.id),
            "vi": each.provision.vi,
            "en": each.provision.en,
            "min": each.amounts.min,
            "max": each.amounts.max,
            "reason_vi": each.reason_vi,
            "reason_en": each.reason_en,
            "source": each.source,
            "overlaps": each.overlaps,
            "overlap_vi": each.overlap.vi if each.overlap else "",
            "overlap_en": each.overlap.en if each.overlap else "",
            "overlap_source": each.overlap.source if each.overlap else "",
            "lighter": each.lighter,
            "confidence": each.confidence.value,
        }
        for each in candidates
    ]


def track_of(sanction: Sanction) -> Track:
    """Which time limit the decision has."""
    if sanction.complex_case:
        return Track.COMPLEX
    if any(each.outcome in HEARD for each in sanction.explanations):
        return Track.EXPLANATION
    return Track.TRANSFERRED if sanction.transferred else Track.ORDINARY


def record_key(sanction: Sanction) -> str:
    return "record.complex" if sanction.complex_case else "record.ordinary"


def limitation_key(sanction: Sanction) -> str:
    return "limitation.returned" if sanction.returned_on else "limitation.sanction"


def procedure_of(sanction: Sanction, on: date) -> Procedure:
    """The days of the file, with `on` as the day of the decision."""
    return Procedure(
        detected_on=sanction.detected_on,
        record_on=office_day(sanction.recorded_at) if sanction.recorded_at else None,
        decision_on=sanction.decided_on or on,
        record_key=record_key(sanction),
        limitation_key=limitation_key(sanction),
        track=track_of(sanction),
        explanation_heard=bool(sanction.explanations),
        age_at_act=sanction.age_at_act,
    )


def assessment_of(sanction: Sanction, catalogue: Catalogue, *, on: date) -> Assessment:
    """Bracket and circumstances of the file, counted as of the day of the decision."""
    return assess(
        sanction.provision_id,
        SubjectKind(sanction.subject_kind),
        len(sanction.mitigating),
        len(sanction.aggravating),
        sanction.decided_on or on,
        catalogue=catalogue,
        age=sanction.age_at_act,
    )


def may_explain(sanction: Sanction, catalogue: Catalogue, *, on: date) -> bool:
    """Whether the bracket's maximum gives the right to explain (quyền giải trình, Điều 61)."""
    kind = SubjectKind(sanction.subject_kind)
    rule = catalogue.rule("explanation.threshold", on)
    counted = catalogue.subject_as(sanction.provision_id, kind)
    return catalogue.bracket(sanction.provision_id, kind).max >= rule.values[counted.value]


def findings_of(
    sanction: Sanction, title_id: str, catalogue: Catalogue, *, on: date, earlier: bool = False
) -> tuple[Finding, ...]:
    """All that speaks against the decision, those that block first.

    `earlier`: this act of this subject was decided about before.
    """
    warned = sanction.form == Form.WARNING
    assessment = assessment_of(sanction, catalogue, on=on)
    amount = assessment.lower if warned or sanction.amount is None else sanction.amount
    provision = catalogue.provision(sanction.provision_id)
    competence = (
        catalogue.competence(title_id, provision.instrument, on, field=provision.field)
        if title_id
        else None
    )
    found = check_amount(
        amount,
        assessment,
        competence,
        act=act_of(sanction),
        procedure=procedure_of(sanction, on),
        remedies=sanction.remedies,
        catalogue=catalogue,
    )
    if warned:
        found = tuple(each for each in found if each.code not in OF_AMOUNT | OF_MINORS)
        found += _warning_form(sanction, catalogue, on)
    if earlier:
        found += (_only_once(catalogue, on),)
    return tuple(sorted(found, key=lambda each: each.severity is not Severity.BLOCK))


def signers_of(sanction: Sanction, catalogue: Catalogue, *, on: date) -> tuple[Signer, ...]:
    """The titles that may sign what is proposed, lowest limit first."""
    amount = 0 if sanction.form == Form.WARNING else sanction.amount or 0
    kind = SubjectKind(sanction.subject_kind)
    return who_may_sign(
        amount, sanction.provision_id, kind, on, remedies=sanction.remedies, catalogue=catalogue
    )


def pins_of(sanction: Sanction, catalogue: Catalogue, *, on: date) -> dict[str, Any]:
    """What a decision rests on, as the catalogue says it on that day."""
    provision = catalogue.provision(sanction.provision_id)
    pinned = {
        "provision": catalogue.pin(provision.id),
        "instrument": catalogue.pin(provision.instrument),
        "circumstances": catalogue.pin(catalogue.rule("amount.circumstances", on).id),
        "limitation": catalogue.pin(catalogue.deadline(limitation_key(sanction), on).id),
        "decision": catalogue.pin(catalogue.deadline(track_of(sanction).value, on).id),
        "remedies": [catalogue.pin(each) for each in sanction.remedies],
    }
    competence = catalogue.competence(
        sanction.signer_title, provision.instrument, on, field=provision.field
    )
    if competence:
        pinned["title"] = catalogue.pin(sanction.signer_title)
        pinned["competence"] = catalogue.pin(competence.id)
    return pinned


def findings_as_kept(findings: Iterable[Finding]) -> list[Any]:
    return [plain(each) for each in findings]


def _warning_form(sanction: Sanction, catalogue: Catalogue, on: date) -> tuple[Finding, ...]:
    minors = catalogue.rule("minors", on).values
    age = sanction.age_at_act
    if age is not None and minors["responsible_from"] <= age < minors["fine_from"]:
        return ()
    rule = catalogue.rule("warning_form", on)
    return (Finding("warning_form", Severity.WARN, rule.vi, rule.en, rule.source),)


def _only_once(catalogue: Catalogue, on: date) -> Finding:
    rule = catalogue.rule("once_only", on)
    return Finding("once_only", Severity.BLOCK, rule.vi, rule.en, rule.source)
