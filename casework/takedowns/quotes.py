"""What a request quotes of a post: its flagged sentences, without anything that points to a victim."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, Subject
from casework.privacy.spellings import ROLES, hidden_of
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
    """The text with every victim and informant of the case masked (Điều 3.10 Luật 53/2024/QH15: no disclosure)."""
    subjects = session.scalars(
        select(Subject).where(Subject.case_id == case.id, Subject.role.in_(ROLES))
    )
    return hidden_of(subjects).masked(text)
