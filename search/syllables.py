"""Which strings of plain letters can be Vietnamese syllables, and the words a lure is glued from.

The normaliser needs this to tell a disguise ("v1ec", "t.i.e.n", "vieclamluongcao") from a word it
should leave alone ("covid19", "U.S.A", "online").
"""

import unicodedata
from functools import lru_cache


def words(text: str) -> list[str]:
    """A word list written as running text, so that it stays readable."""
    return text.split()


_ONSETS = words("b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")
_RHYMES = words(
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng enh ech eo ep et eu i ia ich iec iem "
    "ien ieng iep iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay "
    "oc oe oen oeo oet oi om on ong op ot u ua uan uat uay uang uc ue uech uenh ui um un ung "
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


#: Words with a rhyme so rare that elsewhere it is rather typed for ông: khoong.
_RARE = frozenset(words("xoong boong goong thoong"))
#: Plain syllables: every onset with every rhyme that may follow it, and the rhymes alone.
SYLLABLES = _RARE | {
    onset + rhyme for onset in ["", *_ONSETS] for rhyme in _RHYMES if _fits(onset, rhyme)
}

ONSETS = frozenset(_ONSETS) | {"đ", "q"}
FINALS = frozenset(words("c ch m n ng nh p t i o u y"))
#: Tone marks: huyền, sắc, ngã, hỏi, nặng.
TONES = "\u0300\u0301\u0303\u0309\u0323"
#: Every rhyme with the shapes of its letters and without a tone.
RHYMES_KEPT = frozenset(
    words(
        "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
        "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên "
        "iêng iêp iêt iêu o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat "
        "oay oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui "
        "um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uynh "
        "uyt uyu uyên uyêt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêt yêu"
    )
)

#: After these the rhyme lacks a letter that they hold.
_AFTER = {
    "qu": frozenset(words("yt ynh in inh it êch ên êt")),
    "gi": frozenset(words("êng êt êc ên êm i")),
}


@lru_cache(maxsize=1 << 14)
def well_formed(syllable: str) -> bool:
    """Whether a kept syllable could be written in Vietnamese: its onset, its rhyme, at most one tone.

    >>> well_formed("việc"), well_formed("vệc"), well_formed("caô")
    (True, False, False)
    """
    if syllable.isascii():
        return syllable in SYLLABLES
    letters = unicodedata.normalize("NFD", syllable)
    if sum(letter in TONES for letter in letters) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in letters if c not in TONES))
    return bare in _RARE or any(
        (not onset or onset in ONSETS)
        and (onset != "q" or rhyme[0] == "u")
        and (rhyme in RHYMES_KEPT or rhyme in _AFTER.get(onset, ()))
        and _fits(onset, rhyme.replace("ê", "e"))
        for onset, rhyme in ((bare[:at], bare[at:]) for at in range(min(4, len(bare))))
    )


#: Words that are no Vietnamese syllables but are written in lures; they are known, so never bent.
FOREIGN = frozenset(
    words(
        "zalo telegram facebook messenger inbox viber whatsapp wechat tiktok youtube casino bavet "
        "campuchia cambodia sihanouk sihanoukville myanmar myawaddy macau dubai philippin philippines "
        "malaysia singapore online offline game visa passport hotline shopee lazada tiki amazon freelancer "
        "karaoke massage spa bar pub nail livestream sales sale marketing combo deal fanpage group web "
        "website app link bitcoin usdt usd crypto forex btc eth momo vnd job jobs team boss sex part time "
        "full fulltime parttime like follow share review video email gmail camera london manhattan banana "
        "toilet combat medal panama havana catalog kitchen android iphone samsung"
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
        "khung doi chuoc no tra phnom penh chrey bavet sihanoukville poipet "
    )
)

