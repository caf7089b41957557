"""A pack as a form for people who write no YAML: its text becomes fields, and fields become its text again.

What the form does not show (vocabulary, patterns, sums of money, scopes) stays as it is. A value that cannot
be right is written down as it was typed, so that the check complains of it with its line.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from search.rules.reading import Reading, Unreadable

Fields = Mapping[str, str]
#: Signals, or combinations, that one form can hold, with the empty row for a new one.
MOST = 300
SIGNAL_LISTS = ("phrases", "excluding")
NAMES = ("all", "any", "not")


def form_data(text: str) -> dict[str, Any] | None:
    """The YAML as data that a form can show whole, or None where only the text itself can be edited."""
    try:
        data = Reading(text).data
    except Unreadable:
        return None
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        return None
    return data if _fits(data) else None


def apply(text: str, fields: Fields) -> str:
    """The text of a pack with what was entered; ValueError where the text cannot be shown as a form."""
    data = form_data(text)
    if data is None:
        raise ValueError("this text cannot be edited as a form")
    _words(data, "title", fields, "title")
    _words(data, "purpose", fields, "purpose")
    _put(data, "version", _number(fields.get("version", "")))
    _put(data, "owner", fields.get("owner", "").strip())
    _put(data, "legal_basis", _lines(fields.get("legal_basis", "")))
    if "threshold" in fields:
        _put(data, "threshold", _number(fields["threshold"]))
    data["signals"] = _rows(data.get("signals", []), "signals", fields, _signal)
    combinations = _rows(data.get("combinations", []), "combinations", fields, _combination)
    _put(data, "combinations", combinations)
    _examples(data, fields, "examples")
    return dump(data)


def dump(data: Mapping[str, Any]) -> str:
    """YAML as people write it: in the order given, with its letters, lists set in."""
    return yaml.dump(dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def skeleton(pack: str, owner: str) -> str:
    """The beginning of a new pack."""
    return dump(
        {
            "pack": pack,
            "version": 1,
            "title": {"vi": "", "en": ""},
            "purpose": {"vi": "", "en": ""},
            "legal_basis": [],
            "owner": owner,
            "uses": ["common", "innocent"],
            "signals": [
                {
                    "id": "first",
                    "group": "offer",
                    "weight": 20,
                    "why": {"vi": "", "en": ""},
                    "phrases": [],
                    "state": "shadow",
                }
            ],
            "examples": {"positive": [], "negative": []},
        }
    )


def _fits(data: dict[str, Any]) -> bool:
    """Whether everything has the shape that the form shows: what it cannot show, saving it would lose."""
    if not all(fits(data.get(name)) for name, fits in _PACK_SHAPES.items()):
        return False
    for name in ("signals", "combinations"):
        some = data.get(name, [])
        if not isinstance(some, list) or len(some) >= MOST:
            return False
        if not all(isinstance(one, dict) and _row_fits(one) for one in some):
            return False
    return True


def _row_fits(row: dict[Any, Any]) -> bool:
    return all(fits(row.get(name)) for name, fits in _ROW_SHAPES.items())


def _is_word(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _is_list(value: object) -> bool:
    """A list of words: a bare word there would be shown letter by letter."""
    return value is None or (
        isinstance(value, list) and all(one is not None and _is_word(one) for one in value)
    )


def _is_words(value: object) -> bool:
    return value is None or (isinstance(value, dict) and all(map(_is_word, value.values())))


def _is_lists(value: object) -> bool:
    return value is None or (isinstance(value, dict) and all(map(_is_list, value.values())))


def _is_figure(name: str) -> Callable[[object], bool]:
    """A number under this name, beside the list `of`."""

    def fits(value: object) -> bool:
        if value is None:
            return True
        return isinstance(value, dict) and _is_word(value.get(name)) and _is_list(value.get("of"))

    return fits


_PACK_SHAPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("title", "purpose"), _is_words),
    **dict.fromkeys(("version", "owner", "threshold"), _is_word),
    "legal_basis": _is_list,
    "examples": _is_lists,
}
_ROW_SHAPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(
        ("id", "group", "weight", "state", "decisive", "urgent", "kind", "owner"), _is_word
    ),
    **dict.fromkeys(("why", "purpose"), _is_words),
    **dict.fromkeys((*SIGNAL_LISTS, *NAMES, "legal_basis"), _is_list),
    "examples": _is_lists,
    "at_least": _is_figure("n"),
    "near": _is_figure("within"),
}


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _rows(
    known: Sequence[dict[str, Any]], kind: str, fields: Fields, fill: Any
) -> list[dict[str, Any]]:
    """The rows there were, changed or left out, and those that were added behind them."""
    found = []
    for number in range(MOST):
        prefix = f"{kind}-{number}-"
        shown = f"{prefix}id" in fields
        if not shown and number >= len(known):
            break
        row = dict(known[number]) if number < len(known) else {}
        if shown:
            if fields.get(f"{prefix}remove") or not fields[f"{prefix}id"].strip():
                continue
            fill(row, fields, prefix)
        found.append(row)
    return found


def _signal(row: dict[str, Any], fields: Fields, prefix: str) -> None:
    row["id"] = fields[f"{prefix}id"].strip()
    row["group"] = fields.get(f"{prefix}group", "")
    row["weight"] = _number(fields.get(f"{prefix}weight", ""))
    _words(row, "why", fields, f"{prefix}why")
    for name in SIGNAL_LISTS:
        _put(row, name, _lines(fields.get(f"{prefix}{name}", "")))
    if not any(row.get(name) for name in ("phrases", "patterns", "amounts", "facts")):
        row["phrases"] = []
    _common(row, fields, prefix)
    _put(row, "kind", fields.get(f"{prefix}kind", ""))
    _put(row, "owner", fields.get(f"{prefix}owner", "").strip())
    _put(row, "legal_basis", _lines(fields.get(f"{prefix}legal_basis", "")))
    _words(row, "purpose", fields, f"{prefix}purpose", needed=False)
    _examples(row, fields, f"{prefix}examples")


def _combination(row: dict[str, Any], fields: Fields, prefix: str) -> None:
    row["id"] = fields[f"{prefix}id"].strip()
    row["weight"] = _number(fields.get(f"{prefix}weight", ""))
    _words(row, "why", fields, f"{prefix}why")
    for name in NAMES:
        _put(row, name, _names(fields.get(f"{prefix}{name}", "")))
    of, near = _names(fields.get(f"{prefix}of", "")), _names(fields.get(f"{prefix}near", ""))
    _put(row, "at_least", {"n": _number(fields.get(f"{prefix}n", "")), "of": of} if of else {})
    within = _number(fields.get(f"{prefix}within", ""))
    _put(row, "near", {"within": within, "of": near} if near else {})
    _common(row, fields, prefix)


def _common(row: dict[str, Any], fields: Fields, prefix: str) -> None:
    state = fields.get(f"{prefix}state", "live")
    _put(row, "state", "" if state == "live" else state)
    _put(row, "decisive", bool(fields.get(f"{prefix}decisive")))
    _put(row, "urgent", fields.get(f"{prefix}urgent", ""))


def _examples(row: dict[str, Any], fields: Fields, prefix: str) -> None:
    """Examples stand one a line; one that has lines of its own is kept as it is unless it was changed."""
    if f"{prefix}-positive" not in fields:
        return
    known = row.get("examples") if isinstance(row.get("examples"), dict) else {}
    found: dict[str, Any] = {}
    for name in ("positive", "negative"):
        entered = _lines(fields.get(f"{prefix}-{name}", ""))
        before = known.get(name, []) if isinstance(known, dict) else []
        flat = {one_line(one): one for one in before}
        _put(found, name, [flat.get(one_line(line), line) for line in entered])
    _put(row, "examples", found)


def _words(
    row: dict[str, Any], key: str, fields: Fields, prefix: str, *, needed: bool = True
) -> None:
    if f"{prefix}-vi" not in fields:
        return
    found = {name: fields.get(f"{prefix}-{name}", "").strip() for name in ("vi", "en")}
    if needed or any(found.values()):
        row[key] = found
    else:
        row.pop(key, None)


def one_line(text: object) -> str:
    """An example as one line of a field."""
    return " ".join(str(text).split())


def _put(row: dict[str, Any], key: str, value: object) -> None:
    """Set a field, or leave it out where nothing was entered."""
    if value in ("", None, False) or value == [] or value == {}:
        row.pop(key, None)
    else:
        row[key] = value


def _number(text: str) -> int | str:
    """The whole number that was typed; anything else stays a word, of which the check complains."""
    typed = text.strip().replace("+", "")
    return int(typed) if typed.removeprefix("-").isdecimal() and len(typed) < 10 else typed


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]
