"""From one run of characters between spaces to its tokens: the part of the normaliser that thinks.

A chunk is what `str.split` gives after the character table. Here dotted words are joined, figures put
in one form, glued words cut, digits that pose as letters turned back, short forms written out. All of
it is decided on the folded chunk, so the fast path (folded text only) and the full path (both forms
and offsets) cannot disagree.
"""

import re
from dataclasses import dataclass

from search.syllables import GLUE, KNOWN, OFTEN, cut
from search.teencode import FLAGS, TEENCODE
from search.text_lookalikes import HAN, flipped, latin
from search.text_tables import AT, DASH, DOT, REGIONAL_BASE, TURNED_BASE, fold_kept
from search.typing_leftovers import ENGLISH, decode


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of a chunk.

    `start` and `end` are positions in the chunk. `chars` are the positions whose characters make up
    the token, one for each character of `folded`; empty where the token was written out from a short
    form, and then `kept` is what it stands for.
    """

    folded: str
    start: int
    end: int
    chars: tuple[int, ...] = ()
    kept: str = ""


#: No word, and no row of words that stand for one, is longer; it bounds the time.
_LONGEST_PADDED = 300
_PARTS = re.compile(r"[^.\-]+")
_FIGURE = re.compile(r"^[0-9][0-9o]*[0-9ok]$|^[0-9]$")
_UNITS_WRITTEN = (
    "trieu|triu|tr|cu|ty|ti|ngan|nghin|usd|vnd|dong|do|te|d|ng|tuoi|thang|ngay|gio|nguoi|chai|lit|lua|xi|"
    "trd|vnđ|buoi|dem|tuan|suat|don|nam|nu"
)
_UNIT = re.compile(rf"^([0-9]+(?:\.[0-9]{{1,2}})?)({_UNITS_WRITTEN})([0-9]{{0,3}})$")
#: Letters that pose as digits in a sum, where its unit follows.
_POSING = re.compile(r"^(?=[oli]*[0-9])([li1-9][0-9oli]*)(k|tr|trieu|triu|cu|chai|d|dong|vnd|usd)$")
_POSED = str.maketrans("oli", "011")
_CONTACT = re.compile(r"^([a-z]{2,9}?)([0-9]{7,})$")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9o]{3})+(?![0-9o])")
_DECIMAL = re.compile(r"[0-9]{1,3}\.[0-9]{1,2}(?![0-9.])")
_FIGURES = re.compile(r"[0-9][0-9o]*(?:\.[0-9o]+)+")
_FLAG = re.compile("[\ue000-\ue019]")
_FLAGS_RUN = re.compile("[\ue000-\ue019]+")
_TURNED = re.compile("[\ue020-\ue039]")
_TRIPLE = re.compile(r"([^\W\d_])\1\1+")
_LEET = str.maketrans("013457", "oieast")
_LEET_L = str.maketrans("013457", "oleast")
_THOUSANDTH = {"tr": "nghìn", "trieu": "nghìn", "cu": "nghìn", "ty": "triệu"}
_UNITS = {"tr": "triệu", "triu": "triệu", "d": "đồng", "ng": "người"}


def pieces_of(chunk: str) -> tuple[Piece, ...]:
    """The tokens of one folded chunk; empty where it was all punctuation."""
    whole = tuple(range(len(chunk)))
    pieces = _chunk(chunk, whole)
    if len(pieces) == 1 and pieces[0].folded == chunk:
        return tuple(pieces)
    return tuple(_settle(pieces, 0))


def _settle(pieces: list[Piece], depth: int) -> list[Piece]:
    """Looks at each result again until nothing changes, so that normal text stays normal."""
    if depth > 4:
        return pieces
    settled: list[Piece] = []
    for piece in pieces:
        if not piece.chars or piece.folded in KNOWN:
            settled.append(piece)
            continue
        again = _chunk(piece.folded, piece.chars)
        stable = len(again) == 1 and again[0].folded == piece.folded
        settled.extend([piece] if stable else _settle(again, depth + 1))
    return settled


def _chunk(text: str, at: tuple[int, ...]) -> list[Piece]:
    """`text` split at its sentinels; `at` gives the chunk position of each of its characters."""
    if AT in text:
        return _with_at(text, at)
    if DOT not in text and DASH not in text:
        return _word(text, at)
    joined = _padded_word(text, at)
    if joined:
        return joined
    pieces: list[Piece] = []
    done = 0
    for start, end in _figures(text):
        pieces += _plain_parts(text, at, done, start)
        pieces += _figure(text[start:end], at[start:end])
        done = end
    return pieces + _plain_parts(text, at, done, len(text))


def _with_at(text: str, at: tuple[int, ...]) -> list[Piece]:
    """`z@lo` as one word where an a makes it one; else an address, split there."""
    read = text.replace(AT, "a")
    if read in KNOWN and read not in TEENCODE and len(read) > 1:
        return [Piece(read, at[0], at[-1] + 1, at)]
    pieces: list[Piece] = _glued(read, at, GLUE)
    if pieces:
        return pieces
    done = 0
    for part in text.split(AT):
        if part:
            pieces += _chunk(part, at[done : done + len(part)])
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


def _figure(text: str, at: tuple[int, ...]) -> list[Piece]:
    head = _FIGURES.match(text)
    if head is None or not _THOUSANDS.fullmatch(head[0]):
        return _word(text, at)
    kept = [index for index, char in enumerate(text) if char != DOT]
    return _word("".join(text[index] for index in kept), tuple(at[index] for index in kept))


def _plain_parts(text: str, at: tuple[int, ...], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    for part in _PARTS.finditer(text, start, end):
        pieces += _word(part[0], at[part.start() : part.end()])
    return pieces


def _padded_word(text: str, at: tuple[int, ...]) -> list[Piece]:
    """`t.i.e.n` and `l.uong` as words; [] where the dots separate."""
    if len(text) > _LONGEST_PADDED:
        return []
    parts = _PARTS.findall(text)
    if len(parts) < 2 or all(part in KNOWN and len(part) > 1 for part in parts):
        return []
    if not any(len(part) == 1 or part not in KNOWN for part in parts) or not all(
        part.isalnum() for part in parts
    ):
        return []
    kept = [index for index, char in enumerate(text) if char not in (DOT, DASH)]
    word, places = "".join(text[index] for index in kept), tuple(at[index] for index in kept)
    if word[0].isdigit() or sum(map(str.isdigit, word)) > len(word) // 2:
        return []
    if len(word) < 3 and DOT not in text:  # a/c, n-a
        return []
    read = _TRIPLE.sub(r"\1", word.translate(_LEET)) if not word.isalpha() else word
    if read in KNOWN and len(read) > 1:
        return [Piece(read, places[0], places[-1] + 1, places)] if len(read) == len(word) else []
    single = all(len(part) == 1 for part in parts)
    return _glued(read, places, KNOWN if single and len(parts) > 2 else GLUE)


def _word(word: str, at: tuple[int, ...]) -> list[Piece]:
    """A word without sentinels: letters, digits, or both."""
    if not word:
        return []
    if word in TEENCODE:
        return _written_out(TEENCODE[word], at[0], at[-1] + 1)
    if word in KNOWN or word.isdigit():
        return [Piece(word, at[0], at[-1] + 1, at)]
    if _FLAG.search(word):
        return _with_flags(word, at)
    if _TURNED.search(word):
        return _turned(word, at)
    return _letters(word, at) if word.isalpha() else _mixed(word, at)


def _letters(word: str, at: tuple[int, ...]) -> list[Piece]:
    if HAN.search(word):
        return _from_han(word, at)
    if len(word) < 3 or not word.isascii():
        return [Piece(word, at[0], at[-1] + 1, at)]
    if _TRIPLE.search(word):
        return _without_repeats(word, at)
    decoded = decode(word)
    if decoded:
        return [Piece(fold_kept(decoded), at[0], at[-1] + 1, (), decoded)]
    return _respelled(word, at) or _glued(word, at, OFTEN) or [Piece(word, at[0], at[-1] + 1, at)]


def _from_han(word: str, at: tuple[int, ...]) -> list[Piece]:
    """Chinese characters that pose as letters, where a known word comes out; else as they are."""
    for read in latin(word):
        if read in KNOWN and len(read) > 1:
            return [Piece(read, at[0], at[-1] + 1, at)]
        glued = _glued(read, at, GLUE)
        if glued:
            return glued
    return [Piece(word, at[0], at[-1] + 1, at)]


def _respelled(word: str, at: tuple[int, ...]) -> list[Piece]:
    """One letter for another, or one too many: vjec, zaIo, Iuong, vlec, caoo."""
    read = word.replace("j", "i")
    if read != word and read in KNOWN:
        return [Piece(read, at[0], at[-1] + 1, at)]
    for read in (
        "l" + word[1:] if word[0] == "i" else "",
        word.replace("i", "l"),
        word.replace("l", "i"),
    ):
        if read != word and read in GLUE:  # short and rare words are rather what they look like
            return [Piece(read, at[0], at[-1] + 1, at)]
    if len(word) > 3 and word[-1] == word[-2] and word[:-1] in KNOWN and word not in ENGLISH:
        return [Piece(word[:-1], at[0], at[-1] + 1, at[:-1])]
    return []


def _without_repeats(word: str, at: tuple[int, ...]) -> list[Piece]:
    kept: list[int] = []
    done = 0
    for run in _TRIPLE.finditer(word):
        kept += [*range(done, run.start()), run.start()]
        done = run.end()
    kept += range(done, len(word))
    shorter = "".join(word[index] for index in kept)
    pieces = _word(shorter, tuple(at[index] for index in kept))
    return [_widened(piece, at[-1] + 1) if piece is pieces[-1] else piece for piece in pieces]


def _widened(piece: Piece, end: int) -> Piece:
    return Piece(piece.folded, piece.start, end, piece.chars, piece.kept)


def _glued(word: str, at: tuple[int, ...], lexicon: frozenset[str]) -> list[Piece]:
    """`vieclamluongcao` as four tokens; [] where it is no row of known words."""
    if not 6 <= len(word) <= 60 or len(word) != len(at):
        return []
    pieces: list[Piece] = []
    done = 0
    for part in cut(word, lexicon=lexicon):
        places = at[done : done + len(part)]
        pieces.append(Piece(part, places[0], places[-1] + 1, places))
        done += len(part)
    return pieces


def _mixed(word: str, at: tuple[int, ...]) -> list[Piece]:
    """Letters and digits in one word: a figure with its unit, a disguise, or just a code."""
    if _FIGURE.match(word):
        return [Piece(word.replace("o", "0"), at[0], at[-1] + 1, at)]
    unit = _UNIT.match(word)
    if unit:
        return _with_unit(unit, at)
    posing = _POSING.match(word)
    if posing:
        return _word(posing[1].translate(_POSED) + posing[2], at)
    contact = _CONTACT.match(word)
    if contact:
        split = contact.end(1)
        return _word(contact[1], at[:split]) + _word(contact[2], at[split:])
    if word[0].isdigit() or not word.isascii():
        return [Piece(word, at[0], at[-1] + 1, at)]
    decoded = decode(word)
    if decoded:
        return [Piece(fold_kept(decoded), at[0], at[-1] + 1, (), decoded)]
    return _unmasked(word, at) or [Piece(word, at[0], at[-1] + 1, at)]


def _with_unit(unit: re.Match[str], at: tuple[int, ...]) -> list[Piece]:
    """25tr is 25 triệu, and 1tr5 is 1.5 triệu."""
    figure, name, rest = unit.groups()
    split = unit.end(1)
    long = _UNITS.get(name)
    second = (
        _written_out(long, at[split], at[unit.end(2) - 1] + 1)
        if long
        else [Piece(name, at[split], at[unit.end(2) - 1] + 1, at[split : unit.end(2)])]
    )
    if rest and DOT not in figure and len(figure) < 4 and name in _THOUSANDTH:
        return _with_rest(figure, rest.rstrip("0"), _THOUSANDTH[name], second, at)
    first = [Piece(figure, at[0], at[split - 1] + 1, at[:split])]
    return first + second + (_word(rest, at[unit.end(2) :]) if rest else [])


def _with_rest(
    figure: str, rest: str, smaller: str, unit: list[Piece], at: tuple[int, ...]
) -> list[Piece]:
    """1tr5 as 1.5 triệu; 1tr699 in thousands, since 1.699 is how people write 1699."""
    end = at[-1] + 1
    if len(rest) == 3:
        whole = str(int(figure + rest))
        return [Piece(whole, at[0], end, (), whole), *_written_out(smaller, at[0], end)]
    read = f"{figure}.{rest}" if rest else figure
    return [Piece(read, at[0], end, (), read), *unit]


def _unmasked(word: str, at: tuple[int, ...]) -> list[Piece]:
    """Digits between letters read as the letters they look like, where that gives a syllable."""
    inside = any(char.isdigit() for char in word[1:-1])
    if not inside and not (word[-1] == "0" and len(word) > 2):
        return []
    for table in (_LEET, _LEET_L):
        read = word.translate(table)
        if read in KNOWN:
            return [Piece(read, at[0], at[-1] + 1, at)]
        glued = _glued(read, at, GLUE)
        if glued:
            return glued
    return []


def _written_out(words: str, start: int, end: int) -> list[Piece]:
    return [Piece(fold_kept(word), start, end, (), word) for word in words.split()]


def _with_flags(word: str, at: tuple[int, ...]) -> list[Piece]:
    """Regional letters as countries or as letters; the words between them as words."""
    pieces: list[Piece] = []
    done = 0
    for run in _FLAGS_RUN.finditer(word):
        pieces += _word(word[done : run.start()], at[done : run.start()])
        pieces += _regional(run[0], at[run.start() : run.end()])
        done = run.end()
    return pieces + _word(word[done:], at[done:])


def _regional(run: str, at: tuple[int, ...]) -> list[Piece]:
    """Pairs that are flags we know as the countries' names, else the letters if they say a word."""
    letters = "".join(chr(ord(char) - REGIONAL_BASE + ord("a")) for char in run)
    pairs = [letters[index : index + 2] for index in range(0, len(letters), 2)]
    if all(pair in FLAGS for pair in pairs):
        return [
            piece
            for index, pair in enumerate(pairs)
            for piece in _written_out(FLAGS[pair], at[2 * index], at[2 * index + 1] + 1)
        ]
    if letters in KNOWN or len(letters) == 1:
        return [Piece(letters, at[0], at[-1] + 1, at)]
    return _glued(letters, at, GLUE) or [
        piece
        for index, pair in enumerate(pairs)
        for piece in _written_out(
            FLAGS.get(pair, ""), at[2 * index], at[2 * index + len(pair) - 1] + 1
        )
    ]


def _turned(word: str, at: tuple[int, ...]) -> list[Piece]:
    """A word with letters that stand on their head: read from its end if that gives a word."""

    def upright(char: str) -> str:
        return chr(ord(char) - TURNED_BASE + ord("a")) if _TURNED.match(char) else char

    back = "".join(
        upright(char) if _TURNED.match(char) else flipped(char) for char in reversed(word)
    )
    if back in KNOWN and len(back) > 1:
        return [Piece(back, at[0], at[-1] + 1, at[::-1])]
    return _word("".join(map(upright, word)), at)
