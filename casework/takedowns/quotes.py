"""What a request quotes of a post: its flagged sentences, without anything that points to a victim."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject, SubjectRole
from casework.privacy.masking import mask_all, mask_name, mask_phone
from search.models import PostRow

LONGEST = 400
_AROUND = 60


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
    """The text with every victim of the case masked (Điều 3.10 Luật 53/2024/QH15: no disclosure)."""
    victims = session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.role == SubjectRole.VICTIM)
    )
    for victim in victims:
        for said, masked in _spellings(victim):
            text = text.replace(said, masked)
    return text


def _spellings(victim: Subject) -> Iterable[tuple[str, str]]:
    if victim.name.strip():
        yield victim.name.strip(), mask_name(victim.name.strip())
    if victim.phone.strip():
        yield victim.phone.strip(), mask_phone(victim.phone.strip())
        bare = "".join(char for char in victim.phone if char.isdigit())
        yield bare, mask_phone(bare)
    for other in (victim.account, victim.id_number, victim.address):
        if len(other.strip()) > 3:
            yield other.strip(), mask_all(other.strip())
