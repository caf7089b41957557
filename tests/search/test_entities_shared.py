"""What is found in real job posts, whose numbers, addresses and links are masked; -s prints the counts."""

import gzip
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from search.entities import EntityKind, contacts, extract

DATA = Path(os.environ.get("RASOAT_SHARED", "../shared")) / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="no shared data (set RASOAT_SHARED)"),
]


def texts(name: str, step: int = 1) -> list[str]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for number, line in enumerate(file) if number % step == 0]


def counted(posts: list[str]) -> Counter[str]:
    found = Counter(entity.kind.value for post in posts for entity in extract(post))
    print(dict(found.most_common()))
    return found


def test_job_posts_name_contacts_places_and_pay_and_hardly_anything_else() -> None:
    found = counted(texts("job_posts_facebook"))
    assert found[EntityKind.PHONE] > 330
    assert found[EntityKind.EMAIL] > 700
    assert found[EntityKind.PLACE] > 1_800
    assert found[EntityKind.WAGE] > 400
    assert found[EntityKind.AGE] > 35
    # Nobody leaves in these posts, and nobody names a bank account or a wallet.
    assert found[EntityKind.DEPARTURE] <= 2
    assert found[EntityKind.BANK_ACCOUNT] + found[EntityKind.WALLET] == 0


def test_comments_seldom_name_a_day_of_departure_or_an_account() -> None:
    found = counted(texts("posts_volume", 7))
    assert found[EntityKind.DEPARTURE] <= 10
    assert found[EntityKind.BANK_ACCOUNT] + found[EntityKind.WALLET] <= 2


def test_contacts_of_a_post_are_found_in_well_under_a_millisecond() -> None:
    posts = texts("job_posts_facebook")
    contacts(posts[0])
    start = time.process_time()
    for post in posts:
        contacts(post)
    each = (time.process_time() - start) / len(posts)
    print(f"{each * 1e6:.0f} µs a post")
    assert each < 0.0012
