"""Holds the line: what the shipped rules reach on labelled texts. The method is in docs/detection.md."""

import os
from pathlib import Path

import pytest

from search.evaluation.disguise import DISGUISES
from search.evaluation.figures import Share
from search.evaluation.goals import goals
from search.evaluation.keywords import read_keywords
from search.evaluation.measure import Measured, measure
from search.evaluation.samples import read_samples
from search.rules.matcher import Matcher
from search.rules.pack import shipped_packs

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(os.environ.get("RASOAT_SHARED", "../shared"))

#: Name of the figure -> at least this share: what was reached, less a few points. These lines only ever rise
#: while the samples stay the same, and are drawn anew when harder ones come in; where the aim is
#: (docs/detection.md), and which aims are not reached, is another matter.
AT_LEAST = {
    "own-lures": 0.975,
    "own-lures-held": 0.91,
    "own-help": 0.91,
    "own-help-held": 0.8,
}
#: Name of the figure -> at most this share; these only ever fall in the same way.
AT_MOST = {
    "own-innocents": 0.01,
    "own-innocents-held": 0.11,
    "warnings": 0.04,
    "warnings-held": 0.1,
}
AT_LEAST_SHARED = {"quoted-lures": 0.95, "quoted-lures-held": 0.89, "quoted-help": 0.90}
AT_MOST_SHARED = {
    "alike": 0.025,
    "alike-held": 0.06,
    "warnings": 0.02,
    "jobs": 0.003,
    "comments": 0.00025,
}
#: Points that a disguise may cost, of the lures of the development part that it changes (or of so many, if fewer).
LOSS, FEW = 2.4, 100
#: Disguises that still cost more than that; each line only ever falls.
KNOWN_LOSS: dict[str, float] = {}
#: So many lures are tried in every disguise.
TRIED = {("lure", False): 400}
#: Points of recall that the rules have to be ahead of a list of keywords.
AHEAD = 50.0


def tell(_: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def measured() -> Measured:
    """Once for all tests of this file, without the shared texts: what is held back, and each third of the rest."""
    keywords = read_keywords(DATA / "keywords.txt", DATA / "none.tsv")
    samples = [
        row for n, row in enumerate(read_samples(DATA / "samples")) if row.held or n % 3 == 0
    ]
    return measure(Matcher(shipped_packs()), keywords, samples, None, tell, TRIED)


@pytest.fixture(scope="module")
def measured_shared() -> Measured:
    """The shared texts, without the samples."""
    keywords = read_keywords(DATA / "keywords.txt", SHARED / "phrases.tsv")
    return measure(Matcher(shipped_packs()), keywords, [], SHARED / "data", tell)


def share_of(done: Measured, name: str) -> Share:
    (found,) = [goal.rules for goal in goals(done) if goal.name == name]
    assert found.of > 0
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", AT_LEAST)
def test_lures_and_cries_for_help_are_found(name: str, measured: Measured) -> None:
    found = share_of(measured, name)
    assert found.rate >= AT_LEAST[name], found


@pytest.mark.slow
@pytest.mark.parametrize("name", AT_MOST)
def test_innocent_texts_are_left_alone(name: str, measured: Measured) -> None:
    found = share_of(measured, name)
    assert found.rate <= AT_MOST[name], found


@pytest.mark.slow
@pytest.mark.parametrize("name", [disguise.name for disguise in DISGUISES])
def test_a_disguise_hides_hardly_any_lure(name: str, measured: Measured) -> None:
    (seen,) = [each for each in measured.disguises if each.name == name and not each.held]
    lost, tried = seen.before.found - seen.after.found, max(seen.before.of, FEW)
    assert 100 * lost / tried <= KNOWN_LOSS.get(name, LOSS), seen


@pytest.mark.slow
def test_every_kind_of_lure_is_found_for_the_most_part(measured: Measured) -> None:
    lures = [outcome for outcome in measured.own if outcome.row.label == "lure"]
    weak = {}
    for kind in sorted({outcome.row.kind for outcome in lures}):
        of = [outcome for outcome in lures if outcome.row.kind == kind]
        found = Share(sum(outcome.lure for outcome in of), len(of))
        if found.rate < 0.80:
            weak[kind] = found
    assert weak == {}


@pytest.mark.slow
def test_rules_are_far_ahead_of_a_list_of_keywords(measured: Measured) -> None:
    for goal in goals(measured):
        if goal.name in {"own-lures", "own-lures-held"}:
            assert 100 * (goal.rules.rate - goal.plain.rate) >= AHEAD
            assert 100 * (goal.rules.rate - goal.normalised.rate) >= AHEAD


shared = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="no shared data (set RASOAT_SHARED)"
)


@pytest.mark.shared
@pytest.mark.slow
@shared
@pytest.mark.parametrize("name", AT_LEAST_SHARED)
def test_lures_after_the_press_are_found(name: str, measured_shared: Measured) -> None:
    found = share_of(measured_shared, name)
    assert found.rate >= AT_LEAST_SHARED[name], found


@pytest.mark.shared
@pytest.mark.slow
@shared
@pytest.mark.parametrize("name", AT_MOST_SHARED)
def test_warnings_news_and_real_texts_are_left_alone(name: str, measured_shared: Measured) -> None:
    found = share_of(measured_shared, name)
    assert found.rate <= AT_MOST_SHARED[name], found
