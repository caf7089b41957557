"""Times, addresses and text, as pages write them."""

from datetime import UTC, datetime

import pytest

from crawler.sources.addresses import absolute, canonical, same_site
from crawler.sources.markup import decode, html_to_text
from crawler.sources.times import parse_time
from foundation.clock import OFFICE_ZONE


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-02T09:15:00+07:00", (2026, 11, 2, 2, 15)),
        ("2026-11-02 09:15", (2026, 11, 2, 2, 15)),
        ("22/11/2026 lúc 12:08", (2026, 11, 22, 5, 8)),
        ("14:30 22-11-2026", (2026, 11, 22, 7, 30)),
        ("9h05 23.11.2026", (2026, 11, 23, 2, 5)),
        ("22 Tháng 11, 2026 14:05", (2026, 11, 22, 7, 5)),
        ("CN Tháng 11 22, 2026 2:05 pm", (2026, 11, 22, 7, 5)),
        ("Sun 22. Nov 2026, 14:05", (2026, 11, 22, 7, 5)),
        ("ngày 5 tháng 3 năm 2026", (2026, 3, 4, 17, 0)),
        ("Thứ hai, 23/11/2026, 09:05 (GMT+7)", (2026, 11, 23, 2, 5)),
        ("Nov. 22, 2026, 12:08 p.m.", (2026, 11, 22, 5, 8)),
        ("Nov. 22, 2026, 3 p.m.", (2026, 11, 22, 8, 0)),
        ("Nov. 22, 2026, noon", (2026, 11, 22, 5, 0)),
        ("November 23, 2026 at 12:05 am", (2026, 11, 22, 17, 5)),
        ("Mon, 23 Nov 2026 03:00:00 GMT", (2026, 11, 23, 3, 0)),
        ("1763800000", (2025, 11, 22, 8, 26)),
    ],
)
def test_it_reads_times_in_the_zone_of_the_source(
    written: str, moment: tuple[int, int, int, int, int]
) -> None:
    found = parse_time(written, OFFICE_ZONE)
    assert found is not None
    assert found.replace(second=0) == datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize("written", ["hôm qua", "44s", "3 giờ trước", "32/13/2026", "", "x" * 500])
def test_an_age_or_nonsense_is_no_time(written: str) -> None:
    assert parse_time(written, OFFICE_ZONE) is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("HTTP://Example.ORG:80/a?utm_source=x&b=2&fbclid=3#c5", "http://example.org/a?b=2#c5"),
        ("https://example.org", "https://example.org/"),
        ("http://example.org/tuyển", "http://example.org/tuy%E1%BB%83n"),
        ("http://example.org/a%2fb", "http://example.org/a%2Fb"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("urn:x:y", "urn:x:y"),
    ],
)
def test_an_address_has_one_spelling(given: str, wanted: str) -> None:
    assert canonical(given) == wanted
    assert canonical(canonical(given)) == canonical(given)


def test_only_web_addresses_are_addresses() -> None:
    assert absolute("https://a.example/x/", "../y") == "https://a.example/y"
    for link in (
        "javascript:alert(1)",
        "mailto:a@b.example",
        "file:///etc/passwd",
        "http://[x",
    ):
        assert absolute("https://a.example/", link) == ""


def test_www_and_mobile_are_the_same_site() -> None:
    assert same_site("https://www.a.example/x", "http://m.a.example/y")
    assert not same_site("https://a.example/", "https://b.a.example/")
    assert not same_site("http://a.example:8081/", "http://a.example:8082/")


def test_text_is_what_a_reader_sees() -> None:
    html = "<p>Một</p><p>Hai<br>ba</p><style>x</style><ul><li>a</li><li>b</li></ul><p>&lt;script&gt;</p>"
    assert html_to_text(html) == "Một\n\nHai\nba\n\na\nb\n<script>"


def test_bytes_without_any_word_of_their_charset_still_become_text() -> None:
    assert decode("Việc".encode()) == "Việc"
    assert decode("Việc".encode("utf-16")) == "Việc"
    assert decode(b"\xff\xfe\x00") is not None
    assert decode("Việc".encode()[:-2], "text/html") == "Vi"
    assert "caf" in decode(b"caf\xe9", "text/html; charset=nonsense")
