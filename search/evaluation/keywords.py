"""What the rules are compared with: a list of phrases, looked for as people look for them."""

from collections.abc import Sequence
from pathlib import Path

from search.text import fold, fold_padded

#: Rows of a table of phrases that nobody would put on a list of lures.
_NO_LURE = {"mitigating_legit", "obfuscation"}


class Keywords:
    """A list of phrases. Each is looked for in lower case, and once more in normalised text."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(dict.fromkeys(phrase.lower() for phrase in phrases))
        self._folded = tuple(dict.fromkeys(f" {fold(phrase)} " for phrase in phrases))

    def plain(self, text: str) -> bool:
        """Whether a phrase stands in the text as it is, apart from case."""
        lowered = text.lower()
        return any(phrase in lowered for phrase in self.phrases)

    def normalised(self, text: str) -> bool:
        """Whether a phrase stands in what the normaliser makes of the text, without diacritics."""
        padded = fold_padded(text)
        return any(phrase in padded for phrase in self._folded)


def read_keywords(own: Path, table: Path) -> Keywords:
    """The phrases of a table (columns signal, phrase, ...) where it is there, else one a line of `own`."""
    if not table.is_file():
        lines = own.read_text(encoding="utf-8").splitlines()
        return Keywords([line.strip() for line in lines if line.strip() and line[0] != "#"])
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    return Keywords([row[1] for row in rows if len(row) > 1 and row[0] not in _NO_LURE])
