"""The one normaliser: what the matcher matches and what the index indexes.

`fold` is the fast path (folded form only, no offsets). `normalise` gives both forms, and
`normalise_spans` says in addition where each token stands in the original text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from search.syllables import KNOWN
from search.teencode import SPOKEN, TEENCODE
from search.text_chunks import (
    BEHIND,
    FOLD,
    KEEP,
    WORDS,
    of_ascii,
    one_for_one,
    remember,
    unescaped,
)
from search.text_doubt import HALF, SURE, Row, is_doubtful, marked, unmarked, unsettled
from search.text_pieces import Piece
from search.text_split import joined, keyed
from search.text_tables import fold_kept
from search.text_torn import HALVES, TORN_FOLDED
from search.typing_leftovers import respelled

#: Stored beside every index and judgement; another number asks for a rebuild.
NORMALISER_VERSION = 5

#: Folded words that are only ever themselves.
_PLAINLY = KNOWN - TEENCODE.keys() - HALVES - TORN_FOLDED - set(map(fold_kept, SPOKEN))
_BESIDE = BEHIND + " "


@dataclass(frozen=True, slots=True)
class Normal:
    """Two forms of one text, tokens separated by single spaces, the same number in both.

    `kept` has Vietnamese diacritics, `folded` has none; token i of `folded` is token i of `kept`
    without its diacritics.
    """

    kept: str
    folded: str


@dataclass(frozen=True, slots=True)
class Spans:
    """A normal form with, for each token, its [start, end) in the original text."""

    normal: Normal
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text; `written` says whether a token's letters are the author's own.

    Those of a short form that was written out, or of a syllable typed without an input method, are not.
    """

    kept: tuple[str, ...]
    folded: str
    written: tuple[bool, ...]


class _Memo(dict[str, str]):
    """Chunk of raw text -> its folded tokens, marked, a space after each."""

    def __missing__(self, chunk: str) -> str:
        return remember(self, chunk, _folded(chunk))


class _Rows(dict[str, tuple[Row, ...]]):
    """Chunk of raw text -> its tokens without their places."""

    def __missing__(self, chunk: str) -> tuple[Row, ...]:
        plainly = _plain_row(chunk)
        return remember(self, chunk, (plainly,) if plainly else tuple(map(_row, WORDS[chunk])))


class _Kept(dict[str, str]):
    """Chunk of raw text -> its kept tokens, a space after each."""

    def __missing__(self, chunk: str) -> str:
        return remember(self, chunk, "".join([f"{row[1]} " for row in _rows[chunk]]))


_memo = _Memo()
_kept = _Kept()
_rows = _Rows()


def _folded(chunk: str) -> str:
    as_written = unescaped(chunk) == chunk
    plain = chunk.translate(FOLD).strip(_BESIDE) if as_written else ""
    if plain in _PLAINLY or plain.isdigit():
        return plain + " "
    several = _several(plain)
    if several:
        return several
    pieces = of_ascii(chunk) if as_written and chunk.isascii() else WORDS[chunk]
    return "".join([f"{marked(piece)} " for piece in pieces])


def _plain_row(chunk: str) -> Row | None:
    """A chunk that is one word, only ever itself; None for any other."""
    if (not chunk.isascii() and not one_for_one(chunk)) or unescaped(chunk) != chunk:
        return None
    plain = chunk.translate(FOLD).strip(_BESIDE)
    if plain not in _PLAINLY:
        return None
    kept = plain if chunk.isascii() else chunk.translate(KEEP).strip(_BESIDE)
    return (plain, respelled(kept), True, "") if fold_kept(kept) == plain else None


def _several(plain: str) -> str:
    """Words with marks between them that only separate; "" where one needs a closer look."""
    words = [word.strip(BEHIND) for word in plain.split()]
    return f"{' '.join(words)} " if words and _PLAINLY.issuperset(words) else ""


def _row(piece: Piece) -> Row:
    return piece.folded, piece.kept, bool(piece.chars), piece.mark


