"""What the normaliser hands around while it reads one chunk: runs of characters, and tokens."""

from collections.abc import Iterable
from typing import NamedTuple

from search.teencode import SPOKEN
from search.text_tables import fold_kept

#: The mark of what was read from the keys of an input method.
KEYS = "keys"


class Piece(NamedTuple):
    """One token of a chunk.

    `start` and `end` are positions in the chunk. `chars` are the positions whose characters make up
    the token, one for each character of `folded`; empty where the token was written out from a short
    form, and then `kept` is what it stands for. `mark` is `KEYS` where it was read from the keys of an
    input method, and the short form where that may as well be half of a syllable.
    """

    folded: str
    start: int
    end: int
    chars: tuple[int, ...] = ()
    kept: str = ""
    mark: str = ""


class Run(NamedTuple):
    """Characters of a chunk, without diacritics and with them, and the place in it of each."""

    folded: str
    kept: str
    at: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.at[0]

    @property
    def end(self) -> int:
        return self.at[-1] + 1

    def part(self, start: int, end: int) -> "Run":
        return Run(self.folded[start:end], self.kept[start:end], self.at[start:end])

    def only(self, indexes: Iterable[int]) -> "Run":
        chosen = tuple(indexes)
        return Run(
            "".join([self.folded[index] for index in chosen]),
            "".join([self.kept[index] for index in chosen]),
            tuple([self.at[index] for index in chosen]),
        )

    def read(self, folded: str) -> "Run":
        """The same places with other letters; diacritics stay on those that are still there."""
        if folded == self.folded == self.kept:
            return self
        return Run(folded, folded, self.at).with_marks(self.kept)

    def with_marks(self, kept: str) -> "Run":
        """The same letters with the diacritics that `kept` has on them, where its letters are these."""
        marked = "".join(
            letter if fold_kept(letter) == plain else plain
            for letter, plain in zip(kept, self.folded, strict=True)
        )
        return Run(self.folded, marked, self.at)

    def piece(self) -> Piece:
        return Piece(self.folded, self.start, self.end, self.at)

    def pieces(self, lengths: Iterable[int]) -> list[Piece]:
        """Cut into tokens of these lengths."""
        found, done = [], 0
        for length in lengths:
            found.append(self.part(done, done + length).piece())
            done += length
        return found

    def standing_for(self, kept: str, mark: str = "") -> Piece:
        """One token with other letters that the whole run stands for."""
        kept = SPOKEN.get(kept, kept)
        return Piece(fold_kept(kept), self.start, self.end, (), kept, mark)


def written_out(words: str, start: int, end: int) -> list[Piece]:
    """The words of a short form, all at its place."""
    return [Piece(fold_kept(word), start, end, (), word) for word in words.split()]
