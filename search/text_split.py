"""Syllables that were torn apart to hide them: "v i ệ c", "v iệc n hẹ", "tuyể n d ụng".

A single consonant is an honest short form ("k ai", "c ơi", "t ở nhà"), so two tokens are joined only
where one of them cannot stand alone and together they are a syllable; beside such a place the writer is
known to tear, and there a consonant is joined to whole syllables too ("l ương c ao").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from search.syllables import FINALS, KNOWN, ONSETS, RHYMES_KEPT, TONES, cut, well_formed, words
from search.text_pieces import Piece
from search.text_tables import fold_kept
from search.typing_leftovers import place_tone

#: Rhymes that are words by themselves, so that a consonant before them may be a word too.
_WORDS = frozenset(
    words(
        "a á à ả ạ ạch ai ái ải am ám ảm an án ang áng anh ánh ảnh ao áo ào ảo áp ạp át ạt au áu ay áy "
        "ác ách ăn ẵm ắng ắt âm ấm ầm ẩm ân ấn ẩn âng ấp ập ất âu ấu ẩu ây ấy e é è ẻ éc em ém en én eo "
        "éo èo ẹo ẻo ép ẹp ét ê ế ề ể ếch êm ếm ềm ì í ị ỉ i ích ịch im ím ỉm in ín inh ình ít ịt iu ỉu ìu "
        "ỉa ò ó o oa òa óa ỏa oai oái oải oan oán oản oang oanh oành oách oạch oăn oắt oặt oe óe ọe oi ói "
        "òi ỏi om óm òm ỏm ong óng òng ỏng óc ọc ót ọt óp ọp ô ố ồ ổ ộ ốc ộc ôi ối ồi ổi ôm ốm ồm ôn ổn ồn "
        "ông ống ổng ồng ốp ộp ốt ơ ờ ớ ở ợ ơi ời ới ơn ớn ờn ớt ợt u ú ù ủ ụ ủa ùa úa ua uẩn uất uể úc ục "
        "ui úi ùi ủi um ùm úm un ùn ủn ung úng ủng út ụt úp ụp uốn uổng uống úy uy ủy uyên uyển uỵch ư ừ ứ "
        "ừm ưa ứa ức ực ưng ứng ửng ừng ước ượt ướt ướm ươm ướp ươn ưỡn ưu ửu y ý ỷ ỳ yêm yếm yên yến yểng "
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
#: Never the second half of a syllable, even beside one that was torn.
_CALLS = frozenset(words("ơi ạ à ơ ở ai ấy ăn em anh ở ông ý á oi ừ"))


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
_RUN = re.compile(r" [a-z] [a-z] [a-z] ")
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
#: A longer row of letters is cut there, which bounds the time.
_LONGEST_RUN = 400
_ROUNDS = 40


def is_torn(folded: str, kept: Iterable[str]) -> bool:
    """Whether tokens may have to be joined; `folded` has a space before and after. Rarely true."""
    return not TORN.isdisjoint(kept) or _RUN.search(folded) is not None


def joined(pieces: Sequence[Piece], text: str) -> Sequence[Piece]:
    """The tokens of `text` with what was torn apart joined again, until nothing changes."""
    for _ in range(_ROUNDS):
        before = len(pieces)
        pieces = _syllables(list(_runs(pieces)), text)
        if len(pieces) == before:
            break
    return pieces


def _syllables(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """Joins where one half cannot stand alone, then the weaker pairs that touch such a place."""
    done: list[Piece] = []
    sure: list[bool] = []
    for piece in pieces:
        current, mended = piece, False
        while done and (pair := _mended(done[-1], current, text)) is not None:
            current, mended = pair, True
            done.pop()
            sure.pop()
        done.append(current)
        sure.append(mended)
    return _beside(done, sure, text) if any(sure) else done


def _mended(left: Piece, right: Piece, text: str) -> Piece | None:
    if left.kept not in TORN and right.kept not in TORN:
        return None
    begin, end = _typed(left, text), _typed(right, text)
    if left.kept in TORN and end not in FINALS:
        return None
    whole = _toned(begin + end)
    if not (well_formed(whole) or whole in TORN) or whole in {begin, end}:
        return None
    return _one(left, right, whole)


def _beside(pieces: list[Piece], sure: list[bool], text: str) -> list[Piece]:
    """A consonant and what follows it, next to a syllable that was torn: to its right, to its left."""
    done: list[Piece] = []
    mended: list[bool] = []
    at = 0
    while at < len(pieces):
        one, torn, width = pieces[at], sure[at], 1
        if mended and mended[-1] and not torn and at + 1 < len(pieces) and not sure[at + 1]:
            pair = _weak(one, pieces[at + 1], text)
            one, torn, width = (pair, True, 2) if pair else (one, False, 1)
        done.append(one)
        mended.append(torn)
        at += width
    back: list[Piece] = []
    near = False
    at = len(done) - 1
    while at >= 0:
        one, torn, width = done[at], mended[at], 1
        if near and not torn and at and not mended[at - 1]:
            pair = _weak(done[at - 1], one, text)
            one, torn, width = (pair, True, 2) if pair else (one, False, 1)
        back.append(one)
        near = torn
        at -= width
    return back[::-1]


def _weak(left: Piece, right: Piece, text: str) -> Piece | None:
    begin = _typed(left, text)
    if begin not in ONSETS or right.kept in _CALLS or not right.chars:
        return None
    whole = _toned(begin + right.kept)
    return _one(left, right, whole) if well_formed(whole) else None


def _typed(piece: Piece, text: str) -> str:
    """What the author wrote, where a short form was written out: "ng" of "ng ười" is no người."""
    if piece.chars or text[max(0, piece.start - 1) : piece.start].isalnum():  # the unit of a figure
        return piece.kept
    raw = text[piece.start : piece.end].lower()
    return raw if raw in ONSETS or raw in FINALS else piece.kept


def _one(left: Piece, right: Piece, kept: str) -> Piece:
    folded = fold_kept(kept)
    return Piece(folded, left.start, right.end, tuple(range(len(folded))), kept)


def _toned(word: str) -> str:
    return place_tone(unicodedata.normalize("NFC", word))


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
    kept = _toned("".join(piece.kept for piece in run))
    folded = "".join(piece.folded for piece in run)
    return Piece(folded, run[0].start, run[-1].end, tuple(range(len(folded))), kept)
