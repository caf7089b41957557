"""Facts of an offer as people say them, in both languages."""

import pytest
from flask import Flask

from search.entities import CONTACT_KINDS, FACT_KINDS
from webui.i18n import force_locale
from webui.views import post_words

SAID = [
    ("place", "vn/ha-giang", "Hà Giang (nay: Tuyên Quang)", "Ha Giang (now: Tuyen Quang)"),
    ("place", "kh/bavet", "Bavet", "Bavet"),
    ("place", "gate/moc-bai", "Mộc Bài", "Moc Bai"),
    ("place", "nowhere", "nowhere", "nowhere"),
    (
        "wage",
        "20000000-25000000/month",
        "20.000.000 – 25.000.000 đồng/tháng",
        "20,000,000 – 25,000,000 VND per month",
    ),
    ("wage", "25000000 usd", "25.000.000 đồng (USD)", "25,000,000 VND (USD)"),
    ("age", "18-35", "18–35 tuổi", "18 to 35 years"),
    ("age", "16+", "từ 16 tuổi", "from 16 years on"),
    ("age", "<=40", "đến 40 tuổi", "up to 40 years"),
    ("age", "2 months", "2 tháng tuổi", "2 months old"),
    ("age", "born 2008", "sinh năm 2008", "born in 2008"),
    ("age", "17", "17 tuổi", "17 years"),
    ("departure", "2025-11-25", "25/11/2025", "25/11/2025"),
    ("departure", "2025-11-24/2025-11-30", "24/11/2025 – 30/11/2025", "24/11/2025 – 30/11/2025"),
    ("departure", "--11-25", "25/11", "25/11"),
    ("departure", "--25", "ngày 25", "day 25"),
    ("departure", "friday", "Thứ Sáu", "Friday"),
    ("departure", "+3d", "+3d", "+3d"),
    ("phone_partial", "+849000001xx", "09000001••", "09000001••"),
    ("hotline", "19001234", "19001234", "19001234"),
    ("phone", "+84900000123", "0900 000 123", "0900 000 123"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "vietnamese", "english"), SAID)
def test_a_normal_form_is_said_in_both_languages(
    shell_app: Flask, kind: str, value: str, vietnamese: str, english: str
) -> None:
    for language, said in (("vi", vietnamese), ("en", english)):
        with shell_app.test_request_context("/"), force_locale(language):
            assert post_words.contact(kind, value) == said


def test_every_kind_of_entity_has_a_word() -> None:
    assert set(post_words.CONTACTS) == CONTACT_KINDS
    assert set(post_words.FACTS) == FACT_KINDS
