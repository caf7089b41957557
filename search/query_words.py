"""Says a search back in words, so that a person sees what was really searched."""

from collections.abc import Sequence
from datetime import date

from search.query_ast import And, FieldTerm, Message, Node, Not, Phrase, Query, Word
from search.query_fields import value_key

FIELD_WORDS = {
    "source": "source",
    "platform": "platform",
    "level": "risk",
    "state": "state",
    "group": "evidence group",
    "kind": "kind",
    "author": "author",
    "contact": "contact",
    "urgent": "urgent lane",
    "case": "case",
    "day": "day",
}
_SPECIAL = {
    ("urgent", "yes"): "yes",
    ("urgent", "no"): "no",
    ("case", "none"): "none",
    ("case", "any"): "any",
}


def describe(query: Query) -> tuple[Message, ...]:
    """What must all hold for a post to be found, one message for each condition.

    Give `.text(gettext)` the translator; without it the sentence is English.
    """
    nodes = query.text.nodes if isinstance(query.text, And) else (query.text,)
    clauses = [_node(node) for node in nodes]
    clauses += [_field(name, values) for name, values in query.filters.items() if values]
    if query.since is not None:
        clauses.append(Message("from %(day)s", {"day": _day(query.since)}))
    if query.until is not None:
        clauses.append(Message("up to and including %(day)s", {"day": _day(query.until)}))
    return tuple(clauses) or (Message("all posts"),)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _node(node: Node) -> Message:
    if isinstance(node, Word):
        return _quoted((node,), accented=node.accented)
    if isinstance(node, Phrase):
        return _quoted(node.words, accented=node.accented)
    if isinstance(node, FieldTerm):
        return _field(node.name, node.values)
    if isinstance(node, Not):
        return Message("not: %(what)s", {"what": _node(node.node)})
    msgid = "%(first)s and %(second)s" if isinstance(node, And) else "%(first)s or %(second)s"
    return Message("(%(what)s)", {"what": _joined(msgid, [_node(child) for child in node.nodes])})


def _quoted(words: tuple[Word, ...], *, accented: bool) -> Message:
    """Both forms that a marked word finds; an unmarked one finds every marking."""
    kept = " ".join(word.kept for word in words)
    folded = " ".join(word.folded for word in words)
    if accented:
        return Message("“%(kept)s” or “%(folded)s”", {"kept": kept, "folded": folded})
    return Message("“%(folded)s” with any diacritics", {"folded": folded})


def _joined(msgid: str, parts: Sequence[str | Message]) -> str | Message:
    if not parts:
        return Message("all posts")
    first, *rest = parts
    return Message(msgid, {"first": first, "second": _joined(msgid, rest)}) if rest else first


def _field(name: str, values: tuple[str, ...]) -> Message:
    shown = [_value(name, value) for value in values]
    return Message(
        "%(field)s: %(values)s",
        {
            "field": Message(FIELD_WORDS[name]),
            "values": _joined("%(first)s or %(second)s", shown),
        },
    )


def _value(name: str, value: str) -> str | Message:
    special = _SPECIAL.get((name, value_key(name, value)))
    if special:
        return Message(special)
    return _day_or_text(value) if name == "day" else value


def _day_or_text(value: str) -> str:
    try:
        return _day(date.fromisoformat(value))
    except ValueError:
        return value
