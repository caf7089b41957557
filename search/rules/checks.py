"""What must be true of a pack beyond its schema: names, harmless patterns, examples that hold."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.rules.judgement import GROUPS, Judgement, Kind, Level
from search.rules.matcher import Matcher
from search.rules.model import Combination, Pack, Signal, State

Place = tuple[str | int, ...]
#: Groups that are no evidence: what lowers the score stands in `innocent`.
INNOCENT = "innocent"
_NESTED = re.compile(r"[+*}]\)?[+*{]|\([^()]*[+*][^()]*\)[+*{]")


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not come out as its pack says; `path` leads to it in the YAML."""

    path: Place
    message: str


def check_names(pack: Pack, used: Sequence[Pack]) -> Iterator[tuple[Place, str]]:
    """Unknown groups, names used twice, and combinations of what does not exist."""
    seen: set[str] = {signal.id for other in used for signal in other.signals}
    groups = {signal.group for other in [*used, pack] for signal in other.signals}
    for at, signal in enumerate(pack.signals):
        if signal.group not in GROUPS and signal.group != INNOCENT:
            yield ("signals", at, "group"), f"unknown group {signal.group}"
        if (signal.weight < 0) != (signal.group == INNOCENT):
            yield ("signals", at, "weight"), "negative weights and the group innocent go together"
        if signal.id in seen or signal.id in GROUPS:
            yield ("signals", at, "id"), f"the name {signal.id} is taken"
        seen.add(signal.id)
    for at, needed in enumerate(pack.needs):
        if needed not in seen | groups:
            yield ("needs", at), f"unknown signal or group {needed}"
    for at, combination in enumerate(pack.combinations):
        for name in _named(combination):
            if name not in seen | groups:
                yield ("combinations", at), f"unknown signal or group {name}"


def _named(combination: Combination) -> tuple[str, ...]:
    return (
        *combination.all,
        *combination.any,
        *combination.of,
        *combination.near,
        *combination.never,
    )


def check_patterns(pack: Pack) -> Iterator[tuple[Place, str]]:
    """Expressions that do not compile, match nothing at all, or could take unbounded time."""
    for at, signal in enumerate(pack.signals):
        for number, pattern in enumerate(signal.patterns):
            place: Place = ("signals", at, "patterns", number)
            try:
                compiled = re.compile(pattern.regex)
            except re.error as error:
                yield place, f"not a regular expression: {error}"
                continue
            if compiled.search(""):
                yield place, "would match everything"
            if _NESTED.search(pattern.regex):
                yield place, "a repetition inside a repetition could take unbounded time"


def check_examples(pack: Pack, matcher: Matcher) -> Iterator[ExampleFailure]:
    """The pack's own examples, judged by the pack alone; `matcher` holds it and what it uses."""
    for at, signal in enumerate(pack.signals):
        if signal.state in {State.LIVE, State.SHADOW}:
            yield from _signal_examples(matcher, pack, signal, at)
    if pack.shared:
        return
    for at, text in enumerate(pack.examples.positive):
        if not _flagged(matcher.match_with(pack.id, text), pack.kind):
            yield ExampleFailure(("examples", "positive", at), f"is not flagged: {text}")
    for at, text in enumerate(pack.examples.negative):
        if _flagged(matcher.match_with(pack.id, text), pack.kind):
            yield ExampleFailure(("examples", "negative", at), f"is flagged: {text}")


def _flagged(judgement: Judgement | None, kind: Kind) -> bool:
    return judgement is not None and judgement.kind is kind and judgement.level is not Level.LOW


def _signal_examples(
    matcher: Matcher, pack: Pack, signal: Signal, at: int
) -> Iterator[ExampleFailure]:
    name = f"{pack.id}/{signal.id}"
    for number, text in enumerate(signal.examples.positive):
        if name not in matcher.evidence(text):
            place: Place = ("signals", at, "examples", "positive", number)
            yield ExampleFailure(place, f"{signal.id} is not met in: {text}")
    for number, text in enumerate(signal.examples.negative):
        if name in matcher.evidence(text):
            place = ("signals", at, "examples", "negative", number)
            yield ExampleFailure(place, f"{signal.id} is met in: {text}")
