"""What one word says, letters or letters and digits: short forms, keys, repeats, sounds, sums, look-alikes."""

import re
from collections.abc import Callable

from search.syllable_counts import FOLDED, KEPT, bits, bits_of
from search.syllables import GLUE, KNOWN, well_formed
from search.teencode import SOUNDS, SOUNDS_MARKED, TEENCODE
from search.text_glue import parted
from search.text_leet import unmasked
from search.text_lookalikes import HAN, latin
from search.text_pieces import KEYS, Piece, Run, written_out
from search.text_tables import DOT
from search.typing_leftovers import ENGLISH, decode, respelled

#: Reads a word from the start, for what another reading of it made.
Reader = Callable[[Run], list[Piece]]

TRIPLE = re.compile(r"([^\W\d_])\1\1+")
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
_THOUSANDTH = {"tr": "nghìn", "trieu": "nghìn", "cu": "nghìn", "ty": "triệu"}
_UNITS = {"tr": "triệu", "triu": "triệu", "d": "đồng", "ng": "người"}
#: A spelling by sound must stand for a syllable that is written so often.
_HEARD = 8.0
#: A digit is a letter rather than a key if the word is so many times as frequent.
_RATHER = 16.0
#: Spelled so in names.
_NAMES = frozenset(["kông", "kà"])
#: Two letters, one of them Chinese, are a word only if it is written so often.
_BESIDE = 16.0


def letters(run: Run, reader: Reader) -> list[Piece]:
    """A word of letters alone that is not known as it stands."""
    word = run.folded
    if HAN.search(word):
        return _from_han(run, reader)
    if len(word) < 2 or not word.isascii():
        return [run.piece()]
    if TRIPLE.search(word):
        return _without_repeats(run, reader)
    if word == run.kept:
        return _typed(run) or _respelled(run) or _heard(run) or parted(run) or [run.piece()]
    return _respelled(run) or parted(run) or _typed(run) or _heard(run) or [run.piece()]


def _typed(run: Run) -> list[Piece]:
    """The keys of an input method that was switched off."""
    decoded = decode(run.kept) or (decode(run.folded) if run.kept != run.folded else None)
    if decoded:
        return [run.standing_for(decoded, KEYS)]
    if run.folded.startswith("dd") and run.folded[1:] in TEENCODE:
        return written_out(TEENCODE[run.folded[1:]], run.start, run.end)
    return []


def _from_han(run: Run, reader: Reader) -> list[Piece]:
    """Chinese characters that pose as letters, where a known word comes out; else as they are."""
    for read in latin(run.folded):
        meant = run.read(read)
        if _UNIT.match(read):
            return reader(meant)
        if FOLDED.get(read, 0.0) >= _BESIDE if len(read) < 3 else read in KNOWN:
            return [meant.piece()]
        if read in TEENCODE:
            return reader(meant)
        found = parted(meant)
        if found:
            return found
    return [run.piece()]


def _respelled(run: Run) -> list[Piece]:
    """One letter for another, or one too many: vjec, zaIo, Iuong, vlec, caoo."""
    word = run.folded
    read = word.replace("j", "i")
    if read != word and read in KNOWN and len(word) > 2:
        return [run.read(read).piece()]
    for read in (
        "l" + word[1:] if word[0] == "i" else "",
        word.replace("i", "l"),
        word.replace("l", "i"),
    ):
        if read != word and read in GLUE:  # short and rare words are rather what they look like
            return [run.read(read).piece()]
    if len(word) > 3 and word[-1] == word[-2] and word[:-1] in KNOWN and word not in ENGLISH:
        shorter = run.part(0, len(word) - 1)
        return [Piece(shorter.folded, run.start, run.end, shorter.at)]
    return []


def _heard(run: Run) -> list[Piece]:
    """A syllable written by its sound: fong, wa, jay, zui, kó."""
    if run.folded in ENGLISH or run.kept in _NAMES:
        return []
    sounds = SOUNDS if run.kept.isascii() else SOUNDS + SOUNDS_MARKED
    meant = [
        respelled(spelling + run.kept[len(sound) :])
        for sound, spelling in sounds
        if run.folded.startswith(sound)
    ]
    likely = [word for word in meant if well_formed(word)]
    best = min(likely, key=bits_of, default="")
    return [run.standing_for(best)] if best and bits_of(best) <= bits(_HEARD) else []


