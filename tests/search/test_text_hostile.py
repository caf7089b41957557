"""Any string at all, a megabyte of it: never an error, and time that grows with the length only."""

import time

import pytest

from search.text import fold, normalise_spans

SIZE = 60_000
#: CPU seconds for `SIZE` characters on a slow and busy machine; what is quadratic takes far longer.
BOUND = 12.0

HOSTILE = {
    "one letter": "a",
    "letters apart": "a ",
    "the same syllable": "v i ệ c ",
    "torn syllables": "v iệc n hẹ c ao ",
    "torn ends": "tuyể n ",
    "dotted letters": "l.",
    "dotted figures": "1.",
    "half figures": "0.0o",
    "emoji between letters": "v🔥",
    "addresses": "a@",
    "hats": "e^.",
    "keys": "a(^+",
    "written line ends": "\\n",
    "look-alikes": "丅u",
    "turned": "ǝu",
    "flags": "🇰🇭",
    "glued": "vieclam",
    "nearly glued": "anganghxa",
    "repeats": "aaab",
    "marks alone": "\u0301",
    "zalgo": "a\u0301\u0323\u0336\u0337\u0338",
    "lone surrogates": "\ud83d",
    "nothing": "\0",
    "blanks": "\u3164",
    "words": "việc nhẹ lương cao, ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_takes_bounded_time(unit: str) -> None:
    text = unit * (SIZE // len(unit))
    start = time.process_time()
    spans = normalise_spans(text)
    folded = fold(text)
    assert time.process_time() - start < BOUND
    assert folded == spans.normal.folded
    assert all(0 <= a < b <= len(text) for a, b in zip(spans.starts, spans.ends, strict=True))


@pytest.mark.parametrize("unit", ["a ", "l.", "v iệc n hẹ c ao ", "v🔥", "0.0o"])
def test_four_times_the_text_takes_about_four_times_as_long(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        fold(text)
        return time.process_time() - start

    seconds(SIZE // 4)
    # The least of three: a process with a full heap sometimes stops to collect it.
    short, long = (min(seconds(size) for _ in range(3)) for size in (SIZE // 2, SIZE * 2))
    assert long < 0.05 or long < 12 * short


def test_a_megabyte_without_a_space_or_with_many_is_read() -> None:
    start = time.process_time()
    assert fold("a" * 1_000_000) == "a"
    assert fold("a " * 500_000).startswith("a a ")
    assert fold("việc nhẹ " * 100_000).count("viec") == 100_000
    assert time.process_time() - start < 60


def test_texts_that_are_no_texts_are_read_as_nothing() -> None:
    for text in ("", " ", "\0", "\ud800", "\udfff\ud800", "\u200b\ufeff", "🙂", "。、", "\u0301"):
        assert fold(text) == ""
        assert normalise_spans(text).starts == ()
