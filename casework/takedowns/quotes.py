"""What a request quotes of a post: its flagged sentences, without anything that points to a victim."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, SubjectRole
from casework.privacy.masking import mask_all, mask_name, mask_phone
from search.models import PostRow

LONGEST = 400
_AROUND = 60
_GAP, _BETWEEN = r"\s+", r"[\s.\-()]*"


def quote_of(post: PostRow) -> str:
    """The part of the post from its first to its last flagged span, at most 400 characters."""
    body = " ".join(post.body.split())
    if len(body) <= LONGEST:
        return body
    hits = [hit for hit in post.judgement.get("hits", ()) if len(hit) > 3]
    start = max(0, min((int(hit[2]) for hit in hits), default=0) - _AROUND)
    part = " ".join(post.body[start : start + LONGEST].split())
    return ("…" if start else "") + part + "…"


def without_victims(session: Session, case: Case, text: str) -> str:
    """The text with every victim of the case masked (Điều 3.10 Luật 53/2024/QH15: no disclosure).

    However it is written: in capitals or none, with other gaps, a number with dots or +84.
    """
    victims = session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.role == SubjectRole.VICTIM)
    ).all()
    if not victims:
        return text
    text = unicodedata.normalize("NFC", text)
    for victim in victims:
        for pattern, mask in _spellings(victim):
            text = pattern.sub(lambda found, mask=mask: mask(found[0]), text)  # type: ignore[misc]
    return text


def _spellings(victim: Subject) -> Iterable[tuple[re.Pattern[str], Callable[[str], str]]]:
    """What gives a victim away, and how it is masked; one or two letters alone give nobody away."""
    if len(victim.name.strip()) > 1:
        yield _words(victim.name), mask_name
    for digits, mask in ((victim.phone, mask_phone), (victim.id_number, mask_all)):
        bare = "".join(char for char in digits if char.isdigit())
        if len(bare) > 3:
            yield _number(bare), mask
    for other in (victim.account, victim.id_number, victim.address):
        if len(other.strip()) > 3:
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
