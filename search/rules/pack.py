"""Reads rule packs from YAML; a pack that is wrong anywhere does not load, and says where."""

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from foundation.errors import InvalidInput
from search.query import Message
from search.rules.checks import (
    check_basis,
    check_examples,
    check_names,
    check_patterns,
    check_reach,
)
from search.rules.judgement import Kind
from search.rules.matcher import Matcher
from search.rules.model import (
    AmountRule,
    Combination,
    Examples,
    Pack,
    Pattern,
    Scope,
    Signal,
    State,
    Words,
)
from search.rules.phrases import PhraseError, forget_parts, read_phrase
from search.rules.reading import Place, Problem, Reading, Unreadable, schema

__all__ = [
    "Examined",
    "PackError",
    "Problem",
    "digest_of",
    "examine",
    "fault_beside",
    "faults_of",
    "load_pack",
    "read_pack",
    "schema",
    "shipped_matcher",
    "shipped_packs",
    "shipped_text",
]


class PackError(InvalidInput):
    """A rule pack that cannot be used; the message names the file and the line, `problem` holds them."""

    def __init__(self, name: str, problem: Problem) -> None:
        super().__init__(f"{name}:{problem.line}: {problem.what}", about=name)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Examined:
    """What a text is: the pack as far as it could be read, and all that is wrong with it."""

    pack: Pack | None
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        return self.pack is not None and not self.problems


def examine(
    text: str, *, shared: Sequence[Pack] | None = None, basis: Container[str] | None = None
) -> Examined:
    """Everything that is wrong with a pack's text, each with its line; never raises.

    In three steps, of which a later one is taken only when the one before found nothing: the schema;
    names, phrases, patterns and legal bases; then its own examples and its reach. `shared` are the packs
    that `uses` may name (those shipped, if not given); `basis` the legal bases there are (not asked, if None).
    """
    try:
        reading = Reading(text)
    except Unreadable as error:
        return Examined(None, (error.problem,))
    problems = reading.schema_problems()
    if problems:
        return Examined(None, tuple(problems))
    pack = _pack(reading.data, digest_of(text))
    lent = _lent(pack, shared)
    problems = [reading.problem(*found) for found in _inner_problems(pack, lent, basis)]
    if not problems:
        problems = list(faults_of(text, pack, Matcher([*lent, *_beside(pack), pack])))
    return Examined(pack, tuple(sorted(problems, key=lambda problem: problem.line)))


def faults_of(text: str, pack: Pack, matcher: Matcher) -> Iterator[Problem]:
    """Examples that fail, and a reach too wide, of a pack that `matcher` holds already."""
    reading = Reading(text)
    failures = ((failure.path, failure.message) for failure in check_examples(pack, matcher))
    for place, what in (*failures, *check_reach(pack, matcher)):
        yield reading.problem(place, what)


def load_pack(source: Path | str, *, shared: Sequence[Pack] | None = None) -> Pack:
    """The pack in a file (a Path) or in a YAML text (a str), checked in full.

    `shared` are the packs that `uses` may name; without it those shipped with the program.
    Raises PackError, which names the first line that is wrong.
    """
    name = source.name if isinstance(source, Path) else "<text>"
    found = examine(_text_of(source), shared=shared)
    if found.problems or found.pack is None:
        raise PackError(name, found.problems[0])
    return found.pack


