"""Where sentences and lines end, told by the token before: a phrase with gaps does not reach over an end."""

import re
from itertools import pairwise

from search.text import Spans
from search.text_chunks import WORDS, remember

#: What ends a sentence or a line, where it stands between two tokens.
_END = re.compile(r"[.!?;\n\u2026]")

#: How many tokens a chunk has, after which of them but the last a sentence ends, and whether one ends before
#: its first and behind its last.
_Ends = tuple[int, tuple[int, ...], bool, bool]


class _Memo(dict[str, _Ends]):
    """Chunk of raw text -> the ends in it."""

    def __missing__(self, chunk: str) -> _Ends:
        return remember(self, chunk, _ends_in(chunk))


_memo = _Memo()


def _ends_in(chunk: str) -> _Ends:
    pieces = WORDS[chunk]
    if not _END.search(chunk):
        return len(pieces), (), False, False
    if not pieces:
        return 0, (), True, True
    gaps = pairwise(pieces)
    inner = tuple([n for n, (a, b) in enumerate(gaps) if _END.search(chunk, a.end, b.start)])
    before = _END.search(chunk, 0, pieces[0].start) is not None
    return len(pieces), inner, before, _END.search(chunk, pieces[-1].end) is not None


def breaks_in(text: str) -> frozenset[int]:
    """The tokens behind which a sentence or a line ends in a text whose chunks are read each by itself."""
    found: list[int] = []
    last, ended = -1, False
    for line in text.split("\n"):
        for chunk in line.split():
            count, inner, before, behind = _memo[chunk]
            if ended or before:
                found.append(last)
                ended = False
            if inner:
                found += [last + 1 + n for n in inner]
            last += count
            ended = ended or behind
        ended = True
    return frozenset(found).difference((-1, last))


def breaks_at(text: str, spans: Spans) -> frozenset[int]:
    """The same for any text, by the places of its tokens."""
    between = enumerate(zip(spans.ends, spans.starts[1:], strict=False))
    return frozenset(at for at, (end, start) in between if _END.search(text, end, start))
