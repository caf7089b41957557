"""What makes judging quick changes no judgement: with every shortcut off the same comes out."""

import math
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.samples import read_samples
from search.rules.judgement import Context, Judgement
from search.rules.likeness import Likeness
from search.rules.matcher import Matcher, _reading
from search.rules.pack import shipped_matcher
from search.rules.packed import pack, unpack
from search.rules.sentences import breaks_at, breaks_in
from search.rules.traits import Traits
from search.rules.wording import STRANGE, UNSAID, Wording, shipped_wording
from search.syllable_counts import KEPT
from search.syllables import KNOWN
from search.text import fold, fold_settled, kept_in, normalise_spans, tokenise
from search.text_torn import HALVES, Suspicion, likely_pairs
from search.typing_leftovers import place_tone

SAMPLES = Path(__file__).parents[1] / "data/samples"
EVERY = 17


def texts() -> Iterator[str]:
    """Some of every kind, each as it is and in one disguise after the other."""
    chosen = random.Random(11)  # noqa: S311
    rows = read_samples(SAMPLES)[::EVERY]
    for number, row in enumerate(rows):
        yield row.text
        yield DISGUISES[number % len(DISGUISES)](row.text, chosen)


def _torn(text: str, chosen: random.Random) -> str:
    return " ".join(
        f"{word[0]} {word[1:]}" if len(word) > 2 and chosen.random() < 0.4 else word
        for word in text.split()
    )


def _shuffled(text: str, chosen: random.Random) -> str:
    return " ".join(chosen.sample(text.split(), len(text.split())))


DISGUISES: list[Callable[[str, random.Random], str]] = [
    lambda text, _: fold(text),
    lambda text, _: unicodedata.normalize("NFD", text).upper(),
    lambda text, _: text.replace("o", "0").replace("i", "1"),
    lambda text, _: text.translate(str.maketrans("aeo", "аео")),
    lambda text, _: text + " " + text,
    lambda text, _: text[: len(text) // 2],
    _torn,
    _shuffled,
]


def judged_in_full(matcher: Matcher, text: str, context: Context) -> Judgement | None:
    """As `match`, but nothing is turned away before all of it is known, and likeness is worked out anew."""
    reading = _reading(text)
    likeness = Likeness(matcher._wording, f" {reading.folded} ", text)
    met = matcher._compiled.touch(reading, matcher._find(reading))
    return matcher._judge(text, reading, met, context, matcher._weighers, likeness)


@pytest.mark.parametrize("part", range(2))
def test_a_judgement_is_the_same_with_every_shortcut_off(part: int) -> None:
    matcher, context, kept = shipped_matcher(), Context(), 0
    for text in list(texts())[part::2]:
        quick = matcher.match(text, context)
        assert quick == judged_in_full(matcher, text, context), text
        kept += quick is not None
    assert kept > 40


def plainly(wording: Wording, traits: Traits) -> list[float]:
    """The likeness by the names of the table, one after the other."""
    rows = {
        name: [wording.weights[name][0] * (1 + math.log(times)), *wording.weights[name][1:]]
        for name, times in Counter(traits.features).items()
        if name in wording.weights
    }
    strange = {word.text for word in traits.words} - wording.weights.keys()
    length = math.sqrt(UNSAID + STRANGE * len(strange) + sum(row[0] ** 2 for row in rows.values()))
    return [
        sum(row[0] * row[at + 1] for row in rows.values()) / length
        + wording._bias[at]
        + sum(wording.marks[mark][at] for mark in traits.marks if mark in wording.marks)
        for at in range(3)
    ]


def test_likeness_is_what_a_plain_sum_over_the_table_gives() -> None:
    wording = shipped_wording()
    for text in list(texts())[::5]:
        traits = Likeness(wording, fold(text), text).traits
        assert wording.scores(traits) == pytest.approx(plainly(wording, traits), abs=1e-9)


CHUNKS = st.sampled_from(
    ["việc.", "nhẹ", "...", "a.b", "?!", "l.ư.ơ.n.g", "25.000đ;", "\u2026ơi", "🙂", "(zalo!)"]
)
BLANKS = st.sampled_from([" ", "\n", "  ", " \n\n", "\t", "\r\n"])


@given(st.lists(st.tuples(CHUNKS, BLANKS), max_size=9), BLANKS)
def test_sentences_end_where_the_places_of_tokens_say(
    written: list[tuple[str, str]], first: str
) -> None:
    text = first + "".join(chunk + blank for chunk, blank in written)
    assert breaks_in(text) == breaks_at(text, normalise_spans(text)) or not fold_settled(text)[1]


def test_sentences_of_real_looking_posts_end_where_the_places_of_tokens_say() -> None:
    settled = [text for text in texts() if fold_settled(text)[1]]
    assert all(breaks_in(text) == breaks_at(text, normalise_spans(text)) for text in settled)
    assert sum(map(len, map(breaks_in, settled))) > 500


SUMMED = st.lists(st.lists(st.floats(-900, 900), min_size=4, max_size=4), max_size=99)


@given(SUMMED)
def test_packed_numbers_add_up(rows: list[list[float]]) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)] or [0.0] * 4
    assert unpack(sum(map(pack, rows)), 4) == pytest.approx(sums, abs=1e-5)


def test_a_settled_text_has_the_kept_tokens_that_reading_it_whole_gives() -> None:
    settled = 0
    for text in texts():
        padded, is_settled = fold_settled(text)
        tokens = tokenise(text)
        assert padded.split() == tokens.folded.split()
        if is_settled:
            settled += 1
            assert kept_in(text) == tokens.kept
    assert settled > 200


@given(st.sampled_from(sorted(HALVES)), st.sampled_from(sorted(KNOWN)), st.booleans())
def test_neighbours_that_tell_of_a_torn_word_are_all_known_beforehand(
    half: str, word: str, before: bool
) -> None:
    for pair in ((half, word), (word, half), (half, word[1:]), (word[:-1], half)):
        if all(pair) and Suspicion().by(*pair):
            assert pair in PAIRS
    parts = (half, word.removeprefix(half)) if before else (word.removesuffix(half), half)
    if all(parts) and Suspicion().by(*parts):
        assert parts in PAIRS


PAIRS = likely_pairs()


def test_a_syllable_that_was_counted_is_spelled_as_it_is_today() -> None:
    assert [word for word in KEPT if place_tone(word) != word] == []
