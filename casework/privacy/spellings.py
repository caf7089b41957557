"""Where a text gives away a victim or an informant, however it is written: the one place that looks for them.

Law 53/2024/QH15 art. 3.10 forbids disclosing information on a victim without consent; whoever reported them is
protected alike. Letters quote a text with what gives them away masked (`Hidden.masked`); evidence, which cannot be
masked without ceasing to be the capture, is withheld where it is found (`Hidden.found_in`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from casework.cases.models import Subject
from casework.privacy.masking import PROTECTED, mask_all, mask_name, mask_phone
from search.text import fold, normalise_spans

HIDDEN = "(đã che)"
ROLES = PROTECTED
Mask = Callable[[str], str]
_GAP, _BETWEEN = r"\s+", r"[\s.\-()]*"
_NO_DIGIT = re.compile(r"\D+")
_SHORTEST_NUMBER, _SHORTEST_WORD, _SHORTEST_FOLDED = 7, 4, 4


@dataclass(frozen=True, slots=True)
class Hidden:
    """What must not be shown: as patterns with their masks, folded, and as bare digits."""

    patterns: tuple[tuple[re.Pattern[str], Mask], ...] = ()
    folded: tuple[tuple[str, Mask], ...] = ()
    numbers: tuple[str, ...] = ()

    def found_in(self, text: str) -> bool:
        """Whether a text names any of it, in any spelling that the normaliser knows."""
        if not self.patterns:
            return False
        composed = unicodedata.normalize("NFC", text)
        if any(pattern.search(composed) for pattern, _ in self.patterns):
            return True
        folded = f" {fold(text)} "
        if any(f" {word} " in folded for word, _ in self.folded):
            return True
        digits = _NO_DIGIT.sub("", text) if self.numbers else ""
        return any(number in digits for number in self.numbers)

    def shown(self, text: str) -> str:
        """The text, or that it is hidden."""
        return HIDDEN if self.found_in(text) else text

    def shown_within(self, value: Any) -> Any:
        """The same for every text and key within a table or a list; numbers and moments stay."""
        if isinstance(value, str):
            return self.shown(value)
        if isinstance(value, dict):
            return {self.shown(str(key)): self.shown_within(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.shown_within(one) for one in value]
        return value

    def masked(self, text: str) -> str:
        """The text with every such place masked: capitals, gaps, dots, +84, missing diacritics."""
        if not self.patterns:
            return text
        text = unicodedata.normalize("NFC", text)
        for pattern, mask in self.patterns:
            text = pattern.sub(lambda found, mask=mask: mask(found[0]), text)  # type: ignore[misc]
        folded = f" {fold(text)} "
        for word, mask in self.folded:
            if f" {word} " in folded:
                text = _masked_folded(text, word, mask)
        return text


def hidden_of(subjects: Iterable[Subject]) -> Hidden:
    """What the victims and informants among these are known by."""
    patterns: list[tuple[re.Pattern[str], Mask]] = []
    folded: dict[str, Mask] = {}
    numbers: set[str] = set()
    for subject in subjects:
        if subject.role not in ROLES:
            continue
        patterns += _patterns(subject)
        for value, mask in (
            (subject.name, mask_name),
            (subject.account, mask_all),
            (subject.address, mask_all),
        ):
            word = fold(value)
            if len(word) >= _SHORTEST_FOLDED:
                folded.setdefault(word, mask)
        for value in (subject.phone, subject.id_number):
            digits = _NO_DIGIT.sub("", value)
            if len(digits) >= _SHORTEST_NUMBER:
                # +84 912... and 0912... are the same number: the national part is in both.
                numbers.add(digits.removeprefix("84").lstrip("0") or digits)
    return Hidden(tuple(patterns), tuple(sorted(folded.items())), tuple(sorted(numbers)))


def _patterns(subject: Subject) -> Iterator[tuple[re.Pattern[str], Mask]]:
    """What gives somebody away, and how it is masked; one or two letters alone give nobody away."""
    if len(subject.name.strip()) > 1:
        yield _words(subject.name), mask_name
    for digits, mask in ((subject.phone, mask_phone), (subject.id_number, mask_all)):
        bare = _NO_DIGIT.sub("", digits)
        if len(bare) >= _SHORTEST_WORD:
            yield _number(bare), mask
    for other in (subject.account, subject.id_number, subject.address):
        if len(other.strip()) >= _SHORTEST_WORD:
            yield _words(other), mask_all


def _words(text: str) -> re.Pattern[str]:
    """These words, whatever their capitals and gaps; not as a part of a longer word."""
    words = unicodedata.normalize("NFC", text).split()
    return re.compile(rf"(?<!\w){_GAP.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)


def _number(digits: str) -> re.Pattern[str]:
    """These digits, whatever stands between them; 0 at the start may be 84."""
    first = "0" if digits.startswith("0") else "84" if digits.startswith("84") else ""
    rest = rf"{_BETWEEN}".join(digits.removeprefix(first))
    lead = rf"(?:\+?8{_BETWEEN}4{_BETWEEN}(?:\(?0\)?{_BETWEEN})?|0{_BETWEEN})" if first else ""
    return re.compile(rf"(?<!\d){lead}{rest}(?!\d)")


def _masked_folded(text: str, word: str, mask: Mask) -> str:
    """Masked where the folded words stand: without diacritics, with letters of other alphabets, torn apart."""
    spans, words = normalise_spans(text), word.split()
    tokens = spans.normal.folded.split()
    for first in range(len(tokens) - len(words), -1, -1):
        if tokens[first : first + len(words)] == words:
            start, end = spans.starts[first], spans.ends[first + len(words) - 1]
            text = text[:start] + mask(text[start:end]) + text[end:]
    return text
