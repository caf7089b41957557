"""What was taken apart: rows of single letters as the words they spell, torn syllables as one."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from search.syllables import KNOWN, cut
from search.teencode import SPOKEN, TEENCODE
from search.text_pieces import KEYS, Piece
from search.text_tables import fold_kept
from search.text_torn import LETTERS, Half, half_of, rejoined, whole_of
from search.typing_leftovers import decode, respelled

#: A longer row of letters is cut there, which bounds the time.
_LONGEST_RUN = 400
_ROUNDS = 40


def keyed(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Where some words were typed without an input method, the others that could be such keys as well."""
    if not any(piece.mark == KEYS for piece in pieces):
        return pieces
    return [_decoded(piece) for piece in pieces]


def _decoded(piece: Piece) -> Piece:
    if not piece.chars or not piece.folded.isascii() or piece.folded in KNOWN:
        return piece
    read = decode(piece.folded, sure=False)
    if not read:
        return piece
    read = SPOKEN.get(read, read)
    return Piece(fold_kept(read), piece.start, piece.end, (), read, KEYS)


def joined(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The tokens of a text with what was torn apart joined again, until nothing changes."""
    for _ in range(_ROUNDS):
        before = len(pieces)
        pieces = _syllables(list(_runs(pieces)))
        if len(pieces) == before:
            break
    return pieces


def _syllables(pieces: Sequence[Piece]) -> list[Piece]:
    """Joins syllables; words and figures between them part the text."""
    widths = rejoined(list(map(_half, pieces)))
    done: list[Piece] = []
    at = 0
    for width in widths:
        parts = pieces[at : at + width]
        done.append(parts[0] if width == 1 else _one(parts))
        at += width
    return done


def _half(piece: Piece) -> Half:
    return half_of(piece.folded, piece.kept, piece.mark, own=bool(piece.chars))


def _one(parts: Sequence[Piece]) -> Piece:
    kept = whole_of(list(map(_half, parts)))
    folded = fold_kept(kept)
    return Piece(folded, parts[0].start, parts[-1].end, tuple(range(len(folded))), kept)


def _runs(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Rows of single letters as the words they spell."""
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and pieces[end].folded in LETTERS:
            end += 1
        if end - at >= 3:
            for start in range(at, end, _LONGEST_RUN):
                yield from _spelled(pieces[start : min(end, start + _LONGEST_RUN)])
        else:
            end = max(end, at + 1)
            yield from pieces[at:end]
        at = end


def _spelled(run: Sequence[Piece]) -> Iterator[Piece]:
    """The words in a row of letters, cut at wider gaps if it has some; a letter too many is left."""
    gaps = [right.start - left.end for left, right in pairwise(run)]
    if len(set(gaps)) > 1:
        done = 0
        parts = []
        for at, gap in enumerate(gaps, 1):
            if gap > min(gaps):
                parts.append(run[done:at])
                done = at
        parts.append(run[done:])
        if all("".join(p.folded for p in part) in KNOWN and len(part) > 1 for part in parts):
            for part in parts:
                yield _written(part)
            return
    for first, last in ((0, len(run)), (0, len(run) - 1), (1, len(run))):
        found = _words_of(run[first:last])
        if found:
            yield from run[:first]
            yield from found
            yield from run[last:]
            return
    yield from run


def _words_of(run: Sequence[Piece]) -> list[Piece]:
    """The words; none where there are only two-letter ones, as in initials."""
    found = cut("".join(piece.folded for piece in run), lexicon=KNOWN)
    if not any(len(word) > 2 for word in found):
        return []
    words_, done = [], 0
    for word in found:
        words_.append(_written(run[done : done + len(word)]))
        done += len(word)
    return words_


def _written(run: Sequence[Piece]) -> Piece:
    kept = respelled("".join(piece.kept for piece in run))
    kept = SPOKEN.get(kept, TEENCODE.get(kept, kept))
    folded = fold_kept(kept)
    return Piece(folded, run[0].start, run[-1].end, tuple(range(len(folded))), kept)
