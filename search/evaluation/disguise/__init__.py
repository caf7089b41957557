"""The disguises that a lure is tried in, one at a time, so that a weak one can be told by name."""

import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from search.evaluation.disguise import keyboards, letters, spacing

Change = Callable[[str, Random], str]


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way to write a text so that people still read it.

    `undo` is its inverse where there is one, for texts that did not hold the disguise before.
    """

    name: str
    vi: str
    en: str
    change: Change
    undo: Callable[[str], str] | None = None

    def of(self, text: str) -> str:
        """The text in this disguise: always the same for the same text."""
        text = unicodedata.normalize("NFC", text)
        seed = zlib.crc32(f"{self.name} {text}".encode("utf-8", "surrogatepass"))
        return self.change(text, Random(seed))  # noqa: S311  (repeatable, no secret)


def _plain(change: Callable[[str], str]) -> Change:
    return lambda text, _: change(text)


DISGUISES = (
    Disguise("no-diacritics", "không dấu", "no diacritics", _plain(keyboards.without_diacritics)),
    Disguise(
        "some-diacritics", "mất dấu ở một số tiếng", "some diacritics lost", keyboards.half_accented
    ),
    Disguise("nfd", "dấu tách rời (NFD)", "NFD", _plain(keyboards.decomposed), keyboards.composed),
    Disguise(
        "old-tones",
        "dấu thanh kiểu cũ (hoà)",
        "old tone placement",
        _plain(keyboards.old_tones),
        keyboards.new_tones,
    ),
    Disguise("telex", "gõ Telex không bật bộ gõ", "Telex keys", keyboards.telex),
    Disguise("vni", "gõ VNI không bật bộ gõ", "VNI keys", keyboards.vni),
    Disguise("teencode", "viết tắt, teencode", "teencode", keyboards.teencode),
    Disguise("upper", "CHỮ HOA", "upper case", _plain(str.upper)),
    Disguise("umlauts", "ü ö ä thay ư ơ ă", "umlauts for Vietnamese letters", keyboards.umlauts),
    Disguise("dots", "chấm giữa chữ", "dots inside words", spacing.dots, spacing.without(".")),
    Disguise("letter-spaces", "chữ cái cách rời", "spaces between letters", spacing.spelled),
    Disguise("split", "tiếng bị tách đôi", "syllables split by a space", spacing.split),
    Disguise("glued", "chữ dính liền", "glued words", spacing.glued),
    Disguise("repeated", "lặp chữ cái", "repeated letters", spacing.stretched, spacing.unstretched),
    Disguise(
        "punctuation", "dấu câu chen giữa chữ", "punctuation inside words", spacing.punctuated
    ),
    Disguise("stops", "dấu câu giữa các tiếng", "punctuation between words", spacing.stopped),
    Disguise("line-breaks", "xuống dòng giữa câu", "line breaks between words", spacing.broken),
    Disguise(
        "emoji-words",
        "emoji giữa các tiếng",
        "emoji between words",
        spacing.emoji_between_words,
        spacing.without_emoji_words,
    ),
    Disguise(
        "emoji-letters",
        "emoji giữa chữ cái",
        "emoji between letters",
        spacing.emoji_between_letters,
        spacing.without(spacing.EMOJI),
    ),
    Disguise(
        "zero-width",
        "ký tự không độ rộng",
        "zero-width characters",
        spacing.zero_width,
        spacing.without(spacing.INVISIBLE),
    ),
    Disguise(
        "bidi",
        "dấu đổi chiều chữ",
        "bidirectional marks",
        spacing.directed,
        spacing.without(spacing.DIRECTIONS),
    ),
    Disguise(
        "lookalikes",
        "chữ Kirin, Hy Lạp giống chữ Latinh",
        "Cyrillic and Greek look-alikes",
        letters.lookalikes,
        letters.from_lookalikes,
    ),
    Disguise("cjk", "chữ Hán giống chữ Latinh", "CJK look-alikes", letters.cjk, letters.from_cjk),
    Disguise(
        "styled",
        "chữ kiểu (toán học)",
        "mathematical letters",
        letters.styled,
        letters.compatible,
    ),
    Disguise(
        "small-capitals",
        "chữ hoa nhỏ",
        "small capitals",
        _plain(letters.small_capitals),
        letters.from_small_capitals,
    ),
    Disguise("full-width", "chữ toàn khổ", "full-width", letters.full_width, letters.compatible),
    Disguise(
        "enclosed",
        "chữ trong vòng, trong ô",
        "circled and squared letters",
        letters.enclosed,
        letters.from_enclosed,
    ),
    Disguise("leet", "số thay chữ (v1ệc)", "digits for letters", letters.leet),
    Disguise(
        "letter-figures", "chữ thay số (5OOk)", "letters for digits", _plain(letters.letter_figures)
    ),
    Disguise(
        "struck",
        "gạch ngang chữ",
        "struck-through letters",
        letters.struck,
        letters.unmarked,
    ),
    Disguise("zalgo", "dấu chồng chất", "piled-up marks", letters.piled, letters.unmarked),
)
