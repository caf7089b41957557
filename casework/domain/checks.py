"""Everything that speaks against a sanction decision, or must be known before it is signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.domain.acts import Act
from casework.domain.amounts import Assessment
from casework.domain.competence import check_competence
from casework.domain.deadlines import Due, WorkingCalendar, due
from casework.domain.figures import dong, short_date
from casework.domain.findings import Finding, Severity
from casework.law.catalogue import Catalogue
from casework.law.model import Competence, SubjectKind


class Track(StrEnum):
    """Which time limit the decision has; the value is the key of the catalogue's deadline."""

    ORDINARY = "decision.ordinary"
    TRANSFERRED = "decision.transferred"
    EXPLANATION = "decision.explanation"
    COMPLEX = "decision.complex"


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """The days of a file (Vietnamese days), as far as they have come.

    `record_key` is `record.ordinary`, `record.complex` or `record.technical_means`;
    `limitation_key` is `limitation.sanction` unless a longer one applies. `explanation_heard` says
    that the right to explain was used, waived, or its time is over.
    """

    detected_on: date
    record_on: date | None = None
    decision_on: date
    record_key: str = "record.ordinary"
    limitation_key: str = "limitation.sanction"
    track: Track = Track.ORDINARY
    explanation_heard: bool = False
    licence_suspended: bool = False
    age_at_act: int | None = None


def check_amount(
    amount: int,
    assessment: Assessment,
    competence: Competence | None,
    *,
    act: Act,
    procedure: Procedure,
    remedies: Sequence[str] = (),
    catalogue: Catalogue,
) -> tuple[Finding, ...]:
    """All findings on a fine, those that block first; empty means that nothing speaks against it."""
    provision, kind = assessment.provision, assessment.subject_kind
    found = [
        *_amount(amount, assessment),
        *check_competence(
            amount, provision, kind, competence, remedies=remedies, catalogue=catalogue
        ),
        *_times(act, procedure, catalogue),
        *_explanation(assessment, procedure, catalogue),
        *_minor(kind, amount, procedure, catalogue),
    ]
    return tuple(sorted(found, key=lambda each: each.severity is not Severity.BLOCK))


def _amount(amount: int, assessment: Assessment) -> Iterator[Finding]:
    source = assessment.steps[0].source
    if not assessment.min <= amount <= assessment.max:
        span = f"{dong(assessment.min)} – {dong(assessment.max)}"
        yield Finding(
            "outside_bracket",
            Severity.BLOCK,
            f"Mức phạt {dong(amount)} nằm ngoài khung {span}.",
            f"The fine of {dong(amount)} is outside the bracket {span}.",
            source,
        )
    elif not assessment.lower <= amount <= assessment.upper:
        span = dong(assessment.lower)
        if assessment.upper != assessment.lower:
            span += f" – {dong(assessment.upper)}"
        yield Finding(
            "not_by_circumstances",
            Severity.WARN,
            f"Theo tình tiết đã ghi, mức phạt là {span}; nêu lý do nếu áp dụng {dong(amount)}.",
            f"By the circumstances recorded the fine is {span}; give a reason for {dong(amount)}.",
            assessment.steps[-1].source,
        )


def _times(act: Act, procedure: Procedure, catalogue: Catalogue) -> Iterator[Finding]:
    calendar = WorkingCalendar(catalogue.holidays)
    yield from _limitation(act, procedure, catalogue, calendar)
    if procedure.record_on is None:
        yield _no_record(procedure, catalogue)
        return
    rule = catalogue.deadline(procedure.record_key, procedure.record_on)
    limit = due(rule, procedure.detected_on, calendar)
    if procedure.record_on > limit.on:
        yield _late("record_late", Severity.WARN, rule.vi, rule.en, limit, rule.source)
    rule = catalogue.deadline(procedure.track.value, procedure.decision_on)
    limit = due(rule, procedure.record_on, calendar)
    if procedure.decision_on > limit.on:
        yield _late("decision_late", Severity.BLOCK, rule.vi, rule.en, limit, rule.source)


def _limitation(
    act: Act, procedure: Procedure, catalogue: Catalogue, calendar: WorkingCalendar
) -> Iterator[Finding]:
    rule = catalogue.deadline(procedure.limitation_key, procedure.decision_on)
    limit = due(rule, act.governing_day, calendar)
    warn = int(catalogue.rule("limitation.warning", procedure.decision_on).values["days"])
    if procedure.decision_on > limit.on:
        yield _late("limitation_passed", Severity.BLOCK, rule.vi, rule.en, limit, rule.source)
    elif procedure.decision_on > limit.on - timedelta(days=warn):
        yield Finding(
            "limitation_near",
            Severity.WARN,
            f"{rule.vi} hết vào ngày {short_date(limit.on)}.",
            f"{rule.en} ends on {short_date(limit.on)}.",
            rule.source,
        )


def _late(code: str, severity: Severity, vi: str, en: str, limit: Due, source: str) -> Finding:
    return Finding(
        code,
        severity,
        f"{vi} đã hết vào ngày {short_date(limit.on)}.",
        f"{en} ended on {short_date(limit.on)}.",
        source,
    )


def _no_record(procedure: Procedure, catalogue: Catalogue) -> Finding:
    rule = catalogue.rule("no_record", procedure.decision_on)
    return Finding(
        "record_missing",
        Severity.BLOCK,
        f"Chưa có biên bản vi phạm hành chính. {rule.vi}",
        f"There is no record of violation. {rule.en}",
        rule.source,
    )


def _explanation(
    assessment: Assessment, procedure: Procedure, catalogue: Catalogue
) -> Iterator[Finding]:
    if procedure.explanation_heard:
        return
    rule = catalogue.rule("explanation.threshold", procedure.decision_on)
    kind = catalogue.subject_as(assessment.provision, assessment.subject_kind)
    # The bracket's maximum counts, not the fine that is proposed (Điều 61).
    maximum = catalogue.bracket(assessment.provision, assessment.subject_kind).max
    if maximum >= rule.values[kind.value] or procedure.licence_suspended:
        yield Finding(
            "explanation_right",
            Severity.WARN,
            f"Người vi phạm có quyền giải trình (mức tối đa của khung là {dong(maximum)}); "
            "ghi nhận việc giải trình, từ chối hoặc hết hạn trước khi ra quyết định.",
            f"The violator has the right to explain (bracket maximum {dong(maximum)}); "
            "record that it was used, waived or that its time is over.",
            rule.source,
        )


def _minor(
    kind: SubjectKind, amount: int, procedure: Procedure, catalogue: Catalogue
) -> Iterator[Finding]:
    rule, age = catalogue.rule("minors", procedure.decision_on), procedure.age_at_act
    if age is None or kind is not SubjectKind.INDIVIDUAL or age >= rule.values["adult_from"]:
        return
    if age < rule.values["responsible_from"]:
        yield _too_young(
            "minor_not_liable", f"Người {age} tuổi không bị xử phạt.", age, rule.source
        )
    elif age < rule.values["fine_from"] and amount > 0:
        vi = f"Người {age} tuổi chỉ bị phạt cảnh cáo, không phạt tiền."
        yield _too_young("minor_warning_only", vi, age, rule.source)
    else:
        yield Finding(
            "minor", Severity.WARN, f"Người vi phạm {age} tuổi: {rule.vi}", rule.en, rule.source
        )


def _too_young(code: str, vi: str, age: int, source: str) -> Finding:
    return Finding(code, Severity.BLOCK, vi, f"A person of {age} may not be fined.", source)
