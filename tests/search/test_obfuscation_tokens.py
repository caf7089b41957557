"""How much of a text comes out of each disguise, told without any rule: by the words themselves."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from search.evaluation.disguise import DISGUISES, Disguise
from search.evaluation.samples import is_held_back
from search.syllable_counts import FOLDED
from search.teencode import SPOKEN, TEENCODE
from search.text import fold, normalise
from search.text_tables import fold_kept

SAMPLES = Path(__file__).parents[1] / "data/samples"
_PLAIN = re.compile(r"(?<!\S)[^\W\d_]{2,}(?!\S)")
#: Words that a disguise may cost, of 100; where letters are lost for good, more.
MOST = {"teencode": 6.0, "glued": 7.0, "leet": 4.0}


def texts(step: int) -> list[str]:
    """Made-up posts, evenly chosen."""
    rows = [
        json.loads(line)
        for file in sorted(SAMPLES.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [row["text"] for row in rows if not is_held_back(row["id"])][::step]


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda each: each.name)
def test_nearly_all_words_come_out_of_a_disguise(disguise: Disguise) -> None:
    words = lost = 0
    for text in texts(40):
        meant, read = Counter(fold(text).split()), Counter(fold(disguise.of(text)).split())
        words += meant.total()
        lost += (meant - read).total()
    assert words > 1000
    assert 100 * lost <= MOST.get(disguise.name, 3.0) * words


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda each: each.name)
def test_what_came_out_of_a_disguise_stays_as_it_is(disguise: Disguise) -> None:
    for text in texts(100):
        normal = normalise(disguise.of(text))
        assert normalise(normal.kept) == normal
        assert fold(normal.folded) == normal.folded


def test_words_that_are_written_often_come_out_of_plain_writing_as_they_are() -> None:
    """Of a thousand common words that stand between blanks at most one is taken for something else."""
    words = bent = 0
    for text in texts(7):
        text = unicodedata.normalize("NFC", text).lower()
        plain = [fold_kept(word) for word in _PLAIN.findall(text) if word not in SPOKEN]
        known = Counter(w for w in plain if FOLDED.get(w, 0.0) >= 8.0 and w not in TEENCODE)
        words += known.total()
        bent += (known - Counter(fold(text).split())).total()
    assert words > 5000
    assert bent <= words / 1000
