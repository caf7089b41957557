"""How often each account of a request was the matter of requests, and which locks that opens."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.domain.accounts import Counter, LockOption, Violation, counters, lock_options
from casework.domain.deadlines import office_day
from casework.law.catalogue import Catalogue
from casework.law.model import Target
from casework.takedowns.models import Answer, AnswerKind, TakedownItem, TakedownRequest, Wanted
from search.models import PostRow
from search.preparing import sha256

LOCKS = "locks"
"""Where a request's pinned facts name the keys of the accounts whose lock it asks for."""


@dataclass(frozen=True, slots=True)
class AccountCount:
    """One account: its requested violations, how far each threshold is, which locks are open."""

    key: str
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
                key,
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


def keep_locks(
    session: Session, request: TakedownRequest, catalogue: Catalogue, *, on: date
) -> list[str]:
    """Keep with the request the keys of those of its accounts that it may ask to lock, and return them.

    Kept because counts move with the days: the letter names these accounts and no other.
    """
    keys = _lockable(session, request, catalogue, on)
    request.pinned = {**request.pinned, LOCKS: keys}
    return keys


def names_to_lock(session: Session, request: TakedownRequest, catalogue: Catalogue) -> list[str]:
    """The accounts that the request asks to lock, each once, as the letter names them."""
    if Wanted.LOCK not in request.wanted:
        return []
    keys = request.pinned.get(LOCKS)
    if keys is None:  # drafted before they were kept
        on = office_day(request.sent_at) if request.sent_at else request.law_day
        keys = _lockable(session, request, catalogue, on)
    named = [item for item in request.items if item.account_key in keys]
    return list(dict.fromkeys(item.account or item.post.author_url for item in named))


def _lockable(
    session: Session, request: TakedownRequest, catalogue: Catalogue, on: date
) -> list[str]:
    """Keys of the accounts for which the request's own regime opens a lock on that day."""
    return [
        count.key
        for count in of_request(session, request, catalogue, on=on)
        if any(option.regime.id == request.regime_id for option in count.options)
    ]


def _earlier_locks(session: Session, key: str, request: TakedownRequest) -> int:
    """Other requests that asked for a lock of the account, and were answered that it was locked."""
    rows = session.scalars(
        select(TakedownRequest)
        .join(Answer, Answer.request_id == TakedownRequest.id)
        .where(
            Answer.kind == AnswerKind.LOCKED,
            TakedownRequest.id != request.id,
            TakedownRequest.id.in_(
                select(TakedownItem.request_id).where(TakedownItem.account_key == key)
            ),
        )
    ).unique()
    return len({row.id for row in rows if Wanted.LOCK in row.wanted and _asked(row, key)})


def _asked(request: TakedownRequest, key: str) -> bool:
    """Whether the lock was asked for this account; requests of before kept no list: for every one."""
    return key in request.pinned.get(LOCKS, [key])
