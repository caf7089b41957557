"""How the same text comes from other keyboards and other hands: tones, key sequences, short forms."""

import re
import unicodedata
from random import Random

from search.evaluation.disguise.words import WORD, each_word, parts, some_words

_TONE_KEYS = {
    "telex": dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True)),
    "vni": dict(zip("\u0301\u0300\u0309\u0303\u0323", "12345", strict=True)),
}
_TONES = "".join(_TONE_KEYS["vni"])
_HAT, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_SHAPE_KEYS = {
    "telex": {"aˆ": "aa", "eˆ": "ee", "oˆ": "oo", "a˘": "aw", "o'": "ow", "u'": "uw"},
    "vni": {"aˆ": "a6", "eˆ": "e6", "oˆ": "o6", "a˘": "a8", "o'": "o7", "u'": "u7"},
}
_SIGNS = {_HAT: "ˆ", _BREVE: "˘", _HORN: "'"}
_UMLAUTS = str.maketrans("aăâeêoôơuưAĂÂEÊOÔƠUƯ", "äääëëöööüüÄÄÄËËÖÖÖÜÜ")
#: The short forms for whole words, as many write them.
_SHORT = {
    "không": "ko k hok hong khum",
    "khong": "ko k hok",
    "được": "đc dc đk",
    "duoc": "dc đc",
    "người": "ng ngừi",
    "nguoi": "ng",
    "mọi người": "mn mng",
    "moi nguoi": "mn",
    "liên hệ": "lh",
    "lien he": "lh",
    "nhắn tin": "nt ib",
    "số điện thoại": "sđt sdt",
    "so dien thoai": "sdt",
    "công việc": "cv",
    "nhân viên": "nv",
    "nhan vien": "nv",
    "triệu": "tr",
    "trieu": "tr",
    "nghìn": "k",
    "ngàn": "k",
    "tháng": "th",
    "thang": "th",
    "với": "vs",
    "voi": "vs",
    "gì": "j",
    "gi": "j",
    "rồi": "r",
    "roi": "r",
    "vậy": "v",
    "mình": "mk mik mìn",
    "minh": "mk",
    "bạn": "b bn",
    "ban": "b bn",
    "biết": "bít bik",
    "cũng": "cx cg",
    "bây giờ": "h bi h",
    "luôn": "lun",
    "trước": "trc",
    "truoc": "trc",
    "anh chị em": "ace",
    "anh em": "ae",
    "gia đình": "gđ",
    "zalo": "zl",
    "telegram": "tele",
    "facebook": "fb",
    "công ty": "cty",
    "cong ty": "cty",
    "cộng tác viên": "ctv",
    "kinh nghiệm": "kn",
    "kinh nghiem": "kn",
    "nước ngoài": "nc ngoài",
    "nhiêu": "nhiu",
    "muốn": "mún",
    "làm": "lm",
}
_SHORT_FORM = re.compile(
    r"\b(?:" + "|".join(sorted(_SHORT, key=lambda long: -len(long))) + r")\b", re.IGNORECASE
)
#: Spellings by sound: what stands before a letter of the second group.
_BY_SOUND = (
    (re.compile(r"\bph(?=[^\W\d_])"), "f"),
    (re.compile(r"\bqu(?=[^\W\d_])"), "w"),
    (re.compile(r"\bgi(?=[aăâeêoôơuưáàảãạấầẩẫậắằẳẵặ])"), "j"),
    (re.compile(r"(?<=[vlht])i(?=[êệếềec])"), "j"),
)
#: Where the old spelling puts the tone on the first of two vowels' other one: hoà, khoẻ, thuỷ.
_OPEN_PAIRS = re.compile(
    r"(?<![qQ])(?P<first>[oóòỏõọuúùủũụ])(?P<second>[aeyáàảãạéèẻẽẹýỳỷỹỵ])(?![^\W\d_])", re.IGNORECASE
)


