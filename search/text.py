"""The one normaliser: what the matcher matches and what the index indexes.

`fold` is the fast path (folded form only, no offsets). `normalise` gives both forms, and
`normalise_spans` says in addition where each token stands in the original text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

from search.syllables import KNOWN
from search.teencode import SPOKEN, TEENCODE
from search.text_leet import unsigned
from search.text_pieces import KEYS, Piece
from search.text_split import joined, keyed
from search.text_tables import DASH, DOT, MARKS, CodePoints, compose, fold_kept, fold_of, keep_of
from search.text_torn import HALVES, LETTERS, TORN, TORN_FOLDED, Suspicion, half_of, is_torn
from search.tokens import pieces_of
from search.typing_leftovers import from_viqr, respelled

#: Stored beside every index and judgement; another number asks for a rebuild.
NORMALISER_VERSION = 3

_FOLD = CodePoints(fold_of)
_KEEP = CodePoints(keep_of)
_CHUNK = re.compile(r"\S+")
#: Behind what may be half of a syllable in the fast path, with what it was if it is a short form written
#: out; and behind what asks for a closer look in any case. Never in a result.
_HALF, _SURE = "\x01", "\x01\x02"
_NG, _TR = "\x01\x03", "\x01\x04"
_SHORT = {"ng": _NG, "tr": _TR}
_UNMARKED = dict.fromkeys(map(ord, "\x01\x02\x03\x04"))
_RUN = re.compile("\x01 .\x01 .\x01")
_ESCAPED = re.compile(r"\\[nrt]")
_ODD = HALVES | TORN_FOLDED
#: Folded words that are only ever themselves, and what may stand behind a word without a meaning.
_PLAINLY = KNOWN - TEENCODE.keys() - _ODD - set(map(fold_kept, SPOKEN))
_BEHIND = DOT + DASH
_BESIDE = _BEHIND + " "
#: So many single letters in a row spell a word.
_ROW = 3
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


#: The folded and the kept form of a token, whether its letters are the author's own, and its mark.
_Row = tuple[str, str, bool, str]


class _Memo(dict[str, str]):
    """Chunk of raw text -> its folded tokens, a space after each; emptied past its limit."""

    def __missing__(self, chunk: str) -> str:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        as_written = _unescaped(chunk) == chunk
        plain = chunk.translate(_FOLD).strip(_BESIDE) if as_written else ""
        if plain in _PLAINLY or plain.isdigit():
            self[chunk] = value = plain + " "
            return value
        value = _several(plain)
        if not value:
            pieces = _of_ascii(chunk) if as_written and chunk.isascii() else _words[chunk]
            value = "".join([f"{_marked(piece)} " for piece in pieces])
        if len(chunk) < _LONG:
            self[chunk] = value
        return value


def _several(plain: str) -> str:
    """Words with marks between them that only separate; "" where one needs a closer look."""
    words = [word.strip(_BEHIND) for word in plain.split()]
    return f"{' '.join(words)} " if words and _PLAINLY.issuperset(words) else ""


def _of_ascii(chunk: str) -> Iterable[Piece]:
    """The tokens of a chunk without diacritics, without their places in it."""
    if from_viqr(chunk):
        return _words[chunk]
    return [piece for part in chunk.translate(_FOLD).split() for piece in _pieces(part, part)]


def _marked(piece: Piece) -> str:
    if piece.mark == KEYS or piece.kept in TORN or piece.folded in TORN:
        return piece.folded + _SURE
    if piece.mark:
        return piece.folded + _SHORT[piece.mark]
    return piece.folded + _HALF if piece.folded in HALVES else piece.folded


class _Words(dict[str, tuple[Piece, ...]]):
    """Chunk of raw text -> its tokens in both forms, placed in it; emptied past its limit."""

    def __missing__(self, chunk: str) -> tuple[Piece, ...]:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        value = tuple(_placed(chunk))
        if len(chunk) < _LONG:
            self[chunk] = value
        return value


class _Rows(dict[str, tuple[_Row, ...]]):
    """Chunk of raw text -> its tokens without their places; emptied past its limit."""

    def __missing__(self, chunk: str) -> tuple[_Row, ...]:
        if len(self) > _MEMO_LIMIT:
            self.clear()
        value = tuple([(p.folded, p.kept, bool(p.chars), p.mark) for p in _words[chunk]])
        if len(chunk) < _LONG:
            self[chunk] = value
        return value


_memo = _Memo()
_words = _Words()
_rows = _Rows()


def fold(text: str) -> str:
    """The folded form alone; equals `normalise(text).folded` and is several times faster.

    >>> fold("Việc nhẹ, l.ư.ơ.n.g cao ib 0️⃣9️⃣")
    'viec nhe luong cao inbox 09'
    """
    return fold_padded(text).strip()


def fold_padded(text: str) -> str:
    """`fold(text)` with a space before and after, as automatons look for whole words."""
    folded = " " + "".join(map(_memo.__getitem__, text.split()))
    if _HALF not in folded:
        return folded
    if _SURE in folded:
        doubtful = _unsettled(_rows_of(text))
    else:
        doubtful = _RUN.search(folded) is not None or _suspicious(folded)
    if doubtful:
        return f" {' '.join([token.folded for token in _tokens(text)])} "
    return folded.translate(_UNMARKED)


def _suspicious(folded: str) -> bool:
    """`suspicious` for the tokens of the fast path, without looking at those that are far from a half."""
    if _NG in folded or _TR in folded:
        folded = _written(folded)
    parts = folded.split(_HALF)
    tell = Suspicion()
    for left, right in pairwise(parts):
        before, half = left.rsplit(" ", 2)[-2:]
        after = right[1:].split(" ", 1)[0]
        # A neighbour that is a half as well has been looked at as the one after.
        if (before and tell.by(before, half)) or (after and tell.by(half, after)):
            return True
    return False


def _written(folded: str) -> str:
    """The short forms that may be halves as they were written."""
    for short, mark in _SHORT.items():
        folded = folded.replace(f"{fold_kept(TEENCODE[short])}{mark}", f"{short}{_HALF}")
    return folded


def tokenise(text: str) -> Tokens:
    """The tokens of any string, without offsets."""
    rows = _rows_of(text)
    if _unsettled(rows):
        return _columns([(p.folded, p.kept, bool(p.chars), p.mark) for p in _tokens(text)])
    return _columns(rows)


def _rows_of(text: str) -> list[_Row]:
    return list(chain.from_iterable(map(_rows.__getitem__, text.split())))


def _unsettled(rows: Sequence[_Row]) -> bool:
    """Whether tokens may have to be joined or read in another way, as their neighbours tell. Rarely so."""
    letters = 0
    halves = False
    for folded, kept, _, mark in rows:
        letters = letters + 1 if folded in LETTERS else 0
        if letters == _ROW or mark == KEYS:
            return True
        halves = halves or mark != "" or folded in HALVES or kept in TORN or folded in TORN
    return halves and is_torn([half_of(folded, kept, mark) for folded, kept, _, mark in rows])


def _columns(rows: Sequence[_Row]) -> Tokens:
    if not rows:
        return Tokens((), "", ())
    folded, kept, written, _ = zip(*rows, strict=True)
    return Tokens(kept, " ".join(folded), written)


def normalise(text: str) -> Normal:
    """Both forms of any string, however broken; empty forms where it says nothing."""
    tokens = tokenise(text)
    return Normal(" ".join(tokens.kept), tokens.folded)


def normalise_spans(text: str) -> Spans:
    """`normalise(text)` with the place of each token in `text`."""
    tokens = _tokens(text)
    normal = Normal(" ".join([t.kept for t in tokens]), " ".join([t.folded for t in tokens]))
    return Spans(normal, tuple([t.start for t in tokens]), tuple([t.end for t in tokens]))


def _tokens(text: str) -> Sequence[Piece]:
    """The tokens with their places in `text`; what was torn apart joined."""
    tokens = [
        Piece(p.folded, chunk.start() + p.start, chunk.start() + p.end, p.chars, p.kept, p.mark)
        for chunk in _CHUNK.finditer(text)
        for p in _words[chunk[0]]
    ]
    if _unsettled([(p.folded, p.kept, bool(p.chars), p.mark) for p in tokens]):
        return joined(keyed(tokens))
    return tokens


def _placed(chunk: str) -> Iterator[Piece]:
    """The tokens of one chunk; `start` and `end` are places in it, `kept` is filled in."""
    kept, starts, ends = _kept_with_offsets(chunk)
    for part in _CHUNK.finditer(fold_kept(kept)):
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
        for part in _KEEP[ord(char)]:
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
    chunk = _unescaped(chunk)
    typed = from_viqr(chunk) or ()
    done = 0
    for syllable, start, end in typed:
        yield from ((chunk[at], at, at + 1) for at in range(done, start))
        yield from ((letter, start, end) for letter in syllable)
        done = end
    yield from ((chunk[at], at, at + 1) for at in range(done, len(chunk)))


def _unescaped(chunk: str) -> str:
    """Line ends that a careless export wrote as two characters as two blanks, signs that pose as letters."""
    if "\\" in chunk:
        chunk = _ESCAPED.sub("  ", chunk)
    if "!" in chunk or "$" in chunk or "|" in chunk:
        chunk = unsigned(chunk)
    return chunk


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
    chunk = chunk.rstrip(_BEHIND)
    kept = kept[: len(chunk)]
    return _known_pieces(chunk, kept) if len(chunk) < _LONG else pieces_of(chunk, kept)


_known_pieces = lru_cache(maxsize=1 << 16)(pieces_of)