#: Syllables that stand in many posts besides: a whole word of letters is cut into these too, so that
#: "khongcangiayto" is read; parts that only stand side by side are not, or two words would become others.
OFTEN = GLUE | frozenset(
    words(
        "ai am anh ao ap ay bai bam bang banh bat bau bay benh bep bi bia biet binh bo boc boi bon "
        "bot bu bua bung buoc buoi cac cach cai cang canh cap cat cau cay cha chac chai cham chan "
        "chao chat chau chay che chet chia chinh chiu choi chon chu chua chuan chuc chui chung chuong "
        "chup chuyen coc coi cu cua cuc cung cuoc cuoi cuu da dam dan dang danh dao dap dat day dem "
        "den dep deu dia dich diem dien dieu doan doanh doc dot du dua dum duoc duoi duong dut duyet "
        "em ep ga gai ghe ghi gi giac giai giam gian giang giao giat giau giay gio giu gium go goc "
        "goi gom gop gui hai hanh hat hau hay hen het hiem hieu hinh hoac hoai hoan hoang hoat hoc "
        "hoi hom hop hua hue hung huong hut huyen huynh ke kem kenh keo keu khac khach khai kham khi "
        "kho khoa khoan khoc khoe khoi khu khuyen kia kich kien kin la lac lai lang lanh lau le len "
        "lenh lich lieu linh lo loc loi lon long lop lua luan luat luc luon luot luu ly ma mac mai "
        "mam manh mao mat mau mi minh mo moc mon mong mot muc mung muoi muon nan nang nao nap nau nay "
        "ne nen neu nga ngan nghe nghen ngheo nghi nghiep nghin ngo ngoi ngon ngu nguon nguyen nhac "
        "nhau nhi nhieu nhin nho nhom nhot nhu nhung nhuong nien ninh noan nong nop not nua oi ong "
        "penh pha phai pham phan phap phat phe phep phien phim pho phoi phu phuong phut quang quay "
        "que quen quy quyen quyet ra rang ranh rao ray re rep rieng ro roi rot ru rua rung ruoc ruoi "
        "ruot rut sach san sao sap sat sau se sep si sieu sim sinh so soan soc som son song su sua "
        "suat suc ta tam tan tao tap tat tau te ten tet tha tham thanh thao that thay theo thi thich "
        "thiet thieu tho thoai thoi thong thuan thuat thuc thung thuoc thuong thuyen tich tiem tieng "
        "tiep tieu tim tip to toa toan toc toi tong tot trai tram tran trang trao tre tren tri trinh "
        "tron trong tru trua truc truoc truong truyen tu tuan tuc tui tung tuoi tuong tuy ung uong ut "
        "uu va vai vang vao ve vet vi viet vinh vip vo voi von vong vua vui vung vuot xa xac xang "
        "xanh xau xay xe xem xep xet xi xin xinh xoa xom xong xu xuong yen yeu"
    )
)

KNOWN = SYLLABLES | FOREIGN
#: Letters of the longest member of any lexicon that words are cut into.
_LONGEST = 13


@lru_cache(maxsize=1 << 15)
def cut(word: str, *, lexicon: frozenset[str], shortest: int = 2) -> tuple[str, ...]:
    """Cuts `word` into the fewest members of `lexicon` of at least `shortest` letters; () if it cannot.

    >>> cut("viecnheluongcao", lexicon=GLUE)
    ('viec', 'nhe', 'luong', 'cao')
    """
    lengths = range(shortest, _LONGEST + 1)
    if not (
        any(word[:n] in lexicon for n in lengths) and any(word[-n:] in lexicon for n in lengths)
    ):
        return ()
    starts = _starts(word, lexicon, shortest)
    found: list[str] = []
    end = len(word)
    while end > 0:
        start = starts[end]
        if start < 0:
            return ()
        found.append(word[start:end])
        end = start
    return tuple(reversed(found))


def _starts(word: str, lexicon: frozenset[str], shortest: int) -> list[int]:
    """For each end the start of the last member, in the cut with the fewest; -1 where there is none."""
    most = len(word) + 1
    fewest, starts = [0] + [most] * len(word), [-1] * (len(word) + 1)
    for end in range(shortest, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end - shortest + 1):
            if fewest[start] + 1 < fewest[end] and word[start:end] in lexicon:
                fewest[end], starts[end] = fewest[start] + 1, start
    return starts
