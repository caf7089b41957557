"""Every sentence the crawler says can be said in Vietnamese too, with the same things filled in."""

import re
from pathlib import Path

import pytest

import webui.translations
from crawler.reasons import LOOKS, REASONS, sentence, told, translated
from crawler.sources import KINDS
from webui.translations.catalogue import read_parts

NAMES = ("UTF-8", "UTF-16", "Windows-1252")
"""Names that are the same in every language."""
PLACEHOLDER = re.compile(r"%\(\w+\)s")


@pytest.fixture(scope="module")
def vietnamese() -> dict[str, str]:
    folder = Path(webui.translations.__file__).parent
    return {entry.singular: str(entry.translation) for entry in read_parts(folder)}


def said_by_kinds() -> set[str]:
    found = set()
    for kind in KINDS.values():
        found |= {kind.label, kind.help, *(preset.label for preset in kind.form.presets)}
        for option in kind.form.options:
            found |= {*option.label.split(": "), option.help}
            if option.name != "platform":
                found |= {label for _, label in option.choices}
    return found - {"", *NAMES}


def test_every_reason_and_every_look_has_its_vietnamese(vietnamese: dict[str, str]) -> None:
    wanted = {*REASONS.values(), *LOOKS.values()}
    assert sorted(wanted - set(vietnamese)) == []
    for english in wanted:
        assert sorted(PLACEHOLDER.findall(english)) == sorted(
            PLACEHOLDER.findall(vietnamese[english])
        )


def test_every_field_of_every_form_has_its_vietnamese(vietnamese: dict[str, str]) -> None:
    assert sorted(said_by_kinds() - set(vietnamese)) == []


def test_a_stored_sentence_is_recognised_and_said_again(vietnamese: dict[str, str]) -> None:
    stored = told("no_capture", look=told("no_page", status=404), why=told("no_browser"))
    said = translated(stored, vietnamese.__getitem__)
    assert said.startswith(
        "Máy chủ báo trang không tồn tại (404). Không có bản chụp: Không tìm thấy"
    )
    nested = told("not_visited", why=told("private", host="10.0.0.1"))
    assert (
        translated(nested, vietnamese.__getitem__) == "Không truy cập: 10.0.0.1 thuộc mạng nội bộ."
    )


@pytest.mark.parametrize("key", sorted(LOOKS))
def test_each_look_is_recognised_as_itself(key: str) -> None:
    heard: list[str] = []
    text = LOOKS[key] % dict.fromkeys(re.findall(r"%\((\w+)\)s", LOOKS[key]), "x")
    assert translated(text, lambda template: heard.append(template) or template) == text
    assert heard[-1] == LOOKS[key]


def test_an_officers_own_words_stay_as_they_are() -> None:
    words = "Đã xem bằng tài khoản công vụ, bài vẫn còn."
    assert translated(words, str.upper) == words


def test_a_reason_without_what_fills_it_still_says_something() -> None:
    assert sentence("http_status", {}) == "The server answered ?."
    assert sentence("unheard of", {}) == "unheard of"