def read_pack(text: str, shared: Sequence[Pack]) -> Pack:
    """A pack that was examined before: schema, names and phrases again, but not its examples. PackError."""
    try:
        reading = Reading(text)
    except Unreadable as error:
        raise PackError("<text>", error.problem) from error
    problems = reading.schema_problems()
    if problems:
        raise PackError("<text>", problems[0])
    pack = _pack(reading.data, digest_of(text))
    for place, what in _inner_problems(pack, _lent(pack, shared), None):
        raise PackError("<text>", reading.problem(place, what))
    return pack


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with the program, shared ones first. Raises PackError.

    They are only read: whoever judges by them, with `shipped_matcher`, has them examined in full.
    """
    return _in_order(_read_shipped())


@cache
def _read_shipped() -> Mapping[str, Pack]:
    return {name: _shipped(name, text) for name, text in shipped_texts().items()}


def _in_order(packs: Mapping[str, Pack]) -> tuple[Pack, ...]:
    return tuple(sorted(packs.values(), key=lambda pack: (not pack.shared, pack.id)))


@cache
def shipped_matcher() -> Matcher:
    """Judges by the packs that come with the program alone; made once in a process. Raises PackError."""
    packs = _read_shipped()
    try:
        matcher = Matcher(shipped_packs(), keep=True)
    except PhraseError:
        _examine_shipped(packs, None)
        raise
    if not matcher.is_sound:
        _examine_shipped(packs, matcher)
        matcher.tell_sound()
    forget_parts()
    return matcher


def _examine_shipped(packs: Mapping[str, Pack], matcher: Matcher | None) -> None:
    texts = shipped_texts()
    shared = [pack for pack in packs.values() if pack.shared]
    for name, pack in packs.items():
        for place, what in _inner_problems(pack, _lent(pack, shared), None):
            raise PackError(name, Reading(texts[name]).problem(place, what))
        for failure in check_examples(pack, matcher) if matcher else ():
            raise PackError(name, Reading(texts[name]).problem(failure.path, failure.message))


def shipped_text(pack_id: str) -> str:
    """The YAML of the shipped pack of that id, "" where there is none."""
    return _texts_by_id().get(pack_id, "")


@cache
def _texts_by_id() -> Mapping[str, str]:
    texts = {digest_of(text): text for text in shipped_texts().values()}
    return {pack.id: texts[pack.digest] for pack in shipped_packs()}


@cache
def shipped_texts() -> Mapping[str, str]:
    """File name -> YAML of the packs that come with the program, in the order of names."""
    folder = resources.files("search.rules") / "packs"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def fault_beside(pack: Pack, shared: Sequence[Pack]) -> Message | None:
    """Why a pack cannot run beside these shared packs: what it names is not there; None if it can."""
    found = _inner_problems(pack, _lent(pack, shared), None)
    return next((what for _, what in found), None)


def digest_of(text: str) -> str:
    """SHA-256 of a pack's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _text_of(source: Path | str) -> str:
    if isinstance(source, str):
        return source
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PackError(source.name, Problem(line, Message("it is not UTF-8"))) from error


def _shipped(name: str, text: str) -> Pack:
    try:
        reading = Reading(text)
    except Unreadable as error:
        raise PackError(name, error.problem) from error
    for problem in reading.schema_problems():
        raise PackError(name, problem)
    return _pack(reading.data, digest_of(text))


def _lent(pack: Pack, shared: Sequence[Pack] | None) -> list[Pack]:
    """The shared packs that this one uses, as far as they exist."""
    if shared is None:
        shared = [other for other in shipped_packs() if other.shared] if pack.uses else ()
    known = {other.id: other for other in shared if other.shared and other.id != pack.id}
    return [known[used] for used in pack.uses if used in known]


def _beside(pack: Pack) -> list[Pack]:
    """The themes that a pack which counts every other's signals is judged beside."""
    if not pack.alongside:
        return []
    return [other for other in shipped_packs() if not other.shared and other.id != pack.id]


def _inner_problems(
    pack: Pack, lent: Sequence[Pack], basis: Container[str] | None
) -> Iterator[tuple[Place, Message]]:
    there = {other.id for other in lent}
    for at, used in enumerate(pack.uses):
        if used not in there:
            yield ("uses", at), Message("no shared pack is called %(name)s", {"name": used})
    yield from check_names(pack, lent)
    yield from check_patterns(pack)
    yield from _check_phrases(pack, lent)
    if basis is not None:
        yield from check_basis(pack, basis)


def _check_phrases(pack: Pack, lent: Sequence[Pack]) -> Iterator[tuple[Place, Message]]:
    vocabulary = {k: v for p in (*lent, pack) for k, v in p.vocabulary.items()}
    for number, signal in enumerate(pack.signals):
        texts = {
            "phrases": signal.phrases,
            "excluding": signal.excluding,
            "patterns": tuple(pattern.requires for pattern in signal.patterns),
        }
        for key, lines in texts.items():
            for at, line in enumerate(lines):
                try:
                    read_phrase(line, vocabulary)
                except PhraseError as error:
                    yield ("signals", number, key, at), _phrase_fault(str(error))


