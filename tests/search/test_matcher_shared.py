"""Figures on the shared reference texts, with generous limits; the exact ones are printed by -s."""

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from search.rules.judgement import Kind, Level
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs
from search.text import fold, normalise, normalise_spans

DATA = Path(os.environ.get("RASOAT_SHARED", "../shared")) / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="no shared data (set RASOAT_SHARED)"),
]


def rows(name: str, step: int = 1) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for number, line in enumerate(file) if number % step == 0]


@cache
def matcher() -> Matcher:
    return Matcher(shipped_packs())


def share(found: int, of: int, what: str) -> float:
    print(f"{what}: {found} of {of} = {found / of:.4f}")
    return found / of


def test_honest_recruiters_are_left_alone() -> None:
    """Hardly one is flagged, and hardly one is kept as something else."""
    posts = rows("job_posts_facebook")
    found = [judged for post in posts if (judged := matcher().match(post["text"]))]
    flagged = [one for one in found if one.kind in {Kind.LURE, Kind.HELP}]
    assert share(len(flagged), len(posts), "jobs flagged") < 0.005
    assert share(len(found), len(posts), "jobs kept") < 0.005


def test_comments_are_left_alone() -> None:
    posts = rows("posts_volume", step=4)
    found = sum(matcher().match(p["text"]) is not None for p in posts)
    assert share(found, len(posts), "comments") < 0.001


def test_lures_are_found() -> None:
    posts = rows("lures_quoted")
    found = [j for p in posts if (j := matcher().match(p["text"])) and j.kind is Kind.LURE]
    assert share(len(found), len(posts), "lures") > 0.75


def test_warnings_and_news_are_not_taken_for_lures() -> None:
    posts = rows("hard_negatives_quoted")
    found = [
        j
        for p in posts
        if (j := matcher().match(p["text"])) and j.kind is Kind.LURE and j.level is not Level.LOW
    ]
    assert share(len(found), len(posts), "hard negatives") < 0.1


def test_the_normaliser_holds_its_promises_on_real_disguises() -> None:
    for row in rows("obfuscation_real"):
        text = row["text"]
        normal = normalise(text)
        assert fold(text) == normal.folded
        assert normalise_spans(text).normal == normal
        assert normalise(normal.kept) == normal
