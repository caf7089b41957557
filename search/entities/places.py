"""Places in a normalised text; a short name that is also a word counts only where it is a place."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.entities.gazetteer import Spelling, spellings
from search.entities.model import Entity, EntityKind
from search.syllables import words
from search.text import Spans

#: Behind these a short name is a place; with and without diacritics, as people write them.
_TOWARDS = frozenset(
    words(
        "đi di sang qua bên ben ở o tại tai từ tu về ve nước nuoc tới toi đến den tỉnh tinh tp vào vao "
        "vùng vung bay xklđ xkld visa vượt vuot nhập nhap đất dat kv"
    )
)
_PHRASES = frozenset(
    words(
        "khu_vực khu_vuc biên_giới bien_gioi cửa_khẩu cua_khau thị_trường thi_truong đơn_hàng don_hang "
        "lao_động lao_dong xuất_khẩu xuat_khau du_học du_hoc thành_phố thanh_pho chi_nhánh chi_nhanh "
        "địa_điểm dia_diem địa_chỉ dia_chi làm_việc lam_viec quê_quán que_quan casino_ở"
    )
)
_GATE = frozenset({"cửa_khẩu", "cua_khau"})
#: May stand between a word of direction and the place: "đi làm Nhật", "qua bên Cam".
_FILLERS = frozenset(
    words("làm lam lđ việc viec hẳn han xkld xklđ bên ben nước nuoc tỉnh tinh tp kv")
)
_BETWEEN = frozenset({"", ",", "/", "-", "–", "+", "&", "(", ";", ">", "->"})
_CUTS = frozenset(",;:!?|/()\n")
_STREETS = frozenset(words("phường phuong p đường duong xã xa phố pho đ"))
_AND = frozenset(words("và va hoặc hoac hay"))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its tokens in both forms."""

    raw: str
    spans: Spans
    kept: list[str]
    folded: list[str]

    def before(self, at: int) -> str:
        return self.kept[at - 1] if at else ""

    def pair_before(self, at: int) -> str:
        return f"{self.kept[at - 2]}_{self.kept[at - 1]}" if at > 1 else ""

    def word(self, at: int) -> str:
        """A token as it was written; "" where there is none."""
        if at >= len(self.kept):
            return ""
        return self.raw[self.spans.starts[at] : self.spans.ends[at]]

    def gap(self, at: int) -> str:
        """What stands in front of a token, behind the one before it."""
        if not 0 < at < len(self.kept):
            return ""
        return self.raw[self.spans.ends[at - 1] : self.spans.starts[at]]


def places_in(text: str, spans: Spans) -> Iterator[Entity]:
    """Places by their codes, the longest name at each token; names in a list share what is around it."""
    tokens = _Text(text, spans, spans.normal.kept.split(), spans.normal.folded.split())
    known = spellings()
    at, listed = 0, -1
    while at < len(tokens.folded):
        some = known.get(tokens.folded[at])
        end, code = _match(tokens, some, at, listed) if some else (at, "")
        if not code:
            at += 1
            continue
        first, past = spans.starts[at], spans.ends[end - 1]
        yield Entity(EntityKind.PLACE, code, text[first:past], first, past)
        at = listed = end


def _match(tokens: _Text, some: tuple[Spelling, ...], at: int, listed: int) -> tuple[int, str]:
    """Where the place that begins at token `at` ends, and its code; `at` and "" where there is none."""
    for spelling in some:
        end = at + len(spelling.kept)
        when = _agreement(spelling, tokens, at, end)
        if when and _fits(when, spelling, tokens, at, end, listed):
            return end, spelling.code
    return at, ""


def _agreement(spelling: Spelling, tokens: _Text, at: int, end: int) -> str:
    """How closely the words around are to be looked at; "" where the tokens say something else.

    A token with diacritics must have those of the name; one without may stand for it.
    """
    if tuple(tokens.folded[at:end]) != spelling.folded:
        return ""
    exact = True
    for token, wanted, plain in zip(
        tokens.kept[at:end], spelling.kept, spelling.folded, strict=True
    ):
        if token != wanted:
            if token != plain:
                return ""
            exact = False
    return spelling.when if exact else spelling.plain


def _fits(when: str, spelling: Spelling, tokens: _Text, at: int, end: int, listed: int) -> bool:
    if when == "gate":
        return tokens.pair_before(at) in _GATE
    if _is_cut(tokens, at, end) or _is_street(tokens, at):
        return False
    if end < len(tokens.kept) and tokens.kept[end] in spelling.never and _adjoins(tokens, end):
        return False
    if when == "names":
        return True
    if len(spelling.kept) == 1 and _begins_a_name(tokens, at, end):
        return False
    return _is_towards(tokens, at) or _is_listed(tokens, at, listed) or _is_title(tokens, at, end)


def _is_cut(tokens: _Text, at: int, end: int) -> bool:
    """Whether a comma or the end of a line stands within: "Nguyễn Trung, Quốc Cường"."""
    return any(_CUTS & set(tokens.gap(one)) for one in range(at + 1, end))


def _is_street(tokens: _Text, at: int) -> bool:
    """Whether it is the rest of a street's or ward's name: "phường Hiệp Bình Phước"."""
    return at > 1 and tokens.kept[at - 2] in _STREETS and _adjoins(tokens, at)


def _adjoins(tokens: _Text, at: int) -> bool:
    """Whether only a space stands in front of a token."""
    return not tokens.gap(at).strip()


def _is_towards(tokens: _Text, at: int) -> bool:
    """Whether words of direction stand right in front: "sang", "đi làm", "khu vực"."""
    for _ in range(3):
        if not at or not _adjoins(tokens, at):
            return bool(at) and tokens.gap(at).strip() == ":" and tokens.before(at) in _TOWARDS
        if tokens.before(at) in _TOWARDS or tokens.pair_before(at) in _PHRASES:
            return True
        if tokens.before(at) not in _FILLERS:
            return False
        at -= 1
    return False


def _is_listed(tokens: _Text, at: int, listed: int) -> bool:
    """Whether another place stands right in front: "Nhật, Hàn, Đài"."""
    if listed == at:
        return tokens.gap(at).strip() in _BETWEEN
    return listed == at - 1 and tokens.before(at) in _AND


def _is_title(tokens: _Text, at: int, end: int) -> bool:
    """Whether a name of several syllables is written with capitals in a text that is not all capitals."""
    if end - at < 2 or tokens.raw.isupper():
        return False
    said = [tokens.word(one) for one in range(at, end)]
    beside = tokens.word(end) if _adjoins(tokens, end) else ""
    return all(word[:1].isupper() and not word[1:].isupper() for word in said) and not (
        beside[:1].isupper() or (at and tokens.word(at - 1)[:1].isupper() and _adjoins(tokens, at))
    )


def _begins_a_name(tokens: _Text, at: int, end: int) -> bool:
    """Whether a short name with a capital goes on with another: "Mỹ Đình" is no country."""
    following = tokens.word(end)
    if not following or not _adjoins(tokens, end) or not following[:1].isalpha():
        return False
    return tokens.word(at)[:1].isupper() and following[:1].isupper() and not following.isupper()
