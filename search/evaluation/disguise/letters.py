"""Other characters for the same letters: look-alikes, styles, digits, marks."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from random import Random

from search.evaluation.disguise.words import each_word, parts, some_words

_CYRILLIC = "aа cс eе oо pр xх yу iі jј sѕ AА BВ CС EЕ HН KК MМ OО PР TТ XХ"
_GREEK = "oο vν iι uυ aα AΑ BΒ EΕ HΗ IΙ KΚ MΜ NΝ OΟ PΡ TΤ YΥ ZΖ"
_CJK = "a卂 c匚 e乇 f千 h卄 i工 i丨 l乚 n冂 o口 o回 r尺 t丅 u凵 w山 x乂 y丫 t丁 k片 b乃"
_LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5", "l": "1", "t": "7", "g": "9", "b": "8"}
#: First small and first capital letter of each style of mathematical letters.
_STYLES = (
    (0x1D41A, 0x1D400),
    (0x1D44E, 0x1D434),
    (0x1D482, 0x1D468),
    (0x1D4EA, 0x1D4D0),
    (0x1D586, 0x1D56C),
    (0x1D5BA, 0x1D5A0),
    (0x1D5EE, 0x1D5D4),
    (0x1D622, 0x1D608),
    (0x1D656, 0x1D63C),
    (0x1D68A, 0x1D670),
)
#: Circled, circled capital, squared, negative circled and negative squared, parenthesised.
_ENCLOSED = (
    (0x24D0, 0x24B6),
    (0x1F130, 0x1F130),
    (0x1F150, 0x1F150),
    (0x1F170, 0x1F170),
    (0x249C, 0x1F110),
)
_SMALL = dict(zip("abcdeghijklmnoprtuvwyz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", strict=True))
_STRIKES = "\u0336\u0335\u0338"
_PILE = "\u030d\u0311\u030b\u031a\u033c\u0347\u0359\u035b\u0353\u0317\u0360"
_FIGURE = re.compile(r"(?<![\d.])\d{1,4}(?=\s?(?:k|tr|triệu|trieu|củ|cu|usd|đô|do|\$)(?![^\W\d_]))")
_DIGITS = str.maketrans("01", "Ol")


def _table(*lists: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in " ".join(lists).split():
        found[pair[0]] = found.get(pair[0], "") + pair[1]
    return found


_ALIKE, _HAN = _table(_CYRILLIC, _GREEK), _table(_CJK)
_BACK = {ord(other): letter for letter, others in _ALIKE.items() for other in others}
_HAN_BACK = {ord(other): letter for letter, others in _HAN.items() for other in others}
_SMALL_BACK = {ord(small): letter for letter, small in _SMALL.items()}


def _exchange(
    word: str, random: Random, table: Mapping[str, Sequence[str]], share: float, *, marked: bool
) -> str:
    """A word with a share of its letters exchanged, one at least; marked letters only on demand."""
    fit = [at for at, c in enumerate(word) if parts(c)[0] in table and (marked or not parts(c)[1])]
    if not fit:
        return word
    chosen = {at for at in fit if random.random() < share} | {random.choice(fit)}
    return "".join(
        random.choice(table[parts(c)[0]]) + parts(c)[1] if at in chosen else c
        for at, c in enumerate(word)
    )


def lookalikes(text: str, random: Random) -> str:
    """Cyrillic or Greek letters for half of those that have a twin."""
    marked = random.random() < 0.3
    return each_word(text, lambda word: _exchange(word, random, _ALIKE, 0.5, marked=marked))


def from_lookalikes(text: str) -> str:
    """The Latin twins."""
    return unicodedata.normalize("NFC", text.translate(_BACK))


def cjk(text: str, random: Random) -> str:
    """Chinese characters that look like capitals, one or two in some words, never the whole word."""

    def change(word: str) -> str:
        lowered = word if word.islower() else word.lower()
        fit = [at for at, c in enumerate(lowered) if c in _HAN]
        chosen = set(random.sample(fit, min(len(fit), len(word) - 1, random.choice((1, 1, 2)))))
        return "".join(
            random.choice(_HAN[lowered[at]]) if at in chosen else c for at, c in enumerate(word)
        )

    return some_words(text, random, change, least=2)


def from_cjk(text: str) -> str:
    """The letters, in lower case."""
    return text.lower().translate(_HAN_BACK)


def _shifted(letter: str, starts: tuple[int, int]) -> str:
    if "a" <= letter <= "z":
        return chr(starts[0] + ord(letter) - ord("a"))
    return chr(starts[1] + ord(letter) - ord("A")) if "A" <= letter <= "Z" else letter


def _restyled(text: str, random: Random, styles: Sequence[tuple[int, int]]) -> str:
    """All letters in one style; those with marks stay in half of the texts, as many tools leave them."""
    style, marked = random.choice(styles), random.random() < 0.5

    def change(word: str) -> str:
        return "".join(
            _shifted(parts(c)[0], style) + parts(c)[1] if marked or c.isascii() else c for c in word
        )

    return each_word(text, change)


def styled(text: str, random: Random) -> str:
    """Bold, italic, script, Fraktur, sans-serif or typewriter letters of mathematics."""
    # The plain italic h is not where the others are.
    return _restyled(text, random, _STYLES).replace("\U0001d455", "\u210e")


def full_width(text: str, random: Random) -> str:
    """Letters as wide as Chinese ones."""
    return _restyled(text, random, ((0xFF41, 0xFF21),))


def compatible(text: str) -> str:
    """What Unicode says styled letters are."""
    return unicodedata.normalize("NFKC", text)


def enclosed(text: str, random: Random) -> str:
    """Letters in circles, squares or parentheses."""
    return _restyled(text, random, _ENCLOSED)


def from_enclosed(text: str) -> str:
    """The letters, in lower case."""

    def plain(char: str) -> str:
        for small, capital in _ENCLOSED:
            for start in (small, capital):
                if start <= ord(char) < start + 26:
                    return chr(ord("a") + ord(char) - start)
        return char

    return unicodedata.normalize("NFC", "".join(map(plain, text))).lower()


def small_capitals(text: str) -> str:
    """Small capitals for all letters without marks."""

    def change(word: str) -> str:
        return "".join(_SMALL.get(c, c) for c in word.lower())

    return each_word(text, change)


def from_small_capitals(text: str) -> str:
    """The ordinary letters."""
    return text.translate(_SMALL_BACK)


def leet(text: str, random: Random) -> str:
    """One digit or sign for a letter without marks, in some words of three letters and more."""

    def change(word: str) -> str:
        fit = [at for at, c in enumerate(word) if c.lower() in _LEET]
        if not fit:
            return word
        at = random.choice(fit)
        return word[:at] + random.choice(_LEET[word[at].lower()]) + word[at + 1 :]

    return some_words(text, random, change, least=3)


def letter_figures(text: str) -> str:
    """O for 0 and l for 1 in sums."""
    return _FIGURE.sub(lambda match: match[0][0] + match[0][1:].translate(_DIGITS), text)


def struck(text: str, random: Random) -> str:
    """A stroke through every letter."""
    stroke = random.choice(_STRIKES)
    return each_word(text, lambda word: "".join(letter + stroke for letter in word))


def piled(text: str, random: Random) -> str:
    """One to three marks that belong to no language on half of the letters."""

    def change(word: str) -> str:
        return "".join(
            c + "".join(random.choices(_PILE, k=random.randint(1, 3)))
            if random.random() < 0.5
            else c
            for c in word
        )

    return each_word(text, change)


def unmarked(text: str) -> str:
    """Without strokes and piled-up marks."""
    kept = "".join(char for char in text if char not in _STRIKES + _PILE)
    return unicodedata.normalize("NFC", kept)
