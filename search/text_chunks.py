"""The tokens of one chunk, which is what stands between blanks: in both forms, and placed in it."""

import re
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from functools import lru_cache
from typing import TypeVar

from search.text_leet import unsigned
from search.text_pieces import Piece
from search.text_tables import DASH, DOT, MARKS, CodePoints, compose, fold_kept, fold_of, keep_of
from search.tokens import pieces_of
from search.typing_leftovers import from_viqr, respelled

Value = TypeVar("Value")
FOLD = CodePoints(fold_of)
KEEP = CodePoints(keep_of)
CHUNK = re.compile(r"\S+")
#: What may stand behind a word without a meaning.
BEHIND = DOT + DASH
_ESCAPED = re.compile(r"\\[nrt]")
_MOST = 1 << 17
#: Chunks from this length on, mostly addresses, are not remembered.
_LONG = 40


def _usual() -> re.Pattern[str]:
    """Chunks of characters that each are one in the kept form, and of no sign that may pose as a letter."""
    usual = [
        char
        for char in map(chr, range(0x21, 0x1F00))
        if len(KEEP[ord(char)]) == 1 and KEEP[ord(char)] not in MARKS and char not in "\\!$|"
    ]
    return re.compile(f"[{re.escape(''.join(usual))}]+")


_USUAL = _usual()


def one_for_one(chunk: str) -> bool:
    """Whether `chunk.translate(KEEP)` has one character for each of `chunk`, in its place."""
    return _USUAL.fullmatch(chunk) is not None


def remember(memo: MutableMapping[str, Value], chunk: str, value: Value) -> Value:
    """Adds what a chunk comes to; a memo that is full begins anew, and long chunks hardly recur."""
    if len(chunk) < _LONG:
        if len(memo) > _MOST:
            memo.clear()
        memo[chunk] = value
    return value


class _Words(dict[str, tuple[Piece, ...]]):
    """Chunk of raw text -> its tokens in both forms, placed in it."""

    def __missing__(self, chunk: str) -> tuple[Piece, ...]:
        return remember(self, chunk, tuple(_placed(chunk)))


WORDS = _Words()


def of_ascii(chunk: str) -> Iterable[Piece]:
    """The tokens of a chunk without diacritics, without their places in it."""
    if from_viqr(chunk):
        return WORDS[chunk]
    return [piece for part in chunk.translate(FOLD).split() for piece in _pieces(part, part)]


def unescaped(chunk: str) -> str:
    """Line ends that a careless export wrote as two characters as two blanks, signs that pose as letters."""
    if "\\" in chunk:
        chunk = _ESCAPED.sub("  ", chunk)
    if "!" in chunk or "$" in chunk or "|" in chunk:
        chunk = unsigned(chunk)
    return chunk


def _placed(chunk: str) -> Iterator[Piece]:
    """The tokens of one chunk; `start` and `end` are places in it, `kept` is filled in."""
    starts: Sequence[int]
    ends: Sequence[int]
    if not chunk.isascii() and one_for_one(chunk):
        kept, starts, ends = chunk.translate(KEEP), range(len(chunk)), range(1, len(chunk) + 1)
    else:
        kept, starts, ends = _kept_with_offsets(chunk)
    for part in CHUNK.finditer(fold_kept(kept)):
        for piece in _pieces(part[0], kept[part.start() : part.end()]):
            whole = _filled(piece, kept, part.start())
            start, end = starts[whole.start], ends[whole.end - 1]
            yield Piece(whole.folded, start, end, whole.chars, whole.kept, whole.mark)


def _kept_with_offsets(text: str) -> tuple[str, list[int], list[int]]:
    """The kept characters of `text`, each with its [start, end) there."""
    chars: list[str] = []
    marks: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for char, start, end in _keys(text):
        for part in KEEP[ord(char)]:
            if part in MARKS:
                if chars:
                    marks[-1] += part
                    ends[-1] = end
                continue
            chars.append(part)
            marks.append("")
            starts.append(start)
            ends.append(end)
    composed = (compose(c, m) if m else c for c, m in zip(chars, marks, strict=True))
    return "".join(composed), starts, ends


def _keys(chunk: str) -> Iterable[tuple[str, int, int]]:
    """The characters of a chunk with their places; a syllable typed in VIQR as its letters."""
    chunk = unescaped(chunk)
    typed = from_viqr(chunk) or ()
    done = 0
    for syllable, start, end in typed:
        yield from ((chunk[at], at, at + 1) for at in range(done, start))
        yield from ((letter, start, end) for letter in syllable)
        done = end
    yield from ((chunk[at], at, at + 1) for at in range(done, len(chunk)))


def _filled(piece: Piece, kept: str, offset: int) -> Piece:
    word, start, end = piece.kept, offset + piece.start, offset + piece.end
    if piece.chars:
        word = kept[start:end]
        if fold_kept(word) != piece.folded:
            word = _letter_by_letter(piece, kept, offset)
        word = word if word.isascii() else respelled(word)
    return Piece(piece.folded, start, end, piece.chars, word, piece.mark)


def _letter_by_letter(piece: Piece, kept: str, offset: int) -> str:
    """Takes each letter from the text where it folds to what was read, else what was read."""
    letters = (kept[offset + at] for at in piece.chars)
    return "".join(
        letter if fold_kept(letter) == plain else plain
        for letter, plain in zip(letters, piece.folded, strict=True)
    )


def _pieces(chunk: str, kept: str) -> tuple[Piece, ...]:
    # What stands behind the last word never changes it, and without it more chunks are alike.
    chunk = chunk.rstrip(BEHIND)
    kept = kept[: len(chunk)]
    return _known_pieces(chunk, kept) if len(chunk) < _LONG else pieces_of(chunk, kept)


_known_pieces = lru_cache(maxsize=1 << 16)(pieces_of)
