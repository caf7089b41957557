"""The worker's side of the rule lab: goes on with a run for a few seconds, writes how far it is, comes back.

A run can be interrupted anywhere and is taken up again where its row says; a second worker leaves it alone
while the lease of the first holds. Nothing is judged inside a transaction.
"""

import time
from collections.abc import Callable, Iterator

import structlog
from sqlalchemy import select

from foundation.clock import Clock
from foundation.database import Database
from foundation.errors import InvalidInput
from search.lab import rejudging
from search.lab.compare import Comparison, Text
from search.lab.leasing import Leased, Stop, lease
from search.lab.models import LabKind, LabState, RulePackText
from search.lab.provider import Rules
from search.lab.samples import from_lines
from search.lab.stored import read_batch
from search.rules.judgement import Context
from search.rules.matcher import Matcher

BATCH = 200
SLICE_SECONDS = 5.0
log = structlog.get_logger()


def work(
    database: Database,
    clock: Clock,
    rules: Rules,
    *,
    seconds: float = SLICE_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> bool:
    """Go on with the oldest run that waits, for about so many seconds; whether there was one."""
    leased = lease(database, clock, monotonic, seconds)
    if leased is None:
        return False
    try:
        if leased.run.kind == LabKind.BACKTEST:
            _backtest(leased, rules)
        else:
            matcher = rules.matcher
            leased.start()
            rejudging.go_on(leased, matcher)
    except Stop as error:
        leased.end(LabState.FAILED, error=str(error))
    except Exception:
        log.exception("a run of the rule lab failed", run=leased.run.id)
        leased.end(LabState.FAILED, error="unexpected")
    else:
        leased.write(lease_until=None)
    return True


def work_all(database: Database, clock: Clock, rules: Rules) -> None:
    """Until no run is left: for commands and tests."""
    while work(database, clock, rules, seconds=3600):
        pass


def _backtest(leased: Leased, rules: Rules) -> None:
    run, before = leased.run, rules.matcher
    if run.matcher_version not in ("", before.version):
        raise Stop("rules_changed")
    if not run.matcher_version and not leased.write(matcher_version=before.version):
        return
    after = _candidate(leased, rules)
    leased.start()
    comparison = Comparison.from_dict(run.result)
    cursor, done = run.cursor, run.done
    for text, context, post_id in _texts(leased):
        comparison.add(text, before.match(text.text, context), after.match(text.text, context))
        done += 1
        cursor = post_id or cursor
        if leased.due():
            if not leased.write(done=done, cursor=cursor, result=comparison.to_dict()):
                return
            if leased.time_is_over:
                return
    leased.end(LabState.DONE, done=done, total=done, cursor=cursor, result=comparison.to_dict())


def _candidate(leased: Leased, rules: Rules) -> Matcher:
    """Judges by the text that was to be tested, also when the draft says something else by now."""
    run = leased.run
    with leased.database.reading() as session:
        text = session.scalars(
            select(RulePackText.text)
            .where(RulePackText.revision_id == run.revision_id, RulePackText.digest == run.digest)
            .limit(1)
        ).first()
    if text is None:
        raise Stop("text_gone")
    try:
        return rules.candidate(text)
    except InvalidInput as error:
        raise Stop("not_readable") from error


def _texts(leased: Leased) -> Iterator[tuple[Text, Context, int | None]]:
    """What is given first, then the stored posts, from where the run stands."""
    run = leased.run
    given = from_lines(run.given)
    for text in given[run.done :]:
        yield text, Context(), None
    if not run.params.get("stored"):
        return
    after = run.cursor
    while True:
        with leased.database.reading() as session:
            batch = read_batch(session, after, BATCH)
        for one in batch:
            yield one.as_text(), one.context, one.id
        if len(batch) < BATCH:
            return
        after = batch[-1].id
