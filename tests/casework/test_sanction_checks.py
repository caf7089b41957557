"""What stops a sanction decision, and what must be known before it is signed."""

from dataclasses import replace
from datetime import date

import pytest

from casework.domain.sanctions import (
    Act,
    Finding,
    Procedure,
    Severity,
    SubjectKind,
    Track,
    assess,
    blocks,
    check_amount,
    late_interest,
)
from casework.law.catalogue import Catalogue

LAW = Catalogue.shipped()
M = 1_000_000
ACT = Act(ended_on=date(2026, 10, 20), detected_on=date(2026, 10, 26))
# Monday 26/10: found; record 28/10; decision within 07 working days, by 06/11.
FILE = Procedure(
    detected_on=date(2026, 10, 26),
    record_on=date(2026, 10, 28),
    decision_on=date(2026, 11, 6),
    explanation_heard=True,
)


def check(
    amount: int = 12_500_000,
    *,
    provision: str = "nd174-2026.95.1.b",
    kind: SubjectKind = SubjectKind.INDIVIDUAL,
    title: str = "giam-doc-so-vhttdl",
    act: Act = ACT,
    procedure: Procedure = FILE,
    remedies: tuple[str, ...] = ("remove_content",),
    mitigating: int = 0,
    aggravating: int = 0,
) -> tuple[Finding, ...]:
    found = LAW.provision(provision)
    competence = LAW.competence(title, found.instrument, procedure.decision_on, field=found.field)
    assessment = assess(
        provision, kind, mitigating, aggravating, procedure.decision_on, catalogue=LAW,
        age=procedure.age_at_act,
    )  # fmt: skip
    return check_amount(
        amount, assessment, competence, act=act, procedure=procedure, remedies=remedies,
        catalogue=LAW,
    )  # fmt: skip


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in findings]


def test_nothing_speaks_against_an_average_fine_in_time_by_the_right_signer() -> None:
    assert check() == ()


@pytest.mark.parametrize("amount", [9_999_999, 15_000_001, 0, 30_000_000])
def test_it_blocks_a_fine_outside_the_bracket(amount: int) -> None:
    found = check(amount)
    assert codes(found) == ["outside_bracket"]
    assert "10.000.000 đồng – 15.000.000 đồng" in found[0].vi


@pytest.mark.parametrize("amount", [10_000_000, 15_000_000])
def test_a_fine_in_the_bracket_that_the_circumstances_do_not_carry_needs_a_reason(
    amount: int,
) -> None:
    found = check(amount)
    assert codes(found) == ["not_by_circumstances"]
    assert found[0].severity is Severity.WARN


def test_the_bounds_are_allowed_when_the_circumstances_carry_them() -> None:
    assert check(10_000_000, mitigating=2) == ()
    assert check(15_000_000, aggravating=2) == ()
    assert check(10_000_000, mitigating=1) == ()


def test_it_rejects_a_fine_above_the_signers_limit() -> None:
    found = check(provision="nd174-2026.95.1.b", title="chien-si-cong-an", remedies=())
    assert codes(blocks(found)) == ["above_signers_limit"]
    assert "10.000.000 đồng" in found[0].vi
    assert found[0].source == "Điều 107 Nghị định số 174/2026/NĐ-CP"


def test_the_limit_for_an_organisation_is_the_double() -> None:
    kind = SubjectKind.ORGANISATION
    found = check(60 * M, provision="nd174-2026.94.3.b", kind=kind, title="doi-truong-cong-an")
    assert "above_signers_limit" not in codes(found)
    found = check(25 * M, kind=kind, title="chien-si-cong-an", remedies=())
    assert codes(blocks(found)) == ["above_signers_limit"]


def test_a_remedy_that_the_clause_does_not_order_is_blocked() -> None:
    found = check(remedies=("remove_content", "lock_account"))
    assert codes(found) == ["remedy_not_for_provision"]
    assert check(20 * M, provision="nd174-2026.95.2.c", remedies=("lock_account",)) == ()


def test_a_remedy_outside_the_signers_competence_is_blocked() -> None:
    found = check(10 * M, mitigating=2, title="chien-si-cong-an")
    assert codes(found) == ["remedy_outside_competence"]


def test_a_remedy_by_a_wide_reading_is_left_to_the_legal_officer() -> None:
    found = check(title="chu-tich-ubnd-xa")
    assert codes(found) == ["remedy_competence_arguable"]
    assert found[0].severity is Severity.WARN


def test_an_act_outside_the_field_of_the_signer_is_blocked() -> None:
    found = check(3_750_000, provision="nd174-2026.91.1", remedies=())
    assert codes(found) == ["field_outside_competence"]


def test_a_title_without_competence_is_blocked() -> None:
    found = check(title="chanh-thanh-tra-so")
    assert codes(found) == ["no_competence"]


def test_a_missing_record_blocks() -> None:
    found = check(procedure=replace(FILE, record_on=None))
    assert codes(found) == ["record_missing"]


def test_a_late_record_is_told_but_does_not_block() -> None:
    late = replace(FILE, record_on=date(2026, 10, 29))
    found = check(procedure=late)
    assert codes(found) == ["record_late"]
    assert "28/10/2026" in found[0].vi
    assert found[0].severity is Severity.WARN
    assert check(procedure=replace(late, record_key="record.complex")) == ()


