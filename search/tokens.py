"""From one run of characters between spaces to its tokens: the part of the normaliser that thinks.

A chunk is what `str.split` gives after the character table. Here dotted words are joined, figures put
in one form, flags and turned letters read; what a single word says is for `search.text_words`.
"""

import re

from search.syllable_counts import bits_of
from search.syllables import KNOWN, well_formed
from search.teencode import FLAGS, SPOKEN, TEENCODE
from search.text_glue import parted
from search.text_leet import unmasked
from search.text_lookalikes import flipped
from search.text_pieces import Piece, Run, written_out
from search.text_tables import AT, DASH, DOT, REGIONAL_BASE, TURNED_BASE
from search.text_torn import HALVES
from search.text_words import TRIPLE, letters, mixed
from search.typing_leftovers import respelled

#: Known words but those that stand for another, however they are taken apart: "c.a.m.b.o.d.i.a".
_ITSELF = KNOWN - TEENCODE.keys()
#: No word, and no row of words that stand for one, is longer; it bounds the time.
_LONGEST_PADDED = 300
#: So many bits a word of two parts must be likelier than the two parts side by side.
_JOINED = 2.0
_PARTS = re.compile(r"[^.\-]+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9o]{3})+(?![0-9o])")
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{1,2}(?![0-9.])")
_FIGURES = re.compile(r"[0-9][0-9o]*(?:\.[0-9o]+)+")
_FLAG = re.compile("[\ue000-\ue019]")
_FLAGS_RUN = re.compile("[\ue000-\ue019]+")
_TURNED = re.compile("[\ue020-\ue039]")


def pieces_of(chunk: str, kept: str = "") -> tuple[Piece, ...]:
    """The tokens of one folded chunk; empty where it was all punctuation.

    `kept` are the same characters with their diacritics; where there are none it may be left out.
    """
    run = Run(chunk, kept or chunk, tuple(range(len(chunk))))
    pieces = _chunk(run)
    if len(pieces) == 1 and pieces[0].folded == chunk and pieces[0].chars:
        if run.kept == chunk or chunk in KNOWN:
            return tuple(pieces)
        again = _chunk(Run(chunk, chunk, run.at))
        if _same(again, pieces[0]):
            return tuple(pieces)
    return tuple(_settle(pieces, run.kept, 0))


def _settle(pieces: list[Piece], kept: str, depth: int) -> list[Piece]:
    """Looks at each result again until nothing changes, so that normal text stays normal.

    It is looked at without diacritics too, so that the folded form of normal text stays what it is.
    """
    if depth > 4:
        return pieces
    settled: list[Piece] = []
    for piece in pieces:
        if not piece.chars:
            settled.append(piece)
            continue
        plain = Run(piece.folded, piece.folded, piece.chars)
        marked = plain.with_marks("".join([kept[at] for at in piece.chars]))
        if piece.folded in _ITSELF and marked.kept not in SPOKEN:
            settled.append(piece)
            continue
        again = _chunk(marked)
        if _same(again, piece) and marked.kept != plain.kept:
            again = _chunk(plain)
        settled.extend([piece] if _same(again, piece) else _settle(again, kept, depth + 1))
    return settled


def _same(again: list[Piece], piece: Piece) -> bool:
    return len(again) == 1 and again[0].folded == piece.folded and bool(again[0].chars)


def _chunk(run: Run) -> list[Piece]:
    """A run split at its sentinels."""
    if AT in run.folded:
        return _with_at(run)
    if DOT not in run.folded and DASH not in run.folded:
        return _word(run)
    joined = _padded_word(run)
    if joined:
        return joined
    pieces: list[Piece] = []
    done = 0
    for start, end in _figures(run.folded):
        pieces += _plain_parts(run, done, start)
        pieces += _figure(run.part(start, end))
        done = end
    return pieces + _plain_parts(run, done, len(run.folded))


def _with_at(run: Run) -> list[Piece]:
    """`z@lo` as one word where an a makes it one; else an address, split there."""
    read = run.read(run.folded.replace(AT, "a"))
    if read.folded in KNOWN and read.folded not in TEENCODE and len(read.folded) > 1:
        return [read.piece()]
    pieces = (unmasked(read) or parted(read)) if run.folded[0] != AT else []
    if pieces:
        return pieces
    done = 0
    for part in run.folded.split(AT):
        if part:
            pieces += _chunk(run.part(done, done + len(part)))
        done += len(part) + 1
    return pieces


def _figures(text: str) -> list[tuple[int, int]]:
    """Where a figure with thousands dots or a decimal comma stands, with letters glued behind it."""
    found = []
    for run in _FIGURES.finditer(text):
        match = _THOUSANDS.fullmatch(run[0]) or _DECIMAL.fullmatch(run[0])
        if match and (run.start() == 0 or text[run.start() - 1] != DOT):
            end = run.end()
            while end < len(text) and text[end].isalnum():
                end += 1
            found.append((run.start(), end))
    return found


