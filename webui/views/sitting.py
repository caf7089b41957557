"""The counter of a sitting: how many posts were decided since one sat down, and how long that took.

It lives in the session cookie alone; nobody else sees it and nothing of it is stored.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask import session as cookie

KEY = "sitting"
PAUSE_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Sitting:
    """`started` and `last` are seconds since 1970; a pause of fifteen minutes begins a new sitting."""

    started: int
    last: int
    done: int = 0

    @property
    def seconds(self) -> int:
        return self.last - self.started


def current(at: datetime, *, decided: int = 0) -> Sitting:
    """The sitting as it is now; `decided` more posts (or fewer, after an undo) are counted."""
    now = int(at.timestamp())
    kept: Any = cookie.get(KEY)
    try:
        before = Sitting(**kept)
    except TypeError:
        before = Sitting(now, now)
    if not 0 <= now - before.last <= PAUSE_SECONDS:
        before = Sitting(now, now)
    sitting = Sitting(before.started, now, max(before.done + decided, 0))
    cookie[KEY] = asdict(sitting)
    return sitting
