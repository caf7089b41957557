"""Drafting a request: from posts of a case, with regime, period and basis checked against the day's law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, CasePost
from casework.cases.numbers import next_number
from casework.cases.service import case_posts, require_open
from casework.domain.addresses import is_web_address, normalised
from casework.domain.deadlines import office_day
from casework.domain.takedown_lifecycle import OPEN, REQUEST, ItemState, RequestState
from casework.law.catalogue import Catalogue
from casework.law.model import Target
from casework.takedowns import accounts, basis
from casework.takedowns.captures import evidence_before
from casework.takedowns.models import Pace, TakedownItem, TakedownRequest, Wanted
from casework.takedowns.quotes import quote_of, without_victims
from foundation import audit, lifecycle
from foundation.errors import Conflict, InvalidInput
from foundation.people import Actor
from search.models import PostRow, WishKind
from search.preparing import sha256
from search.watch import wish

ASKED = "takedown_item"
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DraftData:
    """What an officer says of a request. `quotes`: post id -> text; what is missing is suggested."""

    post_ids: tuple[int, ...]
    target: Target
    recipient: str
    regime_id: str
    legal_basis: tuple[str, ...]
    channel: str
    recipient_contact: str = ""
    wanted: tuple[str, ...] = (Wanted.REMOVE,)
    pace: Pace = Pace.NORMAL
    findings: str = ""
    quotes: Mapping[int, str] = field(default_factory=dict)
    repeat: bool = False
    """The officer has seen that an address has an open or recent request."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """An address that another request already names."""

    item: TakedownItem
    request: TakedownRequest
    is_open: bool


class AlreadyRequested(Conflict):
    """An address has an open or recent request; the officer must say that it is meant."""

    key = "error.takedown.repeated"


def draft(
    session: Session,
    actor: Actor,
    case: Case,
    data: DraftData,
    catalogue: Catalogue,
    sender: str,
    *,
    at: datetime,
) -> TakedownRequest:
    """Write a draft (dự thảo), wish for captures of every address, begin its history.

    InvalidInput names the field in `about`; AlreadyRequested unless `repeat`; Conflict on a closed case.
    """
    require_open(case)
    request = TakedownRequest(
        number=next_number(session, "takedown", "GB", at=at),
        case_id=case.id,
        state=REQUEST.initial,
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
        sender=sender,
    )
    posts = _posts(session, case, data.post_ids)
    _require_not_repeated(session, posts, data, at=at)
    _fill(request, data, posts, catalogue, at=at)
    session.add(request)
    session.flush()
    _add_items(session, actor, case, request, posts, data, at=at)
    _require_lock_open(session, request, catalogue, at=at)
    lifecycle.begin(session, REQUEST, request, actor, at=at, act="draft")
    audit.record(session, actor, "takedown:draft", request.id, at=at, case=case.id)
    return request


def edit(
    session: Session,
    actor: Actor,
    request: TakedownRequest,
    data: DraftData,
    catalogue: Catalogue,
    *,
    at: datetime,
) -> None:
    """Change a draft; posts that are no longer named are taken out of it."""
    case = request.case
    require_open(case)
    lifecycle.perform(session, REQUEST, request, "edit", actor, at=at)
    posts = _posts(session, case, data.post_ids)
    _require_not_repeated(session, posts, data, at=at, but=request.id)
    _fill(request, data, posts, catalogue, at=at)
    for item in [one for one in request.items if one.post_id not in set(data.post_ids)]:
        request.items.remove(item)
        session.delete(item)
    for item in request.items:
        item.quote = without_victims(session, case, data.quotes.get(item.post_id) or item.quote)
    there = {item.post_id for item in request.items}
    new = [post for post in posts if post.id not in there]
    session.flush()
    _add_items(session, actor, case, request, new, data, at=at)
    _require_lock_open(session, request, catalogue, at=at)
    audit.record(session, actor, "takedown:edit", request.id, at=at)


def repeated(
    session: Session,
    urls: Sequence[str],
    *,
    at: datetime,
    but: int | None = None,
    actor: Actor | None = None,
) -> list[Repeated]:
    """Open requests, and requests of the last 30 days, for the same normalised addresses.

    With an `actor` only those of units that the actor may see: what a page may show.
    """
    keys = [sha256(normalised(url)) for url in urls]
    rows = session.execute(
        select(TakedownItem, TakedownRequest)
        .join(TakedownRequest, TakedownRequest.id == TakedownItem.request_id)
        .where(
            TakedownItem.normalised_key.in_(keys),
            TakedownRequest.id != (but or 0),
            TakedownRequest.state.not_in([RequestState.REFUSED, RequestState.WITHDRAWN]),
        )
        .order_by(TakedownRequest.id.desc())
    ).unique()
    return [
        Repeated(item, request, request.state in OPEN)
        for item, request in rows
        if (request.state in OPEN or (request.sent_at or request.created_at) >= at - RECENT)
        and (actor is None or actor.sees_unit(request.unit_id))
    ]


def _posts(session: Session, case: Case, post_ids: Sequence[int]) -> list[PostRow]:
    """The posts, if all are of the case and stand at an address that somebody can take down."""
    links: dict[int, CasePost] = {link.post_id: link for link in case_posts(session, case)}
    if not post_ids:
        raise InvalidInput("choose a post", about="post_ids", key="error.takedown.no_post")
    for post_id in post_ids:
        if post_id not in links:
            raise InvalidInput(
                f"post {post_id} is not in case {case.id}",
                about="post_ids",
                key="error.takedown.not_of_case",
            )
    posts = [links[post_id].post for post_id in dict.fromkeys(post_ids)]
    for post in posts:
        if not is_web_address(post.url):
            raise InvalidInput(
                f"{post.url} is no web address", about="post_ids", key="error.takedown.address"
            )
    if len({post.platform for post in posts}) > 1:
        raise InvalidInput(
            "one request, one platform", about="post_ids", key="error.takedown.platforms"
        )
    return posts


def _require_not_repeated(
    session: Session,
    posts: Sequence[PostRow],
    data: DraftData,
    *,
    at: datetime,
    but: int | None = None,
) -> None:
    found = repeated(session, [post.url for post in posts], at=at, but=but)
    if found and not data.repeat:
        raise AlreadyRequested(
            "an address has an open or recent request",
            about="repeat",
            requests=sorted({one.request.number for one in found}),
        )


def _fill(
    request: TakedownRequest,
    data: DraftData,
    posts: Sequence[PostRow],
    catalogue: Catalogue,
    *,
    at: datetime,
) -> None:
    on = office_day(at)
    if not data.recipient.strip():
        raise InvalidInput(
            "whom is it for?", about="recipient", key="error.takedown.recipient_missing"
        )
    if not set(data.wanted) <= set(Wanted) or Wanted.REMOVE not in data.wanted:
        raise InvalidInput("what is wanted?", about="wanted", key="error.takedown.wanted")
    regime = basis.require_regime(data.regime_id, data.target, request.sender, on, catalogue)
    basis.require_channel(regime, data.channel)
    period = basis.period(regime, Pace(data.pace))
    basis.require_basis(data.legal_basis, catalogue, on)
    request.target, request.regime_id = data.target, regime.id
    request.recipient = data.recipient.strip()[:300]
    request.recipient_contact = data.recipient_contact.strip()[:500]
    request.platform = posts[0].platform
    request.pinned, request.law_day = catalogue.pin(regime.id), on
    request.legal_basis, request.wanted = list(data.legal_basis), [str(one) for one in data.wanted]
    request.pace, request.hours, request.deadline_source = data.pace, period.hours, period.source
    request.findings, request.channel = data.findings.strip(), data.channel


def _add_items(
    session: Session,
    actor: Actor,
    case: Case,
    request: TakedownRequest,
    posts: Sequence[PostRow],
    data: DraftData,
    *,
    at: datetime,
) -> None:
    for post in posts:
        quote = data.quotes.get(post.id, "").strip() or quote_of(post)
        plain = normalised(post.url)
        item = TakedownItem(
            request_id=request.id,
            post_id=post.id,
            url=post.url,
            normalised=plain,
            normalised_key=sha256(plain),
            account=(post.author_handle or post.author_name)[:300],
            account_key=accounts.account_key(post),
            quote=without_victims(session, case, quote),
            state=ItemState.PENDING,
            before_evidence_id=evidence_before(session, post),
            unit_id=request.unit_id,
            created_at=at,
        )
        session.add(item)
        session.flush()
        kind = WishKind.CAPTURE
        wish(session, kind, post.url, actor, at=at, post=post, asked_kind=ASKED, asked_id=item.id)
    session.refresh(request, ["items"])


def _require_lock_open(
    session: Session, request: TakedownRequest, catalogue: Catalogue, *, at: datetime
) -> None:
    """A lock is asked for only those accounts for which the request's own regime opens it; one at least."""
    if Wanted.LOCK not in request.wanted:
        return
    if accounts.keep_locks(session, request, catalogue, on=office_day(at)):
        return
    raise InvalidInput(
        "no account has reached the threshold", about="wanted", key="error.takedown.lock"
    )