def _phrase_fault(why: str) -> Message:
    """The complaint of the reader of phrases, in words that can be translated."""
    for fault in (
        Message("unknown name %(what)s"),
        Message("would match almost everything: %(what)s"),
        Message("braces that do not close before ... in: %(what)s"),
        Message("an empty choice in: %(what)s"),
    ):
        beginning = fault.msgid.partition("%(")[0]
        if why.startswith(beginning):
            return Message(fault.msgid, {"what": why.removeprefix(beginning)})
    return Message("%(why)s", {"why": why})


def _pack(data: Mapping[str, Any], digest: str) -> Pack:
    return Pack(
        id=data["pack"],
        version=data["version"],
        title=Words(**data["title"]),
        purpose=Words(**data["purpose"]),
        legal_basis=tuple(data["legal_basis"]),
        owner=data["owner"],
        threshold=data.get("threshold", 34),
        kind=Kind(data.get("kind", "lure")),
        shared=data.get("shared", False),
        uses=tuple(data.get("uses", ())),
        alongside=data.get("alongside", False),
        needs=tuple(data.get("needs", ())),
        signals=tuple(_signal(signal, data) for signal in data["signals"]),
        combinations=tuple(_combination(c) for c in data.get("combinations", ())),
        examples=_examples(data),
        digest=digest,
        vocabulary={name: tuple(words) for name, words in data.get("vocabulary", {}).items()},
    )


def _signal(data: Mapping[str, Any], pack: Mapping[str, Any]) -> Signal:
    """A signal; who keeps it, by what law and what for is the pack's affair unless it says otherwise."""
    scope = data.get("scope", {})
    kind = data.get("kind")
    return Signal(
        id=data["id"],
        group=data["group"],
        weight=data["weight"],
        why=Words(**data["why"]),
        phrases=tuple(data.get("phrases", ())),
        patterns=tuple(Pattern(**pattern) for pattern in data.get("patterns", ())),
        amounts=tuple(_amount(rule) for rule in data.get("amounts", ())),
        facts=tuple(data.get("facts", ())),
        excluding=tuple(data.get("excluding", ())),
        decisive=data.get("decisive", False),
        kind=Kind(kind) if kind else None,
        urgent=data.get("urgent", ""),
        state=State(data.get("state", "live")),
        scope=_scope(scope),
        examples=_examples(data),
        owner=data.get("owner", pack["owner"]),
        legal_basis=tuple(data.get("legal_basis", pack["legal_basis"])),
        purpose=Words(**data.get("purpose", pack["purpose"])),
    )


def _scope(data: Mapping[str, Any]) -> Scope:
    names = ("source", "platform", "language")
    limits = {name: tuple(data.get(name, ())) for name in names}
    return Scope(**limits, max_age_days=data.get("max_age_days", 0))


def _amount(data: Mapping[str, Any]) -> AmountRule:
    return AmountRule(
        least=data.get("least", 0),
        most=data.get("most"),
        per=tuple(data.get("per", ())),
        currency=tuple(data.get("currency", ())),
    )


def _combination(data: Mapping[str, Any]) -> Combination:
    at_least, near = data.get("at_least", {}), data.get("near", {})
    return Combination(
        id=data["id"],
        weight=data["weight"],
        why=Words(**data["why"]),
        all=tuple(data.get("all", ())),
        any=tuple(data.get("any", ())),
        least=at_least.get("n", 0),
        of=tuple(at_least.get("of", ())),
        within=near.get("within", 0),
        near=tuple(near.get("of", ())),
        never=tuple(data.get("not", ())),
        decisive=data.get("decisive", False),
        urgent=data.get("urgent", ""),
        state=State(data.get("state", "live")),
    )


def _examples(data: Mapping[str, Any]) -> Examples:
    examples = data.get("examples", {})
    return Examples(
        tuple(examples.get("positive", ())),
        tuple(examples.get("negative", ())),
    )
