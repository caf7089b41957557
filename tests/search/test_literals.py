"""Words side by side are found where they stand, by dictionary, as a plain search would find them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.samples import read_samples
from search.rules.amounts import amounts_in
from search.rules.facts import handles_in, minors_in, phones_in, possible_facts, returns_in
from search.rules.literals import Found, Literals, bits_of, rarest_runs
from search.text import fold_padded, tokenise

DATA = Path(__file__).parents[1] / "data"

words = st.lists(st.sampled_from("abcde"), min_size=1, max_size=6).map(tuple)
texts = st.lists(st.sampled_from("abcdef"), max_size=14).map(tuple)


def literals_of(some: set[tuple[str, ...]]) -> Literals:
    keys = dict.fromkeys(sorted(some))
    filed = zip(keys, rarest_runs(keys), strict=True)
    return Literals.of(
        (each, before, number, 1, 1 << number) for number, (each, before) in enumerate(filed)
    )


def found_in(literals: Literals, text: tuple[str, ...]) -> Found:
    return literals.find(text, literals.look_up(text))


@given(st.sets(words, max_size=12), texts)
def test_every_literal_is_found_at_every_place(
    some: set[tuple[str, ...]], text: tuple[str, ...]
) -> None:
    found = sorted((start, literal[0]) for start, literal in found_in(literals_of(some), text))
    plainly = sorted(
        (at, each) for each in some for at in range(len(text)) if text[at : at + len(each)] == each
    )
    assert found == plainly


@given(st.sets(words, max_size=12), texts, st.integers(0, 4095))
def test_a_glance_tells_of_every_watched_literal_that_is_there(
    some: set[tuple[str, ...]], text: tuple[str, ...], watched: int
) -> None:
    literals = literals_of(some)
    literals.watch(watched)
    there = 0
    for _, literal in found_in(literals, text):
        there |= literal[4] & watched
    seen = bits_of(literals.look_up(text))
    assert seen & there == there
    assert seen & watched == seen


def test_what_figures_say_is_possible_from_afar() -> None:
    told = 0
    for row in read_samples(DATA / "samples")[::3]:
        tokens = tokenise(row.text)
        possible = possible_facts(row.text, fold_padded(row.text))
        sums = amounts_in(tokens.kept)
        facts = {
            "sum": sums,
            "handle": handles_in(row.text, len(tokens.kept)),
            "phone": phones_in(tokens.folded),
            "minor": minors_in(tokens.kept, 2026),
            "return": returns_in(sums, tokens.kept),
        }
        there = {name for name, found in facts.items() if found}
        told += len(there)
        assert there <= possible, row.id
    assert told > 100
