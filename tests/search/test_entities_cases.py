"""Tables of cases, one file for each kind: what must be found there, and what must stay empty."""

import json
from datetime import date
from pathlib import Path

import pytest

from search.entities import CONTACT_KINDS, FACT_KINDS, EntityKind, contacts, extract

FOLDER = Path(__file__).parents[1] / "data/entities"
#: A Wednesday; days of departure count from it.
TODAY = date(2025, 11, 19)


def rows(kind: str) -> list[tuple[str, list[list[str]]]]:
    lines = (FOLDER / f"{kind}.jsonl").read_text("utf-8").splitlines()
    return [(row["text"], row["expected"]) for row in map(json.loads, lines)]


CASES = [(kind.value, *row) for kind in EntityKind for row in rows(kind.value)]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES)
def test_it_finds_what_stands_in_the_table_and_nothing_more(
    kind: str, text: str, expected: list[list[str]]
) -> None:
    found = extract(text, today=TODAY if kind == EntityKind.DEPARTURE else None)
    assert [[one.kind, one.value, one.raw] for one in found if one.kind == kind] == expected


@pytest.mark.parametrize("kind", list(EntityKind))
def test_every_kind_has_cases_of_both_sorts(kind: EntityKind) -> None:
    found = [bool(expected) for _, expected in rows(kind)]
    least = 14 if kind in {EntityKind.VIBER, EntityKind.PHONE_PARTIAL} else 15
    assert found.count(True) >= least
    assert found.count(False) >= 10


def test_contacts_are_what_extract_finds_without_the_facts() -> None:
    for _, text, _ in CASES:
        whole = tuple(one for one in extract(text) if one.kind in CONTACT_KINDS)
        assert contacts(text) == whole


def test_contacts_and_facts_are_all_kinds_and_never_the_same() -> None:
    assert set(EntityKind) == CONTACT_KINDS | FACT_KINDS
    assert CONTACT_KINDS.isdisjoint(FACT_KINDS)


def test_an_identity_card_is_never_a_contact() -> None:
    for text in (
        "CCCD 001099012345",
        "căn cước 0 360 990 00 123",
        "CMND số 0900000123",
        "cccd của em 036099000123",
    ):
        assert contacts(text) == ()
