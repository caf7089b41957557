"""Cases: opened from posts, worked on, closed. Never commits; the entry point does."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.models import Case, CasePost, Document, Severity
from casework.cases.numbers import next_number
from casework.domain.case_lifecycle import CASE, CLOSERS, WORKERS, CaseState
from foundation import audit
from foundation.errors import Conflict, InvalidInput, NotFound
from foundation.files import FileStore
from foundation.lifecycle import TransitionRow, begin, perform
from foundation.people import Actor, Role, User
from foundation.permissions import acts
from search.models import PostRow, WorkState
from search.store import set_work_state

READERS = CLOSERS | {Role.REPORT_WRITER}
ACTS = acts(
    {
        "case.view": READERS,
        "case.open": WORKERS,
        "case.edit": WORKERS,
        "case.assign": CLOSERS,
        "case.close": CLOSERS,
        "subject.edit": WORKERS,
        "subject.unmask": WORKERS | {Role.APPROVER},
        "task.edit": CLOSERS,
        "document.view": READERS,
    }
)


def get_case(session: Session, actor: Actor, case_id: int) -> Case:
    """The case, if this actor may know of it; else NotFound."""
    case = session.get(Case, case_id)
    if case is None or not actor.sees_unit(case.unit_id):
        raise NotFound(f"no case {case_id}", about=f"case:{case_id}")
    return case


def open_case(
    session: Session,
    actor: Actor,
    title: str,
    post_ids: Sequence[int],
    *,
    at: datetime,
    severity: str = Severity.NORMAL,
    summary: str = "",
) -> Case:
    """Open a case (mở vụ việc) from posts; they are kept as long as the case is.

    InvalidInput without a title or a post; Conflict when a post is in another case already.
    """
    if not title.strip():
        raise InvalidInput("a case needs a title", key="error.case.title_missing")
    case = Case(
        number=next_number(session, "case", "VV", at=at),
        title=title.strip()[:300],
        summary=summary.strip(),
        severity=Severity(severity),
        state=CASE.initial,
        owner_id=actor.user_id,
        unit_id=actor.unit_id,
        opened_at=at,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(case)
    begin(session, CASE, case, actor, at=at, act="open")
    audit.record(session, actor, "case:open", case.id, at=at, number=case.number)
    add_posts(session, actor, case, post_ids, at=at)
    return case


def add_posts(
    session: Session, actor: Actor, case: Case, post_ids: Iterable[int], *, at: datetime
) -> list[CasePost]:
    """Take posts into the case; those that are in it already are passed over."""
    require_open(case)
    added = []
    for post in _posts(session, actor, post_ids):
        if post.case_id == case.id:
            continue
        if post.case_id is not None:
            raise Conflict(
                f"post {post.id} is in another case",
                about=f"post:{post.id}",
                key="error.case.post_in_other_case",
                case=post.case_id,
            )
        added.append(_take_in(case, post, actor, at))
    session.add_all(added)
    ids = [one.post_id for one in added]
    set_work_state(session, ids, WorkState.IN_CASE, at=at, case_id=case.id)
    _record_posts(session, actor, added, "add_to_case", WorkState.IN_CASE, at=at)
    if ids:
        audit.record(session, actor, "case:add_posts", case.id, at=at, posts=ids)
    session.flush()
    return added


def remove_post(
    session: Session, actor: Actor, case: Case, post_id: int, reason: str, *, at: datetime
) -> CasePost:
    """Take a post out of the case again, with a reason; it goes back to what it was before."""
    require_open(case)
    if not reason.strip():
        raise InvalidInput("a reason is needed", key="error.needs_missing", missing=["reason"])
    link = _link(session, case, post_id)
    link.removed_at, link.removed_by_id, link.removed_reason = at, actor.user_id, reason.strip()
    back = WorkState(link.before_state)
    set_work_state(session, [post_id], back, at=at)
    _record_posts(session, actor, [link], "remove_from_case", back, at=at, reason=reason)
    audit.record(session, actor, "case:remove_post", case.id, at=at, post=post_id)
    session.flush()
    return link


def case_posts(session: Session, case: Case, *, removed: bool = False) -> Sequence[CasePost]:
    """The posts of the case, in the order they came; with `removed` also those taken out."""
    query = select(CasePost).where(CasePost.case_id == case.id).order_by(CasePost.id)
    if not removed:
        query = query.where(CasePost.removed_at.is_(None))
    return session.scalars(query).unique().all()


def edit_case(
    session: Session,
    actor: Actor,
    case: Case,
    *,
    title: str,
    summary: str,
    severity: str,
    at: datetime,
) -> None:
    """Change title, summary and severity; what changed is in the audit log by name."""
    require_open(case)
    if not title.strip():
        raise InvalidInput("a case needs a title", key="error.case.title_missing")
    new = {"title": title.strip()[:300], "summary": summary.strip(), "severity": Severity(severity)}
    changed = [name for name, value in new.items() if getattr(case, name) != value]
    for name in changed:
        setattr(case, name, new[name])
    if changed:
        audit.record(session, actor, "case:edit", case.id, at=at, fields=changed)


def assign(session: Session, actor: Actor, case: Case, user_id: int, *, at: datetime) -> None:
    """Give the case to a person who can work on it (người thụ lý)."""
    person = session.get(User, user_id)
    able = person is not None and person.active and person.actor().roles & WORKERS
    if person is None or not able or not person.actor().sees_unit(case.unit_id):
        raise InvalidInput("this person cannot own a case", key="error.case.owner")
    case.owner_id = person.id
    audit.record(session, actor, "case:assign", case.id, at=at, owner=person.id)


def start(session: Session, actor: Actor, case: Case, *, at: datetime) -> TransitionRow:
    return _step(session, actor, case, "start", at=at)


def wait(session: Session, actor: Actor, case: Case, reason: str, *, at: datetime) -> TransitionRow:
    return _step(session, actor, case, "wait", at=at, reason=reason)


def close(
    session: Session, actor: Actor, case: Case, reason: str, *, at: datetime, retain_until: datetime
) -> TransitionRow:
    """Close the case (kết thúc vụ việc); its posts are closed with it and kept until `retain_until`."""
    taken = _step(session, actor, case, "close", at=at, reason=reason)
    case.closed_at, case.retain_until = at, retain_until
    ids = [link.post_id for link in case_posts(session, case)]
    set_work_state(
        session, ids, WorkState.CLOSED, at=at, case_id=case.id, retain_until=retain_until
    )
    return taken


def reopen(
    session: Session, actor: Actor, case: Case, reason: str, *, at: datetime
) -> TransitionRow:
    """Open a closed case again, with its posts."""
    taken = _step(session, actor, case, "reopen", at=at, reason=reason)
    case.closed_at, case.retain_until = None, None
    links = case_posts(session, case)
    ids = [link.post_id for link in links]
    set_work_state(session, ids, WorkState.IN_CASE, at=at, case_id=case.id)
    for link in links:
        link.post.retain_until = None
    return taken


def add_document(
    session: Session,
    actor: Actor,
    case: Case,
    files: FileStore,
    data: bytes,
    *,
    kind: str,
    title: str,
    filename: str,
    media_type: str,
    at: datetime,
) -> Document:
    """Store a file and put it into the case. Letters of a measure may come when the case is closed already."""
    if kind == "upload":
        require_open(case)
    row = Document(
        case_id=case.id,
        kind=kind,
        title=title[:300],
        digest=files.put(data),
        size=len(data),
        media_type=media_type,
        filename=filename[:200],
        unit_id=case.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, "case:document", case.id, at=at, document=row.id, digest=row.digest
    )
    return row


def require_open(case: Case) -> None:
    """Conflict when the case is closed."""
    if case.state == CaseState.CLOSED:
        raise Conflict(
            f"case {case.id} is closed", about=f"case:{case.id}", key="error.case.closed"
        )


def _step(
    session: Session, actor: Actor, case: Case, act: str, *, at: datetime, reason: str = ""
) -> TransitionRow:
    taken = perform(session, CASE, case, act, actor, at=at, reason=reason)
    audit.record(session, actor, f"case:{act}", case.id, at=at, state=case.state)
    return taken


def _posts(session: Session, actor: Actor, post_ids: Iterable[int]) -> list[PostRow]:
    wanted = list(dict.fromkeys(post_ids))
    if not wanted:
        raise InvalidInput("a case needs a post", key="error.case.post_missing")
    found = {
        post.id: post for post in session.scalars(select(PostRow).where(PostRow.id.in_(wanted)))
    }
    for post_id in wanted:
        if post_id not in found or not actor.sees_unit(found[post_id].unit_id):
            raise NotFound(f"no post {post_id}", about=f"post:{post_id}")
    return [found[post_id] for post_id in wanted]


def _take_in(case: Case, post: PostRow, actor: Actor, at: datetime) -> CasePost:
    before = WorkState(post.state)
    if before == WorkState.DISMISSED:
        before = WorkState.NEW  # out of the case again it is to be looked at, not forgotten
    post.retain_until = None
    return CasePost(
        case_id=case.id,
        post=post,
        post_id=post.id,
        before_state=before,
        added_at=at,
        added_by_id=actor.user_id,
    )


def _link(session: Session, case: Case, post_id: int) -> CasePost:
    found = session.scalars(
        select(CasePost).where(
            CasePost.case_id == case.id,
            CasePost.post_id == post_id,
            CasePost.removed_at.is_(None),
        )
    ).first()
    if found is None:
        raise NotFound(f"post {post_id} is not in case {case.id}", about=f"post:{post_id}")
    return found


def _record_posts(
    session: Session,
    actor: Actor,
    links: Sequence[CasePost],
    act: str,
    to_state: str,
    *,
    at: datetime,
    reason: str = "",
) -> None:
    """The post's own history says that it went into a case or came out of it."""
    for link in links:
        inwards = act == "add_to_case"
        session.add(
            TransitionRow(
                subject_kind="post",
                subject_id=link.post_id,
                from_state=link.before_state if inwards else WorkState.IN_CASE,
                to_state=to_state,
                act=act,
                reason=reason,
                data={"case": link.case_id},
                at=at,
                actor_id=actor.user_id,
                actor_name=actor.name,
                unit_id=actor.unit_id,
            )
        )
