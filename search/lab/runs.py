"""Runs of the rule lab as people ask for them: back-tests, counts, judging again, cancelling. Never commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import Conflict, NotFound
from foundation.people import Actor
from search.lab.compare import Text
from search.lab.models import LabKind, LabRun, LabState, PostJudgement, RulePackRevision
from search.lab.samples import Samples, own_examples, to_lines
from search.lab.service import Checked, NotWhole
from search.lab.stored import count_posts
from search.lab.upkeep import OPEN

#: What a run found out stands for this long; then its examples go.
KEPT = timedelta(days=180)
#: A count is answered for this long; then the posts are others.
COUNT_HOLDS = timedelta(hours=24)
MOST_BAD = 50


def get_run(session: Session, run_id: int) -> LabRun:
    """The run; NotFound when there is none."""
    run = session.get(LabRun, run_id)
    if run is None:
        raise NotFound(f"no run {run_id}", about=f"lab_run:{run_id}")
    return run


def runs_of(session: Session, revision_id: int, limit: int = 10) -> list[LabRun]:
    """The back-tests of a revision, newest first."""
    query = select(LabRun).where(LabRun.revision_id == revision_id).order_by(LabRun.id.desc())
    return list(session.scalars(query.limit(limit)))


def runs_over_all(session: Session, limit: int = 20) -> list[LabRun]:
    """Counts and runs over everything stored, newest first."""
    kinds = (LabKind.COUNT, LabKind.REJUDGE)
    query = select(LabRun).where(LabRun.kind.in_(kinds)).order_by(LabRun.id.desc())
    return list(session.scalars(query.limit(limit)))


def ask_backtest(
    session: Session,
    actor: Actor,
    row: RulePackRevision,
    checked: Checked,
    *,
    at: datetime,
    stored: bool = True,
    given: Sequence[Samples] = (),
) -> LabRun:
    """Ask for a back-test of a revision on the stored posts, its own examples and what is given.

    NotWhole when the text cannot even be read as a pack.
    """
    pack = checked.examined.pack
    if pack is None:
        raise NotWhole(checked.examined)
    texts: list[Text] = [*own_examples(pack).texts]
    bad = [problem for samples in given for problem in samples.bad]
    for samples in given:
        texts += samples.texts
    params = {
        "stored": stored,
        "given": len(texts),
        "bad": [[one.line, one.what.msgid, dict(one.what.places)] for one in bad[:MOST_BAD]],
        "bad_count": len(bad),
    }
    run = _new(session, actor, LabKind.BACKTEST, at, params)
    run.revision_id, run.digest = row.id, row.digest
    run.given = to_lines(texts)
    run.total = len(texts) + (count_posts(session) if stored else 0)
    session.flush()
    audit.record(
        session, actor, "rule:backtest", row.id, at=at, pack=row.pack, digest=row.digest, row=run.id
    )
    return run


def ask_count(session: Session, actor: Actor, *, at: datetime) -> LabRun:
    """Ask how many stored posts today's rules would judge otherwise; changes nothing."""
    _require_none_open(session)
    run = _new(session, actor, LabKind.COUNT, at, {})
    run.total = count_posts(session)
    session.flush()
    audit.record(session, actor, "rule:count", run.id, at=at)
    return run


def ask_rejudge(
    session: Session, actor: Actor, counted: LabRun, matcher_version: str, *, at: datetime
) -> LabRun:
    """Ask that every stored post be judged again, as `counted` foretold.

    Conflict where the rules are others now, the count is older than a day, or a run is under way.
    """
    _require_none_open(session)
    old = counted.ended_at is None or at - counted.ended_at > COUNT_HOLDS
    if (
        counted.kind != LabKind.COUNT
        or counted.state != LabState.DONE
        or counted.matcher_version != matcher_version
        or old
    ):
        raise Conflict(
            "count again before judging again", about="lab_run", key="error.rules.count_again"
        )
    run = _new(session, actor, LabKind.REJUDGE, at, {"count": counted.id})
    run.total = count_posts(session)
    run.matcher_version = matcher_version
    session.flush()
    audit.record(session, actor, "rule:rejudge", run.id, at=at, row=counted.id)
    return run


def cancel(session: Session, actor: Actor, run: LabRun, *, at: datetime) -> None:
    """Stop a run; what it has done so far stays. Conflict when it is over already."""
    done = session.execute(
        update(LabRun)
        .where(LabRun.id == run.id, LabRun.state.in_(OPEN))
        .values(state=LabState.CANCELLED, ended_at=at, given="")
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("it is over already", about=f"lab_run:{run.id}")
    session.refresh(run)
    audit.record(session, actor, "rule:cancel", run.id, at=at, kind=run.kind)


def judgements_before(session: Session, post_id: int) -> list[PostJudgement]:
    """What the rules said of a post before it was judged again, newest first."""
    query = select(PostJudgement).where(PostJudgement.post_id == post_id)
    return list(session.scalars(query.order_by(PostJudgement.id.desc())))


def _new(
    session: Session, actor: Actor, kind: LabKind, at: datetime, params: dict[str, Any]
) -> LabRun:
    run = LabRun(
        kind=kind,
        state=LabState.WAITING,
        params=params,
        result={},
        retain_until=at + KEPT,
        unit_id=actor.unit_id,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(run)
    return run


def _require_none_open(session: Session) -> None:
    kinds = (LabKind.COUNT, LabKind.REJUDGE)
    query = select(LabRun.id).where(LabRun.kind.in_(kinds), LabRun.state.in_(OPEN))
    if session.scalar(query.limit(1)) is not None:
        raise Conflict("a run is under way", about="lab_run", key="error.rules.run_open")
