"""A phrase put into the text of a pack, where a person would write it: comments and layout stay as they are."""

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from foundation.errors import InvalidInput


class NoSuchPlace(InvalidInput):
    """The text has no signal of that name that a phrase could be put into."""

    key = "error.learning.no_such_signal"


def with_phrase(text: str, signal: str, phrase: str) -> str:
    """The YAML of a pack with one more phrase in one of its signals.

    Unchanged where the signal has the phrase already. NoSuchPlace where it is missing or the text is no pack.
    """
    node = _signal(text, signal)
    phrases = _value(node, "phrases")
    if phrases is None:
        return _with_first(text, node, phrase)
    if not isinstance(phrases, yaml.SequenceNode) or not phrases.value:
        raise NoSuchPlace(f"{signal} has no list of phrases", about=f"signal:{signal}")
    if any(getattr(one, "value", None) == phrase for one in phrases.value):
        return text
    last = phrases.value[-1].end_mark.index
    if phrases.flow_style:
        return f"{text[:last]}, {_quoted(phrase)}{text[last:]}"
    indent = phrases.value[0].start_mark.column - 2
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    return f"{text[:end]}\n{' ' * indent}- {_quoted(phrase)}{text[end:]}"


def _with_first(text: str, node: yaml.MappingNode, phrase: str) -> str:
    """A signal that has had no phrases gets a line of its own, before its first field's neighbour."""
    key, value = node.value[0]
    end = text.find("\n", value.end_mark.index)
    end = len(text) if end < 0 else end
    indent = " " * key.start_mark.column
    return f"{text[:end]}\n{indent}phrases: [{_quoted(phrase)}]{text[end:]}"


def _signal(text: str, name: str) -> yaml.MappingNode:
    for node in _signals(text):
        value = _value(node, "id")
        if value is not None and value.value == name:
            if node.flow_style:
                break
            return node
    raise NoSuchPlace(f"no signal {name}", about=f"signal:{name}")


def _signals(text: str) -> Iterator[yaml.MappingNode]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise NoSuchPlace(f"the text cannot be read: {error}", about="text") from error
    signals = _value(root, "signals") if isinstance(root, yaml.MappingNode) else None
    nodes: Sequence[Any] = signals.value if isinstance(signals, yaml.SequenceNode) else ()
    for node in nodes:
        if isinstance(node, yaml.MappingNode):
            yield node


def _value(node: yaml.MappingNode, name: str) -> Any:
    return next((value for key, value in node.value if key.value == name), None)


def _quoted(phrase: str) -> str:
    return '"' + phrase.replace("\\", "\\\\").replace('"', '\\"') + '"'