def _without_repeats(run: Run, reader: Reader) -> list[Piece]:
    """Each row of three and more equal letters as one, or as two where only so it is a word."""
    for length in (1, 2):
        kept: list[int] = []
        done = 0
        for row in TRIPLE.finditer(run.folded):
            kept += range(done, row.start() + length)
            done = row.end()
        kept += range(done, len(run.folded))
        shorter = run.only(kept)
        if length == 2 or _is_word(shorter.folded) or not _is_word(_doubled(run.folded)):
            break
    pieces = reader(shorter)
    last = pieces[-1] if pieces else None
    return [
        Piece(p.folded, p.start, run.end, p.chars, p.kept, p.mark) if p is last else p
        for p in pieces
    ]


def _doubled(word: str) -> str:
    return TRIPLE.sub(r"\1\1", word)


def _is_word(word: str) -> bool:
    return FOLDED.get(word, 0.0) >= 1.0 or word in TEENCODE or word in ENGLISH or word.isdigit()


def mixed(run: Run, reader: Reader) -> list[Piece]:
    """Letters and digits in one word: a figure with its unit, a disguise, or just a code."""
    word = run.folded
    if _FIGURE.match(word):
        return [run.read(word.replace("o", "0")).piece()]
    unit = _UNIT.match(word)
    if unit:
        return _with_unit(unit, run, reader)
    posing = _POSING.match(word)
    if posing:
        return reader(run.read(posing[1].translate(_POSED) + posing[2]))
    contact = _CONTACT.match(word)
    if contact:
        split = contact.end(1)
        return reader(run.part(0, split)) + reader(run.part(split, len(word)))
    if TRIPLE.search(word) and "xxx" not in word:  # a number that is not told in full
        return _without_repeats(run, reader)
    if not word.isascii():
        return _from_han(run, reader) if HAN.search(word) else [run.piece()]
    return _decoded(run) or unmasked(run) or [run.piece()]


def _decoded(run: Run) -> list[Piece]:
    if run.folded[0].isdigit():
        return []
    decoded = decode(run.kept)
    if decoded:
        posed = unmasked(run)  # mo7 is mơ in VNI, but rather một
        if len(posed) == 1 and FOLDED.get(posed[0].folded, 0.0) > _RATHER * max(
            KEPT.get(decoded, 0.0), 1.0
        ):
            return posed
        return [run.standing_for(decoded, KEYS)]
    if run.folded.startswith("d9") and "d" + run.folded[2:] in TEENCODE:
        return written_out(TEENCODE["d" + run.folded[2:]], run.start, run.end)
    return []


def _with_unit(unit: re.Match[str], run: Run, reader: Reader) -> list[Piece]:
    """25tr is 25 triệu, and 1tr5 is 1.5 triệu."""
    figure, name, rest = unit.groups()
    middle = run.part(unit.start(2), unit.end(2))
    long = _UNITS.get(name)
    second = written_out(long, middle.start, middle.end) if long else [middle.piece()]
    if rest and DOT not in figure and len(figure) < 4 and name in _THOUSANDTH:
        return _with_rest(figure, rest.rstrip("0"), _THOUSANDTH[name], second, run)
    first = [run.part(0, unit.end(1)).piece()]
    return first + second + (reader(run.part(unit.end(2), len(run.folded))) if rest else [])


def _with_rest(figure: str, rest: str, smaller: str, unit: list[Piece], run: Run) -> list[Piece]:
    """1tr5 as 1.5 triệu; 1tr699 in thousands, since 1.699 is how people write 1699."""
    if len(rest) == 3:
        whole = run.standing_for(str(int(figure + rest)))
        return [whole, *written_out(smaller, run.start, run.end)]
    return [run.standing_for(f"{figure}.{rest}" if rest else figure), *unit]