def without_diacritics(text: str) -> str:
    """Plain letters, as an SMS has them."""
    return composed("".join(parts(c)[0] for c in text).replace("đ", "d").replace("Đ", "D"))


def half_accented(text: str, random: Random) -> str:
    """Half of the words lose their diacritics, one at least that has some."""
    accented = [m.start() for m in WORD.finditer(text) if without_diacritics(m[0]) != m[0]]
    if not accented:
        return text
    sure = random.choice(accented)
    return WORD.sub(
        lambda m: without_diacritics(m[0]) if m.start() == sure or random.random() < 0.5 else m[0],
        text,
    )


def decomposed(text: str) -> str:
    """Letters and their marks apart."""
    return unicodedata.normalize("NFD", text)


def composed(text: str) -> str:
    """Letters with their marks."""
    return unicodedata.normalize("NFC", text)


def _toned_at(text: str, place: str) -> str:
    def move(match: re.Match[str]) -> str:
        first, second = parts(match["first"]), parts(match["second"])
        pair = (first[0] + second[0]).lower()
        tone = first[1] + second[1]
        if len(tone) != 1 or tone not in _TONES or pair not in {"oa", "oe", "uy"}:
            return match[0]
        marked = first[0] + tone + second[0] if place == "first" else first[0] + second[0] + tone
        return unicodedata.normalize("NFC", marked)

    return _OPEN_PAIRS.sub(move, text)


def old_tones(text: str) -> str:
    """hoà, khoẻ, thuỷ."""
    return _toned_at(text, "second")


def new_tones(text: str) -> str:
    """hòa, khỏe, thủy."""
    return _toned_at(text, "first")


def telex(text: str, random: Random) -> str:
    """Every word with diacritics as its Telex keys: vieecj, luwowng."""
    return each_word(text, lambda word: _keys(word, random, "telex", dd="dd"))


def vni(text: str, random: Random) -> str:
    """Every word with diacritics as its VNI keys: vie6c5, lu7o7ng."""
    return each_word(text, lambda word: _keys(word, random, "vni", dd="d9"))


def _keys(word: str, random: Random, method: str, *, dd: str) -> str:
    """The keys of one word; the tone's key behind the vowel or at the end, as people type it."""
    at_end, tone, typed = random.random() < 0.7, "", ""
    for char in word:
        letter, marks = parts(char)
        lowered = letter.lower()
        if lowered == "đ":
            typed += dd if char == "đ" else dd.upper()
            continue
        shape = next((_SIGNS[mark] for mark in marks if mark in _SIGNS), "")
        key = _SHAPE_KEYS[method][lowered + shape] if shape else lowered
        typed += key if letter.islower() else key[0].upper() + key[1:]
        for mark in marks:
            if mark in _TONES:
                tone = _TONE_KEYS[method][mark]
                typed += "" if at_end else tone
    return typed + (tone if at_end else "")


def teencode(text: str, random: Random) -> str:
    """Short forms for whole words, and spelling by sound in half of the others."""

    def shorten(match: re.Match[str]) -> str:
        return (
            random.choice(_SHORT[match[0].lower()].split(" "))
            if match[0].lower() in _SHORT
            else match[0]
        )

    def by_sound(word: str) -> str:
        for pattern, sound in _BY_SOUND:
            word = pattern.sub(sound, word)
        return word

    return some_words(_SHORT_FORM.sub(shorten, text), random, by_sound, least=3, share=0.5)


def umlauts(text: str, random: Random) -> str:
    """One vowel of some words under two dots; its own marks are lost."""

    def change(word: str) -> str:
        fit = [at for at, c in enumerate(word) if parts(c)[0] in "aeouAEOU"]
        if not fit:
            return word
        at = random.choice(fit)
        return word[:at] + parts(word[at])[0].translate(_UMLAUTS) + word[at + 1 :]

    return some_words(text, random, change, least=2)
