"""The fast path says what the exact one says, on tens of thousands of real texts."""

import gzip
import json
import os
from pathlib import Path

import pytest

from search.text import fold, normalise, normalise_spans

DATA = Path(os.environ.get("RASOAT_SHARED", "../shared")) / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="no shared data (set RASOAT_SHARED)"),
]


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("posts_volume", 5),
        ("job_posts_facebook", 1),
        ("obfuscation_real", 1),
        ("lures_quoted", 1),
        ("hard_negatives_quoted", 1),
    ],
)
def test_the_ways_agree_and_normal_text_stays_normal(name: str, step: int) -> None:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    for text in texts[::step]:
        normal = normalise(text)
        assert fold(text) == normal.folded
        assert normalise_spans(text).normal == normal
        assert normalise(normal.kept) == normal
        assert fold(normal.folded) == normal.folded