@pytest.mark.parametrize(
    ("track", "last", "late"),
    [
        (Track.ORDINARY, date(2026, 11, 6), date(2026, 11, 7)),
        (Track.TRANSFERRED, date(2026, 11, 11), date(2026, 11, 12)),
        (Track.EXPLANATION, date(2026, 11, 30), date(2026, 12, 1)),
        (Track.COMPLEX, date(2026, 12, 28), date(2026, 12, 29)),
    ],
)
def test_a_decision_after_its_time_limit_is_blocked(track: Track, last: date, late: date) -> None:
    assert check(procedure=replace(FILE, track=track, decision_on=last)) == ()
    found = check(procedure=replace(FILE, track=track, decision_on=late))
    assert codes(found) == ["decision_late"]


def test_an_act_of_more_than_a_year_ago_can_not_be_fined() -> None:
    old = Act(ended_on=date(2025, 11, 5), detected_on=date(2026, 10, 26))
    found = check(7_500_000, provision="nd15-2020.101.1.a", act=old)
    assert codes(blocks(found)) == ["limitation_passed"]
    assert "05/11/2026" in found[0].vi


def test_the_last_day_of_the_limitation_only_warns() -> None:
    old = Act(ended_on=date(2025, 11, 6), detected_on=date(2026, 10, 26))
    found = check(7_500_000, provision="nd15-2020.101.1.a", act=old)
    assert codes(found) == ["limitation_near"]


def test_the_limitation_of_an_act_still_going_runs_from_detection() -> None:
    going = Act(still_going=True, detected_on=date(2026, 10, 26))
    assert check(act=going) == ()


@pytest.mark.parametrize(
    ("provision", "kind", "amount", "right"),
    [
        ("nd15-2020.101.1.a", SubjectKind.INDIVIDUAL, 7_500_000, False),
        ("nd15-2020.101.2", SubjectKind.INDIVIDUAL, 12_500_000, True),
        ("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, 10_000_000, True),
        ("nd15-2020.101.1.a", SubjectKind.ORGANISATION, 15_000_000, False),
        ("nd174-2026.95.1.b", SubjectKind.ORGANISATION, 20_000_000, True),
        ("nd174-2026.95.1.b", SubjectKind.HOUSEHOLD, 12_500_000, True),
    ],
)
def test_the_right_to_explain_looks_at_the_maximum_of_the_bracket(
    provision: str, kind: SubjectKind, amount: int, *, right: bool
) -> None:
    waiting = replace(FILE, explanation_heard=False)
    found = check(amount, provision=provision, kind=kind, procedure=waiting)
    assert ("explanation_right" in codes(found)) is right


def test_a_suspended_licence_gives_the_right_to_explain_at_any_amount() -> None:
    waiting = replace(FILE, explanation_heard=False, licence_suspended=True)
    found = check(7_500_000, provision="nd15-2020.101.1.a", procedure=waiting)
    assert codes(found) == ["explanation_right"]


@pytest.mark.parametrize(
    ("age", "amount", "expected"),
    [
        (13, 6_250_000, ["minor_not_liable"]),
        (14, 6_250_000, ["minor_warning_only"]),
        (15, 6_250_000, ["minor_warning_only"]),
        (16, 6_250_000, ["minor"]),
        (17, 6_250_000, ["minor"]),
        (18, 12_500_000, []),
    ],
)
def test_minors_are_not_fined_or_pay_half(age: int, amount: int, expected: list[str]) -> None:
    assert codes(check(amount, procedure=replace(FILE, age_at_act=age))) == expected


def test_the_adult_average_is_outside_the_bracket_of_a_minor() -> None:
    found = check(12_500_000, procedure=replace(FILE, age_at_act=17))
    assert codes(found) == ["outside_bracket", "minor"]


def test_findings_that_block_come_first_and_all_name_their_source() -> None:
    found = check(
        30 * M,
        title="chien-si-cong-an",
        remedies=("lock_account",),
        procedure=replace(FILE, explanation_heard=False, record_on=date(2026, 10, 30)),
    )
    severities = [each.severity for each in found]
    assert severities == sorted(severities, key=lambda each: each is not Severity.BLOCK)
    assert len(found) >= 5
    assert all(each.vi and each.en and each.source for each in found)


@pytest.mark.parametrize(
    ("paid", "days", "amount"),
    [
        (date(2026, 11, 16), 0, 0),
        (date(2026, 11, 17), 0, 0),
        (date(2026, 11, 18), 1, 3_750),
        (date(2026, 12, 17), 30, 112_500),
    ],
)
def test_late_interest_runs_from_the_day_after_to_the_day_before_payment(
    paid: date, days: int, amount: int
) -> None:
    found = late_interest(7_500_000, date(2026, 11, 16), paid, catalogue=LAW)
    assert (found.days, found.amount) == (days, amount)


def test_late_interest_is_rounded_to_a_whole_dong() -> None:
    found = late_interest(1_001, date(2026, 11, 16), date(2026, 11, 18), catalogue=LAW)
    assert found.amount == 1
    with pytest.raises(ValueError, match="not negative"):
        late_interest(-1, date(2026, 11, 16), date(2026, 11, 18), catalogue=LAW)
