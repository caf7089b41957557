"""Characters that look like Latin letters: of other alphabets always, of Chinese only among Latin ones.

A Cyrillic or Greek letter in a Vietnamese post is a disguise, so it stands for its Latin twin wherever
it is met. Chinese is written honestly in many posts; a character that looks like a letter is read as one
only where the word around it is otherwise Latin and comes out as a known word (`latin`).
"""

import re
import unicodedata

from search.syllables import words


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in words(text))


#: Lower case of other alphabets -> the Latin letters they look like.
LETTERS = _pairs(
    "а=a в=b е=e к=k м=m н=h о=o р=p с=c т=t у=y х=x і=i ј=j ѕ=s һ=h ԁ=d ԛ=q ԝ=w п=n г=r и=u "
    "ь=b ъ=b ы=bi ӏ=l ц=u ч=ch ш=w щ=w я=r ю=io э=e ж=x з=3 й=u л=n д=d б=b ф=f є=e ґ=r "
    "ғ=f қ=k ң=h ү=y ұ=y ҳ=x ҷ=ch ѵ=v ԍ=g ո=n ս=u օ=o ց=g հ=h ι=i "
    "α=a β=b γ=y δ=d ε=e ζ=z η=n θ=o κ=k λ=l μ=u ν=v ξ=e ο=o π=n ρ=p σ=o τ=t υ=u φ=o χ=x ψ=y "
    "ω=w ς=s ϲ=c ϳ=j ɑ=a ı=i ȷ=j ɩ=i ƅ=b ɛ=e ə=e ʋ=v "
    "ᗪ=d ᖇ=r ᗩ=a ᗰ=m ᑎ=n ᑌ=u ᐯ=v ᐱ=a ᑕ=c ᗷ=b ᖴ=f ᕼ=h ᒍ=j ᒪ=l ᑭ=p ᔕ=s ᗯ=w ᗴ=e ᘿ=e ᘜ=g ᗞ=d ᑫ=q "
    "ꭺ=a ꮟ=b ꮯ=c ꭰ=d ꭼ=e ꮐ=g ꮋ=h ꭵ=i ꭻ=j ꮶ=k ꮮ=l ꮇ=m ꮲ=p ꭱ=r ꮪ=s ꭲ=t ꮩ=v ꮃ=w ꮍ=y ꮓ=z "
    "ꓮ=a ꓐ=b ꓚ=c ꓓ=d ꓰ=e ꓝ=f ꓖ=g ꓧ=h ꓲ=i ꓙ=j ꓗ=k ꓡ=l ꓟ=m ꓠ=n ꓳ=o ꓑ=p ꓣ=r ꓢ=s ꓔ=t ꓴ=u ꓦ=v ꓪ=w "
    "ꓫ=x ꓬ=y ꓜ=z ⲟ=o ⲣ=p ⲥ=c ⲧ=t ⲁ=a ⲉ=e ⲏ=h ⲓ=i ⲕ=k ⲙ=m ⲛ=n ⲭ=x"
)
#: Greek capitals that look like another Latin letter than their small ones do.
CAPITALS = _pairs("Α=a Β=b Ε=e Ζ=z Η=h Ι=i Κ=k Μ=m Ν=n Ο=o Ρ=p Τ=t Υ=y Χ=x")
#: Letters that stand on their head, each with the letter a reader sees when the page is turned.
TURNED = _pairs("ɐ=a ɔ=c ǝ=e ɟ=f ƃ=g ɥ=h ᴉ=i ɾ=j ʞ=k ɯ=m ɹ=r ʇ=t ʌ=v ʍ=w ʎ=y ן=l")
#: What the ordinary letters of a turned word are.
_FLIPPED = str.maketrans("bdnpqumwa", "qpubdnwma")

_NAMED = re.compile(
    r"LATIN (?:LETTER SMALL CAPITAL|SMALL LETTER(?: CAPITAL| SCRIPT| REVERSED)?) ([A-Z])(?: WITH .*)?"
)
_HAN = _pairs(
    "卂=a 人=a 乃=b 日=b 曰=b 匚=c 亡=c 匸=c 刀=d 乇=e 巨=e 巳=e 彐=e モ=e 彡=e 三=e 千=f 下=f 卄=h 廾=h 井=h "
    "卅=h 工=i 丨=i 亅=j 丁=t 爪=m 从=m 冂=n 几=n 口=o 囗=o 回=o 〇=o ロ=o ㄖ=o 尸=p 卩=p 户=p 甲=q 尺=r 丂=s "
    "弓=s 丅=t 七=t 十=t 匕=t ㄒ=t ト=t 凵=u ㄩ=u 山=w 屮=w 乂=x メ=x 丫=y ㄚ=y 乙=z ㄥ=l 乚=l レ=l 片=k 长=k "
    "エ=i 丿=j"
)
#: Nobody writes these in honest Chinese beside each other: a word of look-alikes with one is a disguise.
_RARE = frozenset("卂匚匸乇丂丅冂凵ㄚㄩㄥㄖㄒ卩卄廾丨乚彐")
HAN = re.compile(f"[{''.join(_HAN)}]")
_HAN_TABLE = {ord(char): letter for char, letter in _HAN.items()}


def letter_of(char: str) -> str | None:
    """The Latin letters that a lower-case character of another kind looks like, or None."""
    found = LETTERS.get(char)
    if found is None and "\u00d8" <= char <= "\uab6f" and not unicodedata.decomposition(char):
        named = _NAMED.fullmatch(unicodedata.name(char, ""))
        found = named[1].lower() if named else None
    return found


def latin(word: str) -> tuple[str, ...]:
    """What a word with Chinese look-alikes may be in Latin letters; () where it is honest Chinese.

    >>> latin("丅uyen"), latin("工作")
    (('tuyen', 'tuyen'), ())
    """
    read = word.translate(_HAN_TABLE)
    if len(read) < 2:
        return ()
    if not (read.isascii() and read.isalnum()):
        return ()
    if not any(char.isascii() for char in word) and _RARE.isdisjoint(word):
        return ()
    return read, word.replace("丨", "l").translate(_HAN_TABLE)


def flipped(letter: str) -> str:
    """What an ordinary letter is in a word that stands on its head: b is q, n is u."""
    return letter.translate(_FLIPPED)
