"""The labelled samples: unique, different from each other, and nobody's real telephone number."""

import re
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

from search.evaluation.samples import Row, read_samples
from search.text import fold

FOLDER = Path(__file__).parents[1] / "data/samples"
KINDS = {
    "lure": {
        "adoption", "border-job", "debt-ransom", "entertainment", "labour-export", "marriage",
        "middleman", "online-task", "organ", "smuggling", "surrogacy",
    },
    "help": {"cry_for_help"},
    "innocent": {
        "honest_job", "warning", "news", "police_advice", "legal", "satire", "question",
        "victim_story", "state_programme", "hospital", "matchmaking", "adoption_story",
        "small_talk", "commerce", "tourism", "other",
    },
}  # fmt: skip
STYLES = {"facebook", "telegram", "comment", "sms", "zalo", "tiktok"}
PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[\d .\-]{7,13}\d(?!\d)")
ROWS = read_samples(FOLDER)


def shingles(text: str) -> set[tuple[str, ...]]:
    tokens = fold(text).split()
    return set(zip(tokens, tokens[1:], tokens[2:], strict=False))


def test_every_label_kind_and_style_is_a_known_one() -> None:
    assert [row.id for row in ROWS if row.kind not in KINDS[row.label]] == []
    assert [row.id for row in ROWS if row.style not in STYLES] == []


def test_there_are_enough_of_each_theme() -> None:
    lures = Counter(row.kind for row in ROWS if row.label == "lure")
    assert {kind: n for kind, n in lures.items() if n < 40} == {}
    assert set(lures) == KINDS["lure"]
    for theme in KINDS["lure"]:
        assert sum(r.source == theme and r.label == "innocent" for r in ROWS) >= 40, theme


def test_about_a_sixth_of_each_label_is_held_back() -> None:
    for label in KINDS:
        of = [row for row in ROWS if row.label == label]
        assert 0.1 < sum(row.held for row in of) / len(of) < 0.25, label


def test_no_text_stands_there_twice() -> None:
    texts = Counter(unicodedata.normalize("NFC", row.text).casefold() for row in ROWS)
    assert [text for text, number in texts.items() if number > 1] == []


def test_no_two_texts_are_variants_of_each_other() -> None:
    """Above all not across the split, where a twin would tell what is held back."""
    marks = [shingles(row.text) for row in ROWS]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, found in enumerate(marks):
        for shingle in found:
            places[shingle].append(at)
    common: Counter[tuple[int, int]] = Counter()
    for where in places.values():
        if len(where) < 40:
            common.update(combinations(where, 2))
    alike: list[tuple[Row, Row]] = [
        (ROWS[one], ROWS[other])
        for (one, other), number in common.items()
        if number > 0.34 * len(marks[one] | marks[other])
    ]
    assert [(one.id, other.id) for one, other in alike] == []


def test_telephone_numbers_are_made_up() -> None:
    numbers = [(row.id, found) for row in ROWS for found in PHONE.findall(row.text)]
    assert len(numbers) > 100
    assert [pair for pair in numbers if "000" not in re.sub(r"\D", "", pair[1])] == []
