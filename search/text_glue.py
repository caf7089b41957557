"""Cuts what was written without blanks, "việcnhẹ", "luongcao", into the likeliest row of syllables.

Diacritics tell most: a syllable has one tone, and few rows of letters with diacritics can be cut in two
ways. Without them a row must be so likely that it can hardly be a foreign word or a name.
"""

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
#: Without diacritics no part is rarer.
_FEWEST = 2.0
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
    plain = kept.isascii()
    costs = [0.0] + [_IMPOSSIBLE] * len(kept)
    froms = [0] * (len(kept) + 1)
    for end in range(1, len(kept) + 1):
        for start in range(max(0, end - _PART), end):
            if costs[start] < _IMPOSSIBLE:
                cost = costs[start] + _part(kept[start:end], plain=plain) + _BOUNDARY
                if cost < costs[end]:
                    costs[end], froms[end] = cost, start
    lengths: list[int] = []
    end = len(kept)
    while end > 0 and costs[end] < _IMPOSSIBLE:
        lengths.append(end - froms[end])
        end = froms[end]
    return costs[-1], tuple(reversed(lengths))


@lru_cache(maxsize=1 << 16)
def _part(part: str, *, plain: bool) -> float:
    """What one part costs; `plain`: the whole word has no diacritics."""
    if not part.isascii():
        spelled = respelled(part)
        return bits(KEPT.get(spelled, UNSEEN)) if well_formed(spelled) else _IMPOSSIBLE
    if len(part) == 1:
        return _IMPOSSIBLE
    count = FOLDED.get(part, 0.0)
    if part in FOREIGN or part in _SHORT:
        return bits(max(count, _FOREIGN_COUNT))
    if part not in SYLLABLES and (len(part) < 4 or not count):
        return _IMPOSSIBLE
    if plain and count < _FEWEST:
        return _IMPOSSIBLE
    return bits(count or UNSEEN)
