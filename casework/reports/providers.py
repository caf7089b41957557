"""What each room of casework counts for a report. Read-only; the same records give the same figures."""

from collections.abc import Iterable, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.cases.models import Case
from casework.domain.sanction_lifecycle import IN_FORCE, SanctionState
from casework.law.model import SubjectKind
from casework.reports.figures import Figure, Scope, by_part, counted, register_figures
from casework.sanctions.models import Payment, Sanction
from casework.takedowns import figures as takedowns
from casework.takedowns.models import Notice, NoticeKind, TakedownItem, TakedownRequest
from foundation.lifecycle import TransitionRow
from foundation.people import Actor
from search.models import PostRow, WorkState

KEEP, DISMISS, HELP = "keep", "dismiss", "route_to_help"
_VERDICTS = {
    KEEP: KEEP,
    DISMISS: DISMISS,
    HELP: HELP,
    "undo_keep": DISMISS,
    "undo_dismiss": KEEP,
    # Who takes a post into a case has reviewed it and found it worth following.
    "add_to_case": KEEP,
}
_TAKEN_BACK = {"undo", "undo_help", "remove_from_case"}


def register() -> None:
    """Tell the reports of every room that counts."""
    for room, provider in (
        ("triage", triage),
        ("cases", cases),
        ("takedowns", requests),
        ("sanctions", sanctions),
    ):
        register_figures(room, provider)


def triage(session: Session, scope: Scope) -> Iterator[Figure]:
    """From the posts' transitions, which stay when retention deletes a dismissed post."""
    rows = session.execute(
        select(TransitionRow.subject_id, TransitionRow.act, TransitionRow.to_state)
        .where(
            TransitionRow.subject_kind == "post",
            TransitionRow.act.in_({*_VERDICTS, *_TAKEN_BACK}),
            TransitionRow.at >= scope.since,
            TransitionRow.at < scope.until,
            scope.units(TransitionRow.unit_id),
        )
        .order_by(TransitionRow.id)
    )
    standing: dict[int, str] = {}
    for post, act, state in rows:
        standing.pop(post, None)
        if act == "remove_from_case" and state == WorkState.KEPT:
            standing[post] = KEEP
        if act in _VERDICTS:
            standing[post] = _VERDICTS[act]
    platforms = _platforms(session, standing)
    for name, verdicts in (
        ("posts_reviewed", {KEEP, DISMISS, HELP}),
        ("posts_flagged", {KEEP}),
        ("posts_dismissed", {DISMISS}),
    ):
        ids = sorted(post for post, verdict in standing.items() if verdict in verdicts)
        parts = by_part("post", ((platforms[post], post) for post in ids if post in platforms))
        yield counted(name, "post", ids, parts=parts)


def cases(session: Session, scope: Scope) -> Iterator[Figure]:
    """Opened and closed in the period, open at the cut-off."""

    def ids(*where: object) -> Iterable[int]:
        query = select(Case.id).where(scope.units(Case.unit_id), *where).order_by(Case.id)  # type: ignore[arg-type]
        return session.scalars(query)

    opened, closed = Case.opened_at, Case.closed_at
    yield counted("cases_opened", "case", ids(opened >= scope.since, opened < scope.until))
    yield counted("cases_closed", "case", ids(closed >= scope.since, closed < scope.until))
    still = or_(closed.is_(None), closed >= scope.until)
    yield counted("cases_open", "case", ids(opened < scope.until, still))


def requests(session: Session, scope: Scope) -> Iterator[Figure]:
    """Requests first sent in the period, and what became of their addresses until its end."""
    reader = Actor(user_id=None, name="report", unit_id=scope.unit_id)
    found = takedowns.figures(session, reader, scope.since, scope.until)
    asked = session.execute(
        select(TakedownItem.id, TakedownRequest.platform)
        .join(TakedownItem.request)
        .where(TakedownItem.id.in_(found.urls_requested))
    )
    platforms = {each.id: each.platform for each in asked}
    yield counted("takedown_requests", "takedown", found.requests_sent)
    yield counted("account_locks_requested", "takedown", found.locks_requested)
    for name, ids in (
        ("urls_requested", found.urls_requested),
        ("urls_removed", found.urls_removed),
        ("urls_removed_on_time", found.urls_on_time),
    ):
        parts = by_part("takedown_item", ((platforms[each], each) for each in ids))
        yield counted(name, "takedown_item", ids, parts=parts)
    yield counted(
        "renotices",
        "notice",
        session.scalars(
            select(Notice.id)
            .where(
                Notice.kind == NoticeKind.RENOTICE,
                Notice.at >= scope.since,
                Notice.at < scope.until,
                scope.units(Notice.unit_id),
            )
            .order_by(Notice.id)
        ),
    )