def _figure(run: Run) -> list[Piece]:
    head = _FIGURES.match(run.folded)
    if head is None or not _THOUSANDS.fullmatch(head[0]):
        return _word(run)
    return _word(run.only(index for index, char in enumerate(run.folded) if char != DOT))


def _plain_parts(run: Run, start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    for part in _PARTS.finditer(run.folded, start, end):
        pieces += _word(run.part(part.start(), part.end()))
    return pieces


def _padded_word(run: Run) -> list[Piece]:
    """`t.i.e.n`, `l.uong` and `tu.oi` as words; [] where the dots separate."""
    text = run.folded
    if len(text) > _LONGEST_PADDED:
        return []
    parts = _PARTS.findall(text)
    if len(parts) < 2 or not all(part.isalnum() for part in parts):
        return []
    padded = run.only(index for index, char in enumerate(text) if char not in (DOT, DASH))
    word = padded.folded
    if word[0].isdigit() or sum(map(str.isdigit, word)) > len(word) // 2:
        return []
    if all(part in KNOWN and len(part) > 1 for part in parts):
        return _of_known_parts(padded, run) if len(parts) == 2 else []
    if len(word) < 3 and DOT not in text:  # a/c, n-a
        return []
    return _one_word(padded, single=all(len(part) == 1 for part in parts) and len(parts) > 2)


def _one_word(padded: Run, *, single: bool) -> list[Piece]:
    if not padded.folded.isalpha():
        found = unmasked(padded)
        return found if len(found) == 1 or single else []
    read = TRIPLE.sub(r"\1", padded.folded)
    if read in KNOWN and len(read) > 1:
        return [padded.piece()] if len(read) == len(padded.folded) else []
    return parted(padded, spelled=single)


def _of_known_parts(padded: Run, run: Run) -> list[Piece]:
    """Two parts that are words by themselves: one only where that is the likelier word."""
    whole = respelled(padded.kept)
    if padded.folded not in KNOWN or not well_formed(whole):
        return []
    apart = sum(bits_of(part) for part in _PARTS.findall(run.kept))
    return [padded.piece()] if bits_of(whole) + _JOINED < apart else []


def _word(run: Run) -> list[Piece]:
    """A word without sentinels: letters, digits, or both."""
    word = run.folded
    if not word:
        return []
    if word in TEENCODE:
        if word in HALVES:
            return [run.standing_for(TEENCODE[word], word)]
        return written_out(TEENCODE[word], run.start, run.end)
    if run.kept in SPOKEN:
        return [run.standing_for(SPOKEN[run.kept])]
    if word in KNOWN or word.isdigit():
        return [run.piece()]
    if _FLAG.search(word):
        return _with_flags(run)
    if _TURNED.search(word):
        return _turned(run)
    if word.isalpha():
        return letters(run, _word)
    return mixed(run, _word)


def _with_flags(run: Run) -> list[Piece]:
    """Regional letters as countries or as letters; the words between them as words."""
    pieces: list[Piece] = []
    done = 0
    for flags in _FLAGS_RUN.finditer(run.folded):
        pieces += _word(run.part(done, flags.start()))
        pieces += _regional(run.part(flags.start(), flags.end()))
        done = flags.end()
    return pieces + _word(run.part(done, len(run.folded)))


def _regional(run: Run) -> list[Piece]:
    """Pairs that are flags we know as the countries' names, else the letters if they say a word."""
    names = "".join(chr(ord(char) - REGIONAL_BASE + ord("a")) for char in run.folded)
    pairs = [names[index : index + 2] for index in range(0, len(names), 2)]
    if all(pair in FLAGS for pair in pairs):
        return [
            piece
            for index, pair in enumerate(pairs)
            for piece in written_out(FLAGS[pair], run.at[2 * index], run.at[2 * index + 1] + 1)
        ]
    read = run.read(names)
    if names in KNOWN or len(names) == 1:
        return [read.piece()]
    return parted(read) or [
        piece
        for index, pair in enumerate(pairs)
        for piece in written_out(
            FLAGS.get(pair, ""), run.at[2 * index], run.at[2 * index + len(pair) - 1] + 1
        )
    ]


def _turned(run: Run) -> list[Piece]:
    """A word with letters that stand on their head: read from its end if that gives a word."""

    def upright(char: str) -> str:
        return chr(ord(char) - TURNED_BASE + ord("a")) if _TURNED.match(char) else char

    back = "".join(
        upright(char) if _TURNED.match(char) else flipped(char) for char in reversed(run.folded)
    )
    if back in KNOWN and len(back) > 1:
        return [Piece(back, run.start, run.end, run.at[::-1])]
    return _word(run.read("".join(map(upright, run.folded))))
