"""Which neighbours were one syllable before somebody tore it apart: "v iệc", "tuyể n", "kh ong", "ng uoi".

A single consonant is an honest short form ("k ai", "m oi", "t o nha"), and many halves are words. So the
joined syllable must be far likelier than its halves side by side. Where one place in a text is beyond
doubt, its writer tears, and elsewhere in the text less is asked.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search.syllable_counts import FOLDED, KEPT, UNSEEN, bits
from search.syllables import FINALS, KNOWN, ONSETS, RHYMES_KEPT, TONES, well_formed, words
from search.teencode import SPOKEN, TEENCODE
from search.text_tables import fold_kept
from search.typing_leftovers import place_tone, respelled

#: Rhymes that are words by themselves, so that a consonant before them may be a word too.
_WORDS = frozenset(
    words(
        "a ưi í ờ ổ uầy á à ả ạ ạch ai ái ải am ám ảm an án ang áng anh ánh ảnh ao áo ào ảo áp ạp át ạt au áu "
        "ay áy ác ách ăn ẵm ắng ắt âm ấm ầm ẩm ân ấn ẩn âng ấp ập ất âu ấu ẩu ây ấy e éc em ém én en eo "
        "éo èo ẹo ẻo ép ẹp ét ê ế ề ể ếch êm ếm ềm i ích ịch im ím ỉm in ín inh ình ít ịt iu ỉu ìu "
        "ỉa o oa òa óa ỏa oai oái oải oan oán oản oang oanh oành oách oạch oăn oắt oặt oe óe ọe oi ói "
        "òi ỏi om óm òm ỏm ong óng òng ỏng óc ọc ót ọt óp ọp ô ốc ộc ôi ối ồi ổi ôm ốm ồm ôn ổn ồn "
        "ông ống ổng ồng ốp ộp ốt ơ ở ơi ời ới ơn ớn ờn ớt ợt u ủa ùa úa ua uẩn uất uể úc ục "
        "ui úi ùi ủi um ùm úm un ùn ủn ung úng ủng út ụt úp ụp uốn uổng uống úy uy ủy uyên uyển uỵch ư ừ "
        "ừm ưa ứa ức ực ưng ứng ửng ừng ước ượt ướt ướm ươm ướp ươn ưỡn ưu ửu y ý yêm yếm yên yến yểng "
        "yết yêu yếu yểu"
    )
)
#: Without diacritics few are sure: those that Vietnamese spells in another way at the start of a word.
_TORN_PLAIN = frozenset(words("ec iec iem ien ieng iep iet ieu uoi uyet"))
_OPEN = words("iê uyê yê uô ươ oă uâ ă â")
_VOWELS = frozenset("aăâeêioôơuưy")
_OPEN_PLAIN = frozenset(
    words(
        "bie chie chuye duye hie huye khie khuye kie luye mie ngie nghie nguye nhie quye thie thuye trie "
        "truye tuye vie xie xuye"
    )
)


def _torn() -> frozenset[str]:
    """Every kept token that cannot stand alone: a rhyme without its onset, or one without its end."""
    tails = {rhyme[at:] for rhyme in RHYMES_KEPT for at in range(len(rhyme))}
    bare = {tail for tail in tails if tail[0] in _VOWELS} | set(_OPEN)
    opens = {onset + nucleus for onset in ONSETS for nucleus in _OPEN}
    toned = {place_tone(word, tone) for word in bare | opens for tone in ("", *TONES)}
    written = {word for word in toned if not word.isascii()}
    return frozenset((written - _WORDS - {"ă", "â"}) | {"ương"} | _TORN_PLAIN | _OPEN_PLAIN)


TORN = _torn()
#: The same without diacritics: only of these the kept form has to be looked at.
TORN_FOLDED = frozenset(map(fold_kept, TORN))
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
#: Onsets of several letters stand alone no more than letters do.
HALVES = LETTERS | {onset for onset in ONSETS if onset[-1] not in "iu" and onset.isascii()}
#: So many bits the whole must be likelier: in any text; where three places ask for it; where the diacritics
#: alone say that one half cannot stand alone; and in a text whose writer tears.
_ALWAYS, _OFTEN, _MARKED, _LOOSE = 16.0, 12.5, 6.0, 3.5
_PLACES = 3
#: Consonants that nobody writes alone count so little, and halves that cannot stand alone less.
_NEVER_ALONE, _CANNOT = 0.25, 1 / 64
#: After one letter that means a person or a thing these are words: "m oi", "c a", "e o nha".
_CALLS = frozenset(words("oi a ai an em anh o ong y u ay ao"))
_PERSONS = frozenset("aebcdhkmtoujv")
_CALLED = 6.0
#: A count for letters that are written alone in chats.
_ALONE = (
    dict.fromkeys([*"aekotmc", "ng", "tr"], 64.0)
    | dict.fromkeys([*"bdhuvrjy", "th"], 24.0)
    | dict.fromkeys("nxp", 2.0)
)
_LONGEST = 7


class Half(NamedTuple):
    """A token that may be half of a syllable, as it was written: without diacritics and with them.

    `torn` says whether it is one that seldom stands alone, `own` whether its letters were written there.
    """

    plain: str
    marked: str
    torn: bool
    own: bool = True


def half_of(folded: str, kept: str, mark: str = "", *, own: bool = True) -> Half:
    """A token as a half; `mark` is what was written for a short form."""
    if mark in HALVES:
        return Half(mark, mark, torn=True)
    return Half(folded, kept, folded in HALVES or kept in TORN or folded in TORN, own or bool(mark))


class Suspicion:
    """Whether neighbours in one text, of which one may be half of a syllable, are a torn one for certain.

    What is certain without diacritics is certain with them, so that normal text stays normal in both forms.
    """

    __slots__ = ("_often",)

    def __init__(self) -> None:
        self._often = 0

    def by(self, one: str, other: str) -> bool:
        """Takes in two folded neighbours; whether that is enough."""
        gain = _gain(one, other)
        if gain <= _OFTEN:
            return False
        self._often += 1
        return gain > _ALWAYS or self._often >= _PLACES


def likely_pairs() -> set[tuple[str, str]]:
    """All folded neighbours, one of them in `HALVES`, that count for `Suspicion`."""
    parts = (
        (word[:at], word[at:])
        for word in KNOWN
        if len(word) <= _LONGEST
        for at in range(1, len(word))
    )
    return {
        (one, other)
        for one, other in parts
        if (one in HALVES or other in HALVES) and _gain.__wrapped__(one, other) > _OFTEN
    }


def is_torn(halves: Sequence[Half]) -> bool:
    """The same for a whole text, diacritics considered."""
    tell = Suspicion()
    return any(
        (one.torn or other.torn)
        and (tell.by(one.plain, other.plain) or _strictly((one, other)) > 0)
        for one, other in pairwise(halves)
    )


def rejoined(halves: Sequence[Half]) -> list[int]:
    """How many tokens each token of the result is made of: mostly one."""
    if not is_torn(halves):
        return [1] * len(halves)
    sure = _sure_of_written_out(halves)
    best, widths = [0.0] * (len(halves) + 1), [1] * (len(halves) + 1)
    for end in range(1, len(halves) + 1):
        best[end], widths[end] = best[end - 1], 1
        for width in (2, 3):
            if width <= end:
                gain = _loosely(halves[end - width : end], sure)
                if gain > 0 and best[end - width] + gain > best[end]:
                    best[end], widths[end] = best[end - width] + gain, width
    found: list[int] = []
    end = len(halves)
    while end > 0:
        found.append(widths[end])
        end -= widths[end]
    return found[::-1]


def whole_of(parts: Sequence[Half]) -> str:
    """The kept form of the syllable that those halves are."""
    whole = respelled("".join(part.marked for part in parts))
    return SPOKEN.get(whole, whole)


def _strictly(pair: tuple[Half, Half]) -> float:
    """By how many bits two halves are one syllable beyond doubt, since one cannot stand alone."""
    one, other = pair
    gain = -1.0
    if one.marked in TORN or other.marked in TORN:
        gain = _gain_marked(one.marked, other.marked) - _MARKED
    if one.plain in TORN or other.plain in TORN:
        gain = max(gain, _gain(one.plain, other.plain) - _MARKED)
    return gain


def _sure_of_written_out(halves: Sequence[Half]) -> float:
    """What is asked for where a half is a word of a short form that was written out, "mth" before "n".

    Nobody tore that word, so the two must be certain by themselves, as they are in the normal text.
    """
    pairs = [pair for pair in pairwise(halves) if not (pair[0].own and pair[1].own)]
    often = sum(
        _gain(one.plain, other.plain) > _OFTEN for one, other in pairs if one.torn or other.torn
    )
    return _OFTEN if often >= _PLACES else _ALWAYS


def _loosely(parts: Sequence[Half], sure: float) -> float:
    """At least what is certain or often asked for in the folded form, whatever the diacritics say."""
    if not all(part.own for part in parts):
        if len(parts) > 2 or not (parts[0].torn or parts[1].torn):
            return -1.0
        return max(_strictly((parts[0], parts[1])), _gain(parts[0].plain, parts[1].plain) - sure)
    if len(parts) > 2:
        if not (parts[0].torn or parts[1].torn):
            return -1.0
        first = whole_of(parts[:2])
        if first not in HALVES and first not in TORN:
            return -1.0
        joined = _gain_marked(first, parts[2].marked)
        if joined < 0:
            return -1.0  # three that are no syllable together: "t r c"
        return joined + bits(_CANNOT) - _alone(first) - 2 * _LOOSE
    one, other = parts
    gain = max(_gain_marked(one.marked, other.marked) - _LOOSE, _strictly((one, other)))
    if one.plain in HALVES or other.plain in HALVES:
        gain = max(gain, _gain(one.plain, other.plain) - _OFTEN)
    return gain


@lru_cache(maxsize=1 << 15)
def _gain(one: str, other: str) -> float:
    """How many bits likelier two folded tokens are one syllable; below 0 where they cannot be."""
    whole = one + other
    if len(whole) > _LONGEST or whole not in KNOWN or whole in TEENCODE:
        return -1.0
    called = _CALLED if one in _PERSONS and other in _CALLS else 0.0
    return _alone(one) + _alone(other) - bits(FOLDED.get(whole, UNSEEN)) - called


@lru_cache(maxsize=1 << 15)
def _gain_marked(one: str, other: str) -> float:
    """The same with diacritics."""
    if one.isascii() and other.isascii():
        return _gain(one, other)
    whole = place_tone(one + other)
    if one in TORN and other not in FINALS:
        return -1.0
    if not well_formed(whole) or fold_kept(whole) not in KNOWN:
        return -1.0
    called = _CALLED if one in _PERSONS and fold_kept(other) in _CALLS else 0.0
    return _alone(one) + _alone(other) - bits(KEPT.get(whole, UNSEEN)) - called


@lru_cache(maxsize=1 << 14)
def _alone(token: str) -> float:
    """The information in a token that stands alone."""
    if token in TORN:
        return bits(_CANNOT)
    if token in HALVES:
        return bits(_ALONE.get(token, _NEVER_ALONE))
    counts = FOLDED if token.isascii() else KEPT
    return bits(counts.get(token, UNSEEN))
