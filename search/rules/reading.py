"""YAML of a rule pack with its lines: what is wrong with it, each with its line, in words of both languages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import yaml

from search.query import Message

Place = tuple[str | int, ...]
#: A pack is written by hand; longer texts and deeper ones are mistakes or attacks.
MAX_LENGTH = 1_000_000
MAX_DEPTH = 40
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a pack; `line` counts from 1, `path` leads to it in the YAML."""

    line: int
    what: Message
    path: Place = ()

    def __str__(self) -> str:
        return f"{self.line}: {self.what}"


class Unreadable(ValueError):
    """A text that is no YAML we take; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of a pack."""
    file = resources.files("search.rules") / "pack.schema.json"
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@cache
def _validator() -> Any:
    return jsonschema.Draft202012Validator(schema())


class Reading:
    """One YAML text as data, with its nodes so that every complaint can name a line. Raises Unreadable."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > MAX_LENGTH:
            raise Unreadable(Problem(1, Message("it is longer than a rule pack can be")))
        try:
            _check_events(text)
            loader = _Loader(text)
            try:
                self.root = loader.get_single_node()
                self.data: Any = None if self.root is None else loader.construct_document(self.root)
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            raise Unreadable(_yaml_problem(error)) from error
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            what = Message("a value cannot be read: %(why)s", {"why": str(error)[:200]})
            raise Unreadable(Problem(1, what)) from error

    def problem(self, path: Place, what: Message) -> Problem:
        return Problem(self.line(path), what, path)

    def line(self, path: Place) -> int:
        """The line on which the thing at `path` stands, or the nearest that holds it."""
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

    def schema_problems(self) -> list[Problem]:
        """Where the text is not what the schema says, and keys that stand twice, in the order of lines."""
        if self.root is None:
            return [Problem(1, Message("there is nothing in it"))]
        found = [*_twice(self.root)]
        for error in _validator().iter_errors(self.data):
            found += [one for one in self._worded(error) if one not in found]
        return sorted(found, key=lambda problem: problem.line)

    def _worded(self, error: Any) -> Iterator[Problem]:
        path: Place = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = set(error.schema.get("properties", ()))
            for key in error.instance:
                if key not in known:
                    what = Message("%(name)s is no field here", {"name": str(key)[:80]})
                    yield self.problem((*path, key), what)
            return
        yield self.problem(path, _words(error))


def _words(error: Any) -> Message:
    """What a validator of the schema complains of, in a sentence for people."""
    rule, wanted = error.validator, error.validator_value
    given = {"value": str(error.instance)[:80]}
    if rule == "required":
        missing = [name for name in wanted if name not in error.instance]
        return Message("%(names)s is missing", {"names": ", ".join(missing)})
    if rule == "type":
        return Message("%(value)s is not of the kind %(kind)s", {**given, "kind": str(wanted)})
    if rule == "enum":
        allowed = ", ".join(str(one) for one in wanted)
        return Message("%(value)s is none of: %(allowed)s", {**given, "allowed": allowed})
    if rule in {"minimum", "maximum"}:
        least = Message("%(value)s is less than %(limit)s", {**given, "limit": str(wanted)})
        most = Message("%(value)s is more than %(limit)s", {**given, "limit": str(wanted)})
        return least if rule == "minimum" else most
    if rule in {"minLength", "minItems"}:
        return Message("“%(value)s” is too short or empty", given)
    if rule == "pattern" and str(wanted).startswith("^[a-z]["):
        return Message(
            "“%(value)s” is no name: letters a to z, digits, - and _, a letter first", given
        )
    if rule == "pattern":
        return Message("“%(value)s” is not written as it must be", given)
    if rule == "anyOf":
        names = sorted({name for one in wanted for name in one.get("required", ())})
        return Message("one of these must be there: %(names)s", {"names": ", ".join(names)})
    return Message("%(why)s", {"why": str(error.message)[:300]})


def _check_events(text: str) -> None:
    """Refuses what could take for ever: aliases, and nesting that no pack needs."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            what = Message("references (*name) are not taken: write it out")
            raise Unreadable(Problem(_line_of(event), what))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise Unreadable(Problem(_line_of(event), Message("it is nested too deeply")))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _yaml_problem(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    told = str(getattr(error, "problem", None) or error).splitlines()
    why = {"why": told[0][:200] if told else ""}
    what = Message("this is not YAML: %(why)s", why)
    return Problem(mark.line + 1 if mark else 1, what)


def _twice(node: Any) -> Iterator[Problem]:
    """Keys that stand twice in one mapping: YAML would take the last without a word."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    what = Message("%(name)s stands here a second time", {"name": key.value[:80]})
                    yield Problem(key.start_mark.line + 1, what)
                seen.add(key.value)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(value)
