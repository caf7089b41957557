"""The small language that phrases are written in, and how one phrase is met in a normal text.

`{bán|cần bán} thận` stands for both phrases; `bán ... thận` allows up to four words between; a name
in angle brackets, `<đi> campuchia`, stands for the words of that name in the pack's vocabulary.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from search.text import fold, normalise

MAX_GAP = 4
#: Parts of at most this many words are ambiguous without diacritics.
SHORT = 2
MAX_EXPANSIONS = 4000
_BRACES = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"<([\w-]+)>")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand side by side: `kept` with diacritics, `folded` without."""

    kept: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def key(self) -> str:
        """The padded literal that the automaton looks for."""
        return f" {' '.join(self.folded)} "

    def said_by(self, written: tuple[str, ...]) -> bool:
        """Whether a post's kept tokens can say this part, by the folding rule.

        A token of the post with diacritics must be the same; one without any may be the folded one.
        """
        return written in (self.kept, self.folded) or all(
            token in (meant, plain)
            for token, meant, plain in zip(written, self.kept, self.folded, strict=False)
        )

    def is_doubtful(self, written: tuple[str, ...]) -> bool:
        """Whether the words around must be without diacritics too, for these to say this part.

        A short part must stand as it is written where the words around are accented: there "bay" is
        not "bẫy" and "em Trang" is not "em trắng".
        """
        return written != self.kept and len(self.kept) <= SHORT


@dataclass(frozen=True, slots=True)
class Phrase:
    """Places in order, each with its choices; at most `MAX_GAP` tokens between two places."""

    places: tuple[tuple[Part, ...], ...]
    text: str


def is_certain(part: Part, written: Sequence[str]) -> bool:
    """Whether `part`, said by those kept tokens, can hardly mean anything else.

    Short parts that were met by folding alone are not: "ban than" may be "bản thân".
    """
    if len(part.kept) > SHORT or part.kept == part.folded:
        return True
    return any(
        token == meant != plain
        for token, meant, plain in zip(written, part.kept, part.folded, strict=False)
    )


def expand(text: str, vocabulary: Mapping[str, Sequence[str]]) -> list[str]:
    """Every plain phrase that `text` stands for. Raises PhraseError on an unknown name or too many."""

    def named(match: re.Match[str]) -> str:
        if match[1] not in vocabulary:
            raise PhraseError(f"unknown name <{match[1]}>")
        choices = "|".join(vocabulary[match[1]])
        inside = text.count("{", 0, match.start()) > text.count("}", 0, match.start())
        return choices if inside else "{" + choices + "}"

    pending, done = [_NAME.sub(named, text)], []
    while pending:
        current = pending.pop()
        match = _BRACES.search(current)
        if match is None:
            done.append(" ".join(current.split()))
            continue
        before, after = current[: match.start()], current[match.end() :]
        pending += [before + choice + after for choice in reversed(match[1].split("|"))]
        if len(pending) + len(done) > MAX_EXPANSIONS:
            raise PhraseError(f"stands for more than {MAX_EXPANSIONS} phrases: {text}")
    return list(dict.fromkeys(done))


def read_phrase(text: str, vocabulary: Mapping[str, Sequence[str]]) -> Phrase:
    """What one line stands for; every choice also with "k" where it says "không"."""
    places = tuple(tuple(_choices(piece, vocabulary, text)) for piece in text.split("..."))
    if len(places) == 1 and any(len(part.key.strip()) < 2 for part in places[0]):
        raise PhraseError(f"would match almost everything: {text}")
    return Phrase(places, text)


def _choices(piece: str, vocabulary: Mapping[str, Sequence[str]], line: str) -> Iterator[Part]:
    if piece.count("{") != piece.count("}"):
        raise PhraseError(f"braces that do not close before ... in: {line}")
    for plain in expand(piece, vocabulary):
        part = _part(plain)
        if not part.kept:
            raise PhraseError(f"an empty choice in: {line}")
        yield part
        if "không" in part.kept:
            yield _with_k(part)


@lru_cache(maxsize=1 << 17)
def _part(text: str) -> Part:
    normal = normalise(text)
    kept, folded = (
        tuple(map(intern, normal.kept.split())),
        tuple(map(intern, normal.folded.split())),
    )
    return Part(kept, kept if kept == folded else folded)


def forget_parts() -> None:
    """Lets go of what was read, when all of it has been."""
    _part.cache_clear()


def _with_k(part: Part) -> Part:
    def short(tokens: tuple[str, ...], word: str) -> tuple[str, ...]:
        return tuple("k" if token == word else token for token in tokens)

    return Part(short(part.kept, "không"), short(part.folded, fold("không")))
