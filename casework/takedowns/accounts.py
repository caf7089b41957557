"""How often each account of a request was the matter of requests, and which locks that opens."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.domain.accounts import Counter, LockOption, Violation, counters, lock_options
from casework.domain.deadlines import office_day
from casework.law.catalogue import Catalogue
from casework.law.model import Target
from casework.takedowns.models import TakedownItem, TakedownRequest, Wanted
from search.models import PostRow
from search.store import sha256


@dataclass(frozen=True, slots=True)
class AccountCount:
    """One account: its requested violations, how far each threshold is, which locks are open."""

    account: str
    violations: tuple[Violation, ...]
    counters: tuple[Counter, ...]
    options: tuple[LockOption, ...]


def account_key(post: PostRow) -> str:
    """What makes it the same account: its page, else its handle on the platform; empty when unknown."""
    if post.author_url.strip():
        return sha256(f"url {post.author_url.strip().rstrip('/').casefold()}")
    handle = post.author_handle.strip() or post.author_name.strip()
    return sha256(f"{post.platform} {handle.casefold()}") if handle else ""


def of_request(
    session: Session, request: TakedownRequest, catalogue: Catalogue, *, on: date
) -> list[AccountCount]:
    """The accounts of the request, its own addresses counted as asked for on the day `on`."""
    found = []
    for key in dict.fromkeys(item.account_key for item in request.items if item.account_key):
        violations = _violations(session, key, request, on)
        target = Target(request.target)
        name = next(item.account for item in request.items if item.account_key == key)
        found.append(
            AccountCount(
                name,
                violations,
                counters(violations, target, on, catalogue),
                lock_options(
                    violations,
                    target,
                    on,
                    catalogue,
                    earlier_locks=_earlier_locks(session, key, request),
                ),
            )
        )
    return found


def _violations(
    session: Session, key: str, request: TakedownRequest, on: date
) -> tuple[Violation, ...]:
    """Each post once, on the day it was first asked for."""
    rows = session.execute(
        select(TakedownItem.post_id, TakedownRequest.sent_at)
        .join(TakedownRequest, TakedownRequest.id == TakedownItem.request_id)
        .where(
            TakedownItem.account_key == key,
            or_(TakedownRequest.sent_at.is_not(None), TakedownRequest.id == request.id),
        )
    )
    first: dict[int, date] = {}
    for post_id, sent_at in rows:
        day = office_day(sent_at) if sent_at else on
        first[post_id] = min(first.get(post_id, day), day)
    return tuple(sorted(Violation(day, post_id) for post_id, day in first.items()))


def _earlier_locks(session: Session, key: str, request: TakedownRequest) -> int:
    """Requests sent before that asked for a lock of the account and were answered as done, or finished."""
    rows = session.execute(
        select(TakedownRequest.id, TakedownRequest.wanted)
        .join(TakedownItem, TakedownItem.request_id == TakedownRequest.id)
        .where(
            TakedownItem.account_key == key,
            TakedownRequest.id != request.id,
            TakedownRequest.state == "done",
        )
    )
    return len({request_id for request_id, wanted in rows if Wanted.LOCK in wanted})
