"""Who may sign, and when an account may be locked."""

from datetime import date, timedelta

import pytest

from casework.domain.accounts import Violation, counters, in_window, lock_options
from casework.domain.competence import check_competence, who_may_sign
from casework.law.catalogue import Catalogue
from casework.law.model import SubjectKind, Target

LAW = Catalogue.shipped()
TODAY = date(2026, 11, 2)
M = 1_000_000


def signers(amount: int, provision: str, kind: SubjectKind, *remedies: str) -> list[str]:
    found = who_may_sign(amount, provision, kind, TODAY, remedies=remedies, catalogue=LAW)
    return [each.title.id for each in found]


def test_who_may_sign_starts_with_the_lowest_limit() -> None:
    found = signers(12_500_000, "nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, "remove_content")
    assert found[0] == "doi-truong-cong-an"
    assert "giam-doc-so-vhttdl" in found
    assert "chien-si-cong-an" not in found
    assert "chanh-thanh-tra-so" not in found


def test_a_small_fine_without_remedy_may_be_signed_by_an_officer_on_duty() -> None:
    assert "chien-si-cong-an" in signers(10 * M, "nd174-2026.95.1.b", SubjectKind.INDIVIDUAL)


def test_an_act_of_general_information_technology_is_not_for_the_culture_department() -> None:
    found = signers(3_750_000, "nd174-2026.91.1", SubjectKind.INDIVIDUAL)
    assert "giam-doc-so-vhttdl" not in found
    assert "giam-doc-so-khcn" in found


def test_a_labour_matter_has_no_signer_here() -> None:
    assert signers(90 * M, "nd283-2026.53.3", SubjectKind.INDIVIDUAL) == []


def test_arguable_remedies_stay_visible_on_the_signer() -> None:
    found = who_may_sign(
        12_500_000,
        "nd174-2026.95.1.b",
        SubjectKind.INDIVIDUAL,
        TODAY,
        remedies=["remove_content"],
        catalogue=LAW,
    )
    by_title = {each.title.id: each.findings for each in found}
    assert by_title["giam-doc-so-vhttdl"] == ()
    assert [each.code for each in by_title["chu-tich-ubnd-xa"]] == ["remedy_competence_arguable"]


@pytest.mark.parametrize(
    ("amount", "kind", "blocked"),
    [
        (80 * M, SubjectKind.INDIVIDUAL, False),
        (80 * M + 1, SubjectKind.INDIVIDUAL, True),
        (80 * M + 1, SubjectKind.HOUSEHOLD, True),
        (160 * M, SubjectKind.ORGANISATION, False),
        (160 * M + 1, SubjectKind.ORGANISATION, True),
    ],
)
def test_the_limit_itself_is_still_allowed(
    amount: int, kind: SubjectKind, *, blocked: bool
) -> None:
    competence = LAW.competence("giam-doc-so-vhttdl", "nd174-2026", TODAY)
    found = check_competence(amount, "nd174-2026.95.1.b", kind, competence, catalogue=LAW)
    assert bool(found) is blocked


def violations(*days_ago: int) -> list[Violation]:
    return [
        Violation(TODAY - timedelta(days=days), at) for at, days in enumerate(days_ago, start=1)
    ]


def test_a_window_of_thirty_days_holds_today_and_twenty_nine_days_before() -> None:
    found = in_window(violations(0, 29, 30, -1), 30, TODAY)
    assert [each.id for each in found] == [2, 1]


def test_a_violation_counts_once() -> None:
    assert len(in_window([*violations(1, 2), *violations(1, 2)], 30, TODAY)) == 2


def test_five_violations_in_thirty_days_open_a_lock_by_the_information_decree() -> None:
    found = lock_options(violations(0, 5, 10, 20, 29), Target.DOMESTIC_NETWORK, TODAY, LAW)
    regimes = {each.regime.id: each for each in found}
    assert set(regimes) == {"nd147-2024.35.5", "nd333-2026.16.4.b"}
    assert "từ 07 đến 30 ngày" in regimes["nd147-2024.35.5"].vi
    assert len(regimes["nd147-2024.35.5"].violations) == 5


def test_three_violations_open_a_lock_by_the_cybersecurity_decree_alone() -> None:
    found = lock_options(violations(1, 2, 3), Target.CROSS_BORDER, TODAY, LAW)
    assert [each.regime.id for each in found] == ["nd333-2026.16.4.b"]
    assert found[0].threshold is not None
    assert found[0].threshold.up_to_days == 60
    assert found[0].source == "Điểm d, điểm đ khoản 4 Điều 16 Nghị định số 333/2026/NĐ-CP"


def test_the_cybersecurity_thresholds_do_not_exist_before_its_decree() -> None:
    day = date(2026, 8, 18)
    known = [Violation(day - timedelta(days=at), at) for at in range(3)]
    assert lock_options(known, Target.CROSS_BORDER, day, LAW) == ()


def test_ten_in_ninety_days_open_the_longer_lock() -> None:
    found = lock_options(violations(*range(5, 90, 9)), Target.DOMESTIC_NETWORK, TODAY, LAW)
    reached = [(each.regime.id, each.threshold.days if each.threshold else 0) for each in found]
    assert ("nd147-2024.35.5", 90) in reached
    assert ("nd147-2024.35.5", 30) not in reached
    assert ("nd333-2026.16.4.b", 90) in reached


def test_three_earlier_locks_open_a_permanent_one() -> None:
    found = lock_options(violations(1), Target.DOMESTIC_NETWORK, TODAY, LAW, earlier_locks=3)
    assert found
    assert all(each.permanent for each in found)
    assert lock_options(violations(1), Target.DOMESTIC_NETWORK, TODAY, LAW, earlier_locks=2) == ()


def test_an_account_owner_has_no_lock_regime() -> None:
    assert lock_options(violations(*range(20)), Target.ACCOUNT_OWNER, TODAY, LAW) == ()


def test_the_counters_say_how_many_are_missing() -> None:
    found = counters(violations(1, 2, 40), Target.DOMESTIC_NETWORK, TODAY, LAW)
    state = {(each.regime.id, each.threshold.days): (each.count, each.missing) for each in found}
    assert state["nd147-2024.35.5", 30] == (2, 3)
    assert state["nd147-2024.35.5", 90] == (3, 7)
    assert state["nd333-2026.16.4.b", 30] == (2, 1)
