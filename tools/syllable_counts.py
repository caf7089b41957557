"""Counts how often syllables are written in the made-up samples: search/syllable_counts.txt.

    python -m tools.syllable_counts

Only the development part is read, and only texts that are written with diacritics, so that a count says
how often a syllable stands there with these diacritics. A line holds a rounded logarithm to the base of
two, and the syllables of that class.
"""

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from search.evaluation.samples import is_held_back
from search.syllables import well_formed
from search.typing_leftovers import respelled

_ROOT = Path(__file__).parents[1]
_WORD = re.compile(r"[^\W\d_]+")
#: From this share of words with diacritics on a text counts; what is no syllable needs so many.
_ACCENTED, _LEAST = 0.4, 3


def main() -> None:
    """Writes the file anew."""
    counts = counted(_ROOT / "tests/data/samples")
    classes: dict[int, list[str]] = defaultdict(list)
    for word, count in counts.items():
        if well_formed(word) or count >= _LEAST:
            classes[round(math.log2(count))].append(word)
    lines = [f"{size} {' '.join(sorted(classes[size]))}" for size in sorted(classes, reverse=True)]
    (_ROOT / "search/syllable_counts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def counted(folder: Path) -> Counter[str]:
    """How often each word stands in the texts that are written with diacritics."""
    counts: Counter[str] = Counter()
    for file in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
            if is_held_back(row["id"]):
                continue
            text = unicodedata.normalize("NFC", row["text"]).lower()
            found = [respelled(word) for word in _WORD.findall(text)]
            if sum(not word.isascii() for word in found) >= _ACCENTED * len(found):
                counts.update(found)
    return counts


if __name__ == "__main__":
    main()
