"""What learning asks of the room that decides about posts: this room never calls up, so it is handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from search.learning.models import Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last standing decision about a post. `decision_id` 0: it went into a case without one.

    `together` is the same for all posts decided about as one; 0: this one alone.
    """

    post_id: int
    decision_id: int
    outcome: Outcome
    reason: str
    at: datetime
    together: int = 0
    by_case: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """Verdicts that LearnedPost does not have yet, and posts whose decision was taken back."""

    verdicts: Sequence[Verdict]
    withdrawn: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.verdicts or self.withdrawn)


class Verdicts(Protocol):
    """Finds what was decided since it was last learned."""

    def __call__(self, session: Session, limit: int) -> Changes:
        """At most `limit` of each; asked again until nothing is left."""
        ...
