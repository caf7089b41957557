"""The rule lab: try one text, check a pack's examples, scan a stream of texts. No command line here."""

import json
from collections.abc import Iterable, Iterator
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


def scan(lines: Iterable[str], matcher: Matcher) -> Iterator[dict[str, Any]]:
    """One result for each JSONL line `{"id", "text"}`, as they come; empty lines are passed over.

    Results: {"id", "flagged", "score", "level", "groups", "spans", "urgent", "kind"}, spans as
    [start, end] in the text. Raises ScanError on a line that cannot be read.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(line, number)
            yield {"id": row["id"], **result_of(matcher.match(row["text"]))}


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


def _row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ScanError(f"line {number}: {error.msg}") from error
    if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
        raise ScanError(f'line {number}: expected an object with "id" and "text"')
    return row
