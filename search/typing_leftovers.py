"""Reads syllables that were typed without an input method switched on: Telex, VNI, VIQR key sequences.

`vieecj`, `vie6c5` and `vie^.c` are all "việc". A word is only decoded when the result is a possible syllable
and the keys could hardly be an English word, so "box", "teen" and "quan1" stay what they are.
"""

import re
import unicodedata
from functools import lru_cache

from search.syllable_counts import KEPT
from search.syllables import SYLLABLES, well_formed, words

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TONE_MARKS = frozenset(_VNI_TONES.values())
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VOWELS = frozenset("aeiouy")
_WITHOUT_HAT = re.compile("([iy])e(?=[a-z])")
_HALF_HORN = re.compile("(?:uơ|ưo)(?=[a-z])")
#: How often a syllable must have been counted if only a tone says that keys were typed.
_SELDOM, _OFTEN, _NEVER = 2.0, 8.0, 1e9
#: What people number without a blank: quan1, so2.
_NUMBERED = frozenset(
    words("quan so no lop tang khu nhom top ca bai phan tap vong loai cap tuan ngay thang nam")
)
#: No syllable, however it is spelled, is longer.
_LONGEST = 10
_STOPS = ("c", "ch", "p", "t")
#: Words that could be key sequences, sounds or rows of syllables, and are not.
ENGLISH = frozenset(
    words(
        "too see teen been seen soon moon room boom zoom loop deep keep cook look took book lee tee bee "
        "noon free meet feet week seek low now how cow row tow raw law saw mix max box fix tax sex fax "
        "tree knee cow bow wow sow new few view how cool pool tool root loot boot beef chef leaf beer "
        "ans bacon banquet bans barn bats biden bis bishop buns bus camera cameraman cannon cans canton car "
        "cars cas cast cats causing chapman chico chile choke chose chosen coco cola colon compass conan "
        "condo congo contest contour cove cuban dans daytime dealership delay detour eps esp fam fan fans "
        "far fat guide hair har has hats her his hogan huts ist its jam jan jang jay jet job jong laden "
        "las last latest latin longtime macho malay mantra mas mast mats maybe nes nos password photoshop "
        "quake quantum quran recharge rust salesman saudi ser showtime sir six telecom test tis trade usc "
        "vegan vis wan wang way web wen win won fit fun fin fix phone code cacao choco mandalay aichi chiba "
        "canva hust amen hari delay koko belike freeship guys sari pass boss bass bars gas gps ios las les "
        "mess miss toilet visa vinahouse sony nokia honda toyota lenovo canon hanoi saigon savannakhet"
    )
)


