"""The disguises: each is the same on every run, changes what it is meant for, and can be read back."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from search.evaluation.disguise import DISGUISES, Disguise, keyboards
from search.evaluation.disguise.words import WORD, parts
from search.text import fold

SAMPLES = Path(__file__).parents[1] / "data/samples"
BY_NAME = {disguise.name: disguise for disguise in DISGUISES}
TEXT = (
    "Tuyển gấp 5 người khoẻ, hòa đồng làm việc bên Campuchia, lương 30tr hoặc 1000$/tháng, "
    "không cần kinh nghiệm. Ib zalo 0900 000 123 hoặc @hr_linh000 t.me/vieclam000"
)


def texts() -> list[str]:
    """Every fourth made-up sample."""
    rows = [
        json.loads(line)["text"]
        for file in sorted(SAMPLES.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [unicodedata.normalize("NFC", text) for text in rows[::4]]


def accented(text: str) -> bool:
    return keyboards.without_diacritics(text) != text


def has_words(text: str) -> bool:
    """Two words of three letters side by side, outside an address: enough for any disguise."""
    return len([word for word in WORD.findall(text) if len(word) > 2]) > 3 and "  " not in text


#: What a disguise is meant for, where that is not any text of some words.
MEANT: dict[str, Callable[[str], bool]] = {
    "no-diacritics": accented,
    "some-diacritics": accented,
    "nfd": accented,
    "telex": accented,
    "vni": accented,
    "old-tones": lambda text: any(w in text.split() for w in ("hòa", "khỏe", "thủy", "họa")),
    "letter-figures": lambda text: "0tr" in text or "0k" in text,
    "teencode": lambda text: any(w in text.lower().split() for w in ("không", "được", "zalo")),
}


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda each: each.name)
def test_it_changes_what_it_is_meant_for_and_always_in_the_same_way(disguise: Disguise) -> None:
    meant = [text for text in texts() if has_words(text) and MEANT.get(disguise.name, bool)(text)]
    assert meant
    changed = [text for text in meant if disguise.of(text) != text]
    assert len(changed) >= 0.9 * len(meant)
    assert [disguise.of(text) for text in meant] == [disguise.of(text) for text in meant]


@pytest.mark.parametrize(
    "disguise", [each for each in DISGUISES if each.undo], ids=lambda each: each.name
)
def test_it_can_be_undone(disguise: Disguise) -> None:
    """On words alone, since a text may hold the very signs that are put in."""
    assert disguise.undo is not None
    for text in texts()[::3]:
        words = " ".join(WORD.findall(text)).lower()
        words = keyboards.new_tones(words)
        assert disguise.undo(disguise.of(words)).lower() == disguise.undo(words).lower()


@pytest.mark.parametrize("name", ["letter-spaces", "split", "glued", "line-breaks"])
def test_it_moves_blanks_only(name: str) -> None:
    for text in texts()[::3]:
        assert "".join(BY_NAME[name].of(text).split()) == "".join(text.split())


@pytest.mark.parametrize("name", ["dots", "emoji-letters", "zero-width", "bidi", "punctuation"])
def test_it_puts_something_in_and_takes_nothing_away(name: str) -> None:
    for text in texts()[::3]:
        rest = iter(BY_NAME[name].of(text))
        assert all(char in rest for char in text)


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda each: each.name)
def test_it_leaves_addresses_as_they_are(disguise: Disguise) -> None:
    for address in ("@hr_linh000", "t.me/vieclam000"):
        assert address in disguise.of(TEXT) or disguise.name == "upper"


@pytest.mark.parametrize(
    ("name", "text", "disguised"),
    [
        ("no-diacritics", "Việc nhẹ, Đi làm", "Viec nhe, Di lam"),
        ("nfd", "việc", "vie\u0323\u0302c"),
        ("old-tones", "hòa khỏe thủy quý", "hoà khoẻ thuỷ quý"),
        ("upper", "việc", "VIỆC"),
        ("dots", "việc", "v.i.ệ.c"),
        ("letter-spaces", "việc", "v i ệ c"),
        ("small-capitals", "Ban thân", "ʙᴀɴ ᴛʜâɴ"),
        ("letter-figures", "500k, 25 triệu, 0900 000 123", "5OOk, 25 triệu, 0900 000 123"),
    ],
)
def test_it_writes(name: str, text: str, disguised: str) -> None:
    assert BY_NAME[name].of(text) == unicodedata.normalize("NFC", disguised) or (
        name == "nfd" and BY_NAME[name].of(text) == disguised
    )


def test_key_sequences_are_those_of_the_keyboards() -> None:
    def keys(name: str, word: str) -> set[str]:
        change = BY_NAME[name].change
        return {change(word, Random(seed)) for seed in range(30)}  # noqa: S311

    assert keys("telex", "việc") == {"vieecj", "vieejc"}
    assert keys("telex", "đường") == {"dduwowngf", "dduwowfng"}
    assert keys("vni", "việc") == {"vie6c5", "vie65c"}
    assert keys("vni", "đường") == {"d9u7o7ng2", "d9u7o72ng"}
    assert keys("telex", "Ấn") == {"Aans", "Aasn"}


def test_look_alikes_are_of_another_alphabet_and_look_the_same() -> None:
    disguised = BY_NAME["lookalikes"].of("cacao casino hop xe")
    assert disguised != "cacao casino hop xe"
    names = {unicodedata.name(char).split()[0] for char in disguised if char.isalpha()}
    assert names - {"LATIN"} <= {"CYRILLIC", "GREEK"}


def test_chinese_stands_only_beside_latin_letters() -> None:
    for text in texts()[::5]:
        own = set(WORD.findall(text))
        for word in WORD.findall(BY_NAME["cjk"].of(text)):
            if word not in own and any(ord(char) > 0x2E80 for char in word):
                assert any(ord(parts(char)[0]) < 0x250 for char in word)


def test_names_are_unique_and_both_languages_are_there() -> None:
    assert len(BY_NAME) == len(DISGUISES) >= 16
    assert all(disguise.vi and disguise.en for disguise in DISGUISES)


@pytest.mark.parametrize(
    "name", ["nfd", "old-tones", "upper", "zero-width", "bidi", "struck", "zalgo", "emoji-words"]
)
def test_the_normaliser_sees_through_what_changes_no_letter(name: str) -> None:
    for text in texts()[::4]:
        assert fold(BY_NAME[name].of(text)) == fold(text)
