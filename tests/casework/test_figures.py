"""Figures stand in documents as officials write them."""

from datetime import UTC, date, datetime

import pytest

from casework.domain import figures


@pytest.mark.parametrize(
    ("number", "text"), [(0, "00"), (5, "05"), (9, "09"), (10, "10"), (21, "21"), (1500, "1.500")]
)
def test_counts_below_ten_lead_with_a_zero(number: int, text: str) -> None:
    assert figures.count(number) == text


def test_a_count_carries_its_noun() -> None:
    assert figures.count_of(5, "cuộc") == "05 cuộc"
    with pytest.raises(ValueError, match="negative"):
        figures.count(-1)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (19_500_000, "19,5 triệu đồng"),
        (7_500_000, "7,5 triệu đồng"),
        (5_000_000, "05 triệu đồng"),
        (20_000_000, "20 triệu đồng"),
        (12_345_678, "12,345678 triệu đồng"),
        (500_000, "500.000 đồng"),
        (0, "0 đồng"),
        (1_250_000_000, "1.250 triệu đồng"),
    ],
)
def test_sums_are_written_in_millions_and_never_rounded(amount: int, text: str) -> None:
    assert figures.millions(amount) == text


def test_an_exact_sum_parts_thousands_with_full_stops() -> None:
    assert figures.dong(7_500_000) == "7.500.000 đồng"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (105, "một trăm linh năm"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (7_500_000, "bảy triệu năm trăm nghìn"),
        (12_500_000, "mười hai triệu năm trăm nghìn"),
        (1_000_000_000, "một tỷ"),
        (20_050_111, "hai mươi triệu không trăm năm mươi nghìn một trăm mười một"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert figures.in_words(number) == words


def test_money_in_words_begins_with_a_capital() -> None:
    assert figures.dong_in_words(7_500_000) == "Bảy triệu năm trăm nghìn đồng"
    with pytest.raises(ValueError, match="in words"):
        figures.in_words(10**12)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 6, 11), "ngày 11 tháng 6 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 10, 9), "ngày 09 tháng 10 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_lead_with_a_zero(day: date, text: str) -> None:
    assert figures.official_date(day) == text


def test_a_moment_is_shown_on_its_vietnamese_day() -> None:
    late = datetime(2026, 11, 2, 18, 30, tzinfo=UTC)
    assert figures.short_date(late) == "03/11/2026"
    assert figures.hour_minute(late) == "01 giờ 30 phút"


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(7, 8, "87,5%"), (3, 3, "100%"), (1, 3, "33,3%"), (0, 0, "–")]
)
def test_shares_have_a_decimal_comma(part: int, whole: int, text: str) -> None:
    assert figures.percent(part, whole) == text


def test_a_share_above_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        figures.percent(4, 3)
