"""What of an item must not leave with a package whose recipient may not see victims (che thông tin nạn nhân).

A capture cannot be blackened without ceasing to be the capture. So an item that shows a victim or an informant is
withheld as a whole: its digests stay, so that it can be handed over later and still be proven. Law 53/2024/QH15
art. 3.10 forbids disclosing information on a victim without consent.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.cases.models import Subject, SubjectRole
from search.text import fold

HIDDEN = "(đã che)"
SEARCHED = 4 * 2**20
"""Bytes of a file of text that are looked through."""
_DIGITS = re.compile(r"\D+")
_TAGS = re.compile(r"<[^>]*>")
_SHORTEST_NUMBER, _SHORTEST_ACCOUNT = 7, 4


@dataclass(frozen=True, slots=True)
class Hidden:
    """What must not be shown: folded names and accounts, and numbers as their digits."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def found_in(self, text: str) -> bool:
        """Whether a text names any of it, in any spelling that the normaliser knows."""
        if not self.words and not self.numbers:
            return False
        folded = f" {fold(text)} "
        if any(f" {word} " in folded for word in self.words):
            return True
        digits = _DIGITS.sub("", text) if self.numbers else ""
        return any(number in digits for number in self.numbers)

    def shown(self, text: str) -> str:
        """The text, or that it is hidden."""
        return HIDDEN if self.found_in(text) else text


def hidden_of(subjects: Iterable[Subject]) -> Hidden:
    """What the victims and informants of a case are known by."""
    words: set[str] = set()
    numbers: set[str] = set()
    for subject in subjects:
        if subject.role not in {SubjectRole.VICTIM, SubjectRole.INFORMANT}:
            continue
        for value in (subject.name, subject.account, subject.address):
            folded = fold(value)
            if len(folded) >= _SHORTEST_ACCOUNT:
                words.add(folded)
        for value in (subject.phone, subject.id_number):
            digits = _DIGITS.sub("", value)
            if len(digits) >= _SHORTEST_NUMBER:
                # +84 912... and 0912... are the same number: the national part is in both.
                numbers.add(digits.removeprefix("84").lstrip("0") or digits)
    return Hidden(tuple(sorted(words)), tuple(sorted(numbers)))


def is_text(media_type: str) -> bool:
    """Whether a file of that type can be looked through for words."""
    return media_type.startswith(("text/", "application/json"))


def shows(hidden: Hidden, texts: Sequence[str]) -> bool:
    """Whether any of the texts names somebody who must not be shown."""
    return any(hidden.found_in(_TAGS.sub("", text)) for text in texts)
