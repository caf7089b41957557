"""What came with a request, before any view reads it."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from webui.given import LARGEST, Given, clean, day, moment, whole


def test_what_no_database_or_document_holds_is_gone_and_the_rest_stays() -> None:
    assert clean("a\x00b\x1f\ud800c\ufffe") == "abc"
    assert clean("Việc nhẹ\n\tlương cao \u202e 🙂") == "Việc nhẹ\n\tlương cao \u202e 🙂"


def test_names_and_values_of_a_form_are_cleaned_and_keep_their_order() -> None:
    given = Given(MultiDict([("a\x00", "1\x00"), ("b", "2"), ("a", "3")]))
    assert given.getlist("a") == ["1", "3"]
    assert list(given.items(multi=True)) == [("a", "1"), ("a", "3"), ("b", "2")]


@pytest.mark.parametrize("text", [str(LARGEST + 1), "9" * 5000, "-" + "9" * 19, "x", "", "1.5"])
def test_a_number_that_fits_no_key_is_as_if_it_were_not_given(text: str) -> None:
    given = Given([("id", text)])
    assert given.get("id", type=int) is None
    assert given.get("id", 7, type=int) == 7
    assert given.getlist("id", type=int) == []
    with pytest.raises(ValueError):  # noqa: PT011 - whatever int says
        whole(text)


def test_the_largest_key_is_still_a_number() -> None:
    assert Given([("id", str(LARGEST))]).get("id", type=int) == LARGEST


def test_days_are_read_as_browsers_send_and_people_type_them() -> None:
    assert day("2026-11-23") == day(" 23/11/2026 ") == date(2026, 11, 23)
    assert moment("2026-11-23T09:30").isoformat() == "2026-11-23T09:30:00+07:00"


@pytest.mark.parametrize("text", ["0001-01-01", "31/12/9999", "1899-12-31", "2026-02-30", "", "x"])
def test_a_year_that_nobody_means_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message holds what was typed
        day(text)
    with pytest.raises(ValueError):  # noqa: PT011
        moment(text)