def sanctions(session: Session, scope: Scope) -> Iterator[Figure]:
    """Decisions, money, remedies; another body's fines apart."""
    decided = _files(session, scope, Sanction.decided_on, IN_FORCE)
    for name, kinds in (
        ("sanctioned_organisations", {SubjectKind.ORGANISATION}),
        ("sanctioned_individuals", {SubjectKind.INDIVIDUAL, SubjectKind.HOUSEHOLD}),
    ):
        files = [each for each in decided if each.subject_kind in kinds]
        subjects = len({each.subject_id for each in files})
        note = "several_decisions" if subjects < len(files) else ""
        yield Figure(name, subjects, tuple(("sanction", each.id) for each in files), note=note)
    yield _sum("fines_total", [each for each in decided if each.amount])
    ordered = [each for each in decided if each.remedies]
    yield Figure(
        "remedies_ordered",
        sum(len(each.remedies) for each in ordered),
        tuple(("sanction", each.id) for each in ordered),
    )
    elsewhere = _files(session, scope, Sanction.decided_on, (SanctionState.ELSEWHERE,))
    yield counted("fined_elsewhere", "sanction", (each.id for each in elsewhere))
    yield _sum("fined_elsewhere_total", elsewhere)
    reminded = _files(session, scope, Sanction.reminded_on, (SanctionState.REMINDED,))
    yield counted("reminders", "sanction", (each.id for each in reminded))
    yield _collected(session, scope)
    yield _transferred(session, scope)


def _files(
    session: Session, scope: Scope, day: object, states: Iterable[SanctionState]
) -> list[Sanction]:
    within = day.between(scope.first, scope.last)  # type: ignore[attr-defined]
    query = select(Sanction).where(
        within, Sanction.state.in_(tuple(states)), scope.units(Sanction.unit_id)
    )
    return list(session.scalars(query.order_by(Sanction.id)).unique())


def _sum(name: str, files: Iterable[Sanction]) -> Figure:
    found = list(files)
    total = sum(each.amount or 0 for each in found)
    return Figure(name, total, tuple(("sanction", each.id) for each in found))


def _collected(session: Session, scope: Scope) -> Figure:
    """Money that came in, as long as the decision it was paid on stands."""
    paid = session.execute(
        select(Payment.id, Payment.amount)
        .join(Sanction, Sanction.id == Payment.sanction_id)
        .where(
            Payment.paid_on.between(scope.first, scope.last),
            Payment.amount > 0,
            Sanction.state.in_(IN_FORCE),
            scope.units(Payment.unit_id),
        )
        .order_by(Payment.id)
    ).all()
    refs = tuple(("payment", each.id) for each in paid)
    return Figure("fines_collected", sum(each.amount for each in paid), refs)


def _transferred(session: Session, scope: Scope) -> Figure:
    """Sanction files that went to the prosecution bodies (Điều 62): by the step that named the reference."""
    rows = session.execute(
        select(TransitionRow.subject_id, TransitionRow.data)
        .where(
            TransitionRow.subject_kind == "sanction",
            TransitionRow.act == "flag_crime",
            TransitionRow.at >= scope.since,
            TransitionRow.at < scope.until,
            scope.units(TransitionRow.unit_id),
        )
        .order_by(TransitionRow.id)
    )
    ids = dict.fromkeys(each.subject_id for each in rows if each.data.get("reference"))
    return counted("referrals", "sanction", ids)


def _platforms(session: Session, posts: Iterable[int]) -> dict[int, str]:
    """The platforms of the posts that are still there."""
    wanted, found = list(posts), {}
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(PostRow.id, PostRow.platform).where(PostRow.id.in_(wanted[start : start + 500]))
        )
        found.update({each.id: each.platform for each in rows})
    return found


register()
