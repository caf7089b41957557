"""The rule lab: try one text, check a pack's examples, scan a stream of texts. No command line here."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from search.rules.checks import ExampleFailure, check_examples
from search.rules.judgement import Context, Judgement, Kind
from search.rules.matcher import Matcher
from search.rules.model import Pack


class ScanError(ValueError):
    """A line of the stream that is no object with `id` and `text`; the message names the line."""


def try_text(
    text: str, packs: Iterable[Pack], context: Context | None = None
) -> tuple[Judgement | None, dict[str, list[tuple[int, int]]]]:
    """The judgement on `text`, and every signal met in it with its places, flagged or not."""
    matcher = Matcher(tuple(packs))
    return matcher.match(text, context), matcher.evidence(text, context)


def failing_examples(pack: Pack, packs: Iterable[Pack]) -> list[ExampleFailure]:
    """The examples of `pack` that do not come out, with the shared packs among `packs` it uses."""
    used = [other for other in packs if other.id in pack.uses]
    return list(check_examples(pack, Matcher([*used, pack])))


def scan(
    lines: Iterable[str | bytes],
    matcher: Matcher,
    on_bad: Callable[[ScanError], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """One result for each JSONL line `{"id", "text"}`, as they come; empty lines are passed over.

    Results: {"id", "flagged", "score", "level", "groups", "spans", "urgent", "kind"}, spans as
    [start, end] in the text; "cut" is true besides where only the beginning was judged. A line that cannot be
    read is told to `on_bad` and the rest goes on; without it ScanError is raised.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _row(line, number)
        except ScanError as error:
            if on_bad is None:
                raise
            on_bad(error)
        else:
            text = row["text"]
            cut = {"cut": True} if matcher.too_long(text) else {}
            yield {"id": row["id"], **result_of(matcher.match(text)), **cut}


def to_json(result: dict[str, Any]) -> bytes:
    """One line of valid JSON in UTF-8, also where an id holds half a surrogate pair."""
    try:
        return json.dumps(result, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(result).encode("ascii") + b"\n"


def result_of(judgement: Judgement | None) -> dict[str, Any]:
    """A judgement as the scan reports it; what is not kept has score 0 and no level.

    Flagged are lures and cries for help. A recognised warning, news item or legal text is kept for those
    who search, sinks in the queue, and accuses nobody: it says its kind and is not flagged.
    """
    if judgement is None:
        return {
            "flagged": False,
            "score": 0,
            "level": None,
            "groups": [],
            "spans": [],
            "urgent": [],
            "kind": "other",
        }
    return {
        "flagged": judgement.kind in {Kind.LURE, Kind.HELP},
        "score": judgement.score,
        "level": judgement.level.value,
        "groups": list(judgement.groups),
        "spans": sorted({(hit.start, hit.end) for hit in judgement.hits}),
        "urgent": list(judgement.urgent),
        "kind": judgement.kind.value,
    }


def _row(line: str | bytes, number: int) -> dict[str, Any]:
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        row = json.loads(text.lstrip("\ufeff"), parse_constant=_no_json)
    except json.JSONDecodeError as error:
        raise ScanError(f"line {number}: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ScanError(f"line {number}: not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise ScanError(f"line {number}: {error}") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ScanError(f'line {number}: expected an object with "id" and "text"')
    return row


def _no_json(name: str) -> None:
    """Python reads NaN and Infinity, which are no JSON and would not be read by whoever is next."""
    raise ValueError(f"{name} is no JSON")
