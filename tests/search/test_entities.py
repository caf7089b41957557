"""Contacts in posts: every disguise of a number, and everything that looks like one and is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.entities import EntityKind, extract

NUMBER = "+84900000123"


def values(text: str, kind: EntityKind) -> list[str]:
    return [entity.value for entity in extract(text) if entity.kind is kind]


@pytest.mark.parametrize(
    "written",
    [
        "0900000123",
        "0900 000 123",
        "0900.000.123",
        "09-00-000-123",
        "09.00.00.01.23",
        "+84 900 000 123",
        "84900000123",
        "(+84) 900 000 123",
        "0084900000123",
        "0️⃣9️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1️⃣2️⃣3️⃣",
        "０９０００００１２３",
        "⓪⑨⓪⓪⓪⓪⓪①②③",
        "𝟎𝟗𝟎𝟎𝟎𝟎𝟎𝟏𝟐𝟑",
        "o9ooooo123",
        "O9OO OOO 123",
        "09\u200b00\u200b000\u200b123",
        "zalo0900000123",
        "lh:0900000123.",
        "0 9 0 0 0 0 0 1 2 3",
        "không chín không không không không không một hai ba",
        "khong chin khong khong khong khong khong mot hai ba",
    ],
)
def test_it_reads_every_spelling_of_one_number(written: str) -> None:
    assert values(f"cần người, gọi {written} nhé", EntityKind.PHONE) == [NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "lương 25.000.000",
        "lương 25.000.000 - 30.000.000 đồng một tháng",
        "giá 1.250.000.000đ",
        "ngày 09.12.2025 08 giờ",
        "từ 01/02/2026 đến 09/10/2026",
        "09-12-2025 và 10-12-2025",
        "3000000000",
        "mã đơn 123456789012",
        "800k 900k 1000k",
        "tuổi 18-35, cao 160, nặng 50",
        "không một ai năm nay",
        "xoooooong oooo",
    ],
)
def test_a_wage_a_date_or_a_price_is_no_telephone_number(text: str) -> None:
    assert values(text, EntityKind.PHONE) == []


def test_old_eleven_digit_numbers_become_todays() -> None:
    assert values("gọi 01280000123", EntityKind.PHONE) == ["+84780000123"]
    assert values("gọi 0166 000 0123", EntityKind.PHONE) == ["+84360000123"]


def test_foreign_numbers_need_their_country_code() -> None:
    assert values("tele +855 12 345 678", EntityKind.PHONE) == ["+85512345678"]
    assert values("12 345 678", EntityKind.PHONE) == []


def test_two_numbers_side_by_side_are_two() -> None:
    text = "0900 000 123 0900 000 124 / 0900000125"
    assert values(text, EntityKind.PHONE) == ["+84900000123", "+84900000124", "+84900000125"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("vào t.me/Nhom_Viec nhé", EntityKind.TELEGRAM, "nhom_viec"),
        ("https://t.me/+AbCdEf12", EntityKind.TELEGRAM, "+AbCdEf12"),
        ("tele: @tuyen_dung_88", EntityKind.TELEGRAM, "tuyen_dung_88"),
        ("Telegram @TuyenDung88", EntityKind.TELEGRAM, "tuyendung88"),
        ("zalo.me/0900000123", EntityKind.ZALO, NUMBER),
        ("https://zalo.me/g/abcxyz123", EntityKind.ZALO, "g/abcxyz123"),
        ("fb.com/tuyendung.abc", EntityKind.FACEBOOK, "tuyendung.abc"),
        ("https://www.facebook.com/profile.php?id=100000000000001", EntityKind.FACEBOOK, "100000000000001"),
        ("https://m.facebook.com/groups/12345/", EntityKind.FACEBOOK, "groups/12345"),
        ("https://www.tiktok.com/@viec.lam.88", EntityKind.TIKTOK, "viec.lam.88"),
        ("wa.me/84900000123", EntityKind.WHATSAPP, NUMBER),
        ("wechat: viec_lam88", EntityKind.WECHAT, "viec_lam88"),
        ("mail Tuyen.Dung@Example.org.", EntityKind.EMAIL, "tuyen.dung@example.org"),
        ("xem https://Example.org/a/?utm_source=x&id=3.", EntityKind.LINK, "https://example.org/a?id=3"),
        ("stk 0123 4567 8901 Vietcombank", EntityKind.BANK_ACCOUNT, "vietcombank 012345678901"),
        ("MB Bank: 0900000123", EntityKind.BANK_ACCOUNT, "mbbank 0900000123"),
        ("số tài khoản 123456789", EntityKind.BANK_ACCOUNT, "123456789"),
        ("0x" + "ab12" * 10, EntityKind.WALLET, "0x" + "ab12" * 10),
    ],
)  # fmt: skip
def test_it_finds_accounts_in_their_normal_form(text: str, kind: EntityKind, value: str) -> None:
    assert value in values(text, kind)


def test_a_number_that_is_called_an_account_is_no_telephone_number() -> None:
    assert values("stk 0900000123 Techcombank", EntityKind.PHONE) == []


def test_spans_point_into_the_original() -> None:
    text = "Chào bạn, ib zalo 0️⃣9️⃣00 000 123 nhé"
    (entity,) = extract(text)
    assert text[entity.start : entity.end] == entity.raw == "0️⃣9️⃣00 000 123"


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("0123456789oO+ .-@:/zalotem"), st.characters()),
        max_size=80,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_string_makes_it_fail_and_spans_always_fit(text: str) -> None:
    found = extract(text)
    assert all(text[entity.start : entity.end] == entity.raw for entity in found)
    assert list(found) == sorted(found, key=lambda entity: (entity.start, entity.end))


@pytest.mark.parametrize(
    "text", ["0" * 50_000, "a.b" * 20_000, "@" * 50_000, "tk " * 20_000, "o9" * 20_000]
)
def test_a_hostile_text_takes_bounded_time(text: str) -> None:
    assert isinstance(extract(text), tuple)