class _Syllable:
    """Letters gathered so far, each with its shape mark, and the tone."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tone = ""
        self.shaped = False

    def add(self, letter: str) -> None:
        """A letter, whose own marks are taken for keys that were read."""
        apart = unicodedata.normalize("NFD", letter)
        plain = apart[0]
        for mark in apart[1:]:
            if mark in _TONE_MARKS:
                self.tone = self.tone or mark
            else:
                plain += mark
        self.letters.append(plain)

    def shape(self, on: str, mark: str) -> bool:
        """Puts `mark` on the last plain letters among `on`; u before o takes the horn with it."""
        for at in range(len(self.letters) - 1, -1, -1):
            if self.letters[at] in on:
                self.letters[at] += mark
                if mark == _HORN and at and self.letters[at - 1] == "u":
                    self.letters[at - 1] += _HORN
                self.shaped = True
                return True
        return False

    def has_vowel(self) -> bool:
        return any(letter[0] in _VOWELS for letter in self.letters)

    def finish(self) -> str | None:
        """The syllable with its tone in place, or None where no Vietnamese syllable has these parts."""
        bare = "".join(letter[0] for letter in self.letters).replace("đ", "d")
        if bare not in SYLLABLES:
            return None
        if bare.endswith(_STOPS) and self.tone not in {"\u0301", "\u0323"}:
            return None
        shaped = unicodedata.normalize("NFC", "".join(self.letters))
        whole = place_tone(shaped, self.tone)
        if not well_formed(whole):
            whole = place_tone(_completed(shaped), self.tone)
        return whole if well_formed(whole) else None


def _completed(bare: str) -> str:
    """The shape that a writer left out where spelling knows but one: ie, ye and half a ươ before an end."""
    return _HALF_HORN.sub("ươ", _WITHOUT_HAT.sub(r"\1ê", bare))


def place_tone(word: str, tone: str | None = None) -> str:
    """Moves the tone of a syllable to where today's spelling has it: hoà and hòa are both hòa.

    With `tone` (a combining mark or "") the word gets that tone. A word with two tones or without a
    vowel comes back unchanged.
    """
    letters, found = _apart(word)
    if tone is None:
        if len(found) != 1:
            return word
        tone = found[0]
    at = _tone_position(letters)
    if at is None:
        return word
    letters[at] += tone
    return unicodedata.normalize("NFC", "".join(letters))


def _apart(word: str) -> tuple[list[str], list[str]]:
    """Letters with their shape marks, and the tones found on them."""
    letters: list[str] = []
    tones: list[str] = []
    for part in unicodedata.normalize("NFD", word):
        if part in _TELEX_TONES.values():
            tones.append(part)
        elif part in {_CIRCUMFLEX, _BREVE, _HORN} and letters:
            letters[-1] += part
        else:
            letters.append(part)
    return letters, tones


def _tone_position(letters: list[str]) -> int | None:
    vowels = [at for at, letter in enumerate(letters) if letter[0] in _VOWELS]
    if not vowels or vowels[-1] - vowels[0] != len(vowels) - 1:
        return None
    start = vowels[0]
    onset = "".join(letters[:start])
    if len(vowels) > 1 and (
        (onset == "q" and letters[start] == "u") or (onset, letters[start]) == ("g", "i")
    ):
        vowels = vowels[1:]
    shaped = [at for at in vowels if len(letters[at]) > 1]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1:
        return vowels[0]
    closed = vowels[-1] != len(letters) - 1
    return vowels[1] if closed or len(vowels) == 3 else vowels[0]


def decode(word: str, *, sure: bool = True) -> str | None:
    """`word` (lower-case letters, perhaps some with diacritics, and digits) as the syllable that was meant.

    None where it is none or where the keys could be another word; with `sure` False, which is for texts
    that were typed so elsewhere, fewer are. Words that stand as they are must not be asked for.

    >>> decode("vieecj"), decode("la2m"), decode("cos"), decode("teen"), decode("teen", sure=False)
    ('việc', 'làm', 'có', None, 'tên')
    """
    if not 2 <= len(word) <= 10 or (sure and (word in ENGLISH or len(word) < 3)):
        return None
    return _decode_telex(word, sure) if word.isalpha() else _decode_vni(word, sure)


def _decode_telex(word: str, sure: bool) -> str | None:  # noqa: FBT001
    syllable = _Syllable()
    keys = ""
    for letter in word:
        if letter in _TELEX_TONES and syllable.has_vowel() and not syllable.tone:
            syllable.tone = _TELEX_TONES[letter]
            keys += letter
        elif not _telex_shape(syllable, letter):
            syllable.add(letter)
    if not keys and not syllable.shaped:
        return None
    if syllable.shaped or not word.isascii():
        return syllable.finish()
    # A tone alone: s, r and x end many foreign words, f and j few.
    meant = syllable.finish()
    needed = _SELDOM if not sure or keys in "fj" else _OFTEN
    return meant if meant and KEPT.get(meant, 0.0) >= needed else None


def _telex_shape(syllable: _Syllable, letter: str) -> bool:
    if letter in "aeo" and syllable.letters[-1:] == [letter]:
        return syllable.shape(letter, _CIRCUMFLEX)
    if letter == "d" and syllable.letters == ["d"]:
        syllable.letters[0] = "đ"
        syllable.shaped = True
        return True
    if letter == "w":
        return syllable.shape("ou", _HORN) or syllable.shape("a", _BREVE)
    return False


def _decode_vni(word: str, sure: bool) -> str | None:  # noqa: FBT001
    if word[0].isdigit():
        return None
    syllable = _Syllable()
    for letter in word:
        if letter in _VNI_TONES and syllable.has_vowel() and not syllable.tone:
            syllable.tone = _VNI_TONES[letter]
        elif letter.isdigit():
            if not _vni_shape(syllable, letter):
                return None
        else:
            syllable.add(letter)
    meant = syllable.finish()
    if meant is None or not word[-1].isdigit() or any(mark in word for mark in "6789"):
        return meant
    # A digit behind a whole word may number it.
    needed = _OFTEN if word[:-1] not in _NUMBERED else _NEVER
    return meant if KEPT.get(meant, 0.0) >= (needed if sure else _SELDOM) else None


def _vni_shape(syllable: _Syllable, digit: str) -> bool:
    if digit == "9" and syllable.letters == ["d"]:
        syllable.letters[0] = "đ"
        return True
    shapes = {"6": ("aeo", _CIRCUMFLEX), "7": ("ou", _HORN), "8": ("a", _BREVE)}
    return digit in shapes and syllable.shape(*shapes[digit])


#: A mark of VIQR where it can hardly be anything else; "^^" is a smile.
_VIQR = re.compile(
    r"[aeo]\^(?!\^)|a\((?=[a-z.'`?~])|[uo][+*](?=[a-z.'`?~+*])|[aeiouy]`(?=[a-z])", re.IGNORECASE
)
_VIQR_WORD = re.compile(
    r"[a-z](?:[a-z]|(?<=[aeo])\^|(?<=a)\(|(?<=[uo])[+*]|[.'`?~])+", re.IGNORECASE
)
_VIQR_SHAPES = {"^": _CIRCUMFLEX, "(": _BREVE, "+": _HORN, "*": _HORN}
_VIQR_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}


def from_viqr(chunk: str) -> list[tuple[str, int, int]] | None:
    """The syllables of a chunk that were typed in VIQR, each with its [start, end); None if there is none."""
    if not chunk.isascii() or not _VIQR.search(chunk):
        return None
    found = []
    for match in _VIQR_WORD.finditer(chunk):
        if _VIQR.search(match[0]):
            for typed in (match[0], match[0].rstrip(".'`?~")):
                syllable = _syllable_of_viqr(typed.lower())
                if syllable:
                    found.append((syllable, match.start(), match.start() + len(typed)))
                    break
    return found or None


def _syllable_of_viqr(typed: str) -> str | None:
    syllable = _Syllable()
    for char in typed[:12]:
        if char in _VIQR_SHAPES:
            syllable.letters[-1] += _VIQR_SHAPES[char]
        elif char in _VIQR_TONES:
            if syllable.tone:
                return None
            syllable.tone = _VIQR_TONES[char]
        elif char == "d" and syllable.letters == ["d"]:
            syllable.letters[0] = "đ"
        else:
            syllable.letters.append(char)
    return syllable.finish() if len(typed) <= 12 else None


@lru_cache(maxsize=1 << 16)
def respelled(word: str) -> str:
    """A kept word as it is spelled today: the tone in its place, no second tone, no half ươ.

    >>> respelled("hoà"), respelled("vịệc"), respelled("lưong"), respelled("nguời")
    ('hòa', 'việc', 'lương', 'người')
    """
    if word in KEPT:  # what was counted is spelled as it is today
        return word
    placed = place_tone(word)
    if well_formed(placed):
        return placed
    if len(word) > _LONGEST:
        return word
    letters, tones = _apart(word)
    bare = _HALF_HORN.sub("ươ", unicodedata.normalize("NFC", "".join(letters)))
    mended = place_tone(bare, tones[-1] if tones else "")
    return mended if well_formed(mended) else word
