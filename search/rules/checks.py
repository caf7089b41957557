"""What must be true of a pack beyond its schema: names, reach, examples that hold."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from search.query import Message
from search.rules.judgement import GROUPS, Judgement, Kind, Level
from search.rules.matcher import Matcher
from search.rules.model import Combination, Pack, Signal, State
from search.rules.patterns import fault_of
from search.rules.reading import Place

#: Groups that are no evidence: what lowers the score stands in `innocent`.
INNOCENT = "innocent"
RUNNING = {State.LIVE, State.SHADOW}


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that did not come out as its pack says; `path` leads to it in the YAML."""

    path: Place
    message: Message


def check_names(pack: Pack, used: Sequence[Pack]) -> Iterator[tuple[Place, Message]]:
    """Unknown groups, names used twice, and combinations of what does not exist."""
    seen: set[str] = {signal.id for other in used for signal in other.signals}
    groups = {signal.group for other in [*used, pack] for signal in other.signals}
    for at, signal in enumerate(pack.signals):
        if signal.group not in GROUPS and signal.group != INNOCENT:
            yield (
                ("signals", at, "group"),
                Message("unknown group %(name)s", {"name": signal.group}),
            )
        if (signal.weight < 0) != (signal.group == INNOCENT):
            what = Message("negative weights and the group innocent go together")
            yield ("signals", at, "weight"), what
        if signal.id in seen or signal.id in GROUPS:
            yield ("signals", at, "id"), Message("the name %(name)s is taken", {"name": signal.id})
        seen.add(signal.id)
    for at, needed in enumerate(pack.needs):
        if needed not in seen | groups:
            yield ("needs", at), _unknown(needed)
    yield from _check_combinations(pack, seen, groups)


def _check_combinations(
    pack: Pack, signals: set[str], groups: set[str]
) -> Iterator[tuple[Place, Message]]:
    named: set[str] = set()
    for at, combination in enumerate(pack.combinations):
        if combination.id in signals | named:
            what = Message("the name %(name)s is taken", {"name": combination.id})
            yield ("combinations", at, "id"), what
        named.add(combination.id)
        if combination.least > len(combination.of):
            yield (
                ("combinations", at, "at_least"),
                Message(
                    "%(n)s of %(many)s can never be met",
                    {"n": str(combination.least), "many": str(len(combination.of))},
                ),
            )
        for name in _named(combination):
            if name not in signals | groups:
                yield ("combinations", at), _unknown(name)


def _unknown(name: str) -> Message:
    return Message("unknown signal or group %(name)s", {"name": name})


def check_basis(pack: Pack, known: Container[str]) -> Iterator[tuple[Place, Message]]:
    """Legal bases that the catalogue does not have."""
    own: list[tuple[Place, str]] = [
        (("legal_basis", at), basis) for at, basis in enumerate(pack.legal_basis)
    ]
    own += [
        (("signals", number, "legal_basis", at), basis)
        for number, signal in enumerate(pack.signals)
        if signal.legal_basis != pack.legal_basis
        for at, basis in enumerate(signal.legal_basis)
    ]
    for place, basis in own:
        if basis not in known:
            yield place, Message("the legal catalogue has no %(name)s", {"name": basis})


def _named(combination: Combination) -> tuple[str, ...]:
    return (
        *combination.all,
        *combination.any,
        *combination.of,
        *combination.near,
        *combination.never,
    )


def check_patterns(pack: Pack) -> Iterator[tuple[Place, Message]]:
    """Expressions that do not compile, match nothing at all, or could take unbounded time."""
    for at, signal in enumerate(pack.signals):
        for number, pattern in enumerate(signal.patterns):
            fault = fault_of(pattern.regex)
            if fault is not None:
                yield ("signals", at, "patterns", number), fault


@cache
def ordinary() -> tuple[str, ...]:
    """Sentences as anybody writes them, of which no rule should be fond; they come with the program."""
    text = (resources.files("search.rules") / "ordinary.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def check_reach(pack: Pack, matcher: Matcher) -> Iterator[tuple[Place, Message]]:
    """A pack that flags most ordinary sentences, or a signal met in most: it would match everything."""
    sentences = ordinary()
    met = [set(matcher.evidence(text)) for text in sentences]
    for at, signal in enumerate(pack.signals):
        found = sum(f"{pack.id}/{signal.id}" in names for names in met)
        # What says that a text is unlike a lure is true of ordinary sentences, and means to be.
        if found > len(sentences) // 2 and signal.weight > 0:
            yield (
                ("signals", at),
                Message(
                    "would match everything: %(name)s is met in %(found)s of %(all)s ordinary sentences",
                    {"name": signal.id, "found": str(found), "all": str(len(sentences))},
                ),
            )
    if pack.shared:
        return
    flagged = sum(_flagged(matcher.match_with(pack.id, text), pack.kind) for text in sentences)
    if flagged > len(sentences) // 2:
        yield (
            (),
            Message(
                "would match everything: it flags %(found)s of %(all)s ordinary sentences",
                {"found": str(flagged), "all": str(len(sentences))},
            ),
        )


def check_examples(pack: Pack, matcher: Matcher) -> Iterator[ExampleFailure]:
    """The pack's own examples, judged by the pack alone; `matcher` holds it and what it uses."""
    for at, signal in enumerate(pack.signals):
        if signal.state in RUNNING:
            yield from _signal_examples(matcher, pack, signal, at)
    if pack.shared:
        return
    for at, text in enumerate(pack.examples.positive):
        if not _flagged(matcher.match_with(pack.id, text), pack.kind):
            yield ExampleFailure(
                ("examples", "positive", at), Message("is not flagged: %(text)s", {"text": text})
            )
    for at, text in enumerate(pack.examples.negative):
        if _flagged(matcher.match_with(pack.id, text), pack.kind):
            yield ExampleFailure(
                ("examples", "negative", at), Message("is flagged: %(text)s", {"text": text})
            )


def _flagged(judgement: Judgement | None, kind: Kind) -> bool:
    return judgement is not None and judgement.kind is kind and judgement.level is not Level.LOW


def _signal_examples(
    matcher: Matcher, pack: Pack, signal: Signal, at: int
) -> Iterator[ExampleFailure]:
    name = f"{pack.id}/{signal.id}"
    for number, text in enumerate(signal.examples.positive):
        if name not in matcher.evidence(text):
            place: Place = ("signals", at, "examples", "positive", number)
            said = {"name": signal.id, "text": text}
            yield ExampleFailure(place, Message("%(name)s is not met in: %(text)s", said))
    for number, text in enumerate(signal.examples.negative):
        if name in matcher.evidence(text):
            place = ("signals", at, "examples", "negative", number)
            said = {"name": signal.id, "text": text}
            yield ExampleFailure(place, Message("%(name)s is met in: %(text)s", said))
