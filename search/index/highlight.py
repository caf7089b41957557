"""Which parts of the original text a search hit: spans, never markup."""

from collections.abc import Sequence

from search.query import Phrase, Query, Word, positive
from search.text import normalise_spans


def marks(text: str, query: Query) -> list[tuple[int, int]]:
    """Half-open (start, end) offsets into `text` of the query's words and phrases, ascending.

    Words behind a `not` and fields are not marked; spans that overlap are joined.
    """
    wanted = list(positive(query.text))
    if not wanted:
        return []
    spans = normalise_spans(text)
    kept, folded = spans.normal.kept.split(), spans.normal.folded.split()
    found = sorted(
        (spans.starts[first], spans.ends[last])
        for node in wanted
        for first, last in _places(node, kept, folded)
    )
    return _joined(found)


def _places(
    node: Word | Phrase, kept: Sequence[str], folded: Sequence[str]
) -> list[tuple[int, int]]:
    """First and last token of each place; the rule is that of the index (see plan)."""
    words = node.words if isinstance(node, Phrase) else (node,)
    bare = [word.folded for word in words]
    length = len(words)
    starts = range(len(kept) - length + 1)
    if not node.accented:
        return [(at, at + length - 1) for at in starts if list(folded[at : at + length]) == bare]
    exact = [word.kept for word in words]
    return [(at, at + length - 1) for at in starts if list(kept[at : at + length]) in (exact, bare)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
