"""Which strings of plain letters can be Vietnamese syllables, and the words a lure is glued from.

The normaliser needs this to tell a disguise ("v1ec", "t.i.e.n", "vieclamluongcao") from a word it
should leave alone ("covid19", "U.S.A", "online").
"""

from functools import lru_cache


def words(text: str) -> list[str]:
    """A word list written as running text, so that it stays readable."""
    return text.split()


_ONSETS = words("b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = words(
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng enh ech eo ep et eu i ia ich iec iem "
    "ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay "
    "oc oe oen oeo oet oi om on ong oong op ot u ua uan uat uay uang uc ue uech uenh ui um un ung "
    "uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu y yem yen yet "
    "yeu ym yn yt"
)

_BEFORE_FRONT = {"k": True, "gh": True, "ngh": True, "c": False, "ng": False, "g": False}


def _fits(onset: str, rhyme: str) -> bool:
    """Spelling decides between c and k, g and gh, ng and ngh by the vowel that follows."""
    wanted = _BEFORE_FRONT.get(onset)
    if onset == "g" and rhyme == "i":
        return True
    return wanted is None or wanted == (rhyme[0] in "eiy")


#: Plain syllables: every onset with every rhyme that may follow it, and the rhymes alone.
SYLLABLES = frozenset(
    onset + rhyme for onset in ["", *_ONSETS] for rhyme in _RHYMES if _fits(onset, rhyme)
)

#: Words that are no Vietnamese syllables but are written in lures; they are known, so never bent.
FOREIGN = frozenset(
    words(
        "zalo telegram facebook messenger inbox viber whatsapp wechat tiktok youtube casino bavet "
        "campuchia cambodia sihanouk sihanoukville myanmar myawaddy macau dubai philippin philippines "
        "malaysia singapore online offline game visa passport hotline shopee lazada tiki amazon freelancer "
        "karaoke massage spa bar pub nail livestream sales sale marketing combo deal fanpage group web "
        "website app link bitcoin usdt usd crypto forex btc eth momo vnd job jobs team boss sex part time "
        "full fulltime parttime like follow share review video email gmail"
    )
)

#: What glued words and hashtags are cut into; short and common on purpose.
GLUE = frozenset(
    words(
        "viec lam nhe luong cao thu nhap tuyen dung nguoi khong can kinh nghiem bao an o lien he gap di "
        "sang qua ben cam campuchia thai lan lao trung quoc dai loan han nhat uc my duc ba lan canada xuat "
        "khau lao dong nuoc ngoai cong ty nha may van phong online cho vay tien nhanh uy tin zalo inbox "
        "nhan vien ho tro chi phi visa passport ngay thang trieu tai nha them kiem nam nu phuc vu quan "
        "karaoke casino game ca do bong ban than mua gan ghep hien tang mang thai ho de thue tinh trung "
        "trung cho con nuoi nhan me be lay chong co dau ket hon moi gioi bien gioi ho chieu mien tay sai "
        "gon ha noi giup viec gia dinh cong tac vien chot don hang don nhiem vu hoa hong mien bac nam "
        "khung doi chuoc no tra"
    )
)

KNOWN = SYLLABLES | FOREIGN


@lru_cache(maxsize=65536)
def cut(word: str, *, lexicon: frozenset[str], shortest: int = 2) -> tuple[str, ...]:
    """Cuts `word` into the fewest members of `lexicon` of at least `shortest` letters; () if it cannot.

    >>> cut("viecnheluongcao", lexicon=GLUE)
    ('viec', 'nhe', 'luong', 'cao')
    """
    lengths = range(shortest, 14)
    if not (
        any(word[:n] in lexicon for n in lengths) and any(word[-n:] in lexicon for n in lengths)
    ):
        return ()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 13), end - shortest + 1):
            before, piece = best[start], word[start:end]
            if before is None or piece not in lexicon:
                continue
            known = best[end]
            if known is None or len(before) + 1 < len(known):
                best[end] = (*before, piece)
    return best[-1] or ()
