"""What of a text is weighed for its likeness: words, figures as what they are, spelling, and how it looks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from search.text import kept_in, tokenise

PHONE, SUM, MINOR, AGE, NUMBER = "<phone>", "<sum>", "<minor>", "<age>", "<n>"
_UNITS = frozenset(["k", "trieu", "nghin", "ngan", "cu", "dong", "usd", "te", "do", "ty", "usdt"])
QUOTES = '"\u201c\u201d\u00ab'
#: Longer texts are read up to here: what is alike in a short post drowns in a long one anyway.
MOST_WORDS = 400
#: How a text looks is seen in so many characters.
LOOKED_AT = 2_000
_NAME = re.compile(r"[A-ZĐ][a-zà-ỹ]+ [A-ZĐ][a-zà-ỹ]+")
_SENTENCES = re.compile(r"(?:^|\. |! )[A-ZĐÀ-Ỹ][^.!?]*[.] [A-ZĐÀ-Ỹ]")
_LINKS = ("http", ".com", "t.me")
_FIGURE = re.compile(" [0-9]")
_PICTURE = re.compile("[\u2600-\u27bf\U0001f000-\U0001ffff]")


class Word(NamedTuple):
    """A word, or a kind of figure, at tokens [start, end)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Traits:
    """Of one text: its folded tokens, `texts` (these with figures as what they are), `kept` tokens, `marks`."""

    tokens: Sequence[str]
    texts: Sequence[str]
    kept: Sequence[str]
    marks: Sequence[str]
    read: Sequence[Word] | None = None
    """The words, where they had to be told from figures."""

    @cached_property
    def words(self) -> Sequence[Word]:
        """The texts with their places among the tokens."""
        return words_of(self.tokens) if self.read is None else self.read

    @property
    def spelled(self) -> list[str]:
        """What is written with diacritics, as written."""
        return spelled_in(self.kept)

    @property
    def features(self) -> list[str]:
        """What is weighed as a share: each word, each two side by side, and both as they are spelled."""
        return [*self.texts, *map(" ".join, pairwise(self.texts)), *self.spelled]


def traits_of(folded: str, text: str, *, settled: bool = False) -> Traits:
    """`folded` is the folded form of `text`; `settled` what `search.text.fold_settled` says of it."""
    kept: Sequence[str] = ()
    if not text.isascii():
        kept = (kept_in(text) if settled else tokenise(text).kept)[:MOST_WORDS]
    tokens = folded.split()
    if _FIGURE.search(f" {folded}"):
        words = words_of(tokens)
        return Traits(tokens, [word.text for word in words], kept, marks_of(text), words)
    return Traits(tokens, tokens[:MOST_WORDS], kept, marks_of(text))


def words_of(tokens: Sequence[str]) -> list[Word]:
    """The tokens of a folded text with figures as what they are: a telephone number, a sum, an age."""
    found: list[Word] = []
    at = 0
    while at < len(tokens) and len(found) < MOST_WORDS:
        token = tokens[at]
        if "0" <= token[0] <= "9":
            text, end = _figure(tokens, at)
        else:
            text, end = token, at + 1
        found.append(Word(text, at, end))
        at = end
    return found


def _figure(tokens: Sequence[str], at: int) -> tuple[str, int]:
    token, end = tokens[at], at + 1
    if token[0] == "0" or len(token) >= 8:
        while end < len(tokens) and tokens[end].isdigit():
            end += 1
        return PHONE, end
    following = tokens[end] if end < len(tokens) else ""
    if token[-1] in "kd" or following in _UNITS:
        while end < len(tokens) and tokens[end] in _UNITS:
            end += 1
        return SUM, end
    if following in {"t", "tuoi"} or token[-1] == "t":
        years = token.rstrip("t")
        minor = years.isdigit() and 10 <= int(years) < 18
        return (MINOR if minor else AGE), end + (following in {"t", "tuoi"})
    return NUMBER, end


def spelled_in(kept: Sequence[str]) -> list[str]:
    """Words with diacritics, and each two of which one has some: "đùa" is another word than "đưa"."""
    plain = [token.isascii() for token in kept]
    return [f"={token}" for token, bare in zip(kept, plain, strict=True) if not bare] + [
        f"={one} {other}"
        for (one, other), (bare, also) in zip(pairwise(kept), pairwise(plain), strict=True)
        if not (bare and also)
    ]


def marks_of(text: str) -> list[str]:
    """What the normal form does not hold but a reader sees: how long, how tidy, what signs."""
    seen = text[:LOOKED_AT]
    length = min(8, max(0, len(text).bit_length() - 1))
    return [*_signs(seen), *_hand(seen), f"<length {length}>"]


def _signs(text: str) -> Iterator[str]:
    if "?" in text:
        yield "<question>"
    if any(mark in text for mark in QUOTES):
        yield "<quoted>"
    if "!" in text:
        yield "<exclaimed>"
    if "#" in text:
        yield "<hash>"
    if "@" in text:
        yield "<at>"
    if ":" in text[:60]:
        yield "<heading>"
    if any(part in text for part in _LINKS):
        yield "<link>"
    if not text.isascii() and _PICTURE.search(text):
        yield "<picture>"


def _hand(text: str) -> Iterator[str]:
    """How tidily it is written: capitals, diacritics, sentences, names."""
    letters = "".join(filter(str.isalpha, text)) or "x"
    capitals = 0 if letters.islower() else sum(map(str.isupper, letters)) / len(letters)
    accents = (len(letters) - len(letters.encode("ascii", "ignore"))) / len(letters)
    yield f"<capitals {min(3, int(capitals * 4))}>"
    yield f"<accents {min(3, int(accents * 12))}>"
    if text.rstrip().endswith("."):
        yield "<full stop>"
    if text[:1].isupper():
        yield "<capital>"
    if ", " in text:
        yield "<commas>"
    if ". " in text and _SENTENCES.search(text):
        yield "<sentences>"
    if "\n" in text:
        yield "<lines>"
    if capitals and _NAME.search(text):
        yield "<name>"
