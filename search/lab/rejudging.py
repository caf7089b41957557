"""Today's rules over everything stored: counted first, then done, batch by batch; officers' decisions stand.

What the rules said before is kept beside the post. A post that no rule flags any more stays stored, with an
empty judgement: it goes when its day comes. Can be run again: what is judged alike already is left alone.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from foundation import audit, outbox
from foundation.people import SYSTEM
from search.lab.leasing import Leased, Stop
from search.lab.models import LabKind, LabState, PostJudgement
from search.lab.shadow import ALARMS
from search.lab.stored import Stored, read_batch
from search.models import PostRow
from search.rules.judgement import Judgement
from search.rules.matcher import Matcher
from search.store import INDEX_CONSUMER

BATCH = 200
MOST_EXAMPLES = 20
FIGURES = ("seen", "changed", "new", "gone", "level", "other")
Change = tuple[Stored, Judgement, str]


def kind_of_change(post: Stored, judgement: Judgement) -> str:
    """What is otherwise: new, gone, level, other (score, reasons or places), or "" where all is the same."""
    if judgement.to_dict() == post.judgement:
        return ""
    was, now = post.kind in ALARMS, judgement.kind in ALARMS
    if was != now:
        return "new" if now else "gone"
    return "level" if was and post.level != judgement.level else "other"


def go_on(leased: Leased, matcher: Matcher) -> None:
    """Judge batches until the slice is over or all are judged."""
    run = leased.run
    if run.matcher_version not in ("", matcher.version):
        raise Stop("rules_changed")
    figures = {name: run.result.get(name, 0) for name in FIGURES}
    examples: dict[str, list[int]] = {k: list(v) for k, v in run.result.get("posts", {}).items()}
    cursor, done = run.cursor, run.done
    while True:
        with leased.database.reading() as session:
            batch = read_batch(session, cursor, BATCH)
        changes = list(_changes(batch, matcher))
        _add_up(figures, examples, batch, changes)
        cursor, done = (batch[-1].id if batch else cursor), done + len(batch)
        values = {
            "cursor": cursor,
            "done": done,
            "result": {**figures, "posts": examples},
            "matcher_version": matcher.version,
        }
        if not _write(leased, batch, changes, values, matcher.version):
            return
        if len(batch) < BATCH:
            leased.end(LabState.DONE, total=done)
            _tell_the_end(leased, figures)
            return
        if leased.time_is_over:
            return


def _changes(batch: Iterable[Stored], matcher: Matcher) -> Iterable[Change]:
    for post in batch:
        judgement = matcher.match(post.body, post.context) or Judgement.none()
        change = kind_of_change(post, judgement)
        if change:
            yield post, judgement, change


def _add_up(
    figures: dict[str, int],
    examples: dict[str, list[int]],
    batch: Sequence[Stored],
    changes: Sequence[Change],
) -> None:
    figures["seen"] += len(batch)
    figures["changed"] += len(changes)
    for post, _, change in changes:
        figures[change] += 1
        some = examples.setdefault(change, [])
        if len(some) < MOST_EXAMPLES:
            some.append(post.id)


def _write(
    leased: Leased,
    batch: Sequence[Stored],
    changes: Sequence[Change],
    values: dict[str, Any],
    version: str,
) -> bool:
    """One transaction: the posts, what was said of them before, the index's work, how far the run is."""
    if leased.run.kind != LabKind.REJUDGE:
        return leased.write(**values)
    with leased.database.writing() as session:
        if not leased.save(session, **values):
            return False
        written = [
            post.id
            for post, judgement, _ in changes
            if _rewrite(session, leased, post, judgement, version)
        ]
        same = {post.id for post in batch} - {post.id for post, _, _ in changes}
        session.execute(
            update(PostRow)
            .where(PostRow.id.in_(same), PostRow.matcher_version != version)
            .values(matcher_version=version)
            .execution_options(synchronize_session=False)
        )
        outbox.put(session, INDEX_CONSUMER, written, at=leased.clock.now())
    return True


def _rewrite(
    session: Session, leased: Leased, post: Stored, judgement: Judgement, version: str
) -> bool:
    """Whether the post was written: one that was edited meanwhile has been judged by newer rules already."""
    done = session.execute(
        update(PostRow)
        .where(
            PostRow.id == post.id,
            PostRow.content_key == post.content_key,
            PostRow.matcher_version == post.matcher_version,
        )
        .values(
            score=judgement.score,
            level=judgement.level,
            verdict_kind=judgement.kind,
            groups=list(judgement.groups),
            urgent=bool(judgement.urgent),
            judgement=judgement.to_dict(),
            matcher_version=version,
        )
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.add(
        PostJudgement(
            post_id=post.id,
            run_id=leased.run.id,
            score=post.score,
            level=post.level,
            verdict_kind=post.kind,
            judgement=post.judgement,
            matcher_version=post.matcher_version,
            until=leased.clock.now(),
        )
    )
    return True


def _tell_the_end(leased: Leased, figures: dict[str, int]) -> None:
    if leased.run.kind == LabKind.REJUDGE:
        with leased.database.writing() as session:
            audit.record(
                session,
                SYSTEM,
                "rule:rejudged",
                leased.run.id,
                at=leased.clock.now(),
                changed_posts=figures["changed"],
                posts=figures["seen"],
            )