def fold(text: str) -> str:
    """The folded form alone; equals `normalise(text).folded` and is several times faster.

    >>> fold("Việc nhẹ, l.ư.ơ.n.g cao ib 0️⃣9️⃣")
    'viec nhe luong cao inbox 09'
    """
    return fold_padded(text).strip()


def fold_padded(text: str) -> str:
    """`fold(text)` with a space before and after, as automatons look for whole words."""
    return fold_settled(text)[0]


@lru_cache(maxsize=1)
def fold_settled(text: str) -> tuple[str, bool]:
    """`fold_padded(text)`, and whether nothing there had to be read with what stands beside it.

    Where so, `kept_in(text)` gives the tokens with diacritics at once. Remembered for the last text, like
    all that several who look at one post ask for.
    """
    folded = _marked(text)
    if _is_doubtful(folded, text):
        return f" {' '.join([token.folded for token in _tokens(text)])} ", False
    return (unmarked(folded) if HALF in folded else folded), True


@lru_cache(maxsize=1)
def kept_in(text: str) -> tuple[str, ...]:
    """The kept tokens of a text that `fold_settled` found to be settled."""
    return tuple("".join(map(_kept.__getitem__, text.split())).split())


def _marked(text: str) -> str:
    return " " + "".join(map(_memo.__getitem__, text.split()))


def _is_doubtful(folded: str, text: str) -> bool:
    """Whether something in a text, of which this is the marked form, is read with what stands beside it."""
    if HALF not in folded:
        return False
    return unsettled(_rows_of(text)) if SURE in folded else is_doubtful(folded)


def tokenise(text: str) -> Tokens:
    """The tokens of any string, without offsets."""
    rows = _all_rows(text)
    if not rows:
        return Tokens((), "", ())
    folded, kept, written, _ = zip(*rows, strict=True)
    return Tokens(kept, " ".join(folded), written)


def written_in(text: str) -> list[bool]:
    """`tokenise(text).written` alone."""
    return [row[2] for row in _all_rows(text)]


def _all_rows(text: str) -> list[Row]:
    return _rows_of(text) if fold_settled(text)[1] else list(map(_row, _tokens(text)))


def _rows_of(text: str) -> list[Row]:
    return list(chain.from_iterable(map(_rows.__getitem__, text.split())))


def normalise(text: str) -> Normal:
    """Both forms of any string, however broken; empty forms where it says nothing."""
    tokens = tokenise(text)
    return Normal(" ".join(tokens.kept), tokens.folded)


@lru_cache(maxsize=1)
def normalise_spans(text: str) -> Spans:
    """`normalise(text)` with the place of each token in `text`."""
    folded, settled = fold_settled(text)
    if settled:
        starts, ends = _places(text)
        return Spans(Normal(" ".join(kept_in(text)), folded.strip()), tuple(starts), tuple(ends))
    tokens = _tokens(text)
    starts, ends = [piece.start for piece in tokens], [piece.end for piece in tokens]
    kept = " ".join([piece.kept for piece in tokens])
    return Spans(Normal(kept, folded.strip()), tuple(starts), tuple(ends))


def _places(text: str) -> tuple[list[int], list[int]]:
    """Where the tokens of each chunk alone start and end in `text`."""
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for chunk in text.split():
        at = text.index(chunk, at)
        for _, start, end, *_ in WORDS[chunk]:
            starts.append(at + start)
            ends.append(at + end)
        at += len(chunk)
    return starts, ends


@lru_cache(maxsize=1)
def _tokens(text: str) -> Sequence[Piece]:
    """The tokens with their places in `text`; what was torn apart joined.

    Remembered for the last text, since one that holds torn words is asked about several times.
    """
    pieces = chain.from_iterable(map(WORDS.__getitem__, text.split()))
    tokens = [
        Piece(piece.folded, start, end, piece.chars, piece.kept, piece.mark)
        for piece, start, end in zip(pieces, *_places(text), strict=True)
    ]
    return joined(keyed(tokens)) if unsettled(list(map(_row, tokens))) else tokens
