"""The one normaliser: what the matcher matches and what the index indexes.

`fold` is the fast path (folded form only, no offsets). `normalise` gives both forms, and
`normalise_spans` says in addition where each token stands in the original text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from search.syllables import KNOWN, cut
from search.text_tables import DASH, DOT, MARKS, CodePoints, compose, fold_kept, fold_of, keep_of
from search.tokens import Piece, pieces_of
from search.typing_leftovers import place_tone

#: Stored beside every index and judgement; another number asks for a rebuild.
NORMALISER_VERSION = 1

_FOLD = CodePoints(fold_of)
_KEEP = CodePoints(keep_of)
_CHUNK = re.compile(r"\S+")
_SPACED = re.compile(r" [a-z] [a-z] [a-z] ")
_MEMO_LIMIT = 1 << 17
#: Chunks from this length on, mostly addresses, are not remembered.
_LONG = 40


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
    """Chunk of raw text -> its folded tokens, a space after each; emptied past its limit."""

    def __missing__(self, chunk: str) -> str:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        parts = chunk.translate(_FOLD).split()
        value = "".join([f"{piece.folded} " for part in parts for piece in _pieces(part)])
        if len(chunk) < _LONG:
            self[chunk] = value
        return value


class _Words(dict[str, tuple[Piece, ...]]):
    """Chunk of raw text -> its tokens in both forms, placed in it; emptied past its limit."""

    def __missing__(self, chunk: str) -> tuple[Piece, ...]:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        value = tuple(_placed(chunk))
        if len(chunk) < _LONG:
            self[chunk] = value
        return value


_memo = _Memo()
_words = _Words()


def fold(text: str) -> str:
    """The folded form alone; equals `normalise(text).folded` and is several times faster.

    >>> fold("Việc nhẹ, l.ư.ơ.n.g cao ib 0️⃣9️⃣")
    'viec nhe luong cao inbox 09'
    """
    return fold_padded(text).strip()


def fold_padded(text: str) -> str:
    """`fold(text)` with a space before and after, as automatons look for whole words."""
    folded = " " + "".join(map(_memo.__getitem__, text.split()))
    if _SPACED.search(folded):
        tokens = folded.split()
        return f" {' '.join([word for _, _, words in _joined(tokens) for word in words])} "
    return folded


def tokenise(text: str) -> Tokens:
    """The tokens of any string, without offsets."""
    words: Iterable[Piece] = chain.from_iterable(map(_words.__getitem__, text.split()))
    folded, kept, written = _columns(words)
    if _SPACED.search(f" {folded} "):
        folded, kept, written = _columns(_tokens(text))
    return Tokens(kept, folded, written)


def _columns(pieces: Iterable[Piece]) -> tuple[str, tuple[str, ...], tuple[bool, ...]]:
    rows = [(piece.folded, piece.kept, bool(piece.chars)) for piece in pieces]
    if not rows:
        return "", (), ()
    folded, kept, written = zip(*rows, strict=True)
    return " ".join(folded), kept, written


def normalise(text: str) -> Normal:
    """Both forms of any string, however broken; empty forms where it says nothing."""
    tokens = tokenise(text)
    return Normal(" ".join(tokens.kept), tokens.folded)


def normalise_spans(text: str) -> Spans:
    """`normalise(text)` with the place of each token in `text`."""
    tokens = _tokens(text)
    normal = Normal(" ".join([t.kept for t in tokens]), " ".join([t.folded for t in tokens]))
    return Spans(normal, tuple([t.start for t in tokens]), tuple([t.end for t in tokens]))


def _tokens(text: str) -> list[Piece]:
    """The tokens with their places in `text`; rows of single letters joined."""
    tokens = [
        Piece(p.folded, chunk.start() + p.start, chunk.start() + p.end, p.chars, p.kept)
        for chunk in _CHUNK.finditer(text)
        for p in _words[chunk[0]]
    ]
    if _SPACED.search(f" {' '.join([token.folded for token in tokens])} "):
        return list(_join_tokens(tokens))
    return tokens


def _placed(chunk: str) -> Iterator[Piece]:
    """The tokens of one chunk; `start` and `end` are places in it, `kept` is filled in."""
    kept, starts, ends = _kept_with_offsets(chunk)
    for part in _CHUNK.finditer(fold_kept(kept)):
        for piece in _pieces(part[0]):
            whole = _filled(piece, kept, part.start())
            start, end = starts[whole.start], ends[whole.end - 1]
            yield Piece(whole.folded, start, end, whole.chars, whole.kept)


def _kept_with_offsets(text: str) -> tuple[str, list[int], list[int]]:
    """The kept characters of `text`, each with its [start, end) there."""
    chars: list[str] = []
    marks: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, char in enumerate(text):
        for part in _KEEP[ord(char)]:
            if part in MARKS:
                if chars:
                    marks[-1] += part
                    ends[-1] = at + 1
                continue
            chars.append(part)
            marks.append("")
            starts.append(at)
            ends.append(at + 1)
    composed = (compose(c, m) if m else c for c, m in zip(chars, marks, strict=True))
    return "".join(composed), starts, ends


def _filled(piece: Piece, kept: str, offset: int) -> Piece:
    word, start, end = piece.kept, offset + piece.start, offset + piece.end
    if piece.chars:
        word = kept[start:end]
        if fold_kept(word) != piece.folded:
            word = _letter_by_letter(piece, kept, offset)
        word = word if word.isascii() else _toned(word)
    return Piece(piece.folded, start, end, piece.chars, word)


def _letter_by_letter(piece: Piece, kept: str, offset: int) -> str:
    """Takes each letter from the text where it folds to what was read, else what was read."""
    letters = (kept[offset + at] for at in piece.chars)
    return "".join(
        letter if fold_kept(letter) == plain else plain
        for letter, plain in zip(letters, piece.folded, strict=True)
    )


@lru_cache(maxsize=1 << 16)
def _toned(word: str) -> str:
    return place_tone(word)


def _pieces(chunk: str) -> tuple[Piece, ...]:
    # What stands behind the last word never changes it, and without it more chunks are alike.
    chunk = chunk.rstrip(DOT + DASH)
    return _known_pieces(chunk) if len(chunk) < _LONG else pieces_of(chunk)


_known_pieces = lru_cache(maxsize=1 << 16)(pieces_of)


def _joined(tokens: list[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Runs of single letters as the words they spell: (first, past the last, words)."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and len(tokens[end]) == 1 and "a" <= tokens[end] <= "z":
            end += 1
        words = _spelled("".join(tokens[at:end])) if end - at >= 3 else ()
        if words:
            yield at, end, words
            at = end
        else:
            end = max(end, at + 1)
            yield at, end, tuple(tokens[at:end])
            at = end


def _spelled(letters: str) -> tuple[str, ...]:
    """The words in a row of letters; () where there are only two-letter ones, as in initials."""
    words = cut(letters, lexicon=KNOWN) if len(letters) <= 80 else ()
    return words if any(len(word) > 2 for word in words) else ()


def _join_tokens(tokens: list[Piece]) -> Iterator[Piece]:
    for first, last, words in _joined([token.folded for token in tokens]):
        run = tokens[first:last]
        if len(words) == len(run):
            yield from run
            continue
        done = 0
        for word in words:
            part = run[done : done + len(word)]
            done += len(word)
            kept = place_tone("".join(token.kept for token in part))
            yield Piece(word, part[0].start, part[-1].end, (), kept)
