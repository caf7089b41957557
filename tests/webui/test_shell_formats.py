"""Moments, amounts and sizes as people write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webui import formats, words
from webui.i18n import force_locale

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(params=["vi"])
def language(request: pytest.FixtureRequest, shell_app: Flask) -> Iterator[str]:
    with shell_app.test_request_context("/"), force_locale(request.param):
        yield request.param


both = pytest.mark.parametrize("language", ["vi", "en"], indirect=True)


def test_dates_are_those_of_the_office_not_of_greenwich() -> None:
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert formats.date(late) == "01/01/2027"
    assert formats.moment(late) == "01/01/2027 00:30"
    assert formats.moment(late, seconds=True) == "01/01/2027 00:30:00"
    assert formats.date(date(2026, 2, 1)) == "01/02/2026"
    assert formats.date(None) == formats.moment(None) == ""


@both
@pytest.mark.parametrize(
    ("passed", "vi", "en"),
    [
        (timedelta(seconds=20), "vừa xong", "just now"),
        (timedelta(minutes=1), "1 phút trước", "1 minute ago"),
        (timedelta(hours=3, minutes=50), "3 giờ trước", "3 hours ago"),
        (timedelta(hours=47), "47 giờ trước", "47 hours ago"),
        (timedelta(days=12), "12 ngày trước", "12 days ago"),
        (timedelta(hours=-3), "sau 3 giờ", "in 3 hours"),
        (timedelta(days=30), "24/10/2026", "24/10/2026"),
    ],
)
def test_how_long_ago(language: str, passed: timedelta, vi: str, en: str) -> None:
    assert formats.ago(NOW - passed, NOW) == (vi if language == "vi" else en)


@both
@pytest.mark.parametrize(
    ("rest", "vi", "en", "urgency"),
    [
        (timedelta(hours=5, minutes=1), "còn 5 giờ", "5 hours left", "soon"),
        (timedelta(hours=8), "còn 8 giờ", "8 hours left", "soon"),
        (timedelta(hours=9), "còn 9 giờ", "9 hours left", "near"),
        (timedelta(days=3), "còn 3 ngày", "3 days left", "far"),
        (timedelta(seconds=30), "còn 1 phút", "1 minute left", "soon"),
        (timedelta(days=-2, hours=-1), "quá hạn 2 ngày", "2 days overdue", "over"),
        (timedelta(minutes=-1), "quá hạn 1 phút", "1 minute overdue", "over"),
    ],
)
def test_what_is_left_until_a_deadline(
    language: str, rest: timedelta, vi: str, en: str, urgency: str
) -> None:
    assert formats.left(NOW + rest, NOW) == (vi if language == "vi" else en)
    assert formats.urgency(NOW + rest, NOW) == urgency


@both
def test_figures_follow_the_language(language: str) -> None:
    vietnamese = language == "vi"
    assert formats.number(19500000) == ("19.500.000" if vietnamese else "19,500,000")
    assert formats.number(0.756, 2) == ("0,76" if vietnamese else "0.76")
    assert formats.money(19500000) == ("19.500.000 đồng" if vietnamese else "19,500,000 VND")
    assert formats.money(None) == formats.number(None) == ""


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1.023 B"),
        (1024, "1,0 KB"),
        (3565158, "3,4 MB"),
        (200 * 1024**2, "200 MB"),
        (5 * 1024**4, "5,0 TB"),
    ],
)
def test_sizes_of_files(count: int, text: str) -> None:
    assert formats.size(count) == text


@pytest.mark.usefixtures("language")
def test_a_share_of_nothing_is_a_dash() -> None:
    assert formats.percent(3, 4) == "75%"
    assert formats.percent(1, 3, 1) == "33,3%"
    assert formats.percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("value", "shown"), [("0900000123", "•••••23"), ("Lê", "•••••"), ("", ""), (None, "")]
)
def test_a_masked_value_shows_little_and_not_its_length(value: str | None, shown: str) -> None:
    assert formats.masked(value) == shown


@given(st.text(min_size=1, max_size=60))
def test_masking_never_shows_more_than_two_characters(value: str) -> None:
    assert len(formats.masked(value).replace("•", "")) <= 2 + value[-2:].count("•")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KeyF", "f"),
        ("Shift+KeyA", "Shift+a"),
        ("KeyG KeyQ", "g q"),
        ("KeyD Digit9", "d 9"),
        ("Slash", "/"),
        ("Shift+Slash", "?"),
    ],
)
def test_keys_are_written_as_they_are_pressed(code: str, name: str) -> None:
    assert formats.key_name(code) == name


def test_every_role_and_risk_has_a_word_in_both_languages(shell_app: Flask) -> None:
    said: dict[str, list[str]] = {}
    for language in ("vi", "en"):
        with shell_app.test_request_context("/"), force_locale(language):
            shown = [*words.ROLES.values(), *(risk.label for risk in words.RISKS.values())]
            said[language] = [str(word) for word in shown]
    assert all(vi != en for vi, en in zip(said["vi"], said["en"], strict=True))


def test_shapes_differ_wherever_colours_do() -> None:
    assert len({risk.shape for risk in words.RISKS.values()}) == len(words.RISKS)
    assert len(set(words.TONE_SHAPES.values())) == len(words.TONE_SHAPES)


def test_a_state_that_nobody_told_is_shown_by_its_name() -> None:
    assert words.state("no_such_kind", "half_done") == words.State("half done")
    words.states("test_kind", {"sent": words.State("Đã gửi", "progress")})
    assert words.state("test_kind", "sent").shape == "circle-half-2"


def test_an_unknown_risk_is_refused() -> None:
    with pytest.raises(ValueError, match="enormous"):
        words.risk("enormous")
