"""Sums of money are understood, not spelled out."""

import pytest

from search.rules.amounts import amounts_in
from search.text import normalise


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("ngày 800k", 800_000, "day"),
        ("500.000đ/ngày", 500_000, "day"),
        ("6OOk một ngày", 600_000, "day"),
        ("lương 25tr/tháng", 25_000_000, "month"),
        ("25 củ một tháng", 25_000_000, "month"),
        ("tháng 1tr5", 1_500_000, "month"),
        ("25.000.000 đồng", 25_000_000, ""),
        ("lương 1.000$", 25_000_000, ""),
        ("800 đô", 20_000_000, ""),
        ("cả nghìn đô", 25_000_000, ""),
        ("mấy chục triệu một tháng", 30_000_000, "month"),
        ("300 tệ mỗi video", 1_050_000, "piece"),
        ("1,2 tỷ", 1_200_000_000, ""),
    ],
)
def test_a_sum_is_read_with_its_period(text: str, value: int, per: str) -> None:
    found = amounts_in(normalise(text).kept.split())
    assert [(one.value, one.per) for one in found] == [(value, per)]


@pytest.mark.parametrize(
    "text",
    ["0900 000 123", "18 tuổi", "5 người", "2026", "giá 500k", "ba mẹ", "hai người", "84900000123"],
)
def test_what_is_no_wage_is_no_sum(text: str) -> None:
    assert amounts_in(normalise(text).kept.split()) == []


def test_nights_of_a_holiday_are_no_pay_period() -> None:
    (found,) = amounts_in(normalise("4 ngày 3 đêm 5.990.000đ").kept.split())
    assert found.per == ""


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("4tr/em", 4_000_000, "head"),
        ("50$/khách", 1_250_000, "head"),
        ("15tr/bé", 15_000_000, "head"),
        ("10$/form", 250_000, "piece"),
        ("1 ngày 700", 700_000, "day"),
        ("500/ngày", 500_000, "day"),
        ("đêm 600", 600_000, "day"),
    ],
)
def test_what_is_paid_by_head_or_by_day_is_understood(text: str, value: int, per: str) -> None:
    (found,) = amounts_in(normalise(text).kept.split())
    assert (found.value, found.per) == (value, per)


@pytest.mark.parametrize(
    "text", ["ngày 2000 km", "ngày 20/10 500 người", "20 ngày 800", "đi ngày 12", "ca 3"]
)
def test_a_bare_figure_beside_a_day_is_not_always_pay(text: str) -> None:
    assert amounts_in(normalise(text).kept.split()) == []


def test_somebody_spoken_to_after_a_sum_is_not_what_it_is_paid_for() -> None:
    (found,) = amounts_in(normalise("lương 8tr em nào quan tâm").kept.split())
    assert found.per == ""


@pytest.mark.parametrize(
    ("text", "value", "per"),
    [
        ("25 chai 1 tháng", 25_000_000, "month"),
        ("5 lít/ngày", 500_000, "day"),
        ("25 lúa/tháng", 25_000_000, "month"),
        ("5 triệu rưỡi", 5_500_000, ""),
        ("2 củ rưỡi một tháng", 2_500_000, "month"),
        ("lương 2 triệu 5", 2_500_000, ""),
        ("1tr699", 1_699_000, ""),
        ("25 000 000 đ", 25_000_000, ""),
        ("500 000đ/ngày", 500_000, "day"),
        ("hai lăm triệu", 25_000_000, ""),
        ("ba mươi lăm triệu/tháng", 35_000_000, "month"),
        ("mười lăm triệu", 15_000_000, ""),
        ("$1000/tháng", 25_000_000, "month"),
        ("700u/tháng", 17_500_000, "month"),
        ("l5tr", 15_000_000, ""),
        ("6OOk/ca", 600_000, "day"),
    ],
)
def test_sums_are_understood_as_people_write_them(text: str, value: int, per: str) -> None:
    found = amounts_in(normalise(text).kept.split())
    assert [(amount.value, amount.per) for amount in found] == [(value, per)]


@pytest.mark.parametrize(
    "text",
    [
        "mua 8 chai bia",
        "3 lít dầu ăn",
        "0900 000 123",
        "phòng 305 000",
        "10 000 người",
        "hai mươi người",
    ],
)
def test_figures_that_are_no_sums_are_none(text: str) -> None:
    assert amounts_in(normalise(text).kept.split()) == []
