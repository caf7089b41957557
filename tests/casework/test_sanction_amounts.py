"""Which decree, which bracket, which amount: the examples of the law, step by step."""

from datetime import date

import pytest

from casework.domain.sanctions import Act, SubjectKind, applicable_instruments, assess
from casework.law.catalogue import Catalogue

LAW = Catalogue.shipped()
TODAY = date(2026, 11, 2)
M = 1_000_000


def amounts(provision: str, kind: SubjectKind, mitigating: int, aggravating: int) -> list[int]:
    found = assess(provision, kind, mitigating, aggravating, TODAY, catalogue=LAW)
    return [found.lower, found.upper, found.proposed]


@pytest.mark.parametrize(
    ("mitigating", "aggravating", "expected"),
    [
        (0, 0, [12_500_000, 12_500_000, 12_500_000]),
        (1, 1, [12_500_000, 12_500_000, 12_500_000]),
        (3, 3, [12_500_000, 12_500_000, 12_500_000]),
        (1, 0, [10_000_000, 12_500_000, 11_250_000]),
        (2, 1, [10_000_000, 12_500_000, 11_250_000]),
        (0, 1, [12_500_000, 15_000_000, 13_750_000]),
        (2, 0, [10_000_000, 10_000_000, 10_000_000]),
        (4, 1, [10_000_000, 10_000_000, 10_000_000]),
        (0, 2, [15_000_000, 15_000_000, 15_000_000]),
        (1, 4, [15_000_000, 15_000_000, 15_000_000]),
    ],
)
def test_circumstances_cancel_and_two_left_over_reach_the_bound(
    mitigating: int, aggravating: int, expected: list[int]
) -> None:
    found = amounts("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, mitigating, aggravating)
    assert found == expected


def test_the_average_for_an_individual_under_the_old_decree_is_seven_and_a_half_million() -> None:
    assert amounts("nd15-2020.101.1.a", SubjectKind.INDIVIDUAL, 0, 0)[2] == 7_500_000


@pytest.mark.parametrize(
    ("provision", "kind", "average"),
    [
        ("nd174-2026.95.1.b", SubjectKind.ORGANISATION, 25 * M),
        ("nd174-2026.95.2.c", SubjectKind.INDIVIDUAL, 20 * M),
        ("nd174-2026.95.1.b", SubjectKind.HOUSEHOLD, 12_500_000),
        ("nd330-2026.11.2.c", SubjectKind.INDIVIDUAL, 15 * M),
        ("nd330-2026.11.2.c", SubjectKind.ORGANISATION, 30 * M),
    ],
)
def test_the_average_follows_the_kind_of_subject(
    provision: str, kind: SubjectKind, average: int
) -> None:
    found = assess(provision, kind, 0, 0, TODAY, catalogue=LAW)
    assert (found.average, found.proposed) == (average, average)


def test_every_step_is_a_sentence_in_both_languages_with_its_source() -> None:
    found = assess("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, 1, 0, TODAY, catalogue=LAW)
    assert found.steps[0].source.startswith("Điểm b khoản 1 Điều 95")
    assert "bằng 1/2 mức ghi cho tổ chức" in found.steps[0].vi
    assert "10.000.000 đồng đến 15.000.000 đồng" in found.steps[0].vi
    assert "12.500.000 đồng" in found.steps[1].vi
    assert "còn 01 tình tiết giảm nhẹ" in found.steps[2].vi
    assert "người có thẩm quyền quyết định" in found.steps[2].vi
    assert "Điều 23" in found.steps[2].source
    assert all(each.en and each.source for each in found.steps)


def test_the_printed_amount_is_doubled_for_an_organisation_under_the_cybersecurity_decree() -> None:
    found = assess("nd330-2026.10.2.b", SubjectKind.ORGANISATION, 0, 0, TODAY, catalogue=LAW)
    assert (found.min, found.max) == (20 * M, 40 * M)
    assert "bằng 02 lần mức ghi cho cá nhân" in found.steps[0].vi


def test_a_violator_of_seventeen_pays_at_most_half() -> None:
    found = assess("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, 0, 0, TODAY, catalogue=LAW, age=17)
    assert (found.min, found.max, found.proposed) == (5 * M, 7_500_000, 6_250_000)
    adult = assess("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, 0, 0, TODAY, catalogue=LAW, age=18)
    assert adult.proposed == 12_500_000


def test_negative_circumstances_are_refused() -> None:
    with pytest.raises(ValueError, match="from 0"):
        assess("nd174-2026.95.1.b", SubjectKind.INDIVIDUAL, -1, 0, TODAY, catalogue=LAW)


def test_an_act_that_ended_before_july_2026_is_measured_by_the_old_decree() -> None:
    act = Act(ended_on=date(2026, 6, 30), detected_on=date(2026, 7, 5))
    found = applicable_instruments(act, "false_information", LAW)
    assert {each.instrument for each in found} == {"nd15-2020"}
    assert "kết thúc trước ngày 01/7/2026" in found[0].reason_vi
    assert found[0].source == "Điều 115 Nghị định số 174/2026/NĐ-CP"
    assert not any(each.overlaps for each in found)


def test_an_act_still_going_is_measured_by_the_decree_of_its_detection() -> None:
    act = Act(still_going=True, detected_on=date(2026, 7, 5))
    found = applicable_instruments(act, "promote_trafficking", LAW)
    assert [each.provision.id for each in found] == ["nd174-2026.95.1.b"]
    assert "thời điểm phát hiện" in found[0].reason_vi


def test_from_19_august_2026_two_decrees_claim_the_act_and_a_person_chooses() -> None:
    act = Act(ended_on=date(2026, 8, 19), detected_on=date(2026, 8, 20))
    found = applicable_instruments(act, "promote_trafficking", LAW)
    assert {each.instrument for each in found} == {"nd174-2026", "nd330-2026"}
    assert all(each.overlaps for each in found)
    assert found[0].overlap is not None
    assert "ghi lý do" in found[0].overlap.vi


def test_the_day_before_there_is_no_overlap() -> None:
    act = Act(ended_on=date(2026, 8, 18), detected_on=date(2026, 8, 20))
    found = applicable_instruments(act, "promote_trafficking", LAW)
    assert {each.instrument for each in found} == {"nd174-2026"}
    assert not found[0].overlaps


def test_a_later_lighter_decree_is_offered_and_marked() -> None:
    act = Act(ended_on=date(2026, 8, 18), detected_on=date(2026, 8, 20))
    found = applicable_instruments(act, "promote_trafficking", LAW, on=TODAY)
    lighter = [each for each in found if each.lighter]
    assert [each.provision.id for each in lighter] == ["nd330-2026.11.1.b"]
    assert lighter[0].amounts.max < found[0].amounts.max
    assert "nhẹ hơn" in lighter[0].reason_vi


def test_a_heavier_later_decree_is_not_offered() -> None:
    act = Act(ended_on=date(2026, 8, 18), detected_on=date(2026, 8, 20))
    found = applicable_instruments(act, "trade_organs", LAW, on=TODAY)
    assert {each.instrument for each in found} == {"nd174-2026"}


def test_the_amounts_of_a_candidate_are_those_of_the_kind_of_subject() -> None:
    act = Act(ended_on=date(2026, 7, 20))
    found = applicable_instruments(
        act, "promote_trafficking", LAW, subject_kind=SubjectKind.ORGANISATION
    )
    assert found[0].amounts.max == 30 * M


@pytest.mark.parametrize(
    ("days", "complaint"),
    [
        ({}, "needs ended_on"),
        ({"still_going": True}, "needs detected_on"),
        (
            {"still_going": True, "detected_on": TODAY, "ended_on": TODAY},
            "needs detected_on and no ended_on",
        ),
        (
            {"ended_on": date(2026, 7, 5), "detected_on": date(2026, 6, 1)},
            "still going when it was detected",
        ),
    ],
)
def test_an_act_with_contradicting_days_is_refused(days: dict[str, date], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Act(**days)  # type: ignore[arg-type]


def test_a_conduct_without_any_fine_gives_no_candidate() -> None:
    act = Act(ended_on=date(2026, 7, 20))
    assert applicable_instruments(act, "loan_ads", LAW) == ()
