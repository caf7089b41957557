"""Cuts what was written without blanks, "việcnhẹ", "luongcao", into the likeliest row of syllables.

Diacritics tell most: a syllable has one tone, and few rows of letters with diacritics can be cut in two
ways. Without them a row must be so likely that it can hardly be a foreign word or a name.
"""

from collections.abc import Callable
from functools import lru_cache

from search.syllable_counts import FOLDED, KEPT, UNSEEN, bits
from search.syllables import FOREIGN, GLUE, SYLLABLES, well_formed, words
from search.syllables import cut as cut_into
from search.text_pieces import Piece, Run
from search.typing_leftovers import ENGLISH, respelled

_SHORTEST, _LONGEST = 4, 60
#: From so many letters on a row of words that lures are made of is taken in any case.
_SURE = 6
#: Letters of the longest part.
_PART = 13
_IMPOSSIBLE = 1e9
#: What each letter of a foreign word costs; each part of a row costs so much more than itself.
_LETTER, _BOUNDARY = 3.8, 1.0
#: The same where letters stand apart, which hardly anybody does with foreign words.
_SPELLED_LETTER = 6.0
#: With diacritics a part may be that rare, on average.
_RAREST = 15.0
#: Counts for words that are no syllables, at least.
_FOREIGN_COUNT = 8.0
#: Without diacritics no part is rarer, and what is no syllable is not shorter.
_FEWEST, _FOREIGN_LENGTH = 2.0, 4
#: Short forms that are glued to words.
_SHORT = frozenset(words("ko ib zl cty ctv sdt lh cccd xkld"))


def parted(run: Run, *, spelled: bool = False) -> list[Piece]:
    """The syllables in a run of letters; [] where it is no row of them.

    `spelled`: the letters stood apart, so that it is a disguise in any case.
    """
    if not _SHORTEST <= len(run.folded) <= _LONGEST or not run.folded.isascii():
        return []
    lengths = cut(run.kept, spelled=spelled)
    return run.pieces(lengths) if lengths else []


@lru_cache(maxsize=1 << 15)
def cut(kept: str, *, spelled: bool = False) -> tuple[int, ...]:
    """The lengths of the syllables in a word; () where it is none or one.

    >>> cut("việcnhẹlươngcao"), cut("viecnheluongcao"), cut("manager")
    ((4, 3, 5, 3), (4, 3, 5, 3), ())
    """
    plain = kept.isascii()
    if plain:
        sure = cut_into(kept, lexicon=GLUE) if len(kept) >= _SURE else ()
        if sure or kept in ENGLISH or kept in FOLDED:
            return tuple(map(len, sure))
    cost, lengths = likeliest(kept)
    if len(lengths) < 2 or cost >= _IMPOSSIBLE:
        return ()
    letter = _SPELLED_LETTER if spelled else _LETTER
    most = letter * len(kept) if plain else (_RAREST + _BOUNDARY) * len(lengths)
    return lengths if cost < most else ()


def likeliest(kept: str) -> tuple[float, tuple[int, ...]]:
    """The row of parts that costs least, and what it costs in bits."""
    part = _PLAIN.get if kept.isascii() else _marked
    size = len(kept)
    if not _begins_and_ends(kept, part):
        return _IMPOSSIBLE, ()
    costs = [0.0] + [_IMPOSSIBLE] * size
    froms = [0] * (size + 1)
    for start in range(size - 1):
        before = costs[start]
        if before < _IMPOSSIBLE:
            for end in range(start + 2, min(size, start + _PART) + 1):
                cost = part(kept[start:end])
                if cost is not None and before + cost < costs[end]:
                    costs[end], froms[end] = before + cost, start
    lengths: list[int] = []
    end = size
    while end > 0 and costs[end] < _IMPOSSIBLE:
        lengths.append(end - froms[end])
        end = froms[end]
    return costs[-1], tuple(reversed(lengths))


def _begins_and_ends(kept: str, part: Callable[[str], float | None]) -> bool:
    """Most words that are no row of parts are turned away by their first or last letters."""
    sizes = range(2, min(len(kept), _PART) + 1)
    return any(part(kept[:size]) is not None for size in sizes) and any(
        part(kept[-size:]) is not None for size in sizes
    )


def _plain() -> dict[str, float]:
    """What a part costs in a word that has no diacritics; those that are too rare are left out."""
    costs = {
        part: bits(count)
        for part, count in FOLDED.items()
        if len(part) > 1
        and (count >= _FEWEST if part in SYLLABLES else len(part) >= _FOREIGN_LENGTH)
    }
    for part in FOREIGN | _SHORT:
        costs[part] = bits(max(FOLDED.get(part, 0.0), _FOREIGN_COUNT))
    return {part: cost + _BOUNDARY for part, cost in costs.items()}


_PLAIN = _plain()


@lru_cache(maxsize=1 << 16)
def _marked(part: str) -> float | None:
    """What a part costs in a word with diacritics; None where it is none."""
    if part.isascii():
        if part in SYLLABLES:
            return bits(FOLDED.get(part, UNSEEN)) + _BOUNDARY
        return _PLAIN.get(part)
    spelled = respelled(part)
    return bits(KEPT.get(spelled, UNSEEN)) + _BOUNDARY if well_formed(spelled) else None
