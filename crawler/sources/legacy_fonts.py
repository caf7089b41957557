"""Vietnamese written for the fonts of former years, TCVN3 (ABC) and VNI, turned into Unicode.

Such text looks like Western letters ("ViÖc lµm", "Vieäc laøm") until a font of its own shows it; it comes in bytes
of old pages and exports, and in tables and posts that were saved as Unicode afterwards. It is turned only where
that is sure: nothing in the text is a letter that only Unicode has, and words that were no Vietnamese become
Vietnamese, nearly all of them. TCVN3: TCVN 5712:1993, VN3; VNI: VNI for Windows, two letters for one.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from search.syllables import well_formed

TCVN3, VNI = "tcvn3", "vni"
_SHAPES = {
    TCVN3: "à=µ á=¸ ả=¶ ã=· ạ=¹ ă=¨ ằ=» ắ=¾ ẳ=¼ ẵ=½ ặ=Æ â=© ầ=Ç ấ=Ê ẩ=È ẫ=É ậ=Ë đ=® è=Ì é=Ð ẻ=Î ẽ=Ï ẹ=Ñ ê=ª ề=Ò "
    "ế=Õ ể=Ó ễ=Ô ệ=Ö ì=× í=Ý ỉ=Ø ĩ=Ü ị=Þ ò=ß ó=ã ỏ=á õ=â ọ=ä ô=« ồ=å ố=è ổ=æ ỗ=ç ộ=é ơ=¬ ờ=ê ớ=í ở=ë ỡ=ì ợ=î "
    "ù=ï ú=ó ủ=ñ ũ=ò ụ=ô ư=\u00ad ừ=õ ứ=ø ử=ö ữ=÷ ự=ù ỳ=ú ý=ý ỷ=û ỹ=ü ỵ=þ Ă=¡ Â=¢ Đ=§ Ê=£ Ô=¤ Ơ=¥ Ư=¦",
    VNI: "á=aù à=aø ả=aû ã=aõ ạ=aï â=aâ ấ=aá ầ=aà ẩ=aå ẫ=aã ậ=aä ă=aê ắ=aé ằ=aè ẳ=aú ẵ=aü ặ=aë đ=ñ é=eù è=eø ẻ=eû "
    "ẽ=eõ ẹ=eï ê=eâ ế=eá ề=eà ể=eå ễ=eã ệ=eä í=í ì=ì ỉ=æ ĩ=ó ị=ò ó=où ò=oø ỏ=oû õ=oõ ọ=oï ô=oâ ố=oá ồ=oà ổ=oå "
    "ỗ=oã ộ=oä ơ=ô ớ=ôù ờ=ôø ở=ôû ỡ=ôõ ợ=ôï ú=uù ù=uø ủ=uû ũ=uõ ụ=uï ư=ö ứ=öù ừ=öø ử=öû ữ=öõ ự=öï ý=yù ỳ=yø "
    "ỷ=yû ỹ=yõ ỵ=î",
}
SAMPLE_WORDS = 400
LEAST_WORDS = 4
"""Different words with marks that a text must have before anything is said of it."""
_BEFORE, _AFTER = 0.5, 0.9
_ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036fẠ-ỹ]")
_LEGACY = re.compile("[A-Za-z\u00a1-\u00ff]*[\u00a1-\u00ff][A-Za-z\u00a1-\u00ff]*")
_LETTERS = re.compile("[A-Za-z\u00a1-\u00ff]+")
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4)
def table(font: str) -> dict[str, str]:
    """What stands for each letter: written for the font -> Unicode, small letters and capitals."""
    pairs = [pair.split("=") for pair in _SHAPES[font].split(" ") if "=" in pair]
    found = {written: letter for letter, written in pairs}
    if font == VNI:
        found |= {written.upper(): letter.upper() for letter, written in pairs}
        found |= {
            written.capitalize(): letter.upper() for letter, written in pairs if len(written) == 2
        }
    return found


@lru_cache(maxsize=4)
def _pattern(font: str) -> re.Pattern[str]:
    longest_first = sorted(table(font), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def turned(text: str, font: str) -> str:
    """The text in Unicode, whatever it looks like; only where the font is known for certain."""
    if text.isascii() or _ONLY_UNICODE.search(text):
        return text
    known = table(font)
    plain = _pattern(font).sub(lambda found: known[found.group()], text)
    return (
        _capitals(text, plain) if font == TCVN3 else plain
    )  # letter by letter, so of the same length


def to_unicode(text: str) -> str:
    """The text in Unicode where it is surely written for an old font, else as it is."""
    font = font_of(text)
    return turned(text, font) if font else text


def font_of(text: str) -> str:
    """`tcvn3` or `vni` where a text is surely written for such a font, else an empty string."""
    if text.isascii() or _ONLY_UNICODE.search(text):
        return ""
    words: dict[str, None] = {}
    for found in _LEGACY.finditer(text):
        words[found.group()] = None
        if len(words) >= SAMPLE_WORDS:
            break
    if len(words) < LEAST_WORDS or _share(words) > _BEFORE:
        return ""
    shares = {font: _share(turned(word, font) for word in words) for font in (TCVN3, VNI)}
    best = max(shares, key=lambda font: shares[font])
    return best if shares[best] >= _AFTER else ""


def _share(words: Iterable[str]) -> float:
    """How many of the words with marks can be Vietnamese."""
    marked = [
        piece
        for word in words
        for piece in _WORD.findall(unicodedata.normalize("NFC", word).lower())
        if not piece.isascii()
    ]
    return sum(map(well_formed, marked)) / len(marked) if marked else 0.0


def _capitals(before: str, after: str) -> str:
    """Fonts of capitals (.VnTimeH) write small codes: marks of a word in capitals are capitals too.

    A word that does not say it by itself, with one letter beside the mark, goes by the words around it.
    """
    words = list(_LETTERS.finditer(before))
    loud = _agreed([_is_loud(found.group()) for found in words])
    parts, at = [], 0
    for found, is_loud in zip(words, loud, strict=True):
        if is_loud:
            parts += [after[at : found.start()], after[found.start() : found.end()].upper()]
            at = found.end()
    return "".join([*parts, after[at:]])


def _is_loud(word: str) -> bool | None:
    """Whether a word is in capitals; None: one cannot tell."""
    own = [char for char in word if char.isascii()]
    if any(char.islower() for char in own):
        return False
    return True if len(own) > 1 else None


def _agreed(loud: list[bool | None]) -> list[bool]:
    """What cannot be told is in capitals where what stands nearest to both sides is."""
    before, after = _filled(loud), _filled(loud[::-1])[::-1]
    return [
        bool(left or right) and left is not False and right is not False
        for left, right in zip(before, after, strict=True)
    ]


def _filled(loud: list[bool | None]) -> list[bool | None]:
    """Each as it is, or as the nearest before it that says something."""
    found: list[bool | None] = []
    for one in loud:
        found.append(one if one is not None or not found else found[-1])
    return found
