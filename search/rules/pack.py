"""Reads rule packs from YAML; a pack that is wrong anywhere does not load, and says where."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from foundation.errors import InvalidInput
from search.rules.checks import ExampleFailure, check_examples, check_names, check_patterns
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
from search.rules.phrases import PhraseError, read_phrase

Path_ = tuple[str | int, ...]


class PackError(InvalidInput):
    """A rule pack that cannot be used; the message names the file and the line."""


def load_pack(source: Path | str, *, shared: Sequence[Pack] | None = None) -> Pack:
    """The pack in a file (a Path) or in a YAML text (a str), checked in full.

    `shared` are the packs that `uses` may name; without it those shipped with the program.
    Raises PackError.
    """
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    reading = _Reading(text, source.name if isinstance(source, Path) else "<text>")
    pack = reading.pack()
    if shared is None:
        shared = tuple(p for p in shipped_packs() if p.shared) if pack.uses else ()
    used = reading.check(pack, shared)
    reading.check_examples(pack, Matcher([*used, pack]))
    return pack


@cache
def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with the program, shared ones first. Raises PackError."""
    folder = resources.files("search.rules") / "packs"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    readings = [_Reading(file.read_text(encoding="utf-8"), file.name) for file in files]
    packs = [(reading, reading.pack()) for reading in readings]
    shared = tuple(pack for _, pack in packs if pack.shared)
    for reading, pack in packs:
        reading.check(pack, shared)
    matcher = Matcher([pack for _, pack in packs])
    for reading, pack in packs:
        reading.check_examples(pack, matcher)
    return tuple(sorted((pack for _, pack in packs), key=lambda pack: (not pack.shared, pack.id)))


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of a pack."""
    file = resources.files("search.rules") / "pack.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


class _Reading:
    """One YAML text, with its nodes so that every complaint can name a line."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        try:
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data: Any = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise PackError(f"{name}:{line}: {getattr(error, 'problem', None) or error}") from error

    def fail(self, path: Path_, message: str) -> PackError:
        return PackError(f"{self.name}:{self._line(path)}: {message}")

    def _line(self, path: Path_) -> int:
        node, line = self.root, 1
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pairs = [(k, v) for k, v in node.value if k.value == step]
                if not pairs:
                    break
                line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step]
                line = node.start_mark.line + 1
        return line

    def pack(self) -> Pack:
        """The pack, valid by the schema; nothing else is checked yet."""
        errors = jsonschema.Draft202012Validator(schema()).iter_errors(self.data)
        first = next(iter(sorted(errors, key=lambda e: self._line(tuple(e.absolute_path)))), None)
        if first is not None:
            raise self.fail(tuple(first.absolute_path), first.message[:300])
        return _pack(self.data, hashlib.sha256(self.text.encode()).hexdigest())

    def check(self, pack: Pack, shared: Sequence[Pack]) -> list[Pack]:
        """Names, phrases and patterns; gives the shared packs that this one uses."""
        known = {other.id: other for other in shared}
        for at, used in enumerate(pack.uses):
            if used not in known:
                raise self.fail(("uses", at), f"no shared pack is called {used}")
        used_packs = [known[used] for used in pack.uses]
        for path, message in check_names(pack, used_packs):
            raise self.fail(path, message)
        for path, message in check_patterns(pack):
            raise self.fail(path, message)
        self._check_phrases(pack, used_packs)
        return used_packs

    def check_examples(self, pack: Pack, matcher: Matcher) -> None:
        """The pack's own examples, with a matcher that holds it and what it uses."""
        failure: ExampleFailure | None = next(iter(check_examples(pack, matcher)), None)
        if failure is not None:
            raise self.fail(failure.path, failure.message)

    def _check_phrases(self, pack: Pack, used: Sequence[Pack]) -> None:
        vocabulary = {k: v for p in (*used, pack) for k, v in p.vocabulary.items()}
        for number, signal in enumerate(pack.signals):
            texts = {"phrases": signal.phrases, "excluding": signal.excluding}
            for key, lines in texts.items():
                for at, line in enumerate(lines):
                    try:
                        read_phrase(line, vocabulary)
                    except PhraseError as error:
                        raise self.fail(("signals", number, key, at), str(error)) from error


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
        needs=tuple(data.get("needs", ())),
        signals=tuple(_signal(signal) for signal in data["signals"]),
        combinations=tuple(_combination(c) for c in data.get("combinations", ())),
        examples=_examples(data),
        digest=digest,
        vocabulary={name: tuple(words) for name, words in data.get("vocabulary", {}).items()},
    )


def _signal(data: Mapping[str, Any]) -> Signal:
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
        scope=Scope(**{name: tuple(values) for name, values in scope.items()}),
        examples=_examples(data),
    )


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
